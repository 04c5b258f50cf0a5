import { expect, test } from 'vitest'
import { type Dhcpv6, option, optionsOf, statusOf } from '../../wire/dhcpv6.ts'
import type { Dhcpv6Option } from '../../wire/dhcpv6-option.ts'
import type { NdOptionOf } from '../../wire/nd-options.ts'
import { advertisement, delegated, grantAll, host, namedPrefixes, type TestBed, testBed } from '../testing.ts'

type Message = Exclude<Dhcpv6, { hopCount: number }>

const ras = (bed: TestBed) =>
  bed.lan.seen.flatMap(({ at, packet: { icmp6, ip6 } }) =>
    icmp6?.type === 'router-advertisement' ? [{ at, ra: icmp6, dst: ip6?.dst }] : [],
  )
const pios = (ra: { options: { type: unknown }[] }) =>
  ra.options.filter((one): one is NdOptionOf<'prefix-information'> => one.type === 'prefix-information')

/** One exchange with the LAN's server, by the client of this DUID. */
function ask(bed: TestBed, type: Message['type'], options: Dhcpv6Option[], duid = '0a'): Message | undefined {
  bed.lan.take()
  bed.lan.send({
    ip6: { src: host.linkLocal, dst: 'ff02::1:2' },
    udp: { srcPort: 546, dstPort: 547 },
    dhcp6: { type, transactionId: 7, options: [{ type: 'client-id', duid }, ...options] },
  })
  bed.clock.advance(0.01)
  const answer = bed.lan.take().find(({ dhcp6 }) => dhcp6)?.dhcp6
  return answer && !('hopCount' in answer) ? answer : undefined
}

const iaPd = (...prefixes: string[]): Dhcpv6Option => ({
  type: 'ia-pd',
  iaid: 5,
  t1: 0,
  t2: 0,
  options: prefixes.map((prefix) => ({
    type: 'ia-prefix',
    prefix,
    preferredLifetime: 0,
    validLifetime: 0,
    options: [],
  })),
})
const server = (message: Message | undefined): Dhcpv6Option => ({
  type: 'server-id',
  duid: option(message as Message, 'server-id')?.duid ?? '',
})
const statusOfPd = (message: Message | undefined) =>
  statusOf(optionsOf(message as Message, 'ia-pd')[0] ?? { options: [] })

/** A server that leases this prefix, and takes back any other that a client names. */
const granting = (prefix: string) => (message: Message) =>
  grantAll(message).map((one): Dhcpv6Option => {
    if (one.type !== 'ia-pd') return one
    const lease: Extract<Dhcpv6Option, { type: 'ia-prefix' }> = {
      type: 'ia-prefix',
      prefix,
      preferredLifetime: 3600,
      validLifetime: 7200,
      options: [],
    }
    const others = namedPrefixes(message).filter((other) => other !== prefix)
    return {
      ...one,
      options: [lease, ...others.map((other) => ({ ...lease, prefix: other, preferredLifetime: 0, validLifetime: 0 }))],
    }
  })

test('multicast RAs keep 3 s between them, and good distances later (RFC 4861 section 6.2)', () => {
  const bed = testBed()
  bed.online()
  for (let n = 0; n < 20; n++) {
    bed.lan.send({ ip6: { src: '::', dst: 'ff02::2' }, icmp6: { type: 'router-solicitation', options: [] } })
    bed.clock.advance(0.3)
  }
  bed.clock.advance(3000)
  const times = ras(bed).flatMap(({ at, dst }) => (dst === 'ff02::1' ? [at] : []))
  const gaps = times.slice(1).map((at, i) => at - (times[i] as number))
  expect(Math.min(...gaps)).toBeGreaterThan(2.999)
  expect(Math.max(...gaps)).toBeLessThanOrEqual(1200)
})

test('another prefix after a crash: the one that was advertised before is withdrawn for as long as hosts believe in it (RFC 9096 section 3.5)', () => {
  const bed = testBed()
  bed.online()
  bed.router.powerCut()
  const since = bed.clock.now()
  bed.online(granting('2d00:200:0:900::/56'))
  bed.clock.advance(5000)
  const later = ras(bed).filter(({ at }) => at > since)
  const old = later.flatMap(({ at, ra }) =>
    pios(ra).flatMap((pio) => (pio.prefix === delegated.replace('/56', '/64') ? [{ at, pio }] : [])),
  )
  expect(old.length).toBeGreaterThan(5)
  for (const { pio } of old)
    expect(pio).toMatchObject({ preferredLifetime: 0, validLifetime: 0, autonomous: true, onLink: true })
  expect(old.at(-1)?.at).toBeGreaterThan(since + 4000)
  bed.clock.advance(2000)
  expect(pios(ras(bed).at(-1)?.ra as never).map(({ prefix }) => prefix)).not.toContain(delegated.replace('/56', '/64'))
})

test('lifetimes shrink with the lease and never exceed the limits (RFC 9096 L-15, L-16)', () => {
  const bed = testBed()
  let renewed = false
  bed.online((message) => {
    if (renewed) return undefined
    renewed = message.type === 'request'
    return grantAll(message)
  })
  bed.clock.advance(7000)
  for (const { at, ra } of ras(bed))
    for (const { prefix, preferredLifetime, validLifetime } of pios(ra)) {
      if (prefix.startsWith('fd')) continue
      expect(validLifetime).toBeLessThanOrEqual(Math.min(5400, 7200 - (at - 9)))
      expect(preferredLifetime).toBeLessThanOrEqual(Math.min(2700, Math.max(0, 3600 - (at - 9))))
    }
})

test('no default router for the LAN without a prefix of the ISP (RFC 7084 L-4, ULA-5)', () => {
  const bed = testBed()
  bed.online(() => undefined)
  expect(ras(bed).at(-1)?.ra.routerLifetime).toBe(0)
})

test('every /64 that no LAN has can be delegated on, one to each client, until none is left (RFC 9818 LPD-4, LPD-7)', () => {
  const bed = testBed()
  bed.online(granting('2d00:200:0:900::/62'))
  const given = ['0a', '0b', '0c'].map((duid) => {
    const advertise = ask(bed, 'solicit', [iaPd('::/60')], duid)
    return namedPrefixes(ask(bed, 'request', [server(advertise), iaPd()], duid) as Message)[0]
  })
  expect(given).toEqual(['2d00:200:0:901::/64', '2d00:200:0:902::/64', '2d00:200:0:903::/64'])
  const fourth = ask(bed, 'solicit', [iaPd()], '0d')
  expect(statusOfPd(fourth)).toBe(6)
  ask(bed, 'release', [server(fourth), iaPd('2d00:200:0:902::/64')], '0b')
  // A ULA prefix stands behind the global one (LPD-9).
  expect(namedPrefixes(ask(bed, 'solicit', [iaPd()], '0d') as Message)).toEqual([
    '2d00:200:0:902::/64',
    expect.stringMatching(/^fd/),
  ])
})

test("a single /64 is the LAN's (RFC 9818 LPD-2)", () => {
  const bed = testBed()
  bed.online(granting('2d00:200:0:900::/64'))
  expect(statusOfPd(ask(bed, 'solicit', [iaPd()]))).toBe(6)
})

test('a lease outlives the restart of its server (RFC 8987 S-2)', () => {
  const bed = testBed()
  bed.online()
  const first = ask(bed, 'request', [server(ask(bed, 'solicit', [iaPd()], '0a')), iaPd()], '0a') as Message
  bed.router.powerCut()
  bed.online()
  const other = ask(bed, 'request', [server(first), iaPd()], '0b') as Message
  expect(namedPrefixes(other)).not.toEqual(namedPrefixes(first))
  expect(namedPrefixes(ask(bed, 'renew', [server(first), iaPd(...namedPrefixes(first))], '0a') as Message)).toEqual(
    namedPrefixes(first),
  )
})

test('Renew of what is stale brings it back with lifetimes 0, and a new one (RFC 9096 section 3.5)', () => {
  const bed = testBed()
  let prefix = delegated
  bed.online((message) => granting(prefix)(message))
  const reply = ask(bed, 'request', [server(ask(bed, 'solicit', [iaPd()])), iaPd()]) as Message
  prefix = '2d00:200:0:900::/56'
  bed.router.powerCut()
  bed.online((message) => granting(prefix)(message))
  const [old = ''] = namedPrefixes(reply)
  const renewed = optionsOf(ask(bed, 'renew', [server(reply), iaPd(old)]) as Message, 'ia-pd').flatMap((ia) =>
    optionsOf(ia, 'ia-prefix'),
  )
  expect(renewed.find((one) => one.prefix === old)).toMatchObject({ preferredLifetime: 0, validLifetime: 0 })
  expect(renewed.find((one) => one.prefix !== old)?.validLifetime).toBeGreaterThan(0)
})

test.each([
  ['Solicit with a server', 'solicit', true],
  ['Rebind with a server', 'rebind', true],
  ['Renew without one', 'renew', false],
  ['Release without one', 'release', false],
] as const)('%s is discarded (RFC 8415 section 16)', (_, type, named) => {
  const bed = testBed()
  bed.online()
  const duid = server(ask(bed, 'solicit', [iaPd()]))
  expect(ask(bed, type, [...(named ? [duid] : []), iaPd()])).toBeUndefined()
})

test('Renew of a binding that nobody knows: NoBinding (RFC 8415 section 18.3.4)', () => {
  const bed = testBed()
  bed.online()
  expect(statusOfPd(ask(bed, 'renew', [server(ask(bed, 'solicit', [iaPd()])), iaPd()]))).toBe(3)
})

test("the WAN's router gone: RAs say so at once, and again (RFC 7084 G-5)", () => {
  const bed = testBed()
  bed.online()
  const since = bed.clock.now()
  bed.wan.send(advertisement([], 0))
  bed.clock.advance(40)
  const sent = ras(bed).filter(({ at }) => at > since)
  expect(sent.length).toBeGreaterThanOrEqual(3)
  expect(sent[0]?.at).toBeLessThan(since + 3.1)
  for (const { ra } of sent) expect(ra.routerLifetime).toBe(0)
})
