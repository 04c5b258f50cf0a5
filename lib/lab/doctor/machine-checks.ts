import { execFileSync } from 'node:child_process'
import { statfsSync } from 'node:fs'
import type { Device } from '../device.ts'
import type { LabFile } from '../lab-file.ts'
import { preflight } from '../preflight.ts'
import { type Check, failed, ok, warning } from './check.ts'

/** Octets that a run of the default profile takes, with its reports. */
const runTakes = 300_000_000

export interface MachineFacts {
  /** Where runs go. */
  folder: string
  hasJava: boolean
  now: Date
}

/** What is asked of this machine before any lab is opened. */
export async function machineChecks(
  lab: LabFile,
  device: Device,
  { folder, hasJava, now }: MachineFacts,
): Promise<Check[]> {
  return [await privileges(lab, device), chromium(lab, device), java(hasJava), disk(folder), clock(now)].filter(
    (check) => check !== undefined,
  )
}

/** All that a run refuses to start without. */
async function privileges(lab: LabFile, device: Device): Promise<Check> {
  const name = 'machine'
  try {
    await preflight(lab, device, [])
    return ok(
      name,
      lab.cables === 'memory' ? 'a lab in memory needs nothing of it' : 'root, network namespaces, raw frames',
    )
  } catch (error) {
    const [seen = '', remedy = ''] = (error as Error).message.split('\n  → ')
    return failed(name, seen, remedy)
  }
}

function chromium(lab: LabFile, device: Device): Check | undefined {
  if (lab.browser !== 'chromium') return undefined
  const name = 'browser'
  if (!device.webUi)
    return warning(
      name,
      'the device folder has no page object',
      'write a web-ui.ts: scenarios about the page are left out',
    )
  try {
    const version = execFileSync('/usr/bin/chromium', ['--version'], {
      encoding: 'utf8',
      stdio: 'pipe',
      timeout: 20_000,
    })
    return ok(name, version.trim())
  } catch {
    return failed(name, '/usr/bin/chromium does not start', 'apt-get install --no-install-recommends chromium')
  }
}

const java = (isThere: boolean): Check =>
  isThere
    ? ok('java', 'there, for the Allure report')
    : warning('java', 'is missing', 'apt-get install default-jre-headless, or run with --no-report')

function disk(folder: string): Check {
  const { bavail, bsize } = statfsSync(folder)
  const free = bavail * bsize
  const seen = `${(free / 1e9).toFixed(1)} GB are free in ${folder}`
  return free >= runTakes
    ? ok('disk', seen)
    : failed('disk', seen, `free ${Math.ceil(runTakes / 1e6)} MB, or name another folder: --out`)
}

/** Recordings and reports have the machine's time. */
function clock(now: Date): Check {
  const [name, seen] = ['clock', now.toISOString()]
  const year = now.getUTCFullYear()
  return year >= 2024 && year < 2100
    ? ok(name, seen)
    : failed(name, `${seen}, which cannot be right`, 'set the time of this machine')
}
