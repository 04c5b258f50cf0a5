import { describe, expect, it } from 'vitest'
import { claim } from '../say/claim.ts'
import { render } from '../say/render.ts'
import { entry, recording, suitesOf } from '../suite/testing.ts'
import type { Result } from '../suite/verdict.ts'
import { judgeRecording, settled } from './judge.ts'

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
const blocked = (requirement: string, blockedBy: string) =>
  result(requirement, 'inconclusive', { cause: 'blocked', blockedBy })
const causes = (...results: Result[]) => settled(results).map((one) => one.cause)

describe('what a product is stated to lack', () => {
  const lacking = result('A', 'fail', { lacks: 'ula' })

  it('makes not applicable what presupposes it', () => {
    const [decided] = settled([lacking])
    expect(decided).toMatchObject({ requirement: 'A', verdict: 'not-applicable', frames: [] })
    expect(decided && render(decided.because)).toContain('"ula"')
    expect(decided).not.toHaveProperty('lacks')
  })

  it('does not where any recording shows it', () => {
    const shown = result('S', 'fail', { contradicts: ['ula'], scenario: 't' })
    expect(settled([lacking, shown])).toMatchObject([{ verdict: 'fail' }, { verdict: 'fail' }])
    expect(settled([lacking, { ...shown, contradicts: ['ntp'] }])[0]?.verdict).toBe('not-applicable')
  })
})

describe('what fails as a consequence', () => {
  const consequence = result('B', 'fail', { followsFrom: ['A', 'D · d'] })
  const verdictOfB = (...results: Result[]) => settled(results).find(({ requirement }) => requirement === 'B')

  it.each([
    ['fails', 'A', result('A', 'fail')],
    ['is blocked', 'A', blocked('A', 'C')],
    ['fails as a consequence itself', 'A', result('A', 'fail', { followsFrom: ['C'] })],
    ['fails in that case', 'D', result('D', 'fail', { case: 'd' })],
  ])('is blocked by what %s in this run', (_, blockedBy, cause) => {
    const decided = verdictOfB(cause, consequence, result('C', 'fail'))
    expect(decided).toMatchObject({ verdict: 'inconclusive', cause: 'blocked', blockedBy })
    expect(decided && render(decided.because)).toMatch(/^a consequence of .*as seen$/)
  })

  it.each([
    ['holds', result('A', 'pass')],
    ['fails in another case', result('D', 'fail', { case: 'other' })],
    ['only warns', result('A', 'warn')],
  ])('fails by itself where the cause %s', (_, other) => {
    const decided = verdictOfB(other, consequence)
    expect(decided).toMatchObject({ verdict: 'fail', because: claim`as seen` })
    expect(decided).not.toHaveProperty('followsFrom')
  })

  it('is blocked by a warning where it only warns itself', () => {
    expect(verdictOfB(result('A', 'warn'), { ...consequence, verdict: 'warn' })).toMatchObject({ blockedBy: 'A' })
  })
})

describe('blocked', () => {
  it.each(['fail', 'warn'] as const)('is legal by what ended as %s', (verdict) => {
    expect(causes(result('A', verdict), blocked('B', 'A'))).toEqual([undefined, 'blocked'])
  })

  it('is legal by what is blocked itself by what failed', () => {
    expect(causes(result('A', 'fail'), blocked('B', 'A'), blocked('C', 'B'))).toEqual([undefined, 'blocked', 'blocked'])
  })

  it('is a bug of the suite by what passed', () => {
    const [, second] = settled([result('A', 'pass'), blocked('B', 'A')])
    expect(second).toMatchObject({ verdict: 'inconclusive', cause: 'harness' })
    expect(second && render(second.because)).toMatch(/blocked by A, which did not fail in this run: a bug of the suite/)
  })

  it('says where that holds which was not met here', () => {
    const elsewhere = ['t', 'u'].map((scenario) => result('A', 'pass', { scenario }))
    const decided = settled([...elsewhere, blocked('B', 'A')])[2]
    expect(decided).toMatchObject({ verdict: 'inconclusive', cause: 'blocked', blockedBy: 'A' })
    expect(decided && render(decided.because)).toBe('as seen: this was not seen in s, though A holds in t, u')
  })

  it('is a bug of the suite by each other', () => {
    expect(causes(blocked('A', 'B'), blocked('B', 'A'))).toEqual(['harness', 'harness'])
  })

  it('is the lab’s by what the lab left open in the same scenario, or by what is blocked by that', () => {
    const lab = result('A', 'inconclusive', { cause: 'lab', because: claim`the recording ends` })
    const decided = settled([lab, blocked('B', 'A'), blocked('C', 'B')])
    expect(decided.map(({ cause, blockedBy }) => [cause, blockedBy])).toEqual(Array(3).fill(['lab', undefined]))
    expect(decided[2] && render(decided[2].because)).toContain('the recording ends')
    expect(causes({ ...lab, scenario: 't' }, result('A', 'pass'), blocked('B', 'A'))).toContain('harness')
  })

  it('is not-applicable by what does not apply', () => {
    const [, second] = settled([result('A', 'not-applicable'), blocked('B', 'A')])
    expect(second?.verdict).toBe('not-applicable')
    expect(second && render(second.because)).toContain('what A requires')
    expect(second).not.toHaveProperty('blockedBy')
  })

  it('can not be contradicted by what this run did not judge', () => {
    expect(causes(blocked('B', 'A'))).toEqual(['blocked'])
    expect(causes(result('A', 'left-out', { scenario: '' }), blocked('B', 'A'))).toEqual([undefined, 'blocked'])
  })
})

it('results are sorted by requirement, case and scenario', () => {
  const unsorted = [
    result('B', 'pass'),
    result('A', 'pass', { case: 'b' }),
    result('A', 'pass', { case: 'a', scenario: 't' }),
    result('A', 'pass', { case: 'a' }),
  ]
  expect(settled(unsorted).map((one) => one.requirement + one.case + one.scenario)).toEqual(['Aas', 'Aat', 'Abs', 'Bs'])
})

describe('a scenario that a requirement stopped', () => {
  const suites = (change = {}) => suitesOf({ entries: new Map([['X-1', entry(change)]]) })
  const stopped = recording([], { outcome: { end: 'blocked', by: 'X-1', because: claim`no answer came` } })

  it('is the proof that the requirement does not hold', () => {
    expect(judgeRecording(stopped, suites())).toEqual([
      expect.objectContaining({
        requirement: 'X-1',
        verdict: 'fail',
        scenario: 'a-scenario',
        seen: claim`no answer came`,
      }),
    ])
  })

  it('is as severe as the requirement', () => {
    expect(judgeRecording(stopped, suites({ level: 'SHOULD' }))).toMatchObject([{ verdict: 'warn' }])
  })

  it('names a requirement of the catalogue, or the suite is wrong', () => {
    expect(() => judgeRecording(stopped, suitesOf({}))).toThrow(/blocked by X-1, which is in no catalogue file/)
  })

  it('is no proof of anything when the lab stopped it', () => {
    expect(judgeRecording(recording([], { outcome: { end: 'lab', because: claim`carrier lost` } }), suites())).toEqual(
      [],
    )
  })
})
