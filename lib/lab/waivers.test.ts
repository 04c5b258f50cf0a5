import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it, test } from 'vitest'
import { isExpired, waiversFor } from '../recording/run-facts.ts'
import { readWaivers, waiversOf } from './waivers.ts'

let folder = ''

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'denat-waivers-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const waiver = { requirement: 'A', reason: 'a new chip is on its way', approver: 'the test laboratory' }
const written = (text: string): string => {
  const file = join(folder, 'waivers.yaml')
  writeFileSync(file, text)
  return file
}

test('a device folder may have none', () => {
  expect(waiversOf(folder)).toEqual([])
  written('- { requirement: A, reason: r, approver: p, until: 2027-03-31 }')
  expect(waiversOf(folder)).toEqual([{ requirement: 'A', reason: 'r', approver: 'p', until: '2027-03-31' }])
})

it.each([
  ['no day', '- { requirement: A, reason: r, approver: p, until: soon }', /waivers\.yaml:1: 0\.until: expected a day/],
  ['a day that no month has', '- { requirement: A, reason: r, approver: p, until: 2027-02-30 }', /0\.until/],
  ['no approver', '- requirement: A\n  reason: r\n  until: 2027-03-31', /approver: is missing/],
  ['a misspelt key', '- requirement: A\n  raeson: r', /waivers\.yaml:2: 0\.raeson/],
])('an entry with %s is refused with file and line', (_, text, message) => {
  expect(() => readWaivers(written(text))).toThrow(message)
})

test('a waiver counts to the end of its last day, by the day on which the run began', () => {
  const until = { ...waiver, until: '2027-03-31' }
  expect(isExpired(until, { startedAt: '2027-03-31T23:59:59Z' })).toBe(false)
  expect(isExpired(until, { startedAt: '2027-04-01T00:00:00Z' })).toBe(true)
})

test('one for a case is for that case, and one that counts goes before one that has expired', () => {
  const waivers = [
    { ...waiver, until: '2026-01-01' },
    { ...waiver, case: 'one', until: '2027-03-31' },
  ]
  const facts = { waivers, startedAt: '2026-12-01T00:00:00Z' }
  expect(waiversFor({ requirement: 'A', case: 'one' }, facts).map(({ until }) => until)).toEqual([
    '2027-03-31',
    '2026-01-01',
  ])
  expect(waiversFor({ requirement: 'A', case: 'other' }, facts).map(({ until }) => until)).toEqual(['2026-01-01'])
  expect(waiversFor({ requirement: 'B', case: '' }, facts)).toEqual([])
})
