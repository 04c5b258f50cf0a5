import { expect, test } from 'vitest'
import { type KnownDeviation, knownHere } from '../recording/run-facts.ts'
import { claim } from '../say/claim.ts'
import type { Result, Verdict } from '../suite/verdict.ts'
import { againstBaseline, isAllKnown } from './baseline.ts'

const result = (requirement: string, verdict: Verdict, name = '', scenario = 's'): Result => ({
  requirement,
  case: name,
  scenario,
  level: 'MUST',
  verdict,
  because: claim`a reason`,
  frames: [],
})
const known = (requirement: string, verdict: KnownDeviation['verdict'], more = {}): KnownDeviation => ({
  requirement,
  case: '',
  verdict,
  fault: 'a daemon 1.0',
  because: 'does not',
  confirmed: 'frame 7',
  sometimes: false,
  ...more,
})
const ids = (all: readonly { requirement: string }[]) => all.map(({ requirement }) => requirement)

test('what is known, what is new, and what is gone', () => {
  const results = [
    result('KNOWN', 'pass', '', 'a'),
    result('KNOWN', 'fail', '', 'b'),
    result('NEW', 'fail', 'a case'),
    result('MENDED', 'pass'),
    result('CHANCE', 'pass'),
    result('FINE', 'pass'),
    result('NOT-FOR-IT', 'not-applicable'),
  ]
  const baseline = [
    known('KNOWN', 'fail'),
    known('NEW', 'fail', { case: 'another case' }),
    known('MENDED', 'warn'),
    known('CHANCE', 'fail', { sometimes: true }),
    known('NOT-PLAYED', 'fail'),
  ]
  const { known: seen, fresh, gone } = againstBaseline(results, baseline)
  expect(ids(seen)).toEqual(['KNOWN'])
  expect(ids(fresh)).toEqual(['NEW'])
  expect(ids(gone)).toEqual(['MENDED'])
})

test('another verdict than the known one is new', () => {
  const { known: seen, fresh } = againstBaseline([result('ID', 'inconclusive')], [known('ID', 'fail')])
  expect([ids(seen), ids(fresh)]).toEqual([[], ['ID']])
})

test('an entry counts where the version of its package is installed, whatever security updates it has', () => {
  const entries = [
    known('SAME', 'fail', { fault: 'dhcpcd-base 9.4.1-24~deb12u5' }),
    known('OTHER', 'fail', { fault: 'dhcpcd-base 10.1.0-11' }),
    known('SYSTEM', 'fail', { fault: 'Linux 6.18' }),
    known('GLUE', 'fail', { fault: 'routerd, the glue' }),
  ]
  const versions = { 'dhcpcd-base': '9.4.1-24~deb12u7', bird2: '2.0.12-7' }
  expect(ids(knownHere({ known: entries, versions }))).toEqual(['SAME', 'SYSTEM', 'GLUE'])
})

test('all is known where a baseline has each deviation', () => {
  const results = [result('A', 'pass'), result('B', 'fail')]
  expect(isAllKnown(results, { known: [known('B', 'fail')], versions: {} })).toBe(true)
  expect(isAllKnown(results, { known: [known('B', 'warn')], versions: {} })).toBe(false)
  expect(isAllKnown([result('A', 'pass')], { versions: {} })).toBe(false)
})
