import { isUla } from '../../wire/address.ts'
import { decode } from '../../wire/decode.ts'
import { encode } from '../../wire/encode.ts'
import type { Icmpv6Message } from '../../wire/icmpv6.ts'
import type { NdOption } from '../../wire/nd-options.ts'
import type { Behavior } from '../behavior.ts'
import type { Mutant } from './mutant.ts'

type Advertisement = Icmpv6Message<'router-advertisement'>

/** The RAs of one LAN port are other ones, and it is not the first. */
const onSecond = (change: (ra: Advertisement) => Partial<Advertisement>): Partial<Behavior> => ({
  tap(frame, port) {
    const { eth, ip6, icmp6 } = decode(frame)
    if (port !== 'lan1' || !ip6 || icmp6?.type !== 'router-advertisement') return frame
    const { checksum, ...ra } = icmp6
    const { src, dst, hopLimit } = ip6
    return encode({ eth, ip6: { src, dst, hopLimit }, icmp6: { ...ra, ...change(icmp6) } })
  },
})

const without = (type: NdOption['type']) =>
  onSecond(({ options }) => ({ options: options.filter((option) => option.type !== type) }))

/** Violations about prefixes. */
const ofPrefixes = (change: (pio: Extract<NdOption, { type: 'prefix-information' }>) => object) =>
  onSecond(({ options }) => ({
    options: options.map((one) => (one.type === 'prefix-information' ? { ...one, ...change(one) } : one)),
  }))

const isLivePrefix = (option: NdOption): boolean =>
  option.type === 'prefix-information' && option.preferredLifetime > 0 && !isUla(option.prefix.split('/')[0] ?? '')

/** The first LAN is correct: a guest network that was not tested. */
export const secondLan: Mutant[] = [
  {
    name: 'second-lan-without-rdnss',
    story: 'The RAs of the second LAN announce no resolver.',
    violates: ['RFC7084-L-11 · RDNSS'],
    behavior: without('rdnss'),
  },
  {
    name: 'second-lan-without-dnssl',
    story: 'The RAs of the second LAN have no search list.',
    violates: ['RFC7084-L-11 · DNSSL'],
    behavior: without('dnssl'),
  },
  {
    name: 'second-lan-without-rio',
    story: 'The RAs of the second LAN have no Route Information Option.',
    violates: ['RFC7084-L-3 · online', 'RFC7084-L-3 · ULA prefix'],
    behavior: without('route-information'),
  },
  {
    name: 'second-lan-without-slaac',
    story: 'The PIOs of the second LAN have A=0.',
    violates: ['RFC7084-L-6', 'DENAT-RATE-80 · on the LAN', 'DENAT-RATE-80 · with those behind home routers'],
    behavior: ofPrefixes(() => ({ autonomous: false })),
  },
  {
    name: 'second-lan-o-flag-clear',
    story: 'A stateless server, and O=0 on the second LAN.',
    violates: ['RFC7084-L-9'],
    silences: ['DENAT-GUA-1 · dhcpv6-only', 'RFC9096-L-16 · DHCPv6 host'],
    behavior: { servesAddresses: false, ...onSecond(() => ({ other: false })) },
  },
  {
    name: 'second-lan-not-renumbered',
    story: 'On the second LAN the stale prefix is withdrawn, and the new one is never advertised.',
    violates: ['RFC8415-18.2.10-ONLAN'],
    shownIn: 'ipv6-only-line',
    behavior: onSecond(({ options }) => {
      const isStale = options.some((one) => one.type === 'prefix-information' && one.validLifetime === 0)
      return { options: isStale ? options.filter((one) => !isLivePrefix(one)) : options }
    }),
  },
  {
    name: 'second-lan-prefix-not-withdrawn',
    story: 'A stale prefix is only left out of the RAs of the second LAN.',
    violates: [
      ...['Renew', 'NoBinding', 'link flap'].map((trigger) => `RFC9096-L-13 · ${trigger}, RA`),
      'RFC9096-3.5-STORE · orderly reboot, RA',
      'RFC8415-18.2.7-RELEASE · LAN told before',
    ],
    behavior: onSecond(({ options }) => ({
      options: options.filter((one) => one.type !== 'prefix-information' || one.preferredLifetime > 0),
    })),
  },
]
