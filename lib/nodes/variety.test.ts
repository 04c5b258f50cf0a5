import { describe, expect, it } from 'vitest'
import { decodeDhcpv6, encodeDhcpv6, option, optionsOf } from '../wire/dhcpv6.ts'
import { describeDuid } from '../wire/dhcpv6-duid.ts'
import { serverManners } from './services/dhcpv6-manners.ts'
import { duidOf, interfaceIds, linkLocalBy, plain, varietyFrom } from './variety.ts'

const mac = '02:be:00:00:00:01'
const seeds = Array.from({ length: 60 }, (_, n) => `seed ${n}`)
const drawnFrom = (seed: string) => {
  const drawn: Record<string, string | number | boolean> = {}
  return { drawn, variety: varietyFrom(seed, drawn) }
}

describe('variety', () => {
  it('is the same for the same seed, whatever was drawn before, and is told', () => {
    const [first, second] = [drawnFrom('a'), drawnFrom('a')]
    const sizes = [1, 2, 3, 4, 5, 6, 7, 8, 9] as const
    const alone = first.variety.pick('size', sizes)
    second.variety.pick('color', ['red', 'green'])
    second.variety.octets('size', 4)
    expect(second.variety.pick('size', sizes)).toBe(alone)
    expect(first.drawn).toEqual({ size: alone })
  })

  it('keeps to what is chosen already, and knows nothing else', () => {
    const values = ['red', 'green', 'blue'] as const
    for (const seed of seeds) expect(varietyFrom(seed, { color: 'blue' }).pick('color', values)).toBe('blue')
    expect(() => varietyFrom('a', { color: 'pink' }).pick('color', values)).toThrow('pink is none of')
  })

  it('knows every kind of DUID, and other interfaces than its own in them', () => {
    const kinds = seeds.map((seed) => describeDuid(duidOf(drawnFrom(seed).variety, mac)))
    for (const kind of ['DUID-LL ', 'DUID-LLT ', 'DUID-EN ', 'DUID-UUID '])
      expect(kinds.some((one) => one.startsWith(kind))).toBe(true)
    expect(kinds.some((one) => one.includes('02:f0:'))).toBe(true)
    expect(duidOf(plain, mac)).toBe('0003000102be00000001')
  })

  it('has interface identifiers that differ by prefix, or come from the MAC', () => {
    const links = seeds.map((seed) => interfaceIds(drawnFrom(seed).variety, mac))
    expect(new Set(links.map(linkLocalBy)).size).toBeGreaterThan(20)
    for (const of of links) {
      const [one, other] = [of('2001:db8:1::/64'), of('2001:db8:2::/64')]
      if (one === other) expect(linkLocalBy(of)).toBe('fe80::be:ff:fe00:1')
      expect(of('2001:db8:1::/64')).toBe(one)
    }
  })
})

describe('how a DHCPv6 server says things', () => {
  const lease = { preferredLifetime: 10, validLifetime: 20, options: [] }
  const said = {
    type: 'advertise' as const,
    transactionId: 7,
    options: [
      { type: 'server-id' as const, duid: '00030001020000000001' },
      {
        type: 'ia-na' as const,
        iaid: 1,
        t1: 5,
        t2: 8,
        options: [{ type: 'ia-addr' as const, address: '2001:db8::5', ...lease }],
      },
      {
        type: 'ia-pd' as const,
        iaid: 2,
        t1: 5,
        t2: 8,
        options: [{ type: 'ia-prefix' as const, prefix: '2001:db8:1::/56', ...lease }],
      },
    ],
  }

  it.each(seeds.slice(0, 20))('changes nothing of what it says: %s', (seed) => {
    const dressed = serverManners(drawnFrom(seed).variety).dress(said)
    const { message } = decodeDhcpv6(encodeDhcpv6(dressed))
    if (!message) throw new Error('it can not be read')
    expect(option(message, 'server-id')).toEqual(said.options[0])
    expect(
      optionsOf(message, 'ia-na')
        .flatMap((ia) => optionsOf(ia, 'ia-addr'))
        .map((one) => one.address),
    ).toEqual(['2001:db8::5'])
    expect(
      optionsOf(message, 'ia-pd')
        .flatMap((ia) => optionsOf(ia, 'ia-prefix'))
        .map((one) => one.prefix),
    ).toEqual(['2001:db8:1::/56'])
  })

  it('says it as it is where nothing is drawn', () => {
    expect(serverManners(plain)).toMatchObject({ advertises: 1, port: 547 })
    expect(serverManners(plain).dress(said)).toEqual(said)
  })
})
