import { icmpv6Title } from './icmpv6.ts'
import { type Difference, type Pattern, showPattern } from './match.ts'
import { clip } from './printable.ts'

/** The longest text that `describePattern` gives. */
const MAX_TEXT = 300

const LAYERS: Record<string, string> = {
  arp: 'ARP packet',
  otherArp: 'ARP packet',
  icmp4: 'ICMP message',
  icmp6: 'ICMPv6 message',
  dhcp4: 'DHCPv4 message',
  dhcp6: 'DHCPv6 message',
  dns: 'DNS message',
  tcp: 'TCP segment',
  udp: 'UDP datagram',
  ip4: 'IPv4 packet',
  ip6: 'IPv6 packet',
}

/** `a Renew with IA_PD (iaid 1)`, `an RA with routerLifetime 0, from fe80::1`. */
export function describePattern(pattern: Pattern): string {
  const layers = pattern as Record<string, unknown>
  const subject = Object.keys(LAYERS).find((layer) => isFields(layers[layer]))
  const { ip6, ip4, ...others } = layers
  const details = Object.entries(others).flatMap(([layer, value]) => describeLayer(layer, value, subject))
  const title = subject === undefined ? 'packet' : titleOf(subject, layers[subject] as Record<string, unknown>)
  const text = `${article(title)} ${title}${details.length > 0 ? ` with ${details.join(', ')}` : ''}`
  return clip([text, ...describeIp(ip6), ...describeIp(ip4)].join(', '), MAX_TEXT)
}

/** `icmp6.routerLifetime: expected 0, seen 1800`; three at most. */
export function describeDifferences(differences: readonly Difference[]): string {
  return differences
    .slice(0, 3)
    .map(({ path, expected, seen }) => `${path}: expected ${expected}, seen ${seen}`)
    .join('; ')
}

function titleOf(layer: string, fields: Record<string, unknown>): string {
  const { type } = fields
  if (layer === 'dhcp6' && typeof type === 'string') return type.charAt(0).toUpperCase() + type.slice(1)
  if (layer === 'icmp6' && typeof type === 'string') return icmpv6Title(type as Parameters<typeof icmpv6Title>[0])
  return LAYERS[layer] as string
}

function describeLayer(layer: string, value: unknown, subject: string | undefined): string[] {
  if (value === undefined) return []
  if (!isFields(value)) return [`${layer} ${showPattern(value)}`]
  const prefix = layer === subject ? '' : `${layer}.`
  return Object.entries(value).flatMap(([key, field]) => {
    if (field === undefined || (prefix === '' && key === 'type' && typeof field === 'string')) return []
    if (Array.isArray(field)) return field.map(describeElement)
    return [`${prefix}${key} ${showPattern(field)}`]
  })
}

/** Options go by the specification's spelling. */
function describeElement(element: unknown): string {
  return showPattern(element).replace(/\bia-(na|ta|pd)\b/g, (name) => name.toUpperCase().replace('-', '_'))
}

function describeIp(ip: unknown): string[] {
  if (!isFields(ip)) return ip === undefined ? [] : [showPattern(ip)]
  const { src, dst, ...others } = ip
  const fields = Object.entries(others).map(([key, value]) => `${key} ${showPattern(value)}`)
  if (src !== undefined) fields.push(`from ${showPattern(src)}`)
  if (dst !== undefined) fields.push(`to ${showPattern(dst)}`)
  return fields
}

function article(title: string): string {
  return /^([AEIO]|RA\b|RS\b|NS\b|NA\b|MLD)/.test(title) ? 'an' : 'a'
}

function isFields(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
