import { describe, expect, it } from 'vitest'
import { cable } from '../../link/cable.ts'
import { tape as openTape } from '../../recording/tape.ts'
import { claim } from '../../say/claim.ts'
import { benchMac, dutMac, frame as made } from '../../suite/testing.ts'
import { seeded } from '../../time/seed.ts'
import { virtualClock } from '../../time/virtual-clock.ts'
import { ra } from '../../wire/patterns.ts'
import { carriers } from '../health/carriers.ts'
import type { Upstream } from '../lab-file.ts'
import { anySubnet, makeWorld, stationMac } from '../world.ts'
import { segmentsOf } from './segments.ts'
import { dutOn, sightings } from './sightings.ts'
import { LabTrouble, waits as openWaits } from './waits.ts'

const advertisement = (routerLifetime: number) => ({
  ip6: { src: 'fe80::1', dst: 'ff02::1' },
  icmp6: { type: 'router-advertisement', routerLifetime } as const,
})

function bench() {
  const clock = virtualClock()
  const tape = openTape(clock, (mac) => mac === benchMac)
  const waits = openWaits(clock, tape, clock.settled)
  const hear = (packet: Parameters<typeof made>[3], port = 'lan0', from: 'dut' | 'bench' = 'dut') => {
    const { bytes, packet: decoded, direction } = made(1, port, from, packet)
    return tape.frame(port, direction, clock.now(), bytes, decoded)
  }
  const drive = <T>(promise: Promise<T>) => clock.drive(promise, waits.open)
  return { clock, tape, waits, hear, drive }
}
const by = (forced: number, slack = 0) => ({ forced, slack, why: claim`a reason` })
const always = () => true

describe('a wait for a frame', () => {
  it('ends with the first that fits after it began', async () => {
    const { clock, tape, waits, hear, drive } = bench()
    const since = tape.mark('now')
    clock.after(1, () => hear(advertisement(7)))
    clock.after(2, () => hear(advertisement(1800)))
    const seen = await drive(waits.frame(always, ra({ routerLifetime: 1800 }), since, by(5), 'an RA'))
    expect([seen?.at, clock.now()]).toEqual([2, 2])
  })

  it('takes what has come already, but nothing from before its beginning', async () => {
    const { tape, waits, hear, drive } = bench()
    const old = hear(advertisement(1))
    const since = tape.mark('now')
    const next = hear(advertisement(2))
    expect(await drive(waits.frame(always, ra(), since, by(5), 'an RA'))).toBe(next)
    expect(await drive(waits.frame(always, ra(), old, by(5), 'an RA'))).toBe(next)
  })

  it('ends with nothing at its deadline, which counts from where it began', async () => {
    const { clock, tape, waits, drive } = bench()
    const since = tape.mark('now')
    await drive(waits.pause(by(3)))
    expect(await drive(waits.frame(always, ra(), since, by(4, 1), 'an RA'))).toBeUndefined()
    expect(clock.now()).toBe(5)
    expect(waits.open()).toEqual([])
  })

  it('names the frame that came nearest when the scenario needs it', async () => {
    const { tape, waits, hear, drive } = bench()
    const since = tape.mark('now')
    hear(advertisement(7))
    const { receives } = sightings(waits, tape, claim`on the LAN`, always)
    const wanted = receives(ra({ routerLifetime: 1800 }), { since, by: by(1), or: 'X-1' })
    await expect(drive(wanted)).rejects.toMatchObject({
      name: 'Blocked',
      by: 'X-1',
      message: expect.stringMatching(
        /^on the LAN: .*the nearest frame: icmp6.routerLifetime: expected 1800, seen 7 \(a reason\)$/,
      ),
    })
  })
})

describe('a wait for a condition', () => {
  it('looks after each frame, and now and then', async () => {
    const { clock, waits, hear, drive, tape } = bench()
    clock.after(1, () => hear(advertisement(1)))
    expect(await drive(waits.until(() => tape.frames[0], by(5), 'a frame'))).toBe(tape.frames[0])
    let ready = false
    clock.after(0.25, () => {
      ready = true
    })
    expect(await drive(waits.until(() => ready || undefined, by(5), 'readiness'))).toBe(true)
    expect(clock.now()).toBeCloseTo(1.3)
  })
})

describe('trouble', () => {
  it('ends every open wait, each later one, and who waits by other means', async () => {
    const { clock, tape, waits, drive } = bench()
    const first = new LabTrouble(claim`carrier lost`)
    clock.after(1, () => waits.fail(first))
    clock.after(2, () => waits.fail(new LabTrouble(claim`and more`)))
    const since = tape.mark('now')
    await expect(drive(waits.frame(always, ra(), since, by(9), 'an RA'))).rejects.toBe(first)
    await expect(drive(waits.pause(by(9)))).rejects.toBe(first)
    await expect(drive(Promise.race([waits.failed, new Promise(() => {})]))).rejects.toBe(first)
  })
})

it('what the protocol forced is counted once where waits overlap, and no slack with it', async () => {
  const { tape, waits, drive } = bench()
  const since = tape.mark('now')
  await drive(Promise.all([waits.pause(by(4)), waits.frame(always, ra(), since, by(3, 5), 'an RA')]))
  expect(waits.forced()).toBe(4)
})

describe('carrier', () => {
  function watched() {
    const { clock, tape, waits, drive } = bench()
    let tell = (_up: boolean) => {}
    const link = { name: 'wan0', send() {}, onFrame() {}, drops: () => 0, close() {} }
    const up: string[] = []
    const onCarrier = (listener: (up: boolean) => void) => {
      tell = listener
    }
    const watch = carriers([{ ...link, onCarrier }], clock, waits, tape.mark, (port) => up.push(port))
    return { clock, tape, waits, drive, watch, up, tell: (now: boolean) => tell(now) }
  }

  it('may come and go until the router is said to rest; each change is a mark', async () => {
    const { tape, waits, tell, up, drive } = watched()
    for (const now of [false, true, true, false]) tell(now)
    await drive(waits.pause(by(1)))
    expect(tape.marks.map(({ data }) => data)).toEqual([false, true, false].map((now) => ({ port: 'wan0', up: now })))
    expect(up).toEqual(['wan0'])
  })

  it("is the lab's trouble when it goes for no reason", async () => {
    const { clock, waits, watch, tell, drive } = watched()
    watch.expectLoss(10)
    clock.after(5, () => tell(false))
    clock.after(6, () => tell(true))
    await drive(waits.pause(by(9)))
    clock.after(2, () => tell(false))
    await expect(drive(waits.pause(by(9)))).rejects.toThrow('carrier lost on wan0 without a known cause')
  })
})

it('a carrier that may rest for long still may after it was to rest for a shorter time', async () => {
  const { clock, tape, waits, drive } = bench()
  const [end] = cable(clock)
  const watch = carriers([end], clock, waits, tape.mark, () => {})
  watch.expectLoss(20)
  watch.expectLoss(1)
  clock.after(10, () => end.plug(false))
  await drive(waits.pause(by(15)))
  expect(tape.marks.at(-1)?.data).toEqual({ port: 'a', up: false })
})

describe('segments', () => {
  const probe = { eth: { dst: 'ff:ff:ff:ff:ff:ff', type: 0x88b5 }, payload: new Uint8Array(46) }
  const out = made(1, 'lan0', 'bench', probe)
  const back = (port: string) => ({ ...out, number: 2, port, direction: 'in' as const })

  it('are one where a frame of ours comes out of another port', () => {
    expect(segmentsOf(['lan0', 'lan1', 'lan2'], [out, back('lan2')])).toEqual([['lan0', 'lan2'], ['lan1']])
  })

  it('are not what a switch makes of them while it bridges the WAN as well', () => {
    const booting = [out, back('lan1'), back('wan0')]
    const onWan = ({ port }: { port: string }) => port === 'wan0'
    expect(segmentsOf(['lan0', 'lan1'], booting, onWan)).toEqual([['lan0'], ['lan1']])
    const later = [out, back('lan1')].map((frame) => ({ ...frame, at: 9 }))
    expect(segmentsOf(['lan0', 'lan1'], [...booting, ...later], onWan)).toEqual([['lan0', 'lan1']])
  })

  it('are apart where none does, whatever the router sends', () => {
    const own = made(2, 'lan1', 'dut', advertisement(1))
    expect(segmentsOf(['lan0', 'lan1'], [out, own, back('wan0')])).toEqual([['lan0'], ['lan1']])
  })
})

it('the router is known by what it claims and answers for', () => {
  const { tape, hear } = bench()
  const isFar = (address: string) => address === '2a00::7'
  expect(dutOn(tape, 'lan0', isFar)()).toBeUndefined()
  hear({ ip6: { src: '::', dst: 'ff02::1' }, icmp6: { type: 'neighbor-solicitation', target: '2a00::5' } })
  hear({ ip6: { src: 'fe80::2', dst: 'ff02::1' }, icmp6: { type: 'neighbor-advertisement', target: 'fd00::5' } })
  hear({ ip6: { src: '2a00::9', dst: '2a00::1' }, icmp6: { type: 'echo-request', id: 1, seq: 1 } }, 'wan0')
  const known = { mac: dutMac, linkLocal: 'fe80::2', addresses: ['2a00::5', 'fd00::5'] }
  expect(dutOn(tape, 'lan0', isFar)()).toEqual(known)
  // A phone speaks on its LAN, which is seen once the router has said what only a router says.
  const phone = { eth: { src: 'a4:83:e7:1c:02:31', dst: '33:33:00:00:00:02' }, ip6: { src: 'fe80::9', dst: 'ff02::2' } }
  hear({ ip6: { src: '2a00::7', dst: '2a00::5' }, icmp6: { type: 'echo-reply', id: 1, seq: 1 } })
  hear({ ...phone, icmp6: { type: 'router-solicitation' } })
  expect(dutOn(tape, 'lan0', isFar)()).toEqual(known)
})

describe('a world', () => {
  const addresses = { wan: '2d00:100::/32', pool: '2d00:200::/32', internet: '2d00:300:0:1::/64' }
  const device = { name: 'x', role: 'gateway' as const, capabilities: [], lacks: [] }
  const of = (name: string, seed = 's', spec = {}, upstream: Upstream = 'isp') =>
    makeWorld({ name, ...spec }, { seed, addresses, device, profile: 'default', upstream, line: {} })

  it('is the same for the same seed and name, and else another', () => {
    expect(of('a')).toEqual(of('a'))
    expect(of('a').isp.dhcpv6.prefixes).not.toEqual(of('b').isp.dhcpv6.prefixes)
    expect(of('a').isp.wanPrefix).not.toEqual(of('a', 't').isp.wanPrefix)
    expect(stationMac(of('a'), 'host')).toMatch(/^02:be(:[0-9a-f]{2}){4}$/)
    expect(stationMac(of('a'), 'host')).not.toBe(stationMac(of('a'), 'isp'))
  })

  it('is BASE but for what it says', () => {
    const spec = { delegatedLength: 60, isp: { ra: { managed: false }, dhcpv6: { domains: [] } } }
    const { isp } = of('a', 's', spec)
    expect(isp.ra).toEqual({ ...of('a').isp.ra, managed: false })
    expect(isp.dhcpv6.domains).toEqual([])
    expect(isp.dhcpv6.prefixes[0]).toMatch(/^2d00:200:.*\/60$/)
  })

  it.each([
    [{}, 60, '/60'],
    [{ delegatedLength: 63 }, 60, '/63'],
    [{ delegatedLength: 48 }, 64, '/64'],
    [{}, 'none', undefined],
    [{ delegatedLength: 'none' }, 64, undefined],
  ] as const)('is what a home gateway gives: %j from %s', (spec, gateway, length) => {
    const { isp } = of('a', 's', spec, { gateway })
    expect(isp.dhcpv6.prefixes[0]?.replace(/.*\//, '/')).toBe(length)
    expect(isp.ra).toMatchObject({ managed: false, other: true, autonomous: true, onLink: true })
    expect(of('a', 's', { isp: { ra: { managed: true } } }, { gateway }).isp.ra.managed).toBe(true)
  })

  it('draws subnets inside the prefix, the prefix itself where there is no choice', () => {
    expect(anySubnet('2d00:100:0:7::/64', 64, seeded('s'))).toBe('2d00:100:0:7::/64')
    expect(anySubnet('2d00:100::/32', 64, seeded('s'))).toMatch(/^2d00:100:/)
  })
})
