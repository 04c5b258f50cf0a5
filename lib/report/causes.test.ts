import { expect, test } from 'vitest'
import { claim } from '../say/claim.ts'
import type { Result } from '../suite/verdict.ts'
import { causesOf, causeText, unmetOf } from './causes.ts'

const result = (requirement: string, verdict: Result['verdict'], change: Partial<Result> = {}): Result => ({
  requirement,
  case: '',
  scenario: 's',
  level: 'MUST',
  verdict,
  because: claim`as seen`,
  frames: [],
  ...change,
})
const blocked = (requirement: string, by: string, scenario = 's') =>
  result(requirement, 'inconclusive', { cause: 'blocked', blockedBy: by, scenario })
const entries = new Map([
  ['A', { area: 'lan-ra' }],
  ['B', { area: 'denat' }],
  ['W', { area: 'firewall' }],
])

test('what is blocked counts for the requirement at the end of its chain, and what blocks most comes first', () => {
  const unmet = unmetOf([
    result('A', 'fail'),
    blocked('C', 'B'),
    blocked('D', 'B'),
    blocked('E', 'D'),
    result('B', 'fail'),
    result('W', 'warn'),
    result('P', 'pass'),
  ])
  expect(unmet.map(({ requirement, blocks }) => [requirement, blocks])).toEqual([
    ['B', ['C', 'D', 'E']],
    ['A', []],
    ['W', []],
  ])
})

test('a requirement that fails in one scenario is not the cause in another one where it is blocked', () => {
  const results = [
    result('A', 'fail', { scenario: 't' }),
    blocked('A', 'B'),
    result('B', 'fail'),
    blocked('C', 'A'),
    blocked('D', 'A', 't'),
  ]
  const blocks = Object.fromEntries(unmetOf(results).map((one) => [one.requirement, one.blocks]))
  expect(blocks).toEqual({ A: ['D'], B: ['C'] })
})

test('requirements that block each other are one cause, and the search ends', () => {
  expect(unmetOf([blocked('A', 'B'), blocked('B', 'A')]).flatMap(({ blocks }) => blocks)).toHaveLength(2)
})

test('what the packets point at is one cause, whatever the area of the requirements is', () => {
  const causes = causesOf(
    [result('A', 'fail'), result('B', 'fail', { part: 'lan-ra' }), result('W', 'fail', { part: 'routes' })],
    entries,
  )
  expect(causes.map(({ unmet }) => unmet.map(({ requirement }) => requirement))).toEqual([['A', 'B'], ['W']])
})

test('a text names the part, what was seen, and what to look at next', () => {
  const seen = claim`an Advertise without IA_PD`
  const [cause] = causesOf(
    [
      result('A', 'fail', { expected: claim`A prefix is offered.`, seen, part: 'lan-dhcpv6', frames: [7, 148] }),
      blocked('C', 'A'),
    ],
    entries,
  )
  expect(cause && causeText(cause)).toMatchObject({
    head: 'the DHCPv6 server on the LAN: cases not met: 1; because of them cannot be judged: 1',
    lead: [
      'fail A (blocks: 1)',
      'expected: A prefix is offered.',
      'seen: an Advertise without IA_PD',
      'frames 7, 148 of s',
    ],
    others: [],
  })
})
