import type { Seeded } from '../../time/seed.ts'
import { formatIpv6, type Prefix, parsePrefix } from '../../wire/address.ts'
import type { Behavior } from '../behavior.ts'

/** RFC 4193 section 3.2: fd00::/8 and 40 random bits. */
export function freshUla(random: Seeded, { globalId }: Pick<Behavior, 'globalId'>): Prefix {
  const bytes = new Uint8Array(16)
  bytes[0] = globalId === 'with L=0' ? 0xfc : 0xfd
  if (globalId === 'random' || globalId === 'with L=0') bytes.set(random.bytes(5), 1)
  if (globalId === 'of one octet') bytes.set(random.bytes(1), 1)
  if (globalId === 'constant') bytes.set([0x12, 0x34, 0x56, 0x78, 0x9a], 1)
  return `${formatIpv6(bytes)}/48`
}

/** The /48 of a LAN's ULA prefix. */
export function ulaOfLan(ula: Prefix, lan: number, { ulaSites }: Pick<Behavior, 'ulaSites'>): Prefix {
  if (ulaSites === 'one') return ula
  const { address } = parsePrefix(ula)
  address[1] = (address[1] as number) ^ lan
  return `${formatIpv6(address)}/48`
}
