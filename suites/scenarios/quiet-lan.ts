import { scenario } from 'denat'

/** MaxRtrAdvInterval at the most (RFC 4861 section 6.2.1), and the initial advertisements before. Seconds. */
const listening = { initial: 60, quiet: 1800 }

export const quietLan = scenario(
  'quiet-lan',
  {
    story: 'For half an hour nobody asks for anything: the router advertises itself of its own accord.',
    world: {
      name: 'quiet-lan',
      delegatedLength: 56,
      // A lease that is renewed meanwhile may be told of.
      isp: { dhcpv6: { t1: 43_200, t2: 69_120, preferredLifetime: 86_400, validLifetime: 172_800 } },
    },
    from: 'online',
    takes: 1870,
    profile: 'full',
  },
  async ({ lan, timing, mark, listen }) => {
    await listen(timing.after(listening.initial, 'MAX_INITIAL_RTR_ADVERTISEMENTS 3, 16 s apart'))
    mark('quiet')
    await listen(timing.after(listening.quiet, 'the longest MaxRtrAdvInterval (RFC 4861 section 6.2.1)'))
    const solicited = lan.host.solicitRouter()
    mark('quiet-over', {}, [
      solicited,
      await lan.hears({ icmp6: { type: 'router-advertisement' } }, { since: solicited, by: timing.raChange }),
    ])
  },
)
