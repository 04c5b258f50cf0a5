import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it, test } from 'vitest'
import { readCatalogue } from './catalogue.ts'
import { criteriaNames, readCriteria } from './criteria.ts'
import { ownSuites } from './suites.ts'

const catalogue = readCatalogue([ownSuites])
let folder = ''

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'denat-criteria-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

it.each(criteriaNames())('%s can be read', (name) => {
  expect(readCriteria(name, catalogue)).toMatchObject({ name })
})

test('the criteria of IPv6 Ready have the ids that its tests are mapped to', () => {
  const rows = readFileSync(join(ownSuites, 'requirements', 'ipv6-ready-ce.tsv'), 'utf8')
    .split('\n')
    .filter((line) => /^\d/.test(line))
  const mapped = new Set(rows.flatMap((row) => (row.split('\t')[3] ?? '').split(' ').filter(Boolean)))
  expect([...readCriteria('ipv6-ready-ce', catalogue).mandatory].sort()).toEqual([...mapped].sort())
})

const written = (...lines: string[]): string => {
  const file = join(folder, 'mine.yaml')
  writeFileSync(file, ['title: { en: mine, zh: mine }', ...lines].join('\n'))
  return file
}

it.each([
  ['an unknown id', ['mandatory:', '  - RFC7084-W-44'], /mine\.yaml:3: RFC7084-W-44: no catalogue has it/],
  ['an unknown document', ['documents: [RFC 7085]'], /mine\.yaml:2: RFC 7085/],
  ['a misspelt key', ['mandatroy: []'], /mine\.yaml:2: mandatroy/],
  ['no reason', ['raised:', '  RFC8987-S-2: ""'], /mine\.yaml:3: raised\.RFC8987-S-2/],
  ['two levels', ['raised: { RFC8987-S-2: a }', 'lowered: { RFC8987-S-2: b }'], /raised, and lowered/],
])('a file with %s is refused with file and line', (_, lines, message) => {
  expect(() => readCriteria(written(...lines), catalogue)).toThrow(message)
})

test('a name that is none lists the names', () => {
  expect(() => readCriteria('rfc7048', catalogue)).toThrow(/there are no criteria "rfc7048"[\s\S]*rfc7084/)
})
