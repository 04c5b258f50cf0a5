import { claim, type Dhcpv6Message, dhcpv6, dhcpv6Status, type Frame, type Mark, markOf, scenario, z } from 'denat'
import { refused, saying, statusCode, without } from '../steps/answers.ts'

/** Advertises without any lease, RFC 8415 section 18.3.9 and as older servers word it. */
const empty = {
  'status in each IA': (message) =>
    refused(refused(message, 'ia-na', dhcpv6Status.noAddrsAvail), 'ia-pd', dhcpv6Status.noPrefixAvail),
  'status of the message': (message) =>
    saying(without(message, 'ia-na', 'ia-pd'), statusCode(dhcpv6Status.noAddrsAvail)),
  'no IA at all': (message) => without(message, 'ia-na', 'ia-pd'),
} satisfies Record<string, (message: Dhcpv6Message) => Dhcpv6Message>
export type Form = keyof typeof empty
export const forms = Object.keys(empty) as [Form, ...Form[]]

export const emptyAdvertise = markOf('empty-advertise', {
  data: { form: z.enum(forms) },
  frames: ['solicit', 'advertise'],
})
export const offered = markOf('offered', { frames: ['solicit', 'advertise'] })
const silenceOver = markOf('silence-over', { frames: ['request'] })
export const served = markOf('served', { data: { address: z.string().optional() }, frames: ['online'] })

const ias = new Set<unknown>(['ia-na', 'ia-pd'])

/** Requests without an answer: gaps of 1 + 2 + 4 = 7 s lie between them and the one that is answered. */
const unanswered = 3

export const unansweredRequest = scenario(
  'unanswered-request',
  {
    story:
      'The first three Solicits get Advertises without a lease. The answer to the fourth offers one, and then the server does not answer three Requests.',
    world: { name: 'unanswered-request', delegatedLength: 56 },
    from: 'new subscriber',
  },
  async ({ dut, isp, lan, timing, mark }) => {
    // A router may ask for its address and its prefix by clients of their own.
    const asked = new Map<string, number>()
    const clientOf = ({ options }: Dhcpv6Message) =>
      options
        .map(({ type }) => type)
        .filter((type) => ias.has(type))
        .join()
    let offering = false
    isp.answerWith('Advertises that grant nothing, then one that does, and no Reply', (message, usual) => {
      if (!usual) return undefined
      const count = asked.get(clientOf(message)) ?? 0
      // A router that took such an Advertise for an offer is refused again.
      if (message.type === 'request' && !offering) return empty[forms[count - 1] ?? 'no IA at all'](usual)
      if (message.type !== 'solicit') return undefined
      asked.set(clientOf(message), count + 1)
      const form = forms[count]
      return form ? empty[form](usual) : usual
    })
    const power = await dut.begin()
    let last: Frame | Mark = power
    let by = { ...timing.boot, slack: timing.boot.slack + 30 }
    const solicited = async () => {
      const or = last === power ? 'RFC7084-W-4' : 'RFC8415-18.2.9-EMPTYADV'
      const solicit = await isp.receives(dhcpv6('solicit', { iaPd: {} }), { since: last, by, or })
      last = solicit
      by = timing.after(16, claim`four times the timeout that is due, or a refusal that lets it restart`)
      return { solicit, advertise: isp.latest(dhcpv6('advertise'), { or }) }
    }
    for (const form of forms) mark(emptyAdvertise, { form }, await solicited())
    mark(offered, {}, await solicited())
    offering = true

    const request = await isp.receives(dhcpv6('request', { iaPd: {} }), {
      since: last,
      by: timing.service,
      or: 'RFC7084-W-4',
    })
    let sent: Frame | undefined = request
    for (let n = 1; n < unanswered && sent; n++)
      sent = await isp.awaits(dhcpv6('request', { iaPd: {} }), {
        since: sent,
        by: timing.after(1.1 * 2.1 ** (n - 1), claim`twice the timeout before, and 10 % (RFC 8415 section 15)`),
      })
    isp.answerWith('as usual')
    const again = await isp.awaits(dhcpv6('request', { iaPd: {} }), {
      since: sent ?? request,
      by: { forced: 5, slack: 30, why: claim`twice the timeout before, and half a minute` },
    })
    mark(silenceOver, {}, { request: again })
    const online = await lan.host.settles({ since: again ?? sent ?? request, by: timing.service })
    mark(served, { address: lan.host.gua() }, { online })
  },
)
