import { expect, test } from 'vitest'
import { claim } from '../say/claim.ts'
import { criteriaOf, criteriaSchema, isMandatory, underCriteria } from './criteria.ts'
import { entry } from './testing.ts'
import type { Result } from './verdict.ts'

const clause = (document: string) => ({ document, section: '4', label: '-' })
const entries = new Map(
  [
    entry({ id: 'A', source: clause('RFC 7084') }),
    entry({ id: 'B', source: clause('RFC 9915'), also: [clause('RFC 7084')] }),
    entry({ id: 'C', source: clause('a plan'), also: [clause('RFC 7084')], level: 'policy' }),
    entry({ id: 'D', source: clause('RFC 4861'), area: 'lan-pd' }),
    entry({ id: 'E', source: clause('RFC 4861'), level: 'SHOULD' }),
  ].map((one) => [one.id, one]),
)
const criteria = (file: object) =>
  criteriaOf('mine', criteriaSchema.parse({ title: { en: 'mine', zh: 'mine' }, ...file }), entries)
const result = (requirement: string, level: Result['level'], verdict: Result['verdict']): Result => ({
  ...{ requirement, case: '', scenario: 's', level, verdict, because: claim`as seen`, frames: [] },
})

test('documents, areas and ids name what is mandatory; an RFC does not require a policy that cites it', () => {
  expect([...criteria({ documents: ['RFC 7084'] }).mandatory]).toEqual(['A', 'B'])
  expect([...criteria({ documents: ['a plan'] }).mandatory]).toEqual(['C'])
  expect([...criteria({ areas: ['lan-pd'], mandatory: ['E'] }).mandatory]).toEqual(['D', 'E'])
  expect([...criteria({ documents: ['RFC 7084'], optional: { A: 'not here' } }).mandatory]).toEqual(['B'])
})

test('of what is named a SHOULD is not mandatory, unless it is raised; a MUST is, unless it is lowered', () => {
  const plain = criteria({ documents: ['RFC 7084'], mandatory: ['E'] })
  expect(isMandatory(plain, { requirement: 'E', level: 'SHOULD' })).toBe(false)
  expect(isMandatory(plain, { requirement: 'A', level: 'MUST' })).toBe(true)
  expect(isMandatory(plain, { requirement: 'D', level: 'MUST' })).toBe(false)
  const changed = criteria({ documents: ['RFC 7084'], raised: { E: 'needed' }, lowered: { A: 'not yet' } })
  expect(isMandatory(changed, { requirement: 'E', level: 'SHOULD' })).toBe(true)
  expect(isMandatory(changed, { requirement: 'A', level: 'MUST' })).toBe(false)
})

test('a violation of what is raised fails, of what is lowered warns; nothing else changes', () => {
  const changed = criteria({ raised: { E: 'needed', C: 'needed' }, lowered: { A: 'not yet' } })
  const verdicts = underCriteria(
    [
      result('A', 'MUST', 'fail'),
      result('B', 'MUST', 'fail'),
      // A limit is met, and its goal is not.
      result('C', 'policy', 'warn'),
      result('E', 'SHOULD', 'warn'),
    ],
    changed,
  ).map(({ level, verdict }) => [level, verdict])
  expect(verdicts).toEqual([
    ['SHOULD', 'warn'],
    ['MUST', 'fail'],
    ['policy', 'warn'],
    ['MUST', 'fail'],
  ])
})
