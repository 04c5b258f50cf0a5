import { describe, expect, it } from 'vitest'
import type { Mark } from '../recording/recording.ts'
import { claim } from '../say/claim.ts'
import { ra } from '../wire/patterns.ts'
import { latenessIn } from './lateness.ts'
import { markOf } from './mark.ts'
import { rendered } from './rendered.ts'
import { type Judgement, judged, on } from './requirement.ts'
import { entry, frame, mark, recording } from './testing.ts'

const waited = (at: number, seconds: number, who = 'bench'): Mark => ({
  ...mark('kept-waiting', 1, at),
  data: { who, from: at - 1, seconds },
})
const question = frame(
  1,
  'lan0',
  'bench',
  { ip6: { src: 'fe80::2', dst: 'ff02::2' }, icmp6: { type: 'router-solicitation' } },
  0,
)
const answer = (at: number) =>
  frame(2, 'lan0', 'dut', { ip6: { src: 'fe80::1', dst: 'ff02::1' }, icmp6: { type: 'router-advertisement' } }, at)
const end = mark('end', 2, 30)
const asked = markOf('asked')

const saying = (judge: Judgement, frames = [question], marks: Mark[] = []) =>
  rendered(
    judged(
      { id: 'X-1', cases: new Map([['', on([], judge)]]) },
      entry(),
      '',
      recording(frames, { marks: [...marks, end] }),
    ),
  )

describe('where the machine kept somebody waiting', () => {
  const due: Judgement = ({ lan, judge }) =>
    void judge.due(lan.fromDut.first(ra()), { after: question, seconds: 4 }, claim`An RS is answered.`)
  const within: Judgement = ({ lan, judge }) => {
    const one = lan.fromDut.first(ra()) ?? question
    judge.within(one.at, { min: 2, max: 4, why: claim`a timer` }, claim`It comes in time.`, question, one)
  }
  const absent: Judgement = ({ lan, judge }) =>
    judge.absent(lan.fromDut.all(ra()), claim`No RA comes.`, { since: question, seconds: 4 })
  const found: Judgement = ({ lan, at, judge }) =>
    void judge.found(lan.fromDut.first(ra()), at(asked).mark, claim`An RS is answered.`, question)

  it('what is late by no more than that is the lab’s; by more, the router’s', () => {
    expect(saying(due, [question, answer(4.3)], [waited(3, 0.4)])).toMatchObject({
      cause: 'lab',
      because: 'the bench waited 0.400 s for the CPU during this measurement',
    })
    expect(saying(due, [question, answer(4.5)], [waited(3, 0.4)]).verdict).toBe('fail')
    expect(saying(within, [question, answer(4.3)], [waited(3, 0.4, 'dut')])).toMatchObject({
      cause: 'lab',
      because: expect.stringContaining('the processes of the router'),
    })
    expect(saying(within, [question, answer(1)], [waited(3, 0.4)]).verdict).toBe('fail')
  })

  it('what never came is the lab’s where a good part of its time was waited', () => {
    expect(saying(due, [question], [waited(3, 0.5)])).toMatchObject({ cause: 'lab' })
    expect(saying(due, [question], [waited(3, 0.3)]).verdict).toBe('fail')
    const asked = mark('asked', 1, 3)
    expect(saying(found, [question], [waited(2, 0.5), asked])).toMatchObject({ cause: 'lab' })
    expect(saying(found, [question], [asked]).verdict).toBe('fail')
  })

  it('so is what came when it should not', () => {
    expect(saying(absent, [question, answer(2)], [waited(3, 0.5)])).toMatchObject({ cause: 'lab' })
    expect(saying(absent, [question, answer(2)], [waited(20, 0.5)]).verdict).toBe('fail')
    // A wait that began after it came is not why it came.
    expect(saying(absent, [question, answer(2)], [waited(3.5, 0.5)]).verdict).toBe('fail')
  })

  it('nothing that holds becomes doubtful', () => {
    expect(saying(due, [question, answer(3)], [waited(3, 2)]).verdict).toBe('pass')
  })
})

it('the longest wait of each side that touches the span counts', () => {
  const marks = [waited(3, 0.1), waited(5, 0.3), waited(6, 0.2, 'dut'), waited(9, 0.9)]
  expect(latenessIn(recording([question], { marks }), 2.5, 6)).toEqual({ bench: 0.3, dut: 0.2 })
  expect(latenessIn(recording([question], { marks: [] }), 0, 9)).toEqual({ bench: 0, dut: 0 })
})
