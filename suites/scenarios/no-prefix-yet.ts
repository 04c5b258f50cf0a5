import {
  addressIn,
  claim,
  type Dhcpv6Message,
  dhcpv6,
  dhcpv6Of,
  dhcpv6OptionsOf,
  dhcpv6Status,
  type Frame,
  iaAddresses,
  markOf,
  nextPrefix,
  optionsOf,
  prefixContains,
  ra,
  raUpdate,
  scenario,
  z,
} from 'denat'
import { lease, refused, withIas } from '../steps/answers.ts'
import { elapsed, longestAfter } from '../steps/elapsed.ts'

/** Why a server has no answer to a Request. It discards one without a Client Identifier: RFC 9915 section 16.4. */
const unanswered = (request: Frame) =>
  dhcpv6OptionsOf(request, 'client-id').length > 0 ? 'RFC7084-WAA-6' : 'RFC9915-16-CLIENTFORM'

const names = ({ options }: Pick<Dhcpv6Message, 'options'>, address: string): boolean =>
  optionsOf({ options }, 'ia-na').some((ia) => optionsOf(ia, 'ia-addr').some((one) => one.address === address))

/** `address` was offered. The flag: a Request named it, and the Reply has NotOnLink for it. */
export const notOnLink = markOf('not-on-link', {
  data: { address: z.string(), told: z.boolean() },
  frames: ['offered', 'request', 'refusal'],
})
/** The next Request, without that address. */
export const anotherTry = markOf('anew', { frames: ['request'] })
const relents = markOf('relents')
/** The Reply that assigns an address and refuses a prefix. */
export const prefixRefused = markOf('refused', { frames: ['request', 'reply'] })
export const addressAskedFor = markOf('asked', {
  data: { target: z.string().optional() },
  frames: ['question', 'answer'],
})
export const askedAgain = markOf('asked-again', { frames: ['again'] })
export const available = markOf('available', { data: { prefix: z.string() } })
export const online = markOf('online', { data: { address: z.string().optional() }, frames: ['online'] })
export const firstFlow = markOf('first-flow', { frames: ['reply'] })

/** Seconds. */
const times = { t1: 2, t2: 4 }
const lifetimes = { preferred: 4, valid: 90 }

export const noPrefixYet = scenario(
  'no-prefix-yet',
  {
    story:
      'The ISP sends NoPrefixAvail, and NotOnLink for the address that it offered first. It assigns another address. When the router requests a prefix again it is refused a second time, and then a prefix is delegated.',
    world: {
      name: 'no-prefix-yet',
      isp: {
        ra: { managed: true, other: true, autonomous: undefined },
        dhcpv6: { prefixes: [], ...times, preferredLifetime: lifetimes.preferred, validLifetime: lifetimes.valid },
      },
    },
    from: 'cold boot',
  },
  async ({ dut, isp, lan, internet, timing, mark, listen }) => {
    const elsewhere = addressIn(nextPrefix(isp.parameters.wanPrefix), 0xb1)
    const instead = addressIn(isp.parameters.wanPrefix, 0xb2)
    let isRefused = false
    let refusing = true
    isp.answerWith('an address that turns out to be of another link', (asked, usual) => {
      if (!usual) return usual
      const granting = (address: string) =>
        withIas(usual, 'ia-na', (ia) => ({ ...ia, ...times, options: [lease(address, lifetimes)] }))
      if (asked.type === 'solicit' && !isRefused) return granting(elsewhere)
      // What was granted in the end is extended, too.
      if (names(asked, instead)) return granting(instead)
      if (asked.type !== 'request' || !names(asked, elsewhere)) return usual
      if (!refusing) return granting(instead)
      isRefused = true
      return refused(usual, 'ia-na', dhcpv6Status.notOnLink)
    })
    const power = await dut.powerOn()
    const { boot } = timing
    const asking = { ...boot, slack: boot.slack + 30, why: claim`${boot.why}, and 30 s` }
    await isp.receives(dhcpv6('solicit'), { since: power, by: asking, or: 'RFC7084-WAA-3' })
    const solicit = await isp.receives(dhcpv6('solicit', { iaNa: {} }), {
      since: power,
      by: asking,
      or: 'RFC7084-WAA-6',
    })
    const first = await isp.receives(dhcpv6('request', { iaNa: {} }), {
      since: solicit,
      by: timing.after(30, claim`some Solicits`),
      or: 'RFC8415-18.2.10-NOPREFIX',
    })
    const offered = isp.latest(dhcpv6('advertise', { iaNa: {} }), { or: 'RFC7084-WAA-6' })
    const answer = isp.latest(dhcpv6('reply', { transactionId: dhcpv6Of(first).transactionId }), {
      or: unanswered(first),
    })
    mark(notOnLink, { address: elsewhere, told: isRefused }, { offered, request: first, refusal: answer })
    const other = (options: unknown) => !names({ options: options as Dhcpv6Message['options'] }, elsewhere)
    // A Request need not name what was offered: then it is answered as usual.
    const second = isRefused
      ? await isp.awaits(
          { dhcp6: { type: 'request', options: other } },
          { since: answer, by: timing.after(10, claim`a new discovery`) },
        )
      : first
    mark(anotherTry, {}, { request: second })
    // A client that repeats the same receives another answer in the end: the rest can be seen nevertheless.
    refusing = false
    const request =
      second ??
      (await isp.receives(dhcpv6('request'), {
        since: mark(relents, {}),
        by: timing.after(16, claim`twice the timeouts of a Request until now (RFC 8415 section 15)`),
        or: 'RFC8415-18.2.10-NOTONLINK',
      }))
    const { transactionId } = dhcpv6Of(request)
    const reply = isp.latest(dhcpv6('reply', { transactionId }), { or: unanswered(request) })
    mark(prefixRefused, {}, { request, reply })
    await listen(timing.after(2, claim`DAD (RFC 4862 section 5.4)`), reply)
    const target = iaAddresses(reply)[0]?.address
    const asked = target ? await isp.solicitNeighbor(target) : undefined
    mark(addressAskedFor, { target }, { ...asked })

    // At T1 by Renew, or by a Solicit of its own, whose timeouts have grown meanwhile.
    const again = await isp.awaits(
      { dhcp6: { options: [{ type: 'ia-pd' }] } },
      {
        since: reply,
        by: timing.after(times.t2 + 16, claim`T2 of the lease, and the timeouts of Solicit`),
      },
    )
    mark(askedAgain, {}, { again })
    const fresh = isp.otherPrefix()
    const changed = isp.change({ dhcpv6: { prefixes: [fresh] } })
    mark(available, { prefix: fresh })
    const next = Math.max(24, again ? longestAfter(elapsed(again)) : 0)
    const ready = await lan.host.settles({
      since: changed,
      by: timing.after(next + 8, claim`the next timeout of Solicit, and the way of a prefix to a host`),
    })
    // A host may be online by DHCPv6 before the router has advertised the prefix.
    const ofFresh = (prefix: unknown) => typeof prefix === 'string' && prefixContains(fresh, prefix)
    if (ready)
      await lan.awaits(ra({ prefixInformation: { prefix: ofFresh } }), {
        since: changed,
        by: timing.after(next + 8 + raUpdate.max, claim`an RA with the prefix`),
      })
    mark(online, { address: lan.host.gua() }, { online: ready })
    if (ready) mark(firstFlow, {}, { reply: await lan.host.ping(internet.address) })
  },
)
