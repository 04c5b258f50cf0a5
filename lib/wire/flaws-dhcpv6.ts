import { isLinkLocal, isMulticast, network, parsePrefix } from './address.ts'
import { u16At } from './bytes.ts'
import { type Dhcpv6, type Dhcpv6MessageType, isRelay } from './dhcpv6.ts'
import { duidBytes } from './dhcpv6-duid.ts'
import type { Dhcpv6Option, Dhcpv6OptionName } from './dhcpv6-option.ts'
import { dhcpv6OptionName } from './dhcpv6-options.ts'
import type { Flaw } from './flaw.ts'
import type { Ipv6, Udp } from './packet.ts'

/** All_DHCP_Relay_Agents_and_Servers, RFC 9915 section 7.1. */
const SERVERS = 'ff02::1:2'
const CLIENT_PORT = 546
const SERVER_PORT = 547

type Name = Dhcpv6OptionName

/** DUID-LL and DUID-LLT whose link-layer address is all zeros, as of an interface that is not there yet. */
const unassignedDuid = /^(00030001|00010001[0-9a-f]{8})0{12}$/

const both = ['client-id', 'user-class', 'vendor-class', 'vendor-opts'] as const
const leases = ['ia-na', 'ia-pd', 'ia-ta'] as const
const configuration: Name[] = [
  'dns-servers',
  'domain-list',
  'sntp-servers',
  'ntp-server',
  'sip-servers',
  'sip-domains',
  'aftr-name',
  'client-fqdn',
]

/** Options of each message, RFC 9915 appendix B; options of other documents stand where an ORO asks for them. */
const ALLOWED: { readonly [T in Dhcpv6MessageType]: readonly Name[] } = {
  solicit: [...both, ...leases, 'oro', 'elapsed-time', 'rapid-commit', 'reconf-accept', 'client-fqdn'],
  advertise: [
    ...both,
    ...leases,
    ...configuration,
    'server-id',
    'preference',
    'status-code',
    'reconf-accept',
    'sol-max-rt',
    'inf-max-rt',
  ],
  request: [...both, ...leases, 'server-id', 'oro', 'elapsed-time', 'reconf-accept', 'client-fqdn'],
  confirm: [...both, 'ia-na', 'ia-ta', 'elapsed-time'],
  renew: [...both, ...leases, 'server-id', 'oro', 'elapsed-time', 'reconf-accept', 'client-fqdn'],
  rebind: [...both, ...leases, 'oro', 'elapsed-time', 'reconf-accept', 'client-fqdn'],
  reply: [
    ...both,
    ...leases,
    ...configuration,
    'server-id',
    'auth',
    'server-unicast',
    'status-code',
    'rapid-commit',
    'reconf-accept',
    'information-refresh-time',
    'sol-max-rt',
    'inf-max-rt',
  ],
  release: [...both, ...leases, 'server-id', 'elapsed-time'],
  decline: [...both, ...leases, 'server-id', 'elapsed-time'],
  reconfigure: ['client-id', 'server-id', 'auth', 'reconf-msg'],
  'information-request': [...both, 'server-id', 'oro', 'elapsed-time', 'reconf-accept'],
}
/** Options that a message can't be without: RFC 9915 section 16. */
const REQUIRED: { readonly [T in Dhcpv6MessageType]: readonly Name[] } = {
  solicit: ['client-id', 'elapsed-time'],
  advertise: ['client-id', 'server-id'],
  request: ['client-id', 'server-id', 'elapsed-time'],
  confirm: ['client-id', 'elapsed-time'],
  renew: ['client-id', 'server-id', 'elapsed-time'],
  rebind: ['client-id', 'elapsed-time'],
  reply: ['server-id'],
  release: ['client-id', 'server-id', 'elapsed-time'],
  decline: ['client-id', 'server-id', 'elapsed-time'],
  reconfigure: ['client-id', 'server-id', 'auth', 'reconf-msg'],
  'information-request': ['elapsed-time'],
}
/** What may be there more than once: RFC 9915 section 21.1 and the options' own clauses. */
const REPEATED: readonly Dhcpv6Option['type'][] = [
  'ia-na',
  'ia-pd',
  'ia-ta',
  'ia-addr',
  'ia-prefix',
  'vendor-class',
  'vendor-opts',
]

/** Messages that an Option Request option MUST be in, RFC 9915 section 21.7. */
const ASKING: readonly string[] = ['solicit', 'request', 'renew', 'rebind', 'information-request']
/** Messages that a server discards where they name one: RFC 9915 sections 16.2 and 16.5; Rebind has requirements of its own. */
const TO_ANY_SERVER: readonly string[] = ['solicit', 'confirm']
/** Codes that an Option Request option MUST NOT include, RFC 9915 section 21.7; 4 and 12 are obsolete. */
const NEVER_ASKED_FOR: readonly number[] = [1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 13, 14, 15, 16, 18, 19, 20, 25, 26]

const FROM_SERVER: readonly string[] = ['advertise', 'reply', 'reconfigure']

/** What is wrong with a DHCPv6 message in the packet around it, each with its clause. */
export function dhcpv6Flaws(message: Dhcpv6, ip6: Ipv6, udp: Udp): Flaw[] {
  if (isRelay(message)) return []
  const { type, options } = message
  if (typeof type === 'number') return [{ what: `DHCPv6 message type ${type}` }]
  const flaws: Flaw[] = []
  const check = (wrong: boolean, what: string, how: Omit<Flaw, 'what'> = {}) =>
    wrong && flaws.push({ what: `${type}: ${what}`, ...how })
  const fromServer = FROM_SERVER.includes(type)
  const port = fromServer ? CLIENT_PORT : SERVER_PORT
  check(udp.dstPort !== port, `to port ${udp.dstPort}, not ${port} (RFC 9915 section 7.2)`, { topic: 'port' })
  // By unicast only where a server of RFC 8415 allowed it.
  const unicast = !fromServer && !isMulticast(ip6.dst)
  check(!isLinkLocal(ip6.src), `from ${ip6.src}, not link-local (RFC 9915 sections 13 and 17)`, {
    topic: 'source',
    ...((fromServer || unicast) && { unusual: true }),
  })
  check(!fromServer && ip6.dst !== SERVERS, `to ${ip6.dst} (RFC 9915 section 18.2)`, {
    ...(unicast && { unusual: true }),
  })
  check(fromServer && isMulticast(ip6.dst), `to a group (RFC 9915 section 18.3.10)`)
  check(type === 'reconfigure' && message.transactionId !== 0, 'a transaction id (RFC 9915 section 18.3.11)')
  for (const name of REQUIRED[type])
    check(!options.some((one) => one.type === name), `no ${name} (RFC 9915 section 16)`)
  const has = (name: Name) => options.some((one) => one.type === name)
  check(ASKING.includes(type) && !has('oro'), 'no oro (RFC 9915 section 21.7)')
  check(TO_ANY_SERVER.includes(type) && has('server-id'), 'it names a server (RFC 9915 section 16)')
  for (const one of options)
    if (typeof one.type === 'string')
      check(!ALLOWED[type].includes(one.type as Name), `it has ${one.type} (RFC 9915 appendix B)`, { unusual: true })
  for (const { what, ...how } of optionFlaws(options, fromServer)) check(true, what, how)
  return flaws
}

function optionFlaws(options: readonly Dhcpv6Option[], fromServer: boolean): Flaw[] {
  const flaws: Flaw[] = []
  const check = (wrong: boolean, what: string, unusual = false) =>
    wrong && flaws.push({ what, ...(unusual && { unusual }) })
  /** A client repeats for a lease what a server sent before. */
  const checkLease = (wrong: boolean, what: string) => check(wrong, what, !fromServer)
  const seen = new Set<string>()
  for (const option of options) {
    const key = 'iaid' in option ? `${option.type} ${option.iaid}` : String(option.type)
    const single = 'iaid' in option || (typeof option.type === 'string' && !REPEATED.includes(option.type))
    check(single && seen.has(key), `${key} twice (RFC 9915 sections 12 and 21.1)`)
    seen.add(key)
    if ('iaid' in option && 't1' in option) {
      const { t1, t2 } = option
      check(fromServer && t2 > 0 && t1 > t2, `T1 ${t1} above T2 ${t2} (RFC 9915 section 21.4)`)
      check(!fromServer && t1 + t2 > 0, `T1 ${t1}, T2 ${t2} of a client's (RFC 9915 section 21.4)`, true)
    }
    if ('validLifetime' in option)
      checkLease(
        option.preferredLifetime > option.validLifetime,
        'preferred for longer than valid (RFC 9915 section 21.6)',
      )
    const holds: Record<string, Dhcpv6Option['type']> = { 'ia-na': 'ia-addr', 'ia-pd': 'ia-prefix' }
    if ('options' in option) {
      const within = holds[String(option.type)]
      for (const inner of option.options)
        check(
          typeof inner.type === 'string' && ![within, 'status-code', 'pd-exclude'].includes(inner.type),
          `${inner.type} in ${option.type} (RFC 9915 appendix C)`,
        )
      for (const { what, unusual } of optionFlaws(option.options, fromServer)) check(true, what, unusual)
    }
    switch (option.type) {
      case 'client-id':
      case 'server-id': {
        const { length } = duidBytes(option.duid)
        check(length < 3 || length > 130, `a DUID of ${length} octets (RFC 9915 section 11.1)`)
        check(
          unassignedDuid.test(option.duid),
          `the DUID ${option.duid}, which contains the MAC of no node (RFC 9915 section 11)`,
        )
        break
      }
      case 'ia-addr':
        checkLease(isMulticast(option.address) || option.address === '::', `address ${option.address}`)
        break
      case 'ia-prefix':
        checkLease(parsePrefix(option.prefix).length > 128, `prefix length of ${option.prefix}`)
        checkLease(network(option.prefix) !== option.prefix, `${option.prefix} has bits beyond its length`)
        break
      case 'oro':
        check(new Set(option.codes).size !== option.codes.length, 'an ORO that asks twice', true)
        for (const code of option.codes)
          check(NEVER_ASKED_FOR.includes(code), `an ORO that asks for option ${code} (RFC 9915 section 21.7)`)
        break
      case 'dns-servers':
      case 'sntp-servers':
      case 'sip-servers':
        check(
          option.servers.length === 0 || option.servers.some(isMulticast),
          `${option.type} without an address of one`,
        )
        break
      case 'user-class':
      case 'vendor-class':
        check(
          option.classes.length === 0 || option.overrun !== undefined,
          `${option.type} whose classes do not fill it (RFC 9915 sections 21.15 and 21.16)`,
        )
        break
      case 'ntp-server':
        check(!isFilled(option.data), 'ntp-server without a time source that fills it (RFC 5908 section 4)')
        break
      case 'domain-list':
      case 'sip-domains':
        check(option.domains.length === 0 || option.raw !== undefined, 'names that are none (RFC 9915 section 10)')
        break
      case 'sol-max-rt':
      case 'inf-max-rt':
        check(option.value < 60 || option.value > 86400, `${option.type} ${option.value} (RFC 9915 section 21.24)`)
        break
      case 'malformed':
        check(true, 'an option that no length can explain (RFC 9915 section 21.1)')
        break
      default:
        // A known code whose body is not of its form.
        if (typeof option.type === 'number' && dhcpv6OptionName(option.type) !== `${option.type}`)
          check(true, `option ${option.type} has not its form`)
    }
  }
  return flaws
}

/** One suboption or more, each with the length that it states. */
function isFilled(suboptions: Uint8Array): boolean {
  let at = 0
  while (at + 4 <= suboptions.length) at += 4 + u16At(suboptions, at + 2)
  return at > 0 && at === suboptions.length
}
