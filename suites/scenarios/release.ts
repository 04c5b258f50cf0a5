import { claim, dhcpv6, dhcpv6Status, markOf, scenario, z } from 'denat'
import { statusCode } from '../steps/answers.ts'
import { leased } from '../steps/lease.ts'
import { switchedOff } from './web-ui.ts'

const appliedOff = markOf('applied-off', { data: { since: z.number() } })
const released = markOf('released', { frames: ['release'] })
export const releaseOver = markOf('release-over')

/** Number of Releases without an answer; the next is answered with NoBinding. */
const unanswered = 2

/** MAX_FINAL_RTR_ADVERTISEMENTS, each delayed by MIN_DELAY_BETWEEN_RAS: RFC 4861 section 10. Seconds. */
const finalRas = 3 * 3 + 0.5

export const release = scenario(
  'release',
  {
    story:
      'A user disables IPv6 on the page. Where the router releases its lease, two Releases get no answer and the third is answered with NoBinding; a host sends an RS at this time.',
    world: { name: 'release', delegatedLength: 56 },
    from: 'online',
    takes: 30,
    webUi: 'ipv4',
    leaves: 'settings',
  },
  async ({ webUi, isp, lan, timing, mark, listen }) => {
    if (!webUi) return
    const grant = isp.latest(dhcpv6('reply', { iaPd: {} }), { or: 'RFC7084-W-4' })
    mark(leased, {}, { grant })
    let releases = 0
    isp.answerWith('a Release is lost twice, then refused', (asked, usual) => {
      if (asked.type !== 'release' || !usual) return usual
      if (releases++ < unanswered) return undefined
      const identities = usual.options.filter(({ type }) => type === 'server-id' || type === 'client-id')
      const ias = asked.options.flatMap((one) =>
        one.type === 'ia-na' || one.type === 'ia-pd'
          ? [{ ...one, t1: 0, t2: 0, options: [statusCode(dhcpv6Status.noBinding)] }]
          : [],
      )
      return { ...usual, options: [...identities, ...ias] }
    })
    await webUi.signIn()
    const off = mark(switchedOff, {})
    await webUi.setIpv6(false)
    const applied = mark(appliedOff, { since: off.at })
    const first = await isp.awaits(dhcpv6('release'), {
      since: off,
      by: timing.after(applied.at - off.at + finalRas, claim`three final RAs 3 s apart (RFC 4861 section 6.2.5)`),
    })
    mark(released, {}, { release: first })
    if (first) {
      // A router that still serves the LAN advertises the prefix.
      lan.host.solicitRouter()
      await listen(timing.after(8.5, claim`four Releases, if the third were not enough`), first)
    }
    mark(releaseOver, {})
  },
)
