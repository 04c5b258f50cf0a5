import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { realClock } from '../../time/real-clock.ts'
import { processStart } from '../namespaces/reap-lock.ts'
import { softwarePower } from './software.ts'

const clock = realClock()
const seconds = (time: number) => new Promise<void>((resolve) => clock.after(time, resolve))
let folder = ''
const dut = (script: string, patience = 120) => {
  const executable = join(folder, 'dut')
  writeFileSync(executable, `#!/bin/sh\ncd ${folder}\n${script}\n`, { mode: 0o755 })
  return softwarePower({
    executable,
    name: 'dn-x-dut',
    environment: { ...process.env, DUT_WAN: 'wan7' },
    clock,
    commission: true,
    patience,
  })
}
const alive = (pidFile: string) => processStart(Number(readFileSync(join(folder, pidFile), 'utf8'))) !== undefined
const gone = async (pidFile: string) => {
  while (alive(pidFile)) await seconds(0.02)
  return true
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'denat-software-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

it('gets the order, the name and the environment', async () => {
  const { power } = dut('echo "$@ $DUT_WAN" >>said')
  await power.reboot()
  await power.commission?.()
  expect(readFileSync(join(folder, 'said'), 'utf8')).toBe('reboot dn-x-dut wan7\ncommission dn-x-dut wan7\n')
})

it.each([
  ['exit 7', '`up` ended with exit code 7, without output'],
  [`echo one; echo two; printf '\\033[31mthree\\n'; exit 1`, '`up` ended with exit code 1: one; two; [31mthree'],
  ['kill -9 $$', '`up` was killed by SIGKILL, without output'],
])('%j is told with its last words', async (script, message) => {
  await expect(dut(script).power.on()).rejects.toMatchObject({ name: 'LabTrouble', message })
})

it('that can not be started is told', async () => {
  const gone = softwarePower({ executable: join(folder, 'none'), name: 'x', environment: {}, clock })
  await expect(gone.power.on()).rejects.toThrow(/`up` could not be started: .*ENOENT/)
})

it('may say as much as it likes', async () => {
  await dut('head -c 5000000 /dev/urandom; head -c 5000000 /dev/urandom >&2').power.on()
})

it('may leave a daemon that holds its output and goes on writing to it', async () => {
  await dut('(while [ ! -e go ]; do sleep 0.02; done; echo hello && touch wrote) & echo $! >pid').power.on()
  expect(alive('pid')).toBe(true)
  writeFileSync(join(folder, 'go'), '')
  expect(await gone('pid')).toBe(true)
  expect(existsSync(join(folder, 'wrote'))).toBe(true)
})

it('that hangs is ended with all that it started, however deaf', async () => {
  const hanging = dut(`trap '' TERM INT; sleep 600 & echo $! >pid; wait; sleep 600`, 3)
  await expect(hanging.power.on()).rejects.toThrow('`up` did not end within 3 s and was killed, without output')
  expect(await gone('pid')).toBe(true)
})

it('that is still at it is ended with the lab', async () => {
  const busy = dut('sleep 600 & echo $! >pid; wait')
  const order = busy.power.on()
  while (!existsSync(join(folder, 'pid'))) await seconds(0.02)
  busy.close()
  await expect(order).rejects.toThrow('`up` was killed by SIGKILL')
  expect(await gone('pid')).toBe(true)
})
