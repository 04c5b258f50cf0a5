import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { readLab } from '../lab/lab-file.ts'
import { conditions } from '../suite/conditions.ts'
import { events } from '../suite/events.ts'
import { allPairs, coverage, impossible, missing, pairOf } from './covering-array.ts'
import { coveringArrayPage } from './covering-array-page.ts'
import { loadSuites } from './suites.ts'

const seen = await coverage(
  await loadSuites(),
  readLab(fileURLToPath(new URL('../../labs/memory.yaml', import.meta.url))),
)
const namesOf = (what: string) => (seen.get(what) ?? []).map(({ name }) => name)

test('each condition and each event is seen in the default profile', () => {
  const inDefault = (what: string) => seen.get(what)?.some(({ profile }) => profile !== 'full')
  expect([...Object.keys(conditions), ...Object.keys(events)].filter((what) => !inDefault(what))).toEqual([])
})

test('no possible pair is missing', () => {
  expect(missing(seen)).toEqual([])
})

test('what is impossible is not seen', () => {
  expect(Object.keys(impossible).filter((pair) => !allPairs().includes(pair) || seen.has(pair))).toEqual([])
})

test('a scenario has what happens in it, and nothing else', () => {
  for (const [what, scenario, isSeen] of [
    ['firewall off', 'firewall', false],
    ['firewall off', 'web-ui-firewall', true],
    ['/64', 'behind-gateway', true],
    ['/64', 'long-sessions', false],
    ['reboot', 'restart', true],
    ['reboot', 'cold-boot', false],
    ['renumbering under way', 'flash-renumbering', true],
    ['renumbering under way', 'sub-lease', false],
    ['traffic running', 'idle-connections', true],
    ['traffic running', 'no-prefix', false],
    ['sub-delegation', 'behind-gateway', false],
    ['flap', 'restart', false],
    // Each of both is there, but not at one time.
    [pairOf('firewall off', 'reboot'), 'web-ui-firewall', false],
  ] as const)
    expect([what, scenario, namesOf(what).includes(scenario)]).toEqual([what, scenario, isSeen])
})

describe('reports/covering-array.md', () => {
  test('names no scenario in vain: else run `npm run covering`', () => {
    const page = readFileSync(new URL('../../reports/covering-array.md', import.meta.url), 'utf8')
    const rows = [...page.matchAll(/^\| \*\*(.+?)\*\* \| (.*) \|$/gm)]
    expect(rows.map(([, condition]) => condition)).toEqual(Object.keys(conditions))
    const vain = rows.flatMap(([, condition = '', cells = '']) =>
      cells.split(' | ').flatMap((cell, index) => {
        const pair = pairOf(condition, Object.keys(events)[index] ?? '')
        const names = cell.replace(/ and \d+ more$/, '').split(', ')
        return names
          .map((name) => name.replace('*', ''))
          .filter((name) => name && !(pair in impossible) && !namesOf(pair).includes(name))
          .map((name) => `${pair}: ${name}`)
      }),
    )
    expect(vain).toEqual([])
    expect(coveringArrayPage(seen).split('\n').length).toBe(page.split('\n').length)
  })
})
