import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { type OpenBench, openBench } from '../lab/bench/bench.ts'
import { becauseOf, LabBroken, LabTrouble } from '../lab/bench/waits.ts'
import { between } from '../lab/between.ts'
import type { Lab } from '../lab/lab.ts'
import type { LabFile } from '../lab/lab-file.ts'
import { type Beginning, changes, type DutState, dutState, markCommissioned } from '../lab/state.ts'
import { makeWorld, shortestPrefix } from '../lab/world.ts'
import type { DeviceFacts, Outcome, Recording, World } from '../recording/recording.ts'
import type { ScenarioFacts, Spent } from '../recording/run-facts.ts'
import { type GrowingRecording, growRecording } from '../recording/save.ts'
import { type Claim, claim } from '../say/claim.ts'
import { type Credentials, maskedValue, maskFor } from '../say/mask.ts'
import { endMark } from '../suite/coverage.ts'
import { keepsFormerLease, noFormer, shared } from '../suite/former.ts'
import { kernelPanic, pageAnswered, pageAsked } from '../suite/lab-marks.ts'
import { lastGrantIsUsed } from '../suite/last-grant.ts'
import { marked } from '../suite/mark.ts'
import type { Scenario, WorldSpec } from '../suite/scenario.ts'
import type { WebUi } from '../web-ui/port.ts'
import { hangs } from './hang.ts'
import { outcomeOf } from './outcome.ts'

export interface PlayOptions {
  lab: Lab
  labFile: LabFile
  device: { facts: DeviceFacts; boot: number; reset: number; apply: number; webUi?: Credentials }
  seed: string
  profile: World['profile']
  scenario: Scenario
  /** What is known of the DUT from the scenarios before; it is reset where there were none. */
  state?: DutState
}

export interface RecordOptions extends PlayOptions {
  /** Where the recording lands, whole. */
  folder: string
  /** Folder of the run that it belongs to: its `SHA256SUMS` vouches for it. */
  run?: string
}

export interface Recorded {
  facts: ScenarioFacts
  /** Why no further scenario can be run on this lab. */
  broken?: Claim
}

export interface Played extends Recorded {
  recording: Recording
  /** What a scenario before left behind stopped it, or may have: it should begin with a factory reset. */
  doubtful: boolean
  /** Frames that the capture lost, by port. */
  drops: Record<string, number>
}

/**
 * Runs one scenario and leaves its recording on disk; where that is doubtful, runs it again: only the second lands. Never
 * throws for what happens in the scenario: that is its outcome.
 */
export async function record({ folder, run, ...options }: RecordOptions): Promise<Recorded> {
  const { webUi } = options.device
  const masked = maskFor(webUi ? [webUi] : [])
  for (;;) {
    let growing: GrowingRecording | undefined
    const { recording, drops, doubtful, facts, ...broken } = await play(options, (begin) => {
      const grown = growRecording(folder, begin, run)
      growing = grown
      return {
        ...grown,
        mark: ({ data, ...mark }) => grown.mark({ ...mark, data: maskedValue(data, masked).value }),
        log: (line) => grown.log({ ...line, text: masked(line.text).text }),
      }
    })
    // What follows a doubtful one begins with a factory reset, and is not doubtful.
    if (!doubtful) {
      const { outcome, marks } = recording
      const said = maskedValue({ outcome, data: marks.map(({ data }) => data) }, masked)
      const clean = marks.map((mark, index) => ({ ...mark, data: said.value.data[index] }))
      growing?.seal({ ...recording, outcome: said.value.outcome, marks: clean }, drops)
      const places = (facts.masked ?? 0) + said.found
      return { ...broken, facts: places > 0 ? { ...facts, masked: places } : facts }
    }
    growing?.drop()
  }
}

/** Runs one scenario; `grow` opens the receiver of each frame and mark at once, and keeps the browser's pictures. */
export async function play(
  options: PlayOptions,
  grow?: (begin: Parameters<typeof growRecording>[1]) => Pick<GrowingRecording, 'folder' | 'frame' | 'mark' | 'log'>,
): Promise<Played> {
  const { lab, labFile, device, scenario, state = dutState(lab, device) } = options
  const worldOf = (spec: WorldSpec): World =>
    makeWorld(spec, {
      seed: options.seed,
      addresses: labFile.addresses,
      device: device.facts,
      profile: options.profile,
      upstream: labFile.upstream,
      line: labFile.line,
    })
  const world = worldOf(scenario.world)
  const delegation = { pool: labFile.addresses.pool, shortest: shortestPrefix(labFile.upstream) }
  // Before anything is recorded: frames of the last scenario's router must not count for this one.
  const { resets, boots } = state.counts
  let beginning: Beginning = 'factory reset'
  let standing: unknown
  try {
    const prepared = state.prepare(scenario.from, async (act) => {
      const closing = openBench({ lab, state, world: worldOf(between), delegation, device, lineIsCut: true })
      try {
        return await act(closing.bench)
      } finally {
        closing.close()
      }
    })
    beginning = await lab.drive(prepared, () => [])
  } catch (error) {
    standing = error ?? new Error('unknown')
  }
  const dropsBefore = portDrops(lab)
  const unsummedBefore = unsummed(lab)
  const stepBefore = lab.clockStep()
  const opened = openBench({ lab, state, world, delegation, device, lineIsCut: beginning === 'line cut' })
  const { tape, waits, bench } = opened
  const startedAt = String(lab.origin + BigInt(Math.round(opened.startedAt * 1e9)))
  const growing = grow?.({ scenario: scenario.name, world, startedAt })
  // Stations send as soon as they are plugged in.
  for (const frame of tape.frames) growing?.frame(frame)
  const unlisten = growing && tape.listen(growing.frame, growing.mark)
  const endLog = lab.onConsole?.((text) => {
    growing?.log({ at: lab.clock.now() - opened.startedAt, source: 'console', text })
    if (text.includes('Kernel panic')) bench.mark(kernelPanic, { text })
  })

  let browser = 0
  let trouble: unknown = standing && new LabBroken(claim`factory-reset: ${becauseOf(standing)}`)
  let masked = 0
  let page: { ui: WebUi; close(): Promise<number> } | undefined
  const timed = async <T>(act: () => Promise<T>): Promise<T> => {
    const begun = lab.clock.now()
    try {
      return await act()
    } finally {
      browser += lab.clock.now() - begun
    }
  }
  // A bug in a handler of ours, such as a node's, ends the scenario in which it shows.
  const crashed = (error: unknown) => {
    trouble ??= error
    waits.fail(error instanceof Error ? error : new Error(String(error)))
  }
  process.on('uncaughtException', crashed)
  const act = async () => {
    await reach(opened, scenario, { beginning, state, forget: () => lab.browser?.forget?.() })
    if (scenario.webUi && lab.browser) {
      const pictures = growing ? join(growing.folder, 'web-ui') : ''
      if (growing) mkdirSync(pictures, { recursive: true })
      const { browser } = lab
      const over = scenario.webUi
      page = await timed(() => browser.open(pictures, over, bench.lan.host.resolvers()[0]))
      bench.webUi = watched(page.ui, timed, opened, state)
    }
    await scenario.play(bench)
    // With a duplicate link-local address it has no way to.
    if (scenario.leaves !== 'claimed addresses') await lastGrantIsUsed(bench, tape.frames)
    opened.probeSegments()
    await bench.listen({ forced: 0.1, slack: 0, why: claim`copies of the probe on other ports` })
  }
  try {
    if (trouble) throw trouble
    await lab.drive(Promise.race([act(), waits.failed]), waits.open)
  } catch (error) {
    trouble ??= error
  }
  // How long it lasted, whatever ended it: until then what was due did not come.
  tape.mark(endMark)
  const closing = page
  if (closing) masked = await timed(() => closing.close()).catch(() => 0)
  waits.fail(new LabTrouble(claim`the scenario is over`))
  opened.close()
  process.off('uncaughtException', crashed)
  unlisten?.()
  endLog?.()
  const outcome: Outcome = trouble === undefined ? { end: 'complete' } : outcomeOf(trouble)
  const { frames, marks } = tape.sealed()
  const lost = portDrops(lab)
  const drops = Object.fromEntries(
    Object.entries(lost).map(([port, count]) => [port, count - (dropsBefore[port] ?? 0)]),
  )
  const recording: Recording = {
    scenario: scenario.name,
    world,
    frames,
    marks,
    outcome,
    drops: Object.values(drops).reduce((a, b) => a + b, 0),
    unsummed: unsummed(lab) - unsummedBefore,
    clockStep: lab.clockStep() - stepBefore,
  }
  state.ended(scenario, recording)
  const facts = {
    scenario: scenario.name,
    story: scenario.story,
    outcome,
    wall: lab.clock.now() - opened.startedAt,
    forced: waits.forced(),
    browser,
    ...(masked > 0 && { masked }),
    spent: {
      resets: state.counts.resets - resets,
      boots: state.counts.boots - boots,
      ...state.measured,
      ...slowestSetting(recording),
    },
  }
  const isStopped = outcome.end === 'blocked' && !hangs(recording)
  const doubtful = beginning !== 'factory reset' && (isStopped || keepsFormerLease(recording))
  const played = { facts, doubtful, recording, drops }
  return trouble instanceof LabBroken ? { ...played, broken: trouble.because } : played
}

/** Until the page had taken the setting for which it took longest. */
function slowestSetting(recording: Recording): Pick<Spent, 'apply'> {
  const asked = marked(recording, pageAsked).filter(({ call }) => changes.has(call))
  const seconds = asked.flatMap(({ call, mark }) => {
    const answered = marked(recording, pageAnswered).find((one) => one.call === call && one.mark.at >= mark.at)
    return answered ? [answered.mark.at - mark.at] : []
  })
  return seconds.length > 0 ? { apply: Math.max(...seconds) } : {}
}

const portDrops = (lab: Lab): Record<string, number> =>
  Object.fromEntries([lab.wan, ...lab.lan].map((link) => [link.name, link.drops()]))

const unsummed = (lab: Lab): number => [lab.wan, ...lab.lan].reduce((sum, link) => sum + (link.unsummed?.() ?? 0), 0)

/** Records how the recording begins, and starts it where the scenario needs a router that is online. */
async function reach(
  { bench, probeSegments }: OpenBench,
  scenario: Scenario,
  { beginning, state, forget }: { beginning: Beginning; state: DutState; forget(): void },
): Promise<void> {
  const { dut, lan, timing, mark } = bench
  if (beginning === 'factory reset') {
    mark('factory-reset')
    markCommissioned(mark, state)
  } else mark(shared, { beginning, ...(state.former() ?? noFormer) })
  // What the browser's kernel learned from the last scenario's router would be a prefix of another network here.
  forget()
  if (scenario.from !== 'online' && scenario.from !== 'online from a cold boot') return
  const begun = await dut.begin()
  await lan.host.online({
    since: begun,
    by: timing.boot,
    or: scenario.world.isp?.ipv4 === false ? 'DENAT-V6ONLY-WAN' : 'DENAT-DEFAULT-1',
  })
  probeSegments()
}

/** Marks what is asked of the page, and lets the cables rest where the router restarts. */
function watched(
  ui: WebUi,
  timed: <T>(act: () => Promise<T>) => Promise<T>,
  { bench, carriers }: OpenBench,
  state: DutState,
): WebUi {
  const calls = Object.entries(ui).map(([name, call]) => [
    name,
    async (...given: unknown[]) => {
      bench.mark('web-ui', { call: name, given })
      const restarts = name === 'reboot' || name === 'factoryReset'
      if (restarts) state.restartsByPage(name === 'factoryReset')
      const { boot, apply } = bench.timing
      const rest = () => carriers.expectLoss(restarts ? boot.forced * 2 : apply.forced)
      rest()
      const done = await timed(() => (call as (...all: unknown[]) => Promise<unknown>)(...given))
      bench.mark('web-ui-done', { call: name })
      // A page may be slow, and the setting takes effect after it.
      rest()
      if (name === 'factoryReset') {
        await state.commission()
        markCommissioned(bench.mark, state)
      }
      return done
    },
  ])
  return Object.fromEntries(calls) as WebUi
}
