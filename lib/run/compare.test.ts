import { describe, expect, it } from 'vitest'
import { claim, the } from '../say/claim.ts'
import type { Result, Verdict } from '../suite/verdict.ts'
import { compared, comparisonTable } from './compare.ts'

const result = (requirement: string, verdict: Verdict, scenario = 's'): Result => ({
  requirement,
  case: '',
  scenario,
  level: 'MUST',
  verdict,
  because: claim`because | ${the.name(verdict)}`,
  frames: [7],
})

describe('runs', () => {
  it('that say the same differ in nothing', () => {
    const run = [result('A', 'pass'), result('B', 'fail')]
    expect(comparisonTable(['1', '2'], compared([run, run]))).toBe('2 verdicts over 2 runs: 2 the same in all, 0 not')
  })

  it('are compared by the worst of each requirement', () => {
    const [row] = compared([[result('A', 'pass'), result('A', 'fail', 't')], [result('A', 'pass')]])
    expect(row).toMatchObject({ requirement: 'A', same: false })
    expect(row?.results.map((one) => one?.verdict)).toEqual(['fail', 'pass'])
  })

  it('show what differs, with the frame that decided', () => {
    const table = comparisonTable(
      ['old', 'new'],
      compared([[result('A', 'pass')], [result('A', 'fail'), result('B', 'pass')]]),
    )
    expect(table.split('\n').slice(2)).toEqual([
      '| requirement | case | old | new |',
      '| --- | --- | --- | --- |',
      '| A |  | pass | fail: because   fail (s, frame 7) |',
      '| B |  | not there | pass |',
    ])
  })
})
