import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import type { Lab } from '../lab/lab.ts'
import { readLab } from '../lab/lab-file.ts'
import { openMemoryLab, referenceDevice } from '../lab/memory-lab.ts'
import { dutState } from '../lab/state.ts'
import { judgeRecording } from './judge.ts'
import { play } from './record.ts'
import { loadSuites } from './suites.ts'

const labFile = readLab(fileURLToPath(new URL('../../labs/memory.yaml', import.meta.url)))
const suites = await loadSuites()
const names = ['cold-boot', 'release', 'quiet-lan', 'slaac-wan']
const device = { ...referenceDevice, boot: 12, reset: 12 }

/** A reset button: the router runs on, and boots with factory settings. Nothing takes its power away. */
function withButton(lab: Lab): Lab {
  const { cut, ...power } = lab.power
  return {
    ...lab,
    power: {
      ...power,
      async reset() {
        await power.reset()
        await power.on()
        return 'booting'
      },
    },
  }
}

async function verdicts(lab: Lab): Promise<{ results: string[]; kinds: string[] }> {
  try {
    await lab.power.on()
    const state = dutState(lab, device)
    const results: string[] = []
    const kinds: string[] = []
    for (const name of names) {
      const scenario = suites.scenarios.get(name)
      if (!scenario) throw new TypeError(`no scenario ${name}`)
      kinds.push(state.next(scenario.from))
      const { recording } = await play({ lab, labFile, device, seed: 'button', profile: 'default', scenario, state })
      for (const { requirement, case: one, verdict } of judgeRecording(recording, suites))
        results.push(`${name} ${requirement} ${one} ${verdict}`)
    }
    return { results, kinds }
  } finally {
    lab.close()
  }
}

test('a router that boots by its reset button, and whose power cannot be cut, gets the same verdicts', async () => {
  const plain = await verdicts(openMemoryLab(labFile, { seed: 'button', reset: 4 }))
  const button = await verdicts(withButton(openMemoryLab(labFile, { seed: 'button', reset: 4 })))
  expect(button.kinds).toEqual(plain.kinds)
  expect(button.kinds).toContain('factory reset')
  expect(button.results).toEqual(plain.results)
})
