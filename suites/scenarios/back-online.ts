import { anyOf, type Bench, type Frame, type Mark } from 'denat'

/**
 * Waits for a router that was told to restart. Hosts keep what they knew of it, so only two things count: it speaks
 * DHCPv6 to its ISP again, and then a host's echo request is answered. Resolves with the answer.
 */
export async function backOnline(
  { isp, lan, internet, timing, clock }: Pick<Bench, 'isp' | 'lan' | 'internet' | 'timing' | 'clock'>,
  since: Mark,
): Promise<Frame | undefined> {
  const asking = anyOf('solicit', 'request', 'renew', 'rebind', 'confirm', 'information-request')
  await isp.hears({ dhcp6: { type: asking } }, { since, by: timing.boot })
  const until = clock.now() + timing.service.forced + timing.service.slack
  for (;;) {
    const reply = await lan.host.ping(internet.address, { within: 1 })
    if (reply || clock.now() >= until) return reply
    if (!lan.host.gua() || !lan.host.hasDefaultRouter()) await lan.host.settles({ since, by: timing.boot })
  }
}
