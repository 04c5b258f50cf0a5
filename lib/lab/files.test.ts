import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Scenario } from '../suite/scenario.ts'
import { readDevice } from './device.ts'
import { readLab } from './lab-file.ts'
import { type Machine, preflight } from './preflight.ts'

const devices = fileURLToPath(new URL('../../labs/devices', import.meta.url))
let folder = ''
const put = (file: string, text: string, mode = 0o644) => {
  const path = join(folder, file)
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, text)
  chmodSync(path, mode)
  return path
}
const device = (yaml: string) => {
  put('device/device.yaml', yaml)
  return readDevice(join(folder, 'device'), {})
}
const whole = 'name: x\nsoftware: ./run\n'

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'denat-files-'))
  put('device/run', '#!/bin/sh\n', 0o755)
})
afterEach(() => rmSync(folder, { recursive: true }))

describe('a lab file', () => {
  it('is read with its defaults; its device is beside it, or the one that was asked for', () => {
    const file = put('lab.yaml', 'kind: namespaces\ndevice: ./device\n')
    expect(readLab(file)).toMatchObject({ name: 'lab', device: join(folder, 'device'), lan: ['lan0', 'lan1'] })
    mkdirSync(join(folder, 'other'))
    expect(readLab(file, join(folder, 'other'))).toMatchObject({ device: join(folder, 'other') })
  })

  it.each([
    ['kind: namespaces\ndevise: ./device\n', 'lab.yaml:2: devise: Unrecognized key'],
    ['kind: namespaces\n', 'lab.yaml:1: device: is missing'],
    ['kind: carrier-pigeon\n', 'lab.yaml:1: kind: .*namespaces'],
    ['', 'lab.yaml:1: kind: '],
    ['kind: memory\npower: software\n', 'lab.yaml:2: power: '],
    ['kind: memory\ncables: memory\n', 'lab.yaml:2: cables: '],
    ['power: steam\n', 'lab.yaml:1: kind: '],
    ['power: software\ncables: memory\n', 'lab.yaml:1: power: '],
    ['kind: physical\ndevice: ./device\nlan: [eth1]\n', 'lab.yaml:1: wan: expected a network card'],
    [
      'kind: physical\ndevice: ./device\nwan: { card: eth0, vlan: 4095 }\nlan: [eth1]\n',
      'lab.yaml:3: wan.vlan: Too big',
    ],
    ['kind: namespaces\ndevice: ./device\nlan: lan0\n', 'lab.yaml:3: lan: expected array, received string'],
    [
      'kind: namespaces\ndevice: ./device\nlan: [lan0, WAN]\n',
      'lab.yaml:3: lan.1: expected up to 8 lower-case letters',
    ],
    ['kind: namespaces\ndevice: ./device\nlan: [wan0]\n', 'lab.yaml:3: lan.0: '],
    ['kind: namespaces\ndevice: ./device\nlan: [lan0, lan0]\n', 'lab.yaml:3: lan: a port is listed twice'],
    [
      'kind: memory\naddresses:\n  wan: 2d00::/32\n  pool: 2d00::/56\n  internet: 2d00::/64\n',
      'lab.yaml:4: addresses.pool: expected an IPv6 prefix of at most /48',
    ],
    ['kind: memory\nupstream: { gateway: 48 }\n', 'lab.yaml:2: upstream: expected isp or, for a gateway'],
    ['kind: memory\nline: { vlan: 4095 }\n', 'lab.yaml:2: line.vlan: Too big'],
    ['kind: memory\nline: { vlan: [100, 35, 1] }\n', 'lab.yaml:2: line.vlan: expected a VLAN such as 35'],
    ['kind: memory\nline:\n  vlan: 35\n  tpid: 0x9100\n', 'lab.yaml:4: line.tpid: expected 0x8100 .802.1Q.'],
    ['kind: memory\nline: { priority: 5 }\n', 'lab.yaml:2: line.priority: is of a tag, and the line has none'],
    ['kind: memory\nkind: memory\n', 'lab.yaml:2: is not YAML: Map keys must be unique'],
    ['kind: [memory\n', 'lab.yaml:2: is not YAML: '],
    ['kind: namespaces\ndevice: ./nowhere\n', 'lab.yaml: device folder .*/nowhere does not exist\n.*→ name a folder'],
  ])('%j is told with its line', (text, message) => {
    const file = put('lab.yaml', text)
    expect(() => readLab(file)).toThrow(new RegExp(`^${folder}/${message}`))
  })

  it('names its parts, or a kind that stands for them', () => {
    const short = put('lab.yaml', 'kind: namespaces\ndevice: ./device\n')
    const long = put('long/lab.yaml', 'power: software\ncables: veth\nbrowser: chromium\ndevice: ../device\n')
    expect(readLab(long)).toEqual({ ...readLab(short), file: long })
    expect(readLab(put('lab.yaml', 'kind: memory\nbrowser: none\n'))).toMatchObject({
      ...{ power: 'reference', cables: 'memory', browser: 'none' },
    })
  })

  it('of a router in a box names a card, and maybe a VLAN, for each port', () => {
    const file = put(
      'lab.yaml',
      'kind: physical\ndevice: ./device\nwan: eth0\nlan: [eth1, { card: eth0, vlan: 102 }]\n',
    )
    expect(readLab(file)).toMatchObject({
      lan: ['lan0', 'lan1'],
      cards: { wan0: { card: 'eth0' }, lan0: { card: 'eth1' }, lan1: { card: 'eth0', vlan: 102 } },
    })
  })

  it('of the reference router takes no device folder', () => {
    expect(() => readLab(put('lab.yaml', 'kind: memory\n'), 'device')).toThrow(
      /^--device: .* only the reference router/,
    )
  })

  it('that is not there is told', () => {
    expect(() => readLab(join(folder, 'nowhere.yaml'))).toThrow(
      /nowhere.yaml: cannot be read \(ENOENT\)\n.*→ name a lab file/,
    )
  })
})

describe('a device folder', () => {
  it.each(readdirSync(devices))('of this project is read: %s', (name) => {
    expect(readDevice(join(devices, name)).facts.name).not.toBe('')
  })

  it('needs no more than a name and software', () => {
    expect(device(whole)).toMatchObject({ facts: { name: 'x', role: 'gateway' }, software: join(folder, 'device/run') })
    expect(device(whole).webUi).toBeUndefined()
  })

  it.each([
    ['softwear: ./run\nname: x\n', 'device.yaml:1: softwear: Unrecognized key'],
    ['software: ./run\n', 'device.yaml:1: name: is missing'],
    ['name: x\nmacs: [router]\n', 'device.yaml:2: macs.0: expected a MAC'],
    ['name: x\nsoftware: ./nothing\n', 'device.yaml:2: software: .*/nothing does not exist'],
    ['name: x\nsoftware: ./device.yaml\n', 'device.yaml:2: software: .* cannot be executed: chmod \\+x'],
    ['name: x\nsoftware: .\n', 'device.yaml:2: software: .* is no file'],
    ['name: x\nboot: 0\n', 'device.yaml:2: boot: '],
    ['name: x\nrole: bridge\n', 'device.yaml:2: role: '],
    ['name: x\nlacks: [pcp-servr]\n', 'device.yaml:2: lacks.0: .*"pcp-server"'],
    ['name: x\nweb-ui:\n  url4: http://fritz.box\n', 'device.yaml:3: web-ui.url4: expected a URL with an address'],
    ['name: x\nweb-ui:\n  url6: nowhere\n', 'device.yaml:3: web-ui.url6: expected a URL'],
  ])('%j is told with its line', (yaml, message) => {
    expect(() => device(yaml)).toThrow(new RegExp(`^${folder}/device/${message}`))
  })

  it('has its known deviations in a file of their own, each with its line', () => {
    const known = { requirement: 'X-1', verdict: 'fail', fault: 'daemon 1.0', because: 'no.', confirmed: 'frame 7' }
    put('device/baseline.json', JSON.stringify([known]))
    expect(device(`${whole}baseline: ./baseline.json\n`).known).toEqual([{ ...known, case: '', sometimes: false }])
    put('device/baseline.json', `[\n${JSON.stringify({ ...known, verdict: 'pass' })}]`)
    expect(() => device(`${whole}baseline: ./baseline.json\n`)).toThrow(/baseline.json:2: 0.verdict: /)
    expect(() => device(`${whole}baseline: ./nowhere.json\n`)).toThrow(/nowhere.json: cannot be read/)
    expect(device(whole).known).toEqual([])
  })

  const page = (more: string) => `${whole}web-ui:\n  url4: http://192.168.1.1\n${more}`
  it('has a web UI when its page object and its password are there', () => {
    expect(device(page('  password: p\n')).webUi).toBeUndefined()
    put('device/web-ui.ts', '')
    expect(device(page('  password: p\n')).webUi).toMatchObject({ password: 'p', user: '' })
    expect(() => device(page(''))).toThrow(/web-ui: no password\n.*→ set `password-env/)
    expect(() => device(page('  password-env: ROUTER_PASSWORD\n'))).toThrow(/no password/)
    expect(readDevice(join(folder, 'device'), { ROUTER_PASSWORD: 'q' }).webUi?.password).toBe('q')
  })
})

describe('preflight', () => {
  const machine: Machine = { platform: 'linux', uid: 0, has: () => true, terminal: false }
  const withPage = { name: 'page', webUi: 'ipv4' } as Scenario
  const check = (change: Partial<Machine> = {}, yaml = whole, scenarios: Scenario[] = [withPage], keys = '') =>
    preflight(readLab(put('lab.yaml', `kind: namespaces\ndevice: ./device\n${keys}`)), device(yaml), scenarios, {
      ...machine,
      ...change,
    })
  const page = `${whole}web-ui:\n  url4: http://192.168.1.1\n  password: p\n`

  it('finds nothing amiss where nothing is', async () => {
    await check()
    put('device/web-ui.ts', 'export const webUi = () => ({})\n')
    await check({}, page)
  })

  it.each([
    [{ platform: 'darwin' }, whole, /need Linux, this is darwin\n.*→ run labs\/memory.yaml/],
    [{ uid: 1000 }, whole, /needs root .*, this is user 1000\n.*→ run it with sudo/],
    [{}, 'name: x\n', /device.yaml: software: is missing/],
  ])('asks for the machine and the software: %j %j', async (change, yaml, message) => {
    await expect(check(change, yaml)).rejects.toThrow(message)
  })

  it('asks for Chromium only where a page is driven', async () => {
    put('device/web-ui.ts', 'export const webUi = () => ({})\n')
    const has = () => false
    await expect(check({ has }, page)).rejects.toThrow(/chromium is missing.*\n.*→ npm run lab/)
    await check({ has }, page, [])
    await check({ has }, page, [withPage], 'browser: none\n')
    await check({ has }, whole)
  })

  it.each([
    ['export const webUI = 1\n', /web-ui.ts: exports no function `webUi`\n.*→ export a page object/],
    ['export const webUi = {{\n', /web-ui.ts: cannot be loaded: /],
  ])('asks for a page object that works: %j', async (source, message) => {
    put('device/web-ui.ts', source)
    await expect(check({}, page)).rejects.toThrow(message)
  })

  it('asks nothing of a memory lab', async () => {
    const lab = readLab(put('memory.yaml', 'kind: memory\n'))
    await preflight(lab, device(whole), [withPage], {
      platform: 'win32',
      uid: undefined,
      has: () => false,
      terminal: false,
    })
  })
})
