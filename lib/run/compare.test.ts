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
    expect(comparisonTable(['1', '2'], compared([run, run]))).toBe('2 verdicts over 2 runs: 2 same')
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
      '| change | requirement | case | old | new |',
      '| --- | --- | --- | --- | --- |',
      '| regressed | A |  | pass | fail: because   fail (s, frame 7) |',
      '| new | B |  | not there | pass |',
    ])
  })

  it.each<[string, (Verdict | undefined)[], string[]]>([
    ['regressed', ['pass', 'fail'], ['1', '2']],
    ['regressed', ['warn', 'fail'], ['1', '2']],
    ['regressed', ['not-applicable', 'warn'], ['1', '2']],
    ['fixed', ['fail', 'pass'], ['1', '2']],
    ['fixed', ['fail', 'warn'], ['1', '2']],
    ['same', ['pass', 'not-applicable'], ['1', '2']],
    ['open', ['pass', 'inconclusive'], ['1', '2']],
    ['open', ['left-out', 'fail'], ['1', '2']],
    ['new', [undefined, 'fail'], ['1', '2']],
    ['gone', ['fail', undefined], ['1', '2']],
    ['unstable', ['pass', 'fail', 'pass'], ['1', '2', '2']],
    ['unstable', ['pass', 'fail', 'pass'], ['1', '1', '2']],
    ['regressed', ['pass', 'fail', 'fail'], ['1', '2', '2']],
  ])('%s: %s', (change, verdicts, firmware) => {
    const runs = verdicts.map((verdict) => (verdict ? [result('A', verdict)] : []))
    expect(compared(runs, firmware).map((row) => row.change)).toEqual([change])
  })
})
