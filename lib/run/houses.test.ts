import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { readLab } from '../lab/lab-file.ts'
import { openMemoryLab } from '../lab/memory-lab.ts'
import { deviceOf } from '../lab/open-lab.ts'
import { render } from '../say/render.ts'
import type { Result } from '../suite/verdict.ts'
import { judgeRecording, settled } from './judge.ts'
import { plan } from './plan.ts'
import { play } from './record.ts'
import { loadSuites } from './suites.ts'

/** Of no router that meets all of them may one be said to fail, in whatever house it stands. */
const suites = await loadSuites()
const houses = ['memory', 'memory-behind-gateway-60', 'memory-behind-gateway-64', 'memory-behind-gateway-none']
const labs = await Promise.all(
  houses.map(async (name) => {
    const lab = readLab(fileURLToPath(new URL(`../../labs/${name}.yaml`, import.meta.url)))
    const device = await deviceOf(lab)
    return { lab, device, planned: plan({ suites, lab, device, profile: 'default', only: [] }) }
  }),
)

const lineOf = ({ requirement, case: name, scenario, verdict, because }: Result) =>
  `${verdict} ${requirement}${name && ` (${name})`} on ${scenario}: ${render(because)}`

describe.each(labs.map((one) => [one.lab.name, one] as const))('the house of labs/%s.yaml', (_, house) => {
  const { lab, device, planned } = house

  describe.each([
    ['two LAN segments', false],
    ['bridged LAN ports', true],
  ])('%s', (_layout, bridged) => {
    test('nothing fails', async () => {
      const results: Result[] = []
      for (const scenario of planned.scenarios) {
        const opened = openMemoryLab(lab, { seed: 'houses', bridged })
        const options = { lab: opened, labFile: lab, device, seed: 'houses', profile: 'default', scenario } as const
        const { recording } = await play(options)
        opened.close()
        results.push(...judgeRecording(recording, suites))
      }
      const wrong = settled(results).filter(({ verdict }) => verdict !== 'pass' && verdict !== 'not-applicable')
      expect(wrong.map(lineOf)).toEqual([])
    })
  })
})

test('each house plays what its line can show', () => {
  const [isp, sixty, sixtyFour, none] = labs.map(({ planned }) => planned.scenarios.map(({ name }) => name))
  expect(isp).toContain('full-house')
  expect(isp).not.toContain('no-prefix')
  expect(sixty).toEqual(expect.arrayContaining(['no-prefix', 'behind-gateway', 'cold-boot']))
  expect(sixtyFour).toEqual(expect.arrayContaining(['no-prefix', 'behind-gateway', 'cold-boot']))
  expect(none).toContain('no-prefix')
  expect(none).not.toContain('cold-boot')
  const reasons = new Set(labs[3]?.planned.leftOut.map(({ because }) => render(because)))
  expect(reasons).toContain("needs a delegated prefix, which this lab's upstream does not delegate")
})
