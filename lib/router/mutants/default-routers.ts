import { ndOptions } from '../../wire/nd-options.ts'
import type { NeighborDiscoveryFault } from '../interface/neighbor-discovery-faults.ts'
import type { Mutant } from './mutant.ts'

const believes = (fault: NeighborDiscoveryFault, of = 'router-advertisement') => ({
  believesDespite: (seen: NeighborDiscoveryFault, type: string | number) => seen === fault && type === of,
})

const malformed = (options: { type: string | number }[]) =>
  options.find((one): one is { type: 'malformed'; data: Uint8Array } => one.type === 'malformed')

/** Which RAs and default routers the router accepts, and which RAs it survives. */
export const defaultRouters: Mutant[] = [
  {
    name: 'off-link-ra-believed',
    story: 'An RA with a hop limit other than 255 is accepted: a node off the link can send it.',
    violates: ['RFC4861-6.3.4-RA-VALID · hop limit 254'],
    behavior: believes('hop limit'),
  },
  {
    name: 'ra-from-global-believed',
    story: 'An RA from a global address is accepted.',
    violates: ['RFC4861-6.3.4-RA-VALID · global source'],
    behavior: believes('source'),
  },
  {
    name: 'ra-checksum-unchecked',
    story: 'An RA with a wrong checksum is accepted.',
    violates: ['RFC4861-6.3.4-RA-VALID · wrong checksum'],
    behavior: believes('checksum'),
  },
  {
    name: 'ra-code-unchecked',
    story: 'An RA with ICMPv6 code 1 is accepted.',
    violates: ['RFC4861-6.3.4-RA-VALID · code 1'],
    behavior: believes('code'),
  },
  {
    name: 'ra-option-length-unchecked',
    story: 'An RA is accepted up to the option with length 0.',
    violates: ['RFC4861-6.3.4-RA-VALID · option length 0'],
    behavior: believes('option length'),
  },
  {
    name: 'fragmented-ra-believed',
    story: 'A fragmented RA, which RA-Guard on a switch does not recognize, is accepted.',
    violates: ['RFC6980-5-NDFRAG · RA', 'RFC6980-5-NDFRAG · RA with a Fragment header'],
    behavior: believes('fragment'),
  },
  {
    name: 'fragmented-ns-answered',
    story: 'A Neighbor Solicitation in fragments is answered.',
    violates: ['RFC6980-5-NDFRAG · NS'],
    behavior: believes('fragment', 'neighbor-solicitation'),
  },
  {
    name: 'fragmented-rs-answered',
    story: 'A Router Solicitation in fragments is answered.',
    violates: ['RFC6980-5-NDFRAG · RS'],
    behavior: believes('fragment', 'router-solicitation'),
  },
  {
    name: 'router-preference-ignored',
    story: 'The first default router is used, whatever the preference of another one.',
    violates: ['RFC4191-2.2-PREF · high', 'RFC4191-2.2-PREF · reserved'],
    behavior: { routerPreference: 'ignored' },
  },
  {
    name: 'router-preference-of-first-ra',
    story: 'The preference of a default router stays that of its first RA.',
    violates: ['RFC4191-2.2-PREF · low'],
    behavior: { routerPreference: 'of the first RA' },
  },
  {
    name: 'reserved-preference-low',
    story: 'The reserved preference is treated as low.',
    violates: ['RFC4191-2.2-PREF · reserved'],
    behavior: { reservedPreference: 'low' },
  },
  {
    name: 'reserved-preference-invalid',
    story: 'An RA with the reserved preference is ignored.',
    violates: ['RFC4191-2.2-PREF · reserved'],
    behavior: { reservedPreference: 'nothing' },
  },
  {
    name: 'dead-router-used',
    story: 'Traffic goes to a default router that does not answer, until its Router Lifetime ends.',
    violates: ['RFC4861-6.3.6-NUD-ROUTER'],
    behavior: { unreachableRoutersAvoided: false },
  },
  {
    name: 'crashes-on-zero-length-option',
    story: 'The WAN stops working after an RA with an option of length 0.',
    violates: ['ROB-FUZZ-RA · zero-length option'],
    behavior: { survives: ({ options }) => malformed(options)?.data[1] !== 0 },
  },
  {
    name: 'crashes-on-option-cut-short',
    story: 'The WAN stops working after an RA with an option that is longer than the RA.',
    violates: ['ROB-FUZZ-RA · cut short'],
    behavior: { survives: ({ options }) => (malformed(options)?.data[1] ?? 0) === 0 },
  },
  {
    name: 'deaf-after-option-of-wrong-length',
    story: 'After an RA with an option of a wrong length the router ignores all RAs.',
    violates: ['ROB-FUZZ-RA · options of a wrong length'],
    behavior: { optionsHeeded: (options, spoilt) => (spoilt ? undefined : options) },
  },
  {
    name: 'options-lost-after-option-of-wrong-length',
    story: 'After an RA with an option of a wrong length the options after an MTU are lost in valid RAs.',
    violates: ['ROB-FUZZ-RA · options of a wrong length'],
    behavior: {
      optionsHeeded(options, spoilt) {
        const mtu = options.findIndex(({ type }) => type === 'mtu')
        return spoilt && mtu >= 0 ? options.slice(0, mtu + 1) : options
      },
    },
  },
  {
    name: 'crashes-on-unknown-options',
    story: 'The WAN stops working after an RA with more options than the implementation expects.',
    violates: ['ROB-FUZZ-RA · 100 unknown options'],
    behavior: { survives: ({ options }) => options.length < 64 },
  },
  {
    name: 'crashes-on-prefixes',
    story: 'The WAN stops working after an RA with 40 prefixes.',
    violates: ['ROB-FUZZ-RA · 200 PIOs'],
    behavior: { survives: ({ options }) => ndOptions({ options }, 'prefix-information').length < 32 },
  },
  {
    name: 'crashes-on-ra-flood',
    story: 'The WAN stops working after 80 RAs within a second.',
    violates: ['ROB-FUZZ-RA · flood'],
    behavior: { survives: (_, recent) => recent < 80 },
  },
]
