import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Blocked, LabTrouble } from '../lab/bench/waits.ts'
import type { Lab } from '../lab/lab.ts'
import { readLab } from '../lab/lab-file.ts'
import { openMemoryLab, referenceDevice } from '../lab/memory-lab.ts'
import { dutState } from '../lab/state.ts'
import { ending } from '../recording/ending.ts'
import { loadRecording } from '../recording/load.ts'
import type { Frame } from '../recording/recording.ts'
import { claim, quoted } from '../say/claim.ts'
import { render } from '../say/render.ts'
import type { Bench } from '../suite/bench.ts'
import type { Scenario } from '../suite/scenario.ts'
import { ra } from '../wire/patterns.ts'
import { record } from './record.ts'

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url))
const labFile = readLab(path('../../labs/memory.yaml'))
let folder = ''
let count = 0

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'denat-record-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

async function play(
  act: (bench: Bench, growing: string) => Promise<void>,
  change: (lab: Lab) => Partial<Lab> = () => ({}),
) {
  const name = `scenario-${++count}`
  const at = join(folder, name)
  const scenario: Scenario = {
    name,
    story: 's',
    world: { name: 'w' },
    from: 'factory',
    play: (bench) => act(bench, `${at}.growing`),
  }
  const opened = openMemoryLab(labFile, { seed: 's' })
  const lab = { ...opened, ...change(opened) }
  const recorded = await record({
    lab,
    labFile,
    device: referenceDevice,
    seed: 's',
    profile: 'default',
    scenario,
    folder: at,
  })
  expect(existsSync(`${at}.growing`)).toBe(false)
  return { ...recorded, recording: loadRecording(at), lab }
}

describe('a scenario ends', () => {
  let pull = () => {}

  it('complete', async () => {
    const { facts, broken, recording } = await play(async ({ dut, lan, timing }) => {
      await lan.receives(ra(), { since: await dut.powerOn(), by: timing.boot, or: 'X-1' })
    })
    expect([facts.outcome, broken]).toEqual([{ end: 'complete' }, undefined])
    expect(recording.frames.length).toBeGreaterThan(10)
    expect(recording.marks.map(({ mark }) => mark)).toContain('power-on')
  })

  it('when what the router was given last has had its time: the LAN is told of the prefix', async () => {
    const { recording } = await play(async ({ dut, isp, timing, listen }) => {
      await isp.receives({ dhcp6: { type: 'request' } }, { since: await dut.powerOn(), by: timing.boot, or: 'X-1' })
      await listen({ forced: 0.01, slack: 0, why: claim`the Reply` })
    })
    const isError = ({ packet: { icmp6 } }: Frame) =>
      icmp6?.type === 'router-advertisement' && icmp6.options.some(({ type }) => type === 'prefix-information')
    const request = recording.frames.find(({ packet }) => packet.dhcp6?.type === 'request')
    const received = recording.frames.findLast((frame) => frame.port === 'lan0' && isError(frame))
    expect(request && received && received.at > request.at).toBe(true)
    expect(recording.marks.at(-1)?.mark).toBe('end')
  })

  it('blocked by what never came, with the frame that came nearest', async () => {
    const { recording } = await play(async ({ dut, lan, timing }) => {
      const since = await dut.powerOn()
      await lan.receives(ra({ routerLifetime: 7 }), { since, by: timing.boot, or: 'X-1' })
    })
    expect(recording.outcome).toMatchObject({ end: 'blocked', by: 'X-1' })
    expect(render(ending(recording.outcome))).toMatch(/routerLifetime: expected 7, seen 0 /)
  })

  it('as our bug when it throws, with all that was recorded', async () => {
    const { facts, recording } = await play(async ({ mark }) => {
      mark('begun')
      throw new TypeError('x is not a function')
    })
    expect(render(ending(facts.outcome))).toMatch(/^harness: TypeError: x is not a function\n +at /)
    expect(recording.outcome.end).toBe('harness')
    expect(recording.marks.map(({ mark }) => mark)).toContain('begun')
  })

  it('as our bug when an event of the lab throws', async () => {
    const { recording } = await play(async ({ clock, listen }) => {
      clock.after(1, () => {
        throw new TypeError('a node broke')
      })
      await listen({ forced: 5, slack: 0, why: claim`w` })
    })
    expect(render(ending(recording.outcome))).toMatch(/^harness: .*a node broke/)
  })

  it('as trouble of the lab, which then is broken, when the plug does nothing', async () => {
    const power = { on: () => Promise.reject(new LabTrouble(quoted('`up` said nothing'))) }
    const { facts, broken, recording } = await play(
      async ({ dut }) => void (await dut.powerOn()),
      (lab) => ({ power: { ...lab.power, ...power } }),
    )
    expect(render(ending(facts.outcome))).toBe('lab: power-on: `up` said nothing')
    expect(broken && render(broken)).toBe('power-on: `up` said nothing')
    expect(recording.outcome.end).toBe('lab')
  })

  it('as trouble of the lab when a cable is pulled that nobody pulled', async () => {
    const { broken, recording } = await play(
      async ({ dut, listen, clock }) => {
        await dut.powerOn()
        await listen({ forced: 60, slack: 0, why: claim`w` })
        clock.after(1, () => pull())
        await listen({ forced: 60, slack: 0, why: claim`w` })
      },
      (lab) => {
        pull = () => lab.plug('wan0', false)
        return {}
      },
    )
    expect(render(ending(recording.outcome))).toBe('lab: carrier lost on wan0 without a known cause: check the cable')
    expect(broken).toBeUndefined()
  })
})

it('a scenario that is stopped by a router that was not reset is played again after a reset, and only that lands', async () => {
  const lab = openMemoryLab(labFile, { seed: 's' })
  const device = { ...referenceDevice, boot: 300, reset: 300 }
  const state = dutState(lab, device)
  const at = join(folder, 'doubtful')
  let plays = 0
  const scenario = (name: string, from: Scenario['from'], play: Scenario['play']): Scenario => ({
    ...{ name, story: 's', world: { name }, from, play },
  })
  for (const one of [
    scenario('first', 'factory', async ({ dut }) => void (await dut.powerOn())),
    scenario('second', 'new subscriber', async ({ dut }) => {
      await dut.begin()
      if (++plays === 1) throw new Blocked('X-1', claim`what was left behind`)
    }),
  ]) {
    const options = { lab, labFile, device, seed: 's', profile: 'default' as const, scenario: one, state }
    const { facts } = await record({ ...options, folder: join(at, one.name) })
    expect(facts.outcome).toEqual({ end: 'complete' })
  }
  expect(plays).toBe(2)
  expect(loadRecording(join(at, 'second')).marks[0]?.mark).toBe('factory-reset')
  expect(readdirSync(at).sort()).toEqual(['first', 'second'])
})

it('a router with a command for it is commissioned after a factory reset, without a line and before the scenario', async () => {
  const opened = openMemoryLab(labFile, { seed: 's', reset: 100 })
  const passes = (seconds: number) =>
    new Promise<void>((resolve) => {
      opened.clock.after(seconds, () => {
        resolve()
        opened.settled()
      })
    })
  const wan: number[] = []
  opened.wan.onFrame(() => wan.push(opened.clock.now()))
  const lab = { ...opened, power: { ...opened.power, commission: () => passes(40) } }
  const scenario: Scenario = {
    ...{ name: 'commissioning', story: 's', world: { name: 'w' }, from: 'factory' },
    play: async ({ dut, lan, timing }) => {
      await lan.host.online({ since: await dut.powerOn(), by: timing.boot, or: 'X-1' })
    },
  }
  const options = { lab, labFile, device: referenceDevice, seed: 's', profile: 'default' as const, scenario }
  const { facts } = await record({ ...options, folder: join(folder, 'commissioning') })
  expect(facts).toMatchObject({
    outcome: { end: 'complete' },
    spent: { resets: 1, boots: 1, reset: 140, commission: 40 },
  })
  expect(wan.filter((at) => at < 140)).toEqual([])
  const { marks } = loadRecording(join(folder, 'commissioning'))
  expect(marks.slice(0, 2).map(({ mark }) => mark)).toEqual(['factory-reset', 'commissioned'])
})

it('marks come to disk as they are made, with the frames that they name', async () => {
  const { facts } = await play(async ({ dut, lan, listen, timing, mark }, growing) => {
    const frame = await lan.receives(ra(), { since: await dut.powerOn(), by: timing.boot, or: 'X-1' })
    const made = mark('seen', { what: 'ra' }, [frame])
    const lines = () => readFileSync(join(growing, 'marks.jsonl'), 'utf8')
    while (!lines().includes('"seen"')) await listen({ forced: 1, slack: 0, why: claim`another thread writes` })
    const killed = loadRecording(growing)
    const kept = killed.marks.find((one) => one.mark === 'seen')
    expect(made.frames).toEqual([frame.number])
    expect(killed.frames[(kept?.frames?.[0] ?? 0) - 1]?.bytes).toEqual(frame.bytes)
  })
  expect(facts.outcome).toEqual({ end: 'complete' })
})

it('what goes on after the end reaches neither the router nor the recording', async () => {
  let late: Promise<unknown> = Promise.resolve()
  let wake = () => {}
  const { lab, recording } = await play(async ({ dut, isp, line, mark }) => {
    late = new Promise<void>((resolve) => {
      wake = resolve
    }).then(() => {
      mark('late')
      isp.advertise()
      line.down()
      return dut.powerOn()
    })
  })
  const received: Uint8Array[] = []
  lab.wan.onFrame((bytes) => void received.push(bytes))
  wake()
  await expect(late).rejects.toThrow('the scenario is over')
  expect(received).toEqual([])
  expect(recording.marks.map(({ mark }) => mark)).not.toContain('late')
})

// In a process of its own: what nobody catches ends it, but for the recorder's care.
it('a bug in a handler ends its scenario as ours in real time, and the next one is played', () => {
  const program = `
    await import(${JSON.stringify(path('../cli/register.mjs'))})
    const { record } = await import(${JSON.stringify(path('record.ts'))})
    const { render } = await import(${JSON.stringify(path('../say/render.ts'))})
    const { ending } = await import(${JSON.stringify(path('../recording/ending.ts'))})
    const { cable } = await import(${JSON.stringify(path('../link/cable.ts'))})
    const { realClock } = await import(${JSON.stringify(path('../time/real-clock.ts'))})
    const { readLab } = await import(${JSON.stringify(path('../lab/lab-file.ts'))})
    const { referenceDevice: device } = await import(${JSON.stringify(path('../lab/memory-lab.ts'))})
    const labFile = readLab(${JSON.stringify(path('../../labs/memory.yaml'))})
    const clock = realClock()
    const act = async () => {}
    const lab = {
      clock, origin: 0n, wan: cable(clock, { names: ['wan0', 'x'] })[0], lan: [cable(clock, { names: ['lan0', 'y'] })[0]],
      power: { on: act, cut: act, reboot: act, reset: act }, plug() {}, clockStep: () => 0,
      drive: (promise) => promise, settled() {}, versions: () => ({}), close() {},
    }
    for (const name of ['first', 'second']) {
      const scenario = { name, story: 's', world: { name }, from: 'factory', async play({ clock, listen }) {
        if (name === 'first') clock.after(0.01, () => { throw new TypeError('a node broke') })
        await (name === 'first' ? new Promise(() => {}) : listen({ forced: 0.05, slack: 0, why: { template: 'w', values: [] } }))
      } }
      const folder = ${JSON.stringify(folder)} + '/real-' + name
      const { facts } = await record({ lab, labFile, device, seed: 's', profile: 'default', scenario, folder })
      console.log(render(ending(facts.outcome)).split('\\n')[0])
    }
    process.exit(0)`
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', program], { encoding: 'utf8' })
  expect([stdout, stderr]).toEqual(['harness: TypeError: a node broke\ncomplete\n', ''])
})
