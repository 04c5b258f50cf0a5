import { readDevice } from '../lab/device.ts'
import { readLab } from '../lab/lab-file.ts'
import { openLab } from '../lab/open-lab.ts'
import type { ScenarioFacts } from '../recording/run-facts.ts'
import { scenarios } from '../suite/scenario.ts'
import { record } from './record.ts'
import { recordingFolder } from './run-folder.ts'
import { loadSuites } from './suites.ts'

/** What the parent asks of a recorder. */
export interface Order {
  lab: string
  device: string | undefined
  run: string
  /** Names all that the lab makes on this machine. */
  runId: string
  seed: string
  profile: 'default' | 'full'
  scenarios: string[]
}

/** What a recorder tells its parent. */
export type Report =
  | { tell: 'opened'; versions: Record<string, string> }
  | { tell: 'begun'; scenario: string }
  | { tell: 'landed'; facts: ScenarioFacts }
  | { tell: 'over'; rss: number }
  | { tell: 'broken'; because: string }

/** One lab, one process: what breaks here costs one scenario, and the parent goes on. */
async function main(order: Order): Promise<void> {
  await loadSuites()
  const labFile = readLab(order.lab, order.device)
  const device = readDevice(labFile.kind === 'memory' ? '' : labFile.device)
  const lab = openLab(labFile, device, order.runId)
  let stopping = false
  const close = () => {
    if (!stopping) lab.close()
    stopping = true
  }
  // The parent alone decides; a terminal sends its Ctrl-C to everybody.
  process.on('SIGINT', () => {})
  const leave = (code: number) => {
    close()
    process.exit(code)
  }
  process.on('SIGTERM', () => leave(143))
  process.on('disconnect', () => leave(1))
  process.on('uncaughtException', (error) => {
    tell({ tell: 'broken', because: error.stack ?? error.message })
    leave(1)
  })
  process.on('message', (message) => {
    if (message === 'stop') leave(130)
  })
  try {
    tell({ tell: 'opened', versions: lab.versions() })
    for (const name of order.scenarios) {
      const scenario = scenarios.get(name)
      if (!scenario) throw new TypeError(`no scenario ${name}`)
      tell({ tell: 'begun', scenario: name })
      const facts = await record({
        lab,
        labFile,
        device,
        seed: order.seed,
        profile: order.profile,
        scenario,
        folder: recordingFolder(order.run, name),
      })
      tell({ tell: 'landed', facts })
    }
    tell({ tell: 'over', rss: process.resourceUsage().maxRSS * 1024 })
  } finally {
    close()
  }
}

const tell = (report: Report): void => void process.send?.(report)

process.once('message', (order) => {
  main(order as Order).then(
    () => process.disconnect(),
    (error: Error) => {
      tell({ tell: 'broken', because: error.stack ?? error.message })
      process.exit(1)
    },
  )
})
