import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { readDevice } from '../lab/device.ts'
import { readLab } from '../lab/lab-file.ts'
import { initCommand } from './init.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'denat-init-'))
})
afterEach(() => rmSync(folder, { recursive: true }))
const made = () => join(folder, 'my router')

test('what it writes is read as a lab and as a device, whatever the answers are', async () => {
  const name = `A "quoted": name # with 'marks'`
  const url = 'http://192.168.1.1'
  expect(await initCommand(made(), { name, wan: 'enp3s0', lan: ['enp4s0', '00:11:22:33:44:55'], url })).toBe(0)
  const lab = readLab(join(made(), 'lab.yaml'))
  expect(lab).toMatchObject({
    cables: 'cards',
    device: join(made(), 'device'),
    cards: { wan0: { card: 'enp3s0' }, lan0: { card: 'enp4s0' }, lan1: { card: '00:11:22:33:44:55' } },
  })
  const device = readDevice(join(made(), 'device'), { ROUTER_PASSWORD: 'secret of the test' })
  expect(device.facts).toMatchObject({ name, role: 'wireless-router', url4: url })
  expect(device.webUi?.module).toBe(join(made(), 'device', 'web-ui.ts'))
  expect(readFileSync(join(made(), 'device', 'device.yaml'), 'utf8')).not.toContain('secret of the test')
})

test('nothing is written over, and without a terminal what is missing is named', async () => {
  const whole = { name: 'x', wan: 'eth1', lan: ['eth2'] }
  await initCommand(made(), whole)
  await expect(initCommand(made(), whole)).rejects.toThrow(/my router: exists\n.*name a new folder/)
  await expect(initCommand(join(folder, 'other'), { name: 'x' })).rejects.toThrow(/missing: --wan, --lan/)
})

test('a role or a URL that cannot be is refused before anything is written', async () => {
  const whole = { name: 'x', wan: 'eth1', lan: ['eth2'] }
  await expect(initCommand(made(), { ...whole, role: 'router' })).rejects.toThrow(/--role: router is no role/)
  await expect(initCommand(made(), { ...whole, url: '192.168.1.1' })).rejects.toThrow(/--url: 192.168.1.1 is no URL/)
  expect(existsSync(made())).toBe(false)
})
