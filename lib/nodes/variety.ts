import { seeded } from '../time/seed.ts'
import { addressIn, eui64, formatIpv6, formatMac, type Ipv6Address, type Mac, type Prefix } from '../wire/address.ts'
import { type Duid, duidEn, duidLl, duidLlt, duidUuid } from '../wire/dhcpv6-duid.ts'

type Value = string | number | boolean

/** What the RFCs leave to a station: drawn once for each scenario, so that nothing is tuned to the choices of one peer. */
export interface Variety {
  /** One of these, the same at each call. The first is what a plain station does. */
  pick<T extends Value>(knob: string, of: readonly T[]): T
  /** Octets that have no meaning, the same at each call. */
  octets(knob: string, length: number): Uint8Array
}

/** A station without peculiarities. */
export const plain: Variety = {
  pick: (_, [first]) => first as never,
  octets: (knob, length) => seeded(knob).bytes(length),
}

/** A station's choices, but for those that are made already; each is entered. One draw has no influence on another. */
export function varietyFrom(seed: string, chosen: Record<string, Value>): Variety {
  const of = (knob: string) => seeded(`${seed}\0${knob}`)
  return {
    pick(knob, values) {
      const drawn = of(knob).pick(values)
      const value = values.find((one) => one === chosen[knob]) ?? drawn
      if (knob in chosen && chosen[knob] !== value)
        throw new RangeError(`${knob}: ${chosen[knob]} is none of ${values}`)
      chosen[knob] = value
      return value
    },
    octets: (knob, length) => of(`${knob} octets`).bytes(length),
  }
}

/** RFC 9915 section 11: opaque. What looks like a MAC in it is another interface's. */
export function duidOf(variety: Variety, mac: Mac, knob = 'DUID'): Duid {
  const kind = variety.pick(knob, ['LL', 'LL of another interface', 'LLT of another interface', 'EN', 'UUID'])
  const octets = variety.octets(knob, 16)
  const other = otherMac(octets)
  switch (kind) {
    case 'LL':
      return duidLl(mac)
    case 'LL of another interface':
      return duidLl(other)
    case 'LLT of another interface':
      return duidLlt(other, 0x2c000000 + ((octets[6] as number) << 16))
    case 'EN':
      return duidEn(32473, octets)
    default:
      return duidUuid(Buffer.from(octets).toString('hex'))
  }
}

/** The MAC of an interface that is on no link here. */
export const elsewhere = (variety: Variety, knob: string): Mac => otherMac(variety.octets(knob, 4))

/** A MAC of a range that no station of the bench has. */
function otherMac(octets: Uint8Array): Mac {
  return formatMac(Uint8Array.of(0x02, 0xf0, ...octets.subarray(0, 4)))
}

/** How an interface identifier comes about: by the MAC (RFC 4291 appendix A), or by a secret (RFC 7217). */
export function interfaceIds(variety: Variety, mac: Mac): (prefix: Prefix) => Ipv6Address {
  const kind = variety.pick('interface identifiers', ['EUI-64', 'stable and opaque'])
  if (kind === 'EUI-64') return () => eui64(mac)
  return (prefix) => opaque(variety.octets(`interface identifier ${prefix}`, 8))
}

/** 64 bits for the low half, none of the few identifiers that are reserved (RFC 5453). */
function opaque(octets: Uint8Array): Ipv6Address {
  const low = new Uint8Array(16)
  low.set(octets, 8)
  low[8] = (octets[0] as number) | 0x10
  low[9] = (octets[1] as number) & 0x7f
  return formatIpv6(low)
}

export const linkLocalBy = (interfaceId: (prefix: Prefix) => Ipv6Address): Ipv6Address =>
  addressIn(LINK_LOCAL, interfaceId(LINK_LOCAL))

const LINK_LOCAL: Prefix = 'fe80::/64'
