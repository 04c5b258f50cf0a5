import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { readLab } from '../lab/lab-file.ts'
import { openMemoryLab, referenceDevice } from '../lab/memory-lab.ts'
import { play } from './record.ts'
import { verdictsUnder } from './seeds.ts'
import { loadSuites } from './suites.ts'

const suites = await loadSuites()
const { scenarios } = suites
const lab = readLab(fileURLToPath(new URL('../../labs/memory.yaml', import.meta.url)))

// A hundred of them, and more, are played by `npm run seeds`.
test.each(['habits', 'other habits'])(
  'whatever the peers’ habits are, nothing is said against the router: %s',
  async (seed) => {
    expect(await verdictsUnder({ lab, suites, seed })).toEqual([])
  },
)

test('a world tells what was drawn for each station, another in each scenario', async () => {
  const worlds = []
  for (const name of ['cold-boot', 'release', 'rebinding', 'quiet-lan']) {
    const scenario = scenarios.get(name)
    if (!scenario) throw new Error(`no scenario is called ${name}`)
    const opened = openMemoryLab(lab, { seed: 'habits' })
    const { recording } = await play({
      ...{ lab: opened, labFile: lab, device: referenceDevice, seed: 'habits', profile: 'default', scenario },
    })
    opened.close()
    worlds.push(recording.world.variety)
  }
  for (const variety of worlds) {
    expect(variety?.isp).toMatchObject({ DUID: expect.any(String), 'rare RA options': expect.any(String) })
    expect(variety?.host).toHaveProperty('interface identifiers')
  }
  expect(new Set(worlds.map((variety) => JSON.stringify(variety?.isp))).size).toBe(worlds.length)
})
