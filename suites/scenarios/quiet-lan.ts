import { claim, dhcpv6, markOf, ra, scenario } from 'denat'
import { ntpAddress } from '../steps/lan-services/services.ts'

/** MaxRtrAdvInterval at most (RFC 4861 section 6.2.1), and the initial advertisements before. Seconds. */
const listening = { initial: 60, quiet: 1800 }

export const quiet = markOf('quiet')
export const quietOver = markOf('quiet-over', { frames: ['solicited', 'answer'] })

export const quietLan = scenario(
  'quiet-lan',
  {
    story:
      'The ISP announces a time server. For half an hour no host sends a request: the router sends unsolicited RAs.',
    world: {
      name: 'quiet-lan',
      delegatedLength: 56,
      // A lease that is renewed meanwhile may be advertised.
      isp: { dhcpv6: { t1: 43_200, t2: 69_120, preferredLifetime: 86_400, validLifetime: 172_800 } },
    },
    from: 'cold boot',
    takes: 1870,
    profile: 'full',
  },
  async ({ dut, isp, lan, internet2, timing, mark, listen }) => {
    isp.answerWith(
      'with a time server as well',
      (_, usual) =>
        usual && {
          ...usual,
          options: [...usual.options, { type: 'ntp-server', data: ntpAddress(internet2.address) }],
        },
    )
    const { boot } = timing
    const request = await isp.receives(dhcpv6('request'), {
      since: await dut.powerOn(),
      by: { ...boot, slack: boot.slack + 30, why: claim`${boot.why}, and 30 s` },
      or: 'RFC7084-W-4',
    })
    await lan.host.online({ since: request, by: timing.service, or: 'DENAT-DEFAULT-1' })
    await listen(timing.after(listening.initial, claim`MAX_INITIAL_RTR_ADVERTISEMENTS 3, 16 s apart`))
    mark(quiet, {})
    await listen(timing.after(listening.quiet, claim`the longest MaxRtrAdvInterval (RFC 4861 section 6.2.1)`))
    const solicited = lan.host.solicitRouter()
    const answer = await lan.awaits(ra(), { since: solicited, by: timing.raChange })
    mark(quietOver, {}, { solicited, answer })
  },
)
