import { isLinkLocal, isMulticast, network, parsePrefix, solicitedNode } from './address.ts'
import type { Flaw } from './flaw.ts'
import type { Icmpv6 } from './icmpv6.ts'
import { isNdOptionCode, type NdOption } from './nd-options.ts'
import type { ExtensionHeader, Ipv6 } from './packet.ts'

const MLDV2_REPORTS = 'ff02::16'
const ALL_ROUTERS = 'ff02::2'
const ROUTER_ALERT = 5

/** Options that RFC 4861 section 4, RFC 4191, RFC 8106, RFC 8781 and RFC 3971 give a message; unknown ones may be anywhere. */
const ALLOWED: { readonly [type: string]: readonly NdOption['type'][] } = {
  'router-solicitation': ['source-link-layer', 'nonce'],
  'router-advertisement': [
    'source-link-layer',
    'prefix-information',
    'mtu',
    'route-information',
    'rdnss',
    'dnssl',
    'pref64',
    'nonce',
  ],
  'neighbor-solicitation': ['source-link-layer', 'nonce'],
  'neighbor-advertisement': ['target-link-layer', 'nonce'],
  redirect: ['target-link-layer', 'redirected-header', 'nonce'],
}
/** A message has at most one of each of these. */
const SINGLE: readonly NdOption['type'][] = ['source-link-layer', 'target-link-layer', 'mtu', 'redirected-header']

/** What is wrong with an ICMPv6 message in the IPv6 packet around it, each with its clause. */
export function icmpv6Flaws(icmp6: Icmpv6, ip6: Ipv6, ext: readonly ExtensionHeader[]): Flaw[] {
  const flaws: Flaw[] = []
  const check = (wrong: boolean, what: string, how: Omit<Flaw, 'what'> = {}) =>
    wrong && flaws.push({ what: `${icmp6.type}: ${what}`, ...how })
  const { src, dst, hopLimit } = ip6
  const isDiscovery = 'options' in icmp6 && icmp6.type !== 'mobile-prefix-advertisement'

  if (isDiscovery) {
    check(hopLimit !== 255, `hop limit ${hopLimit}, not 255 (RFC 4861 section 4)`, { topic: 'hop limit' })
    check(icmp6.code !== 0, `code ${icmp6.code} (RFC 4861 section 4)`)
    check(ext.length > 0 && ext.some(({ type }) => type === 'fragment'), 'in a fragment (RFC 6980 section 5)')
    for (const { what, ...how } of optionFlaws(icmp6.type, icmp6.options, src)) check(true, what, how)
  }
  if ('reserved' in icmp6 && icmp6.reserved) check(true, `reserved bits ${icmp6.reserved} (RFC 4861 section 4)`)
  switch (icmp6.type) {
    case 'router-solicitation':
      check(src !== '::' && !isUnicast(src), `source ${src} (RFC 4861 section 4.1)`)
      check(dst !== ALL_ROUTERS && isMulticast(dst), `destination ${dst} (RFC 4861 section 4.1)`)
      break
    case 'router-advertisement':
      check(!isLinkLocal(src), `source ${src} is not link-local (RFC 4861 section 4.2)`, { topic: 'source' })
      check(icmp6.reservedFlags !== undefined, `reserved flags ${icmp6.reservedFlags} (RFC 4861 section 4.2)`, {
        unusual: true,
      })
      check(icmp6.preference === 'reserved', 'the reserved preference (RFC 4191 section 2.2)')
      break
    case 'neighbor-solicitation':
      check(isMulticast(icmp6.target), `target ${icmp6.target} is a group (RFC 4861 section 4.3)`)
      check(src !== '::' && !isUnicast(src), `source ${src} (RFC 4861 section 4.3)`)
      check(
        src !== '::' && isMulticast(dst) && !icmp6.options.some(({ type }) => type === 'source-link-layer'),
        'to a group, without a source link-layer address (RFC 4861 section 4.3)',
      )
      check(
        dst !== solicitedNode(icmp6.target) && (src === '::' || isMulticast(dst)),
        `asks for ${icmp6.target} at ${dst} (RFC 4861 section 4.3)`,
      )
      check(
        src !== '::' && isMulticast(dst) && !icmp6.options.some(({ type }) => type === 'source-link-layer'),
        'no Source Link-Layer Address, to a group (RFC 4861 section 7.2.2)',
      )
      break
    case 'neighbor-advertisement':
      check(isMulticast(icmp6.target), `target ${icmp6.target} is a group (RFC 4861 section 4.4)`)
      check(!isUnicast(src), `source ${src} (RFC 4861 section 4.4)`)
      check(icmp6.solicited && isMulticast(dst), 'solicited, to a group (RFC 4861 section 4.4)')
      break
    case 'redirect':
      check(!isLinkLocal(src), `source ${src} is not link-local (RFC 4861 section 4.5)`)
      check(isMulticast(icmp6.destination), `destination ${icmp6.destination} is a group (RFC 4861 section 8.1)`)
      check(
        !isLinkLocal(icmp6.target) && icmp6.target !== icmp6.destination,
        `target ${icmp6.target} is neither link-local nor the destination (RFC 4861 section 8.1)`,
      )
      check(ip6.payloadLength > 1240, `${ip6.payloadLength + 40} octets, more than 1280 (RFC 4861 section 4.5)`)
      break
    case 'mld-query':
    case 'mld1-report':
    case 'mld1-done':
    case 'mld2-report':
      check(hopLimit !== 1, `hop limit ${hopLimit}, not 1 (RFC 3810 section 5)`)
      check(src !== '::' && !isLinkLocal(src), `source ${src} is not link-local (RFC 3810 section 5)`)
      check(!hasRouterAlert(ext), 'no Router Alert (RFC 3810 section 5)')
      if (icmp6.type !== 'mld2-report') break
      check(dst !== MLDV2_REPORTS, `to ${dst} (RFC 3810 section 5.2.14)`)
      check(icmp6.records.length === 0 || icmp6.data !== undefined, 'its records do not fill it (RFC 3810 section 5.2)')
      for (const { type, group } of icmp6.records) {
        check(type < 1 || type > 6, `record type ${type} (RFC 3810 section 5.2.12)`)
        check(!isMulticast(group), `reports ${group} (RFC 3810 section 5.2.8)`)
        check(isNeverReported(group), `reports ${group} (RFC 3810 section 6)`)
      }
      break
    case 'destination-unreachable':
    case 'time-exceeded':
    case 'packet-too-big':
    case 'parameter-problem':
      check(!isUnicast(src) || !isUnicast(dst), `from ${src} to ${dst} (RFC 4443 sections 2.2 and 2.4 e)`)
      check(ip6.payloadLength > 1240, `${ip6.payloadLength + 40} octets, more than 1280 (RFC 4443 section 2.4 c)`)
      check(
        'unused' in icmp6 && icmp6.unused !== 0 && icmp6.unused !== undefined,
        'the unused word (RFC 4443 section 3)',
      )
  }
  return flaws
}

function optionFlaws(message: string, options: readonly NdOption[], src: string): Flaw[] {
  const flaws: Flaw[] = []
  const check = (wrong: boolean, what: string, unusual = false) =>
    wrong && flaws.push({ what, ...(unusual && { unusual }) })
  for (const single of SINGLE)
    check(options.filter(({ type }) => type === single).length > 1, `${single} twice (RFC 4861 section 4.6)`)
  for (const option of options) {
    const { type } = option
    if (typeof type === 'string') check(!ALLOWED[message]?.includes(type), `it has ${type} (RFC 4861 section 4)`, true)
    check('reserved' in option, `${type}: reserved bits (RFC 4861 section 4.6)`)
    check('reservedFlags' in option, `${type}: reserved flags (RFC 4861 section 4.6)`, true)
    switch (option.type) {
      case 'source-link-layer':
        check(src === '::', 'a source link-layer address from :: (RFC 4861 sections 4.1 and 4.3)')
        check(isGroupMac(option.mac), `${type} ${option.mac} is a group`)
        break
      case 'target-link-layer':
        check(isGroupMac(option.mac), `${type} ${option.mac} is a group`)
        break
      case 'prefix-information': {
        const { prefix, preferredLifetime, validLifetime } = option
        check(parsePrefix(prefix).length > 128, `prefix length of ${prefix}`)
        // With the R flag it holds all of an address (RFC 6275 section 7.2).
        const isWhole = option.routerAddress || network(prefix) === prefix
        check(!isWhole, `${prefix} has bits beyond its length (RFC 4861 section 4.6.2)`)
        check(preferredLifetime > validLifetime, 'preferred for longer than valid (RFC 4861 section 4.6.2)')
        break
      }
      case 'route-information':
        check(parsePrefix(option.prefix).length > 128, `prefix length of ${option.prefix}`)
        check(
          network(option.prefix) !== option.prefix,
          `${option.prefix} has bits beyond its length (RFC 4191 section 2.3)`,
        )
        break
      case 'mtu':
        check(option.mtu < 1280, `MTU ${option.mtu} (RFC 8200 section 5)`)
        break
      case 'rdnss':
        check(option.servers.length === 0, 'RDNSS without a server (RFC 8106 section 5.1)')
        check(option.servers.some(isMulticast), 'a group for a resolver (RFC 8106 section 5.1)')
        break
      case 'dnssl':
        check(option.domains.length === 0, 'DNSSL without a name (RFC 8106 section 5.2)')
        check(option.overrun !== undefined, 'DNSSL whose names do not fill it with zeros (RFC 8106 section 5.2)')
        break
      case 'pref64':
        check(option.plc > 5, `prefix length code ${option.plc} (RFC 8781 section 4)`)
        break
      case 'malformed':
        check(true, 'an option that no length can explain (RFC 4861 section 4.6)')
        break
      default:
        // A known number whose octets are not of its form.
        check(typeof type === 'number' && isNdOptionCode(type), `option ${type} has not its form`)
    }
  }
  return flaws
}

/** All nodes, and what has scope 0 or 1. */
const isNeverReported = (group: string): boolean => group === 'ff02::1' || /^ff[0-9a-f][01]:/.test(group)

const isUnicast = (address: string): boolean => address !== '::' && !isMulticast(address)
const isGroupMac = (mac: string): boolean => (Number.parseInt(mac.slice(0, 2), 16) & 1) === 1

/** RFC 2711: its value is two octets, 0 for MLD. */
const hasRouterAlert = ([first]: readonly ExtensionHeader[]): boolean =>
  first?.type === 'hop-by-hop' &&
  first.options.some(({ type, data }) => type === ROUTER_ALERT && data.length === 2 && data.every((byte) => byte === 0))
