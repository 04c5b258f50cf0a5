import { expect, test } from 'vitest'
import type { Result } from '../suite/verdict.ts'
import { allureTest } from './allure-test.ts'
import { reportTests } from './report-tests.ts'
import { entries, facts, hostile, results } from './testing.ts'

const made = (of: readonly Result[] = results, run = facts) =>
  reportTests(of, run, entries, new Set(['RFC4861-6.1.1'])).map((one) =>
    allureTest(one, run, entries, new Map(), { bigFiles: true }),
  )
const find = (fullName: string, tests = made()) => {
  const found = tests.find((one) => one.fullName === fullName)
  if (!found) throw new Error(`no test ${fullName}`)
  return found
}
const labels = (fullName: string, label: string) =>
  find(fullName)
    .labels.filter(({ name }) => name === label)
    .map(({ value }) => value)

test.each([
  ['RFC7084-WPD-1', 'failed', 'critical', 'Verdict: fail, level MUST'],
  ['RFC7084-WPD-5 [tcp]', 'passed', 'critical', 'Verdict: pass, level MUST'],
  ['RFC7084-L-13', 'failed', 'minor', 'Verdict: warn, level SHOULD'],
  ['DENAT-1', 'broken', 'critical', 'Verdict: inconclusive (blocked), level policy'],
  ['UI-1', 'broken', 'critical', 'Verdict: inconclusive (lab), level policy'],
  ['RFC4861-6.1.1', 'broken', 'critical', 'Verdict: inconclusive (harness), level MUST'],
  ['RFC7084-WLL-2', 'skipped', 'critical', 'Verdict: not-applicable, level MUST'],
  ['RFC7084-L-2', 'skipped', 'critical', 'Verdict: left-out, level MUST'],
])('%s is %s', (name, status, severity, trace) => {
  const one = find(name)
  expect(one.status).toBe(status)
  expect(labels(name, 'severity')).toEqual([severity])
  expect(one.statusDetails.trace?.split('\n')[0]).toBe(trace)
})

test('a failure says what was expected, what was seen and where to look', () => {
  expect(find('RFC7084-WPD-1').statusDetails.message?.split('\n')).toEqual([
    'RFC7084-WPD-1',
    'Expected: A Renew is sent not before T1, soon after it (60.000 s to 61.000 s: T1, 1 s of slack)',
    'Seen: 61.300 s',
    "Where to look: the router's DHCPv6 client (prefix delegation) on the WAN; frames 4, 19, 20 of scenario renewal",
  ])
})

test('what is blocked names the requirement that blocks it', () => {
  expect(find('DENAT-1').statusDetails.message).toContain('Blocked by: RFC7084-WPD-1 · The router asks for a prefix')
})

test('each scenario is a step, the deciding one first', () => {
  expect(find('RFC7084-WPD-1').steps.map((step) => step.name)).toEqual([
    'Scenario renewal: fail',
    'Scenario cold-boot: pass',
  ])
})

test('labels make the trees', () => {
  expect(labels('RFC7084-WPD-1', 'epic')).toEqual(['WAN'])
  expect(labels('RFC7084-WPD-1', 'feature')).toEqual(['Prefix delegation from the ISP'])
  expect(labels('RFC7084-WPD-1', 'story')).toEqual(['RFC 7084'])
  expect(labels('RFC7084-WPD-1', 'tag')).toEqual(['MUST', 'RFC7084-WPD-1'])
  expect(labels('RFC4861-6.1.1', 'epic')).toEqual(['Invariants (judged in every recording)'])
  expect(find('RFC7084-WPD-1').links.map((link) => link.url)).toEqual([
    'https://www.rfc-editor.org/rfc/rfc7084#section-4.2',
  ])
})

test('a test keeps its identity from one firmware to the next, and not from one product to another', () => {
  const identity = (run: typeof facts) => {
    const { historyId, testCaseId, parameters } = find('RFC7084-WPD-1', made(results, run))
    return { historyId, testCaseId, counted: parameters.filter((parameter) => !parameter.excluded) }
  }
  const newer = { ...facts, id: 'later', lab: 'two-nic', device: { ...facts.device, firmware: '2.0' } }
  expect(identity(newer)).toEqual(identity(facts))
  const other = identity({ ...facts, device: { ...facts.device, name: 'other' } })
  expect(other.historyId).not.toBe(identity(facts).historyId)
  expect(other.counted).not.toEqual(identity(facts).counted)
})

test('cases are tests of their own', () => {
  const [tcp, udp] = ['tcp', 'udp'].map((name) => find(`RFC7084-WPD-5 [${name}]`))
  expect(tcp?.historyId).not.toBe(udp?.historyId)
  expect(tcp?.name).toBe(
    'RFC7084-WPD-5 [tcp] · The unassigned part of the delegated prefix is dropped, with an ICMPv6 error.',
  )
})

test('no text of the DUT reaches the report with its control characters', () => {
  expect(JSON.stringify(made())).not.toContain(JSON.stringify(hostile).slice(1, -1))
  expect(JSON.stringify(made())).not.toMatch(/\\u001b|\\u0000|[\p{Cf}]/u)
})

test('an id that the catalogue does not have is still shown', () => {
  const [one] = made([{ ...(results[0] as Result), requirement: 'X-1' }], { ...facts, leftOut: [] })
  expect(one).toMatchObject({ name: 'X-1', status: 'passed', links: [] })
})
