import {
  addressIn,
  anyOf,
  type Bench,
  claim,
  type Dhcpv6Message,
  dhcpv6,
  dhcpv6OptionCode,
  flawed,
  markOf,
  prefixLength,
  ra,
  scenario,
  z,
} from 'denat'
import { lease, type Option, saying, withIas, without } from '../steps/answers.ts'
import { linePrefix } from '../steps/line-prefix.ts'
import { sendMutants } from '../steps/mutations.ts'

const about = z.enum(['Advertise', 'Reply'])
export type About = z.infer<typeof about>

/** What makes a message not the client's: RFC 8415 sections 16.1, 16.3 and 16.10. */
const flaws = {
  'another transaction-id': (message) => ({ ...message, transactionId: message.transactionId ^ 1 }),
  'no Server Identifier': (message) => without(message, 'server-id'),
  'no Client Identifier': (message) => without(message, 'client-id'),
  'another Client Identifier': (message) => saying(message, { type: 'client-id', duid: '0003000102bebebebebe' }),
} as const satisfies Record<string, (message: Dhcpv6Message) => Dhcpv6Message>

export type Flaw = keyof typeof flaws
export const flawNames = Object.keys(flaws) as [Flaw, ...Flaw[]]

/** The prefix that the line delegates, and the first address of the /64 that is left to the WAN. */
export const grants = markOf('grants', { data: { prefix: z.string(), excluded: z.string() } })
/** What a flawed answer offers, and the server that it names. */
export const flawedAnswer = markOf('flawed', {
  data: { about, flaw: z.enum(flawNames), prefix: z.string(), server: z.string() },
  frames: ['sent'],
})
export const solicitsOn = markOf('solicits-on', { frames: ['first', 'again'] })
export const advertised = markOf('advertised', { frames: ['solicit', 'advertise'] })
export const requested = markOf('requested', { frames: ['request'] })
export const online = markOf('online', { data: { address: z.string().optional() }, frames: ['online'] })
export const firstFlow = markOf('first-flow', { frames: ['reply'] })
/** A packet that ends at the router, and its error. */
export const hop = markOf('hop', { frames: ['sent', 'error'] })
export const over = markOf('over', { frames: ['solicited', 'advertised'] })

const lifetimes = { preferred: 600, valid: 900 }

/** Before the valid answer, the same is sent with one flaw each, with other prefixes and from unknown servers. */
function sendFlawed({ isp, mark }: Pick<Bench, 'isp' | 'mark'>, kind: About, valid: Dhcpv6Message): void {
  const customer = isp.customer()
  for (const [index, flaw] of flawNames.entries()) {
    const prefix = isp.otherPrefix()
    const server = `0003000102bebebe${kind === 'Reply' ? '01' : '00'}0${index}`
    const bogus = saying(
      withIas(valid, 'ia-pd', (ia) => ({ ...ia, options: [lease(prefix, lifetimes)] })),
      // A Reply differs from a valid one by its flaw alone.
      ...(kind === 'Advertise' ? ([{ type: 'server-id', duid: server }] as const) : []),
      ...(kind === 'Advertise' ? ([{ type: 'preference', value: 255 }] as const) : []),
    )
    const frame = isp.send(
      { ip6: { dst: customer?.linkLocal }, udp: { srcPort: 547, dstPort: 546 }, dhcp6: flaws[flaw](bogus) },
      flawed(`${kind} with ${flaw}`),
    )
    mark(flawedAnswer, { about: kind, flaw, prefix, server }, { sent: frame })
  }
}

/** RFC 6603 section 4.2: the first /64 of a prefix, as seen from that prefix. */
const excludingFirst = (prefix: string): Option => ({
  type: 'pd-exclude',
  data: Uint8Array.of(64, ...new Uint8Array(Math.ceil((64 - prefixLength(prefix)) / 8))),
})

export const firstAnswers = scenario(
  'first-answers',
  {
    story:
      'A new router requests an address and a prefix. Its first Solicit is answered only by mutants of an Advertise. Advertises and Replies with one flaw each precede the valid ones, which delegate a prefix and assign no address: the Advertise has NoAddrsAvail, the Reply has no IA_NA. RAs have no prefix. A router that requests PD_EXCLUDE must leave the first /64 to the WAN link.',
    world: {
      name: 'first-answers',
      delegatedLength: 56,
      isp: { ra: { managed: true, other: false, autonomous: undefined }, dhcpv6: { iaNa: false } },
    },
    from: 'new subscriber',
  },
  async (bench) => {
    const { dut, isp, lan, internet, timing, mark, listen } = bench
    const prefix = linePrefix({ isp })
    mark(grants, { prefix, excluded: addressIn(prefix, 0) })
    const done = new Set<About | 'mutants'>()
    isp.answerWith('flawed answers first; no address; an excluded prefix where it is asked for', (asked, usual) => {
      if (!usual) return usual
      const wants = asked.options.some(
        (one) => one.type === 'oro' && one.codes.includes(dhcpv6OptionCode('pd-exclude')),
      )
      const valid = withIas(usual, 'ia-pd', (ia) => ({
        ...ia,
        options: ia.options.map((one) =>
          one.type === 'ia-prefix' && wants && prefixLength(one.prefix) < 64
            ? { ...one, options: [excludingFirst(one.prefix)] }
            : one,
        ),
      }))
      const kind = asked.type === 'solicit' ? 'Advertise' : asked.type === 'request' ? 'Reply' : undefined
      const prefixed = asked.options.some(({ type }) => type === 'ia-pd')
      if (kind === 'Advertise' && prefixed && !done.has('mutants')) {
        done.add('mutants')
        sendMutants(bench, 'Advertise', usual, isp.otherPrefix())
        return undefined
      }
      if (kind && prefixed && !done.has(kind)) {
        done.add(kind)
        sendFlawed(bench, kind, valid)
      }
      return usual.type === 'reply' ? without(valid, 'ia-na') : valid
    })

    const power = await dut.begin()
    const { boot } = timing
    const asking = { ...boot, slack: boot.slack + 30, why: claim`${boot.why}, and 30 s` }
    await isp.receives(dhcpv6('solicit'), { since: power, by: asking, or: 'RFC7084-WAA-3' })
    const first = await isp.receives(dhcpv6('solicit', { iaPd: {} }), { since: power, by: asking, or: 'RFC7084-W-4' })
    const solicit = await isp.receives(dhcpv6('solicit', { iaPd: {} }), {
      since: first,
      by: timing.service,
      or: 'ROB-FUZZ-DHCP6',
    })
    mark(solicitsOn, {}, { first, again: solicit })
    const advertise = isp.latest(dhcpv6('advertise', { iaPd: {} }), { or: 'RFC7084-W-4' })
    mark(advertised, {}, { solicit, advertise })
    const request = await isp.awaits(dhcpv6('request', { iaPd: {} }), { since: solicit, by: timing.service })
    mark(requested, {}, { request })
    const ready = request && (await lan.host.settles({ since: request, by: timing.service }))
    mark(online, { address: lan.host.gua() }, { online: ready })
    if (!ready) {
      mark(over, {})
      return
    }
    mark(firstFlow, {}, { reply: await lan.host.ping(internet.address) })
    const own = anyOf('time-exceeded')
    // Good routers limit the rate of their errors.
    for (const seq of [1, 2, 3]) {
      const sent = await lan.host.send(
        {
          ip6: { src: lan.host.gua(), dst: internet.address, hopLimit: 1 },
          icmp6: { type: 'echo-request', id: 1701, seq, data: new Uint8Array(8) },
        },
        'who is the first router on the way?',
      )
      const error = await lan.host.awaits({ icmp6: { type: own } }, { since: sent, by: timing.answer() })
      mark(hop, {}, { sent, error })
      if (error) break
    }
    const solicited = lan.host.solicitRouter()
    mark(over, {}, { solicited, advertised: await lan.awaits(ra(), { since: solicited, by: timing.raChange }) })
    await listen(timing.after(0.1, claim`the last frame`))
  },
)
