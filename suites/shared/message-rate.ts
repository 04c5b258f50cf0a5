import { type Claim, claim, dhcpv6Of, type Frame, the } from 'denat'

/**
 * RFC 8415 section 14.1 gives 20 messages in 20 s as a possible default and leaves the limit to the client: five times
 * that number is no limit.
 */
export const rate = { messages: 20, seconds: 20, worst: 100 }

/** `41 in 20 s: 20 request, 21 renew`. */
export function countOf(frames: readonly Frame[]): Claim {
  const counts = new Map<string, number>()
  for (const { type } of frames.map(dhcpv6Of)) counts.set(String(type), (counts.get(String(type)) ?? 0) + 1)
  const each = [...counts].map(([type, count]) => `${count} ${type}`)
  return claim`${frames.length} in ${the.seconds(rate.seconds)}: ${the.list(each.map((item) => the.name(item)))}`
}
