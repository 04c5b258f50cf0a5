import type { Dhcpv4 } from './dhcpv4.ts'
import type { Dhcpv4Option } from './dhcpv4-options.ts'
import type { Dhcpv6 } from './dhcpv6.ts'
import type { Dhcpv6OptionName, Dhcpv6OptionOf } from './dhcpv6-option.ts'
import { isDhcpv6OptionName } from './dhcpv6-options.ts'
import type { Icmpv6, Icmpv6Message, Icmpv6Name } from './icmpv6.ts'
import { absent, and, type Fields, none, type Pattern } from './match.ts'
import { isNdOptionName, type NdOptionName, type NdOptionOf } from './nd-options.ts'
import type { Packet } from './packet.ts'

/** `ia-pd` is written `iaPd`. */
type Camel<S extends string> = S extends `${infer A}-${infer B}` ? `${A}${Capitalize<Camel<B>>}` : S

/** `{}` asks that the option is there, `absent` that it is not, a list for one option each. */
type OneOrMore<T> = T | T[] | typeof absent

export type Dhcpv6OptionPatterns = { [N in Dhcpv6OptionName as Camel<N>]?: OneOrMore<Dhcpv6OptionPattern<N>> }

type Dhcpv6OptionPattern<N extends Dhcpv6OptionName> = Fields<Omit<Dhcpv6OptionOf<N>, 'type'>> &
  (Dhcpv6OptionOf<N> extends { options: unknown } ? Dhcpv6OptionPatterns : unknown)

type NdOptionPatterns = { [N in NdOptionName as Camel<N>]?: OneOrMore<Fields<Omit<NdOptionOf<N>, 'type'>>> }

/** A message's fields, together with its options, where it has any. */
export type Icmpv6Pattern<N extends Icmpv6Name> = Fields<Omit<Icmpv6Message<N>, 'type'>> &
  (Icmpv6Message<N> extends { options: unknown } ? NdOptionPatterns : unknown)

type Dhcpv6Name = Extract<Dhcpv6['type'], string>

type Dhcpv6Pattern = Dhcpv6OptionPatterns & { transactionId?: number }

type Dhcpv4MessageType = Extract<Extract<Dhcpv4Option, { type: 'message-type' }>['value'], string>

/** `dhcpv6('renew', { iaPd: { iaid: 1, iaPrefix: { prefix } } })`. */
export function dhcpv6(type: Dhcpv6Name, fields: Dhcpv6Pattern = {}, rest: Pattern = {}): Pattern {
  return and({ dhcp6: { type, ...withOptions(fields, isDhcpv6OptionName) } as Pattern['dhcp6'] }, rest)
}

export function dhcpv4(type: Dhcpv4MessageType, fields: Fields<Dhcpv4> = {}, rest: Pattern = {}): Pattern {
  return and({ dhcp4: { options: [{ type: 'message-type', value: type }] } }, { dhcp4: fields }, rest)
}

/** `icmpv6('router-advertisement', { routerLifetime: 0, rdnss: { lifetime: 0 } })`. */
export function icmpv6<N extends Icmpv6Name>(type: N, fields?: Icmpv6Pattern<N>, rest: Pattern = {}): Pattern {
  const isOption = TYPES_WITH_OPTIONS.has(type) ? isNdOptionName : () => false
  return and({ icmp6: { type, ...withOptions(fields ?? {}, isOption) } as Pattern['icmp6'] }, rest)
}

const TYPES_WITH_OPTIONS: ReadonlySet<Icmpv6['type']> = new Set([
  'router-solicitation',
  'router-advertisement',
  'neighbor-solicitation',
  'neighbor-advertisement',
  'redirect',
])

export function rs(fields?: Icmpv6Pattern<'router-solicitation'>, rest?: Pattern): Pattern {
  return icmpv6('router-solicitation', fields, rest)
}

/** `ra({ routerLifetime: 0 }, { ip6: { src } })`. */
export function ra(fields?: Icmpv6Pattern<'router-advertisement'>, rest?: Pattern): Pattern {
  return icmpv6('router-advertisement', fields, rest)
}

export function ns(fields?: Icmpv6Pattern<'neighbor-solicitation'>, rest?: Pattern): Pattern {
  return icmpv6('neighbor-solicitation', fields, rest)
}

export function na(fields?: Icmpv6Pattern<'neighbor-advertisement'>, rest?: Pattern): Pattern {
  return icmpv6('neighbor-advertisement', fields, rest)
}

export function echoRequest(fields?: Icmpv6Pattern<'echo-request'>, rest?: Pattern): Pattern {
  return icmpv6('echo-request', fields, rest)
}

export function echoReply(fields?: Icmpv6Pattern<'echo-reply'>, rest?: Pattern): Pattern {
  return icmpv6('echo-reply', fields, rest)
}

export function udp(fields: Fields<NonNullable<Packet['udp']>> = {}, rest: Pattern = {}): Pattern {
  return and({ udp: fields }, rest)
}

/** `tcp({ flags: 'syn' })`. */
export function tcp(fields: Fields<NonNullable<Packet['tcp']>> = {}, rest: Pattern = {}): Pattern {
  return and({ tcp: fields }, rest)
}

/** Moves the keys that name options into `options`, at every depth. */
function withOptions(fields: object, isOption: (name: string) => boolean): Record<string, unknown> {
  const plain: Record<string, unknown> = {}
  const options: unknown[] = []
  for (const [key, value] of Object.entries(fields)) {
    const type = key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
    if (value === undefined) continue
    if (!isOption(type)) plain[key] = value
    else if (value === absent) options.push(none({ type }))
    else for (const one of [value].flat()) options.push({ type, ...withOptions(one, isOption) })
  }
  if (options.length === 0) return plain
  const given = plain.options
  return { ...plain, options: Array.isArray(given) ? [...given, ...options] : options }
}
