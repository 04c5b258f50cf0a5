import type { Bench } from 'denat'

/** The prefix that the line delegates now. Throws `TypeError` where it delegates none. */
export function linePrefix({ isp }: Pick<Bench, 'isp'>): string {
  const [prefix] = isp.parameters.dhcpv6.prefixes
  if (prefix === undefined) throw new TypeError('this line delegates no prefix')
  return prefix
}
