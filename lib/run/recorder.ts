import { becauseOf } from '../lab/bench/waits.ts'
import type { Lab } from '../lab/lab.ts'
import { readLab } from '../lab/lab-file.ts'
import { deviceOf, openLab } from '../lab/open-lab.ts'
import type { AskPerson } from '../lab/power/manual.ts'
import { dutState } from '../lab/state.ts'
import { scenarioOf } from '../recording/again.ts'
import type { ScenarioFacts } from '../recording/run-facts.ts'
import type { Claim } from '../say/claim.ts'
import { maskedValue, maskFor } from '../say/mask.ts'
import { isDiskFull } from './disk-space.ts'
import { record } from './record.ts'
import { recordingFolder } from './run-folder.ts'
import { joinRun } from './run-lock.ts'
import { loadScenarios } from './suites.ts'

/** What the parent asks of a recorder first. Then it names one recording after the other, and at last `null`. */
export interface Order {
  lab: string
  device: string | undefined
  /** Folders of suites. */
  suites: readonly string[]
  run: string
  /** Names all that the lab makes on this machine. */
  runId: string
  seed: string
  profile: 'default' | 'full'
  /** Variables of the environment that nothing else may have. */
  secrets: Record<string, string>
}

/** What a recorder reports to its parent. */
export type Report =
  | { tell: 'opened'; versions: Record<string, string> }
  /** `rss`: peak resident memory so far, bytes. `broken`: why no further scenario can be run on this lab. */
  | { tell: 'landed'; facts: ScenarioFacts; rss: number; broken?: Claim | undefined }
  /** The lab can't be used, nor would it be by another recorder. */
  | { tell: 'lab-broken'; because: Claim }
  /** What only a person can do, who has so many seconds. The parent answers with `{ done }`. */
  | { tell: 'asks'; what: string; seconds: number }
  /** The recording under way can't land. */
  | { tell: 'disk-full' }
  /** A bug of ours, the recorder's last words. */
  | { tell: 'crashed'; because: string }

/** One lab, one process: what breaks here costs one scenario, and the parent goes on. */
async function main(order: Order): Promise<void> {
  const scenarios = await loadScenarios(order.suites)
  const labFile = readLab(order.lab, order.device)
  const environment = { ...process.env, ...order.secrets }
  const device = await deviceOf(labFile, environment)
  if (device.webUi) masked = maskFor([device.webUi])
  try {
    lab = await openLab(labFile, device, order.runId, { askPerson, environment })
  } catch (error) {
    tell({ tell: 'lab-broken', because: becauseOf(error) })
    return
  }
  // It may write there after its parent has ended.
  joinRun(order.run)
  tell({ tell: 'opened', versions: lab.versions() })
  let state = dutState(lab, device)
  for (let name = await next(); name !== null; name = await next()) {
    const scenario = scenarios.get(scenarioOf(name))
    if (!scenario) throw new TypeError(`no scenario ${name}`)
    // The router in memory is as new after a reset: on a lab of its own the recording is the same, whatever was run before.
    if (labFile.cables === 'memory' && state.next(scenario.from) === 'factory reset') {
      lab.close()
      lab = await openLab(labFile, device, order.runId, { askPerson, environment })
      state = dutState(lab, device, state)
    }
    const { seed, profile, run } = order
    const folder = recordingFolder(run, name)
    const { facts, broken } = await record({ lab, labFile, device, seed, profile, scenario, state, folder, run })
    tell({ tell: 'landed', facts: { ...facts, scenario: name }, rss: process.resourceUsage().maxRSS * 1024, broken })
    if (broken !== undefined) return
  }
}

const askPerson: AskPerson = (what, seconds) => {
  tell({ tell: 'asks', what, seconds })
  return new Promise((resolve) => process.once('message', (answer) => resolve((answer as { done: boolean }).done)))
}

/** Name of the next recording; the parent sends one as soon as the recording of the last one has arrived. */
const next = (): Promise<string | null> =>
  new Promise((resolve) => process.once('message', (name) => resolve((name as { play: string | null }).play)))

const tell = (report: Report): void => void (process.connected && process.send?.(maskedValue(report, masked).value))

/** Until the device is read, nothing is known of it. */
let masked = maskFor([])

let lab: Lab | undefined

/** However this process ends, unless it is killed outright: what it made goes first. */
function leave(code: number): void {
  const open = lab
  lab = undefined
  try {
    open?.close()
  } finally {
    process.exit(code)
  }
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => leave(143))
// The parent is gone.
process.on('disconnect', () => leave(1))
// While a scenario is recorded, it is the scenario's: see record.ts, whose listener comes first to go.
process.on('uncaughtException', (error) => {
  if (process.listenerCount('uncaughtException') > 1) return
  tell({ tell: 'crashed', because: error.stack ?? error.message })
  leave(1)
})
process.once('message', (order) => {
  main(order as Order).then(
    () => leave(0),
    (error: Error) => {
      tell(isDiskFull(error) ? { tell: 'disk-full' } : { tell: 'crashed', because: error.stack ?? error.message })
      leave(1)
    },
  )
})
