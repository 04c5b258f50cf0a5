import { type Dhcpv4, optionsOf4 } from './dhcpv4.ts'
import type { Dhcpv4OptionName } from './dhcpv4-options.ts'
import type { Udp } from './packet.ts'

const NONE = '0.0.0.0'
const CLIENT_PORT = 68
const SERVER_PORT = 67
const ETHERNET = { htype: 1, hlen: 6 }

type Kind = 'discover' | 'offer' | 'request' | 'decline' | 'ack' | 'nak' | 'release' | 'inform'

interface Rule {
  op: 'request' | 'reply'
  /** What it can't be without, and what it must not hold: RFC 2131 tables 3 and 5. */
  must: readonly Dhcpv4OptionName[]
  mustNot: readonly Dhcpv4OptionName[]
}

const RULES: { readonly [K in Kind]: Rule } = {
  discover: { op: 'request', must: [], mustNot: ['server-id'] },
  request: { op: 'request', must: [], mustNot: [] },
  inform: { op: 'request', must: [], mustNot: ['requested-address', 'lease-time', 'server-id'] },
  decline: { op: 'request', must: ['requested-address', 'server-id'], mustNot: ['lease-time', 'parameter-list'] },
  release: { op: 'request', must: ['server-id'], mustNot: ['requested-address', 'lease-time', 'parameter-list'] },
  offer: { op: 'reply', must: ['server-id', 'lease-time'], mustNot: ['requested-address', 'parameter-list'] },
  ack: { op: 'reply', must: ['server-id'], mustNot: ['requested-address', 'parameter-list'] },
  nak: { op: 'reply', must: ['server-id'], mustNot: ['requested-address', 'parameter-list', 'lease-time'] },
}

/** A Request that extends a lease is known by its address: RFC 2131 section 4.3.2. */
const RENEWING: Rule = { op: 'request', must: [], mustNot: ['requested-address', 'server-id'] }
/** One that follows from an Offer, or from a restart. */
const SELECTING: Rule = { op: 'request', must: ['requested-address'], mustNot: [] }

/** What is wrong with a DHCPv4 message, each with its clause. */
export function dhcpv4Flaws(message: Dhcpv4, udp: Udp): string[] {
  const flaws: string[] = []
  const options = optionsOf4(message)
  const kind = options.find((one) => one.type === 'message-type')?.value
  if (kind === undefined || typeof kind === 'number')
    return [`DHCPv4 message type ${kind ?? 'missing'} (RFC 2131 section 3)`]
  const check = (wrong: boolean, what: string) => wrong && flaws.push(`DHCPv4 ${kind}: ${what}`)
  const has = (name: Dhcpv4OptionName) => options.some(({ type }) => type === name)
  const isRenewing = kind === 'request' && message.ciaddr !== NONE
  const { op, must, mustNot } = kind !== 'request' ? RULES[kind] : isRenewing ? RENEWING : SELECTING
  const port = op === 'reply' ? CLIENT_PORT : SERVER_PORT
  check(message.op !== op, `op ${message.op} (RFC 2131 section 4.3.1)`)
  check(udp.dstPort !== port && message.giaddr === NONE, `to port ${udp.dstPort}, not ${port} (RFC 2131 section 4.1)`)
  check(
    message.htype !== ETHERNET.htype || message.hlen !== ETHERNET.hlen,
    `hardware type ${message.htype} of ${message.hlen} octets (RFC 2131 section 2)`,
  )
  for (const name of must) check(!has(name), `no ${name} (RFC 2131 tables 3 and 5)`)
  for (const name of mustNot) check(has(name), `it has ${name} (RFC 2131 tables 3 and 5)`)
  check(kind === 'nak' && message.yiaddr !== NONE, `yiaddr ${message.yiaddr} (RFC 2131 table 3)`)
  check(kind === 'offer' && message.yiaddr === NONE, 'no address (RFC 2131 table 3)')
  check(op === 'request' && message.yiaddr !== NONE, `yiaddr ${message.yiaddr} (RFC 2131 table 5)`)
  check(
    ['discover', 'decline'].includes(kind) && message.ciaddr !== NONE,
    `ciaddr ${message.ciaddr} (RFC 2131 table 5)`,
  )
  check(kind === 'release' && message.ciaddr === NONE, 'no ciaddr (RFC 2131 table 5)')
  return flaws
}
