import { describe, expect, it } from 'vitest'
import type { Recording, World } from '../recording/recording.ts'
import { claim } from '../say/claim.ts'
import { echoReply, ra } from '../wire/patterns.ts'
import { markOf } from './mark.ts'
import { rendered } from './rendered.ts'
import { type Judgement, judged, type Requirement } from './requirement.ts'
import { entry, frame, mark, recording, world } from './testing.ts'

const advertisement = { type: 'router-advertisement', routerLifetime: 1800 } as const
const advertising = frame(1, 'lan0', 'dut', { ip6: { src: 'fe80::1', dst: 'ff02::1' }, icmp6: advertisement })

const saying = (judge: Judgement, on: Recording = recording([advertising]), change = {}) => {
  const requirement: Requirement = { id: 'X-1', cases: new Map([['', { scenarios: [], judge }]]) }
  return rendered(judged(requirement, entry(change), '', on))
}
const over = mark('over', 0, 9)
const later = markOf('later')
const solicited = markOf('solicited')
const askedOnce = markOf('asked')
const wantsRa: Judgement = ({ lan, judge }) => void judge.found(lan.fromDut.first(ra()), over, claim`An RA is sent.`)

describe('a judgement', () => {
  it('passes with the frames that it looked at', () => {
    expect(saying(wantsRa)).toMatchObject({ verdict: 'pass', frames: [1], comments: { 1: 'An RA is sent.' } })
  })

  it('passes with what was measured, and with the values of its claims', () => {
    const measures: Judgement = ({ judge }) => {
      judge.within(5, { min: 0, max: 16, why: claim`w` }, claim`It arrives soon.`, advertising)
      judge.equal(64, 64, claim`The hop limit`, advertising)
      judge.holds(true, claim`It is sent ${3} times.`, claim`never`, advertising)
    }
    expect(saying(measures)).toMatchObject({ verdict: 'pass', seen: '5.000 s, 64, 3' })
  })

  it('fails with what was expected and what was seen', () => {
    expect(saying(wantsRa, recording([]))).toMatchObject({
      verdict: 'fail',
      expected: 'An RA is sent.',
      seen: 'no such packet or event until mark over, after frame 0',
    })
  })

  it.each([
    ['SHOULD', 'RFC 7084', 'warn'],
    ['MAY', 'RFC 7084', 'pass'],
    ['policy', 'RFC 7084', 'fail'],
    ['MUST', 'RFC 6092', 'warn'],
  ] as const)('of a failed %s entry of %s is %s', (level, document, verdict) => {
    const source = { document, section: '1', label: '-' }
    expect(saying(wantsRa, recording([]), { level, source }).verdict).toBe(verdict)
  })

  it.each([
    ['makes no claim', () => {}],
    [
      'looks at nothing',
      ({ judge }: Parameters<Judgement>[0]) => judge.holds(true, claim`Everything is fine.`, claim``),
    ],
    [
      'throws',
      () => {
        throw new Error('oops')
      },
    ],
  ] as [string, Judgement][])('that %s is our bug, not a pass', (_what, judge) => {
    expect(saying(judge)).toMatchObject({ verdict: 'inconclusive', cause: 'harness' })
  })

  it('asked of no frame at all is our bug', () => {
    const each: Judgement = ({ judge }) => judge.each([], claim`Each is right.`, () => undefined)
    expect(saying(each)).toMatchObject({ verdict: 'inconclusive', cause: 'harness' })
  })

  it('warns where a window holds but its goal does not', () => {
    const late: Judgement = ({ judge }) =>
      judge.within(5, { min: 0, max: 16, goal: 3.5, why: claim`w` }, claim`It comes soon.`, advertising)
    expect(saying(late)).toMatchObject({ verdict: 'warn', seen: '5.000 s' })
  })

  it.each([
    [{ drops: 1 }, 'lost 1 frames'],
    [{ unsummed: 2 }, '2 frames arrived without checksums'],
    [{ clockStep: 3 }, 'stepped'],
    [{ outcome: { end: 'lab', because: claim`carrier lost` } }, 'carrier lost'],
  ] as [Partial<Recording>, string][])('of a recording with %j is the lab’s', (change, because) => {
    const result = saying(wantsRa, recording([advertising], change))
    expect(result).toMatchObject({ verdict: 'inconclusive', cause: 'lab' })
    expect(result.because).toContain(because)
  })

  it('of a recording that the harness broke is the harness’s', () => {
    const result = saying(wantsRa, recording([], { outcome: { end: 'harness', because: claim`bug` } }))
    expect(result).toMatchObject({ verdict: 'inconclusive', cause: 'harness', because: 'bug' })
  })

  it('is never a mere warning of a MUST', () => {
    const goal: Judgement = ({ judge }) => judge.goal(false, claim`c`, claim`s`, advertising)
    expect(saying(goal, recording([advertising]), { level: 'SHOULD' }).verdict).toBe('warn')
    expect(saying(goal, recording([advertising]), { level: 'policy' }).verdict).toBe('warn')
    expect(saying(goal, recording([advertising]))).toMatchObject({ verdict: 'inconclusive', cause: 'harness' })
  })

  it('is not applicable for another role', () => {
    expect(saying(wantsRa, recording([]), { role: 'wireless-router' }).verdict).toBe('not-applicable')
  })

  it('says what it presupposes, where the product is stated to lack it', () => {
    const lacking: World = { ...world, device: { ...world.device, lacks: ['ula'] } }
    const result = saying(wantsRa, recording([], { world: lacking }), { 'applies-when': 'ula' })
    expect(result).toMatchObject({ verdict: 'fail', lacks: 'ula' })
    expect(saying(wantsRa, recording([]), { 'applies-when': 'ula' })).not.toHaveProperty('lacks')
  })
})

describe('in a scenario that stopped', () => {
  const stopped = (by: string) => recording([], { outcome: { end: 'blocked', by, because: claim`no Solicit` } })

  it('an absence is held against the requirement that stopped it', () => {
    expect(saying(wantsRa, stopped('X-1')).verdict).toBe('fail')
  })

  it('an absence is held against no other', () => {
    expect(saying(wantsRa, stopped('Y-2'))).toMatchObject({
      verdict: 'inconclusive',
      cause: 'blocked',
      blockedBy: 'Y-2',
    })
  })

  it('a step that was not reached blocks', () => {
    const step: Judgement = ({ at }) => void at(later)
    expect(saying(step, stopped('Y-2'))).toMatchObject({ verdict: 'inconclusive', blockedBy: 'Y-2' })
    expect(saying(step, stopped('X-1')).verdict).toBe('fail')
  })

  it('a step that a whole recording lacks is our bug; one that ends before has no say', () => {
    const step: Judgement = ({ at }) => void at(later)
    expect(saying(step, recording([], { marks: [mark('end', 0, 1)] }))).toMatchObject({ cause: 'harness' })
    expect(saying(step, recording([]))).toMatchObject({ cause: 'lab' })
    const older = recording([], { marks: [mark('end', 0, 1)], isOlder: true })
    expect(saying(step, older)).toMatchObject({ verdict: 'inconclusive', cause: 'lab' })
  })

  it('a missing precondition is the stop’s', () => {
    const needs: Judgement = ({ given, lan }) => void given(lan.fromDut.first(ra()), 'Z-3')
    expect(saying(needs, stopped('Y-2'))).toMatchObject({ blockedBy: 'Y-2' })
    expect(saying(needs, recording([]))).toMatchObject({ cause: 'blocked', blockedBy: 'Z-3' })
  })
})

describe('an absence', () => {
  const probe = frame(2, 'lan0', 'bench', {
    ip6: { src: 'fe80::2', dst: 'fe80::1' },
    icmp6: { type: 'echo-request', id: 1, seq: 1 },
  })
  const fence = frame(3, 'lan0', 'dut', {
    ip6: { src: 'fe80::1', dst: 'fe80::2' },
    icmp6: { type: 'echo-reply', id: 1, seq: 1 },
  })

  it('names the probe and the fence as its evidence', () => {
    const none: Judgement = ({ judge }) => judge.absent([], claim`Nothing leaks.`, { fence, since: probe })
    expect(saying(none, recording([advertising, probe, fence]))).toMatchObject({ verdict: 'pass', frames: [2, 3] })
  })

  it('fails with the frame that should not be there', () => {
    const some: Judgement = ({ judge }) => judge.absent([advertising], claim`Nothing leaks.`, { fence, since: probe })
    expect(saying(some)).toMatchObject({ verdict: 'fail', seen: expect.stringContaining('frame 1') })
  })

  it('is not judged beyond its fence', () => {
    const later = frame(4, 'lan0', 'dut', advertising.packet)
    const none: Judgement = ({ judge }) => judge.absent([later], claim`Nothing leaks.`, { fence, since: probe })
    expect(saying(none, recording([advertising, probe, fence, later])).verdict).toBe('pass')
  })

  it('for a time is judged where the recording lasted so long', () => {
    const none: Judgement = ({ judge }) => judge.absent([], claim`Nothing leaks.`, { seconds: 5, since: probe })
    expect(saying(none, recording([advertising, probe, fence], { marks: [mark('end', 3, 7)] })).verdict).toBe('pass')
    expect(saying(none, recording([advertising, probe, fence]))).toMatchObject({
      verdict: 'inconclusive',
      cause: 'lab',
    })
  })

  it('whose fence lies before the probe is our bug', () => {
    const early: Judgement = ({ judge }) => judge.absent([], claim`Nothing leaks.`, { fence: probe, since: fence })
    expect(saying(early)).toMatchObject({ verdict: 'inconclusive', cause: 'harness' })
  })
})

describe('a mark', () => {
  it('that names frames stands where the first of them is', () => {
    const late = mark('solicited', 1, 1.5, [1])
    const answer = frame(2, 'lan0', 'dut', { ip6: { src: 'fe80::1', dst: 'ff02::1' }, icmp6: advertisement }, 1.2)
    const judge: Judgement = ({ lan, at, judge: { found } }) =>
      void found(lan.fromDut.first(ra(), { after: at(solicited).mark }), at(solicited).mark, claim`An answer comes.`)
    expect(saying(judge, recording([advertising, answer], { marks: [late] }))).toMatchObject({
      verdict: 'pass',
      frames: [2],
    })
  })
})

describe('what is due within a time', () => {
  const question = frame(
    1,
    'lan0',
    'bench',
    { ip6: { src: 'fe80::2', dst: 'ff02::2' }, icmp6: { type: 'router-solicitation' } },
    1,
  )
  const answer = (at: number) =>
    frame(2, 'lan0', 'dut', { ip6: { src: 'fe80::1', dst: 'ff02::1' }, icmp6: advertisement }, at)
  const last = frame(
    3,
    'lan0',
    'bench',
    { ip6: { src: 'fe80::2', dst: 'ff02::2' }, icmp6: { type: 'router-solicitation' } },
    20,
  )
  const echo = { type: 'echo-request', id: 1, seq: 1 } as const
  const due: Judgement = ({ lan, judge }) =>
    void judge.due(lan.fromDut.first(ra()), { after: question, seconds: 4 }, claim`An RS is answered.`)
  const stopped = { outcome: { end: 'blocked', by: 'Y-2', because: claim`no Solicit` } } as const

  it('fails with the frame that comes nearest, in time and of this kind', () => {
    const sought: Judgement = ({ lan, judge }) =>
      void judge.due(
        lan.fromDut.seek(ra({ routerLifetime: 0 }), { after: question }),
        { after: question, seconds: 4 },
        claim`It is.`,
      )
    const other = frame(3, 'lan0', 'dut', { ...answer(2).packet, icmp6: echo }, 2)
    expect(saying(sought, recording([question, answer(2), other, last]))).toMatchObject({
      verdict: 'fail',
      frames: [1, 2],
      seen: expect.stringMatching(/the nearest is frame 2: .*icmp6\.routerLifetime: expected 0, seen 1800/),
    })
    for (const unlike of [answer(6), other])
      expect(saying(sought, recording([question, unlike, last])).seen).not.toContain('nearest')
    const another: Judgement = ({ lan, judge }) =>
      void judge.due(
        lan.fromDut.seek(ra(), {}, ({ at }) => at > 3),
        { after: question, seconds: 4 },
        claim`It is.`,
      )
    expect(saying(another, recording([question, answer(2), last]))).toMatchObject({
      verdict: 'fail',
      seen: expect.stringMatching(/the nearest is frame 2: /),
    })
    const found: Judgement = ({ lan, judge }) =>
      void judge.due(lan.fromDut.seek(ra()), { after: question, seconds: 4 }, claim`It is.`)
    expect(saying(found, recording([question, answer(2)]))).toMatchObject({ verdict: 'pass', frames: [1, 2] })
  })

  it('names an error that came in place of an answer', () => {
    const sought: Judgement = ({ lan, judge }) =>
      void judge.found(lan.fromDut.seek(echoReply({ id: 1 })), mark('over', 3, 20), claim`It answers.`)
    const error = { type: 'destination-unreachable', code: 1, data: new Uint8Array(48) } as const
    const refused = frame(2, 'lan0', 'dut', { ip6: { src: 'fe80::1', dst: 'fe80::2' }, icmp6: error }, 2)
    expect(saying(sought, recording([question, refused, last]))).toMatchObject({
      verdict: 'fail',
      seen: expect.stringMatching(
        /the nearest is frame 2: .*icmp6\.type: expected echo-reply, seen destination-unreachable/,
      ),
    })
  })

  it('passes in time and fails late', () => {
    expect(saying(due, recording([question, answer(2)])).verdict).toBe('pass')
    expect(saying(due, recording([question, answer(6)]))).toMatchObject({ verdict: 'fail', frames: [1, 2] })
  })

  it('is the lab’s where the recording ended sooner', () => {
    expect(saying(due, recording([question]))).toMatchObject({
      verdict: 'inconclusive',
      cause: 'lab',
      because: expect.stringContaining('the recording ends 0.000 s after frame 1'),
    })
  })

  it('by a fence: what came later does not count', () => {
    const asked = mark('asked', 1, 3)
    const found: Judgement = ({ lan, at, judge }) =>
      void judge.found(lan.fromDut.first(ra()), at(askedOnce).mark, claim`An RS is answered.`)
    const on = (at: number) => recording(at < 3 ? [question, answer(at)] : [question, last], { marks: [asked] })
    expect(saying(found, on(2)).verdict).toBe('pass')
    expect(saying(found, on(20)).verdict).toBe('fail')
    expect(saying(found, recording([question, answer(6)], { marks: [asked] }))).toMatchObject({ verdict: 'fail' })
    expect(saying(found, recording([question, answer(6)]))).toMatchObject({ cause: 'lab' })
  })

  it('fails when absent from a recording that lasted so long, whatever stopped it', () => {
    expect(saying(due, recording([question, last], stopped)).verdict).toBe('fail')
    expect(saying(due, recording([question], stopped))).toMatchObject({ verdict: 'inconclusive', blockedBy: 'Y-2' })
  })
})
