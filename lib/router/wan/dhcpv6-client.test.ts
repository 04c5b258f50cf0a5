import { expect, test } from 'vitest'
import type { Dhcpv6 } from '../../wire/dhcpv6.ts'
import type { Dhcpv6Option } from '../../wire/dhcpv6-option.ts'
import { delegated, grantAll, namedPrefixes, type TestBed, testBed } from '../testing.ts'

type Message = Exclude<Dhcpv6, { hopCount: number }>

const asked = (bed: TestBed): { at: number; message: Message }[] =>
  bed.wan.seen.flatMap(({ at, packet: { dhcp6 } }) => (dhcp6 && !('hopCount' in dhcp6) ? [{ at, message: dhcp6 }] : []))
const types = (bed: TestBed) => asked(bed).map(({ message }) => message.type)
const lanPrefixes = async (bed: TestBed) =>
  (await bed.router.webUi.status()).lanPrefixes.filter((prefix) => !prefix.startsWith('fd'))

/** A fair server, with the IA_PD as told. */
const granting =
  (prefixes: Partial<Extract<Dhcpv6Option, { type: 'ia-prefix' }>>[], times = { t1: 1800, t2: 2880 }) =>
  (message: Message) =>
    grantAll(message).map(
      (one): Dhcpv6Option =>
        one.type === 'ia-pd'
          ? {
              ...one,
              ...times,
              options: prefixes.map((prefix) => ({
                type: 'ia-prefix',
                prefix: delegated,
                preferredLifetime: 3600,
                validLifetime: 7200,
                options: [],
                ...prefix,
              })),
            }
          : one,
    )

test('Solicit, Request, and at T1 Renew', () => {
  const bed = testBed()
  bed.online()
  expect(types(bed)).toEqual(['solicit', 'request'])
  bed.clock.advance(1800)
  expect(types(bed)).toEqual(['solicit', 'request', 'renew'])
})

test('an unanswered Solicit doubles its timeout up to SOL_MAX_RT (RFC 8415 section 15)', () => {
  const bed = testBed()
  bed.online((message) => (message.type === 'solicit' ? undefined : grantAll(message)))
  bed.clock.advance(40_000)
  const times = asked(bed).map(({ at }) => at)
  const gaps = times.slice(1).map((at, i) => at - (times[i] as number))
  expect(gaps[0]).toBeGreaterThan(1)
  expect(gaps[0]).toBeLessThanOrEqual(1.1)
  for (const [i, gap] of gaps.slice(1).entries()) {
    const before = gaps[i] as number
    if (2.1 * before < 3600) expect(gap / before).toBeCloseTo(2, 0)
    else expect(Math.abs(gap - 3600)).toBeLessThanOrEqual(360)
  }
})

test.each([
  ['T1 above T2', granting([{}], { t1: 3000, t2: 2000 }), []],
  ['preferred above valid', granting([{ preferredLifetime: 7201 }]), []],
  [
    'a sound prefix beside it',
    granting([{ preferredLifetime: 7201 }, { prefix: '2d00:200:0:500::/60' }]),
    ['2d00:200:0:500::/64'],
  ],
  ['two prefixes', granting([{}, { prefix: '2d00:200:0:500::/60' }]), ['2d00:200:0:100::/64', '2d00:200:0:500::/64']],
  ['an impossible length', granting([{ prefix: '::/0' }, { prefix: '2d00:200:0:500::/129' }]), []],
  // RFC 6603: the first /64 of the /56 is for the WAN link.
  [
    'an excluded prefix',
    granting([{ options: [{ type: 'pd-exclude', data: Uint8Array.of(64, 0) }] }]),
    ['2d00:200:0:101::/64'],
  ],
])('a Reply with %s', async (_, grant, expected) => {
  const bed = testBed()
  bed.online(grant)
  expect(await lanPrefixes(bed)).toEqual(expected)
})

test('T1 and T2 of 0 are the client\'s to choose, and never "at once" (RFC 8415 section 14.2)', () => {
  const bed = testBed()
  bed.online(granting([{}], { t1: 0, t2: 0 }))
  bed.clock.advance(1700)
  expect(types(bed)).toEqual(['solicit', 'request'])
  bed.clock.advance(200)
  expect(types(bed)).toContain('renew')
})

test('after a restart a stored lease is rebound, with the times of Confirm (RFC 8415 section 18.2.12)', () => {
  const bed = testBed()
  bed.online()
  const before = asked(bed).length
  bed.router.powerCut()
  bed.online((message) => (message.type === 'rebind' ? undefined : grantAll(message)))
  bed.clock.advance(20)
  const later = asked(bed).slice(before)
  const rebinds = later.filter(({ message }) => message.type === 'rebind')
  expect(rebinds.length).toBeGreaterThan(2)
  expect(namedPrefixes(rebinds[0]?.message as Message)).toEqual([delegated])
  const solicit = later.find(({ message }) => message.type === 'solicit')
  expect((solicit?.at ?? 0) - (rebinds[0]?.at ?? 0)).toBeGreaterThanOrEqual(10)
  expect(namedPrefixes(solicit?.message as Message)).toEqual([delegated])
})

test('NoBinding leads to a Request with all IAs (RFC 8415 section 18.2.10.1)', () => {
  const bed = testBed()
  const refused: Dhcpv6Option = { type: 'status-code', status: 3, message: '' }
  bed.online((message) =>
    message.type === 'renew'
      ? grantAll(message).map((one): Dhcpv6Option => (one.type === 'ia-pd' ? { ...one, options: [refused] } : one))
      : grantAll(message),
  )
  bed.clock.advance(1800)
  expect(types(bed)).toEqual(['solicit', 'request', 'renew', 'request'])
})

test('when nobody answers any more the lease ends with its valid lifetime (RFC 8415 section 18.2.5)', async () => {
  const bed = testBed()
  let silent = false
  bed.online((message) => (silent ? undefined : grantAll(message)))
  silent = true
  bed.clock.advance(7180)
  expect(await lanPrefixes(bed)).toHaveLength(1)
  bed.clock.advance(20)
  expect(await lanPrefixes(bed)).toEqual([])
  expect(new Set(types(bed))).toEqual(new Set(['solicit', 'request', 'renew', 'rebind']))
  expect(types(bed).at(-1)).toBe('solicit')
})
