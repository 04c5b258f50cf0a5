import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, test } from 'vitest'
import { type Requirement, scenariosJudged } from '../suite/requirement.ts'
import { entry } from '../suite/testing.ts'
import { coverage, loadSuites, ownSuites } from './suites.ts'
import { judgedKeys } from './variants.ts'

const suites = await loadSuites()
const { requirements, scenarios } = suites

describe('the suites and the catalogue', () => {
  it('agree: every entry is judged or says why not', () => {
    expect(coverage(suites)).toEqual({ unknown: [], orphaned: [], contradicted: [] })
  })

  it('judge every id that a scenario or a judgement is blocked by', () => {
    const named = /\bor: '([^']+)'|\bgiven\([^;]*?,\s*'([A-Z]{2}[^']+)',?\s*\)/g
    const blockers = readdirSync(ownSuites, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts'))
      .flatMap((file) => [...readFileSync(join(ownSuites, file), 'utf8').matchAll(named)])
      .map(([, or, given]) => or ?? given)
    expect(blockers.length).toBeGreaterThan(30)
    expect([...new Set(blockers)].filter((id) => id === undefined || !requirements.has(id))).toEqual([])
  })

  it('judge on scenarios that a file of scenarios/ exports', () => {
    const on = [...requirements.values()].flatMap(scenariosJudged)
    expect(on.filter((scenario) => scenarios.get(scenario.name) !== scenario)).toEqual([])
  })

  it('judge what the table of answers in the catalogue names', () => {
    const text = readFileSync(join(ownSuites, 'requirements', 'README.md'), 'utf8')
    const named = [...text.matchAll(/^\| .*$/gm)].flatMap(([row]) => [...row.matchAll(/`([A-Z0-9]+-[^`*]+)`/g)])
    const keys = new Set([...judgedKeys(suites), ...requirements.keys()])
    expect(named.length).toBeGreaterThan(30)
    expect(named.map(([, key]) => key).filter((key) => key === undefined || !keys.has(key))).toEqual([])
  })

  it('play no scenario that nothing is judged on', () => {
    const on = new Set([...requirements.values()].flatMap(scenariosJudged))
    expect([...scenarios.values()].filter((scenario) => !on.has(scenario)).map(({ name }) => name)).toEqual([])
  })
})

/** The folder of a document, by the beginning of its ids; RFC 9915 has replaced RFC 8415, whose name most ids have. */
function folderOf(id: string): string {
  const [document = ''] = id.split('-')
  const projects: Record<string, string> = { UI: 'web-ui', ROB: 'robustness', IPV6P: 'ipv6plus' }
  return projects[document] ?? document.toLowerCase().replace('rfc9915', 'rfc8415')
}

test('each id is judged in the folder of its document', async () => {
  const files = readdirSync(ownSuites, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'))
  const places = await Promise.all(
    files.map(async (file) => {
      const { requirements = [] }: { requirements?: Requirement[] } = await import(join(ownSuites, file))
      return requirements.map(({ id }) => [id, file.split('/')[0]])
    }),
  )
  const found = places.flat()
  expect(found.length).toBe(requirements.size)
  expect(found.filter(([id = '', folder]) => folderOf(id) !== folder)).toEqual([])
})

describe('what they do not agree about', () => {
  const judged = () => [...requirements.keys()]
  const [reason, status] = ['later', 'planned'] as const
  const differing = (change: (entries: Map<string, ReturnType<typeof entry>>) => void, scope = {}) => {
    const entries = new Map(judged().map((id) => [id, entry({ id })]))
    change(entries)
    return coverage({ entries, scope, requirements })
  }
  const fine = { unknown: [], orphaned: [], contradicted: [] }

  it('is found: judged, but in no catalogue file', () => {
    const [id = ''] = judged()
    expect(differing((entries) => entries.delete(id))).toEqual({ ...fine, unknown: [id] })
  })

  it('is found: neither judged nor out of scope', () => {
    const add = (entries: Map<string, ReturnType<typeof entry>>) => entries.set('X-1', entry())
    expect(differing(add)).toEqual({ ...fine, orphaned: ['X-1'] })
    expect(differing(add, { 'X-1': { status, reason } })).toEqual(fine)
  })

  it('is found: out of scope though judged, or though in no catalogue file', () => {
    const [id = ''] = judged()
    const scope = { [id]: { status, reason }, 'X-2': { status, reason } }
    expect(differing(() => {}, scope)).toEqual({ ...fine, contradicted: [id, 'X-2'] })
  })

  it('is found: retired, and in a catalogue file again', () => {
    const add = (entries: Map<string, ReturnType<typeof entry>>) => entries.set('X-1', entry())
    const scope = { 'X-1': { status: 'retired' as const, reason } }
    expect(differing(add, scope)).toEqual({ ...fine, contradicted: ['X-1'] })
    expect(differing(() => {}, scope)).toEqual(fine)
  })
})
