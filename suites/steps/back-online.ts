import { anyOf, type Bench, type Frame, type Mark } from 'denat'

/**
 * Waits for a router that was ordered to restart. Hosts keep what they have learned from it, so only two things count:
 * it sends DHCPv6 to its ISP again, and then a host's echo request is answered. Resolves with the answer.
 */
export async function backOnline(
  { isp, lan, internet, timing }: Pick<Bench, 'isp' | 'lan' | 'internet' | 'timing'>,
  since: Mark,
  host = lan.host,
): Promise<Frame | undefined> {
  const asking = anyOf('solicit', 'request', 'renew', 'rebind', 'confirm', 'information-request')
  const asked = await isp.awaits({ dhcp6: { type: asking } }, { since, by: timing.boot })
  return host.reaches(internet.address, { since: asked ?? since, by: timing.service })
}
