import { describe, expect, it } from 'vitest'
import { claim } from '../say/claim.ts'
import { ra } from '../wire/patterns.ts'
import { lanView, wanView } from './query.ts'
import { benchMac, frame, recording, world } from './testing.ts'

const advertisement = {
  ip6: { src: 'fe80::1', dst: 'ff02::1' },
  icmp6: { type: 'router-advertisement', routerLifetime: 1800 },
} as const
const bridged = { ...world, segments: [['lan0', 'lan1']] }

describe('a segment', () => {
  it('counts the copies of a multicast on its ports once', () => {
    const frames = [
      frame(1, 'lan0', 'dut', advertisement, 1),
      frame(2, 'lan1', 'dut', advertisement, 1.0001),
      frame(3, 'lan0', 'dut', advertisement, 9),
    ]
    expect(lanView(recording(frames, { world: bridged })).fromDut.all(ra())).toHaveLength(2)
  })

  it('counts equal frames on links of their own each', () => {
    const frames = [frame(1, 'lan0', 'dut', advertisement, 1), frame(2, 'lan1', 'dut', advertisement, 1.0001)]
    const { segments, fromDut } = lanView(recording(frames))
    expect(segments.map((segment) => segment.fromDut.all().length)).toEqual([1, 1])
    expect(fromDut.all()).toHaveLength(2)
  })

  it('never takes a frame of the bench that the DUT switched through for the DUT’s', () => {
    const switched = { ...frame(1, 'lan1', 'bench', advertisement), direction: 'in' as const }
    expect(lanView(recording([switched], { world: bridged })).fromDut.all()).toHaveLength(0)
  })

  it('is found by the station that is on it', () => {
    expect(lanView(recording([])).of('host').ports).toEqual(['lan0'])
    expect(() => lanView(recording([])).of('nobody')).toThrow(/no station "nobody"/)
  })

  it('of a station that was not plugged in any more is what the scenario was stopped for', () => {
    const stopped = recording([], { outcome: { end: 'blocked', by: 'X-2', because: claim`the host is not online` } })
    expect(() => lanView(stopped).of('nobody')).toThrow(
      expect.objectContaining({ verdict: 'inconclusive', details: { cause: 'blocked', blockedBy: 'X-2' } }),
    )
  })
})

describe('a query', () => {
  const frames = [1, 2, 3].map((number) => frame(number, 'wan0', number === 2 ? 'bench' : 'dut', advertisement))
  const wan = wanView(recording(frames))

  it('tells senders apart', () => {
    expect(wan.fromDut.all().map((one) => one.number)).toEqual([1, 3])
    expect(wan.toDut.all().map((one) => one.packet.eth.src)).toEqual([benchMac])
    expect(wan.frames.all()).toHaveLength(3)
  })

  it('looks after and before moments, not at them', () => {
    const [first, second, third] = frames
    expect(wan.fromDut.first(undefined, { after: first })?.number).toBe(3)
    expect(wan.fromDut.last(undefined, { before: third })?.number).toBe(1)
    expect(wan.frames.all(undefined, { after: first, before: third })).toEqual([second])
    expect(wan.frames.all(undefined, { after: { at: 2, mark: 'm', number: 2 } })).toEqual([third])
    expect(wan.frames.all(undefined, { before: { at: 2, mark: 'm', number: 2 } })).toEqual([first, second])
  })
})
