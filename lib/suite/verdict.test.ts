import { describe, expect, it } from 'vitest'
import { claim, the } from '../say/claim.ts'
import { exitCode, merged, type Result, sorted, type Verdict } from './verdict.ts'

const result = (verdict: Verdict, change: Partial<Result> = {}): Result => ({
  requirement: 'X-1',
  case: '',
  scenario: 's',
  level: 'MUST',
  verdict,
  because: claim`${the.name(verdict)}`,
  frames: [],
  ...change,
})

describe('results', () => {
  it('merge to the worst', () => {
    const order: Verdict[] = ['fail', 'inconclusive', 'warn', 'pass', 'not-applicable', 'left-out']
    for (const [index, worst] of order.entries())
      expect(
        merged(
          order
            .slice(index)
            .reverse()
            .map((verdict) => result(verdict)),
        ).verdict,
      ).toBe(worst)
    expect(() => merged([])).toThrow(/at least one/)
  })

  it('sort by requirement, case and scenario', () => {
    const rows = [
      result('pass', { requirement: 'B' }),
      result('pass', { requirement: 'A', case: 'z' }),
      result('pass', { requirement: 'A', scenario: 'a' }),
    ]
    expect(sorted(rows).map((row) => row.requirement + row.case)).toEqual(['A', 'Az', 'B'])
  })

  it('give the exit code', () => {
    expect(exitCode([result('pass'), result('warn')])).toBe(0)
    expect(exitCode([result('pass'), result('inconclusive')])).toBe(2)
    expect(exitCode([result('inconclusive'), result('fail')])).toBe(1)
    expect(exitCode([result('pass'), result('left-out')])).toBe(0)
    expect(exitCode([result('pass'), result('left-out')], { stopped: claim`no time is left` })).toBe(2)
  })
})
