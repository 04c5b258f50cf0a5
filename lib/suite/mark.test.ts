import { expect, test } from 'vitest'
import { z } from 'zod'
import type { Frame, Mark } from '../recording/recording.ts'
import { tape } from '../recording/tape.ts'
import { claim } from '../say/claim.ts'
import { virtualClock } from '../time/virtual-clock.ts'
import { type Marked, marked, markOf } from './mark.ts'
import { type Judgement, judged, on } from './requirement.ts'
import { entry, frame, recording } from './testing.ts'

const probed = markOf('probed', { data: { target: z.string() }, frames: ['probe', 'answer', 'fence'] })
const probe = frame(1, 'lan0', 'bench', { ip6: { src: 'fe80::1', dst: 'ff02::1' } })
const fence = frame(2, 'lan0', 'dut', { ip6: { src: 'fe80::2', dst: 'ff02::1' } })

const made = (change: Partial<Mark> = {}): Mark => ({
  mark: 'probed',
  at: 3,
  number: 2,
  frames: [1, 2],
  named: { probe: 1, fence: 2 },
  data: { target: '2001:db8::1' },
  ...change,
})
const saying = (judge: Judgement, marks: Mark[], change = {}, level?: 'SHOULD') =>
  judged(
    { id: 'X-1', cases: new Map([['one', on([], judge, { level })]]) },
    entry(),
    'one',
    recording([probe, fence], { marks, ...change }),
  )

test('a mark gives its data and its frames by name; one that never came shifts no other', () => {
  const [one] = marked(recording([probe, fence], { marks: [made()] }), probed)
  expect(one).toEqual({ target: '2001:db8::1', probe, answer: undefined, fence, more: [], mark: made() })
})

test('frames without a name follow those that have one', () => {
  const many = markOf('many', { frames: ['probe', 'answer'] })
  const recorded = tape(virtualClock(), () => false)
  const [first, second] = [1, 2].map((at) => recorded.frame('lan0', 'in', at, probe.bytes, probe.packet))
  recorded.mark('many', {}, { named: { probe: first, answer: undefined }, more: [second as Frame] })
  const { frames, marks } = recorded.sealed()
  expect(marked({ frames, marks }, many)).toMatchObject([{ probe: first, answer: undefined, more: [second] }])
  const older = [made({ mark: 'many', named: undefined, frames: [1, 2, 1] })]
  expect(marked({ frames, marks: older }, many)).toMatchObject([{ probe: first, answer: second, more: [first] }])
})

test('the tape keeps the names, and numbers them anew when frames are sorted by time', () => {
  const recorded = tape(virtualClock(), () => false)
  const late = recorded.frame('lan0', 'in', 2, fence.bytes, fence.packet)
  const early = recorded.frame('lan1', 'in', 1, probe.bytes, probe.packet)
  recorded.mark('probed', {}, { named: { probe: early, answer: undefined, fence: late } })
  expect(recorded.sealed().marks).toMatchObject([{ frames: [1, 2], named: { probe: 1, fence: 2 } }])
})

test('data of another shape are not of this version: no verdict, with the field that is wrong', () => {
  const judge: Judgement = ({ at }) => void at(probed)
  expect(saying(judge, [made({ data: { target: 5 } })])).toMatchObject({
    cause: 'lab',
    because: { values: [{ value: expect.stringContaining('target') }] },
  })
})

test('a mark that is missing: blocked where the scenario stopped before, else a fault of the suite', () => {
  const judge: Judgement = ({ at }) => void at(probed)
  const outcome = { end: 'blocked', by: 'X-2', because: claim`no lease` } as const
  expect(saying(judge, [], { outcome })).toMatchObject({ cause: 'blocked', blockedBy: 'X-2' })
  const end = { mark: 'end', at: 1, number: 0 }
  expect(saying(judge, [end])).toMatchObject({ cause: 'harness' })
})

test('the mark that is wanted is found among several', () => {
  const wanted = ({ target }: Marked<{ target: string }, 'probe' | 'answer' | 'fence'>) => target === '::2'
  const judge: Judgement = ({ at, judge }) =>
    judge.holds(at(probed, wanted).target === '::1', claim`It is.`, claim`no`, probe)
  expect(saying(judge, [made(), made({ data: { target: '::2' } })])).toMatchObject({
    verdict: 'fail',
    seen: claim`no`,
  })
})

test('an assumption that does not hold blocks', () => {
  const judge: Judgement = ({ assume, judge }) => {
    assume(false, 'X-3')
    judge.note(claim`never said`)
  }
  expect(saying(judge, [])).toMatchObject({ verdict: 'inconclusive', cause: 'blocked', blockedBy: 'X-3' })
})

test('a case has the level that its row gives it', () => {
  const judge: Judgement = ({ judge }) => judge.holds(false, claim`It holds.`, claim`it does not`, probe)
  expect(saying(judge, [])).toMatchObject({ verdict: 'fail', level: 'MUST' })
  expect(saying(judge, [], {}, 'SHOULD')).toMatchObject({ verdict: 'warn', level: 'SHOULD' })
})

test('a name that is given twice is refused', () => {
  expect(() => markOf('twice', { data: { probe: z.string() }, frames: ['probe'] })).toThrow('"probe" is named twice')
})
