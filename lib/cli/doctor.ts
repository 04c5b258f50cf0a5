import { existsSync, mkdirSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Device, withheld } from '../lab/device.ts'
import { type Check, resultSchema } from '../lab/doctor/check.ts'
import { machineChecks } from '../lab/doctor/machine-checks.ts'
import { visit } from '../lab/doctor/visit.ts'
import { visitChecks } from '../lab/doctor/visit-checks.ts'
import { type LabFile, readLab } from '../lab/lab-file.ts'
import { deviceOf, openLab } from '../lab/open-lab.ts'
import { dutState } from '../lab/state.ts'
import { readPlain, writeWhole } from '../plain-files.ts'
import type { RunFacts } from '../recording/run-facts.ts'
import { hasJava } from '../report/allure-report.ts'
import { play } from '../run/record.ts'
import { askPerson } from './ask-person.ts'
import { reportsFolder } from './report.ts'
import { shortId } from './short-id.ts'
import { colored, print } from './terminal.ts'

export interface DoctorCommand {
  device?: string
  json: boolean
}

/** What was found last on this lab with this device; undefined where it was never tried, or by another version. */
export function lastDoctor(lab: LabFile, device: Device): RunFacts['doctor'] {
  const file = doctorFile(lab.name)
  if (!existsSync(file)) return undefined
  const read = resultSchema.safeParse(parsed(readPlain(file).toString()))
  // Labs in different folders may have one name.
  if (!read.success || read.data.lab !== lab.file || read.data.device !== device.folder) return undefined
  const { at, checks } = read.data
  return { at, checks: checks.map(({ name, state, seen }) => ({ name, state, seen })) }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Where the last result of a lab is. */
const doctorFile = (lab: string): string => join(reportsFolder, 'doctor', `${lab}.json`)

/** `denat doctor LAB`: exit code 0, or 3 where something would keep a run from being right. */
export async function doctorCommand(file: string, { device: folder, json }: DoctorCommand): Promise<number> {
  const lab = readLab(file, folder)
  const device = await deviceOf(lab)
  const show = (check: Check) => {
    if (json) return
    print(
      `${colored(check.state.padEnd(8), { ok: 32, warning: 33, failed: 31 }[check.state])} ${check.name}: ${check.seen}`,
    )
    if (check.remedy) print(`           → ${check.remedy}`)
  }
  mkdirSync(reportsFolder, { recursive: true })
  const checks = await machineChecks(lab, device, {
    folder: reportsFolder,
    hasJava: hasJava(process.env),
    now: new Date(),
  })
  for (const check of checks) show(check)
  if (!checks.some(({ state, name }) => state === 'failed' && name !== 'disk')) {
    const found = await visited()
    for (const check of found) show(check)
    checks.push(...found)
  }
  const result = { lab: lab.file, device: device.folder, at: new Date().toISOString(), checks }
  mkdirSync(join(reportsFolder, 'doctor'), { recursive: true })
  writeWhole(doctorFile(lab.name), `${JSON.stringify(result, null, 2)}\n`)
  if (json) print(JSON.stringify(result))
  const bad = checks.filter(({ state }) => state === 'failed').length
  if (!json) print(bad === 0 ? '\nthe lab is ready' : `\n${bad} of ${checks.length} checks failed`)
  return bad === 0 ? 0 : 3

  async function visited(): Promise<Check[]> {
    const environment = { ...process.env }
    withheld(device, lab.cables === 'cards' ? [lab.power, lab['reset-by']] : [])
    const opened = await openLab(lab, device, shortId(process.pid), { askPerson, environment })
    const scratch = mkdtempSync(join(tmpdir(), 'doctor-'))
    const leave = () => {
      opened.close()
      process.exit(130)
    }
    process.once('SIGINT', leave)
    process.once('SIGTERM', leave)
    try {
      const withPage = opened.browser !== undefined
      const scenario = visit(withPage)
      const state = dutState(opened, device)
      const options = {
        lab: opened,
        labFile: lab,
        device,
        seed: 'doctor',
        profile: 'default',
        scenario,
        state,
      } as const
      const { recording } = await play(options, () => ({ folder: scratch, frame() {}, mark() {}, log() {} }))
      const ports = [opened.wan, ...opened.lan].map(({ name }) => name)
      return visitChecks(recording, {
        ...{ ports, withPage, canCut: opened.power.cut !== undefined },
        ...{ stated: device, measured: state.measured },
      })
    } finally {
      process.off('SIGINT', leave)
      process.off('SIGTERM', leave)
      opened.close()
    }
  }
}
