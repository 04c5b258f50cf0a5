import { dhcpv6, scenario } from 'denat'

/** RFC 8415 section 21.13. */
const noBinding = { type: 'status-code', status: 3, message: '' } as const
/** Releases of which nothing is heard; the next is answered with NoBinding. */
const unanswered = 2

/** MAX_FINAL_RTR_ADVERTISEMENTS, each held for MIN_DELAY_BETWEEN_RAS: RFC 4861 section 10. Seconds. */
const finalRas = 3 * 3 + 0.5

export const release = scenario(
  'release',
  {
    story:
      'Somebody switches IPv6 off on the page. Where the router releases its lease, two Releases get no answer and the third is told that there is no such lease; a host asks for an RA meanwhile.',
    world: { name: 'release', delegatedLength: 56 },
    from: 'online',
    webUi: 'ipv4',
  },
  async ({ webUi, isp, lan, timing, mark, listen }) => {
    if (!webUi) return
    const grant = isp.latest(dhcpv6('reply', { iaPd: {} }), { or: 'RFC7084-W-4' })
    mark('granted', {}, [grant])
    let releases = 0
    isp.answerWith('a Release is lost twice, then refused', (asked, usual) => {
      if (asked.type !== 'release' || !usual) return usual
      if (releases++ < unanswered) return undefined
      const identities = usual.options.filter(({ type }) => type === 'server-id' || type === 'client-id')
      const ias = asked.options.flatMap((one) =>
        one.type === 'ia-na' || one.type === 'ia-pd' ? [{ ...one, t1: 0, t2: 0, options: [noBinding] }] : [],
      )
      return { ...usual, options: [...identities, ...ias] }
    })
    await webUi.signIn()
    const off = mark('switched-off')
    await webUi.setIpv6(false)
    const applied = mark('applied-off', { since: off.at })
    const first = await isp.hears(dhcpv6('release'), {
      since: off,
      by: timing.after(applied.at - off.at + finalRas, 'three final RAs 3 s apart (RFC 4861 section 6.2.5)'),
    })
    mark('released', {}, [first])
    if (first) {
      // Who still serves the LAN tells it of the prefix.
      lan.host.solicitRouter()
      await listen(timing.after(8.5, 'four Releases, if the third were not enough'), first)
    }
    mark('release-over')
  },
)
