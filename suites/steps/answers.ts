import type { Dhcpv6Message } from 'denat'

export type Option = Dhcpv6Message['options'][number]
export type Ia = Extract<Option, { type: 'ia-na' } | { type: 'ia-pd' }>
type Kind = Ia['type']

/** RFC 8415 section 21.13. */
/** RFC 8415 section 7.7. */
export const infinity = 0xffffffff

export const statusCode = (code: number): Option => ({ type: 'status-code', status: code, message: '' })

/** Lifetimes in seconds. */
export interface Lifetimes {
  preferred: number
  valid: number
}

/** An IA Prefix or IA Address option, with options of its own where given. */
export const lease = (value: string, { preferred, valid }: Lifetimes, options: Option[] = []): Option =>
  value.includes('/')
    ? { type: 'ia-prefix', prefix: value, preferredLifetime: preferred, validLifetime: valid, options }
    : { type: 'ia-addr', address: value, preferredLifetime: preferred, validLifetime: valid, options }

/** The message with its IAs of one kind changed; undefined leaves them out. */
export const withIas = (message: Dhcpv6Message, kind: Kind, change: (ia: Ia) => Ia | undefined): Dhcpv6Message => ({
  ...message,
  options: message.options.flatMap((one) => (one.type === kind ? (change(one as Ia) ?? []) : one)),
})

/** Only a status stands in each IA of the kind: T1 and T2 are 0 then. */
export const refused = (message: Dhcpv6Message, kind: Kind, code: number): Dhcpv6Message =>
  withIas(message, kind, (ia) => ({ ...ia, t1: 0, t2: 0, options: [statusCode(code)] }))

/** More leases in the IA of the kind that has some; all prefixes are granted in one IA. */
export const withOptions = (message: Dhcpv6Message, kind: Kind, ...more: Option[]): Dhcpv6Message =>
  withIas(message, kind, (ia) => (ia.options.length > 0 ? { ...ia, options: [...ia.options, ...more] } : ia))

/** Without these options, as if the server had none of it. */
export const without = (message: Dhcpv6Message, ...types: Option['type'][]): Dhcpv6Message => ({
  ...message,
  options: message.options.filter(({ type }) => !types.includes(type)),
})

/** With these options in place of those of the same type. */
export const saying = (message: Dhcpv6Message, ...options: Option[]): Dhcpv6Message => {
  const rest = without(message, ...options.map(({ type }) => type))
  return { ...rest, options: [...rest.options, ...options] }
}
