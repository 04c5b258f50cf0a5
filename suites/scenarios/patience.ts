import {
  claim,
  type Dhcpv6Message,
  dhcpv6,
  dhcpv6Status,
  type Frame,
  flawed,
  inPrefix,
  type Mark,
  markOf,
  ns,
  scenario,
  z,
} from 'denat'
import { type Ia, lease, saying, statusCode, withIas, without } from '../steps/answers.ts'
import { elapsed, justBegun, longestAfter } from '../steps/elapsed.ts'
import { claimOf } from './duplicate-address.ts'

/** The Solicit that the cap of the Advertises has to be seen by. */
export const capped = markOf('capped', { data: { solMaxRt: z.number() }, frames: ['last'] })
export const firstRequest = markOf('first-request', { frames: ['request'] })
export const givenUp = markOf('given-up', { frames: ['solicit'] })
export const unusable = markOf('unusable', { frames: ['request'] })
export const refusing = markOf('refusing')
export const refused = markOf('refused', { frames: ['request'] })
export const patienceOver = markOf('patience-over')
const granting = markOf('granting')
export const claimed = markOf('claimed', { data: { address: z.string().optional() }, frames: ['probe', 'claim'] })
export const declined = markOf('declined', { frames: ['decline'] })
export const declinesOver = markOf('declines-over')

/** The least that SOL_MAX_RT may be, RFC 8415 section 21.24. Seconds. */
const solMaxRt = 60
/** Gaps of 1 + 2 + 4 + 8 + 16 + 32 s come before two that are capped. */
const solicits = 9
/** Exchanges that are begun before one lasts. */
const most = 4
/** Longer than the interval in which RFC 8415 section 14.1 limits the number of messages. Seconds. */
const ratePeriod = 30

export const patience = scenario(
  'patience',
  {
    story:
      'Nine Solicits are answered by Advertises without a lease that contain SOL_MAX_RT 60. The answer to the tenth offers one, and then no Request is answered until the router stops sending Requests to that server. Then each Reply delegates a prefix with invalid lifetimes, and later has UnspecFail. At the end a Reply assigns an address that another node has, and no server answers the Declines.',
    world: { name: 'patience', delegatedLength: 56 },
    from: 'cold boot',
    takes: 530,
    profile: 'full',
  },
  async ({ dut, isp, timing, mark, listen }) => {
    let phase: 'empty' | 'silent' | 'unusable' | 'refused' | 'declined' = 'empty'
    isp.answerWith(
      'no lease, then no Reply, then one that is unusable',
      (asked, usual) => {
        if (!usual || (asked.type !== 'solicit' && asked.type !== 'request')) return undefined
        if (phase === 'empty')
          return saying(withoutLease(usual), statusCode(dhcpv6Status.noPrefixAvail), {
            type: 'sol-max-rt',
            value: solMaxRt,
          })
        if (asked.type === 'solicit' || phase === 'declined') return usual
        if (phase === 'refused') return saying(withoutLease(usual), statusCode(dhcpv6Status.unspecFail))
        return phase === 'silent' ? undefined : withUnusableLease(usual)
      },
      () => (phase === 'unusable' ? flawed('preferred for longer than valid') : `the ISP's answer is ${phase}`),
    )
    let last: Frame | Mark = await dut.powerOn()
    let by = { ...timing.boot, slack: timing.boot.slack + 30 }
    let complete = false
    let exchanges = 1
    for (let n = 0; n < solicits; n++) {
      const solicit: Frame | undefined = await isp.awaits(dhcpv6('solicit', { iaPd: {} }), { since: last, by })
      complete = solicit !== undefined
      if (!solicit) break
      // An RA may restart the exchange.
      if (n > 0 && elapsed(solicit) < justBegun && exchanges++ < most) n = 0
      last = solicit
      by = timing.after(
        Math.min(Math.max(2 ** n * 1.5, longestAfter(elapsed(solicit))), solMaxRt * 3.2),
        claim`twice the timeout before, or one that ignores SOL_MAX_RT`,
      )
    }
    mark(capped, { solMaxRt }, { last: complete && 'bytes' in last ? last : undefined })

    phase = 'silent'
    const request = await isp.awaits(dhcpv6('request', { iaPd: {} }), {
      since: last,
      by: timing.after(solMaxRt * 6.5, claim`the next Solicit, even where SOL_MAX_RT is ignored`),
    })
    mark(firstRequest, {}, { request })
    const again =
      request &&
      (await isp.awaits(dhcpv6('solicit', { iaPd: {} }), {
        since: request,
        by: {
          forced: 181,
          slack: 90,
          why: claim`ten Requests (RFC 8415 section 7.6), give or take 10 %, and a minute`,
        },
      }))
    mark(givenUp, {}, { solicit: again })

    phase = 'unusable'
    const taking = again && (await isp.awaits(dhcpv6('request', { iaPd: {} }), { since: again, by: timing.service }))
    mark(unusable, {}, { request: taking })
    if (taking) await listen(timing.after(ratePeriod, claim`a loop that is not limited`), taking)

    phase = 'refused'
    const tried = await isp.awaits(dhcpv6('request', { iaPd: {} }), {
      since: mark(refusing, {}),
      by: timing.after(solMaxRt, claim`a client that was disappointed`),
    })
    mark(refused, {}, { request: tried })
    if (tried) await listen(timing.after(ratePeriod, claim`a loop that is not limited`), tried)
    mark(patienceOver, {})

    phase = 'declined'
    const assigned = (target: unknown) => inPrefix(String(target), isp.parameters.wanPrefix)
    const probe = await isp.awaits(ns({ target: assigned }, { ip6: { src: '::' } }), {
      since: mark(granting, {}),
      by: timing.after(2 * solMaxRt, claim`a client that was disappointed twice`),
    })
    const target = probe?.packet.icmp6?.type === 'neighbor-solicitation' ? probe.packet.icmp6.target : undefined
    const expected = target ? isp.send(claimOf(target), 'another node has this address') : undefined
    mark(claimed, { address: target }, { probe, claim: expected })
    const decline = expected && (await isp.awaits(dhcpv6('decline'), { since: expected, by: timing.service }))
    mark(declined, {}, { decline })
    if (decline)
      await listen(timing.after(36, claim`a sixth Decline after 1 + 2 + 4 + 8 + 16 s, 10 % and more`), decline)
    mark(declinesOver, {})
  },
)

const withoutLease = (message: Dhcpv6Message) => without(message, 'ia-na', 'ia-pd', 'sol-max-rt')

/** Preferred above valid: RFC 8415 sections 21.6 and 21.22 let a client discard it. */
function withUnusableLease(message: Dhcpv6Message): Dhcpv6Message {
  const lifetimes = { preferred: 7200, valid: 60 }
  const spoilt = (ia: Ia): Ia => ({
    ...ia,
    options: ia.options.map((one) => {
      if (one.type === 'ia-addr') return lease(one.address, lifetimes, one.options)
      return one.type === 'ia-prefix' ? lease(one.prefix, lifetimes, one.options) : one
    }),
  })
  return withIas(withIas(message, 'ia-na', spoilt), 'ia-pd', spoilt)
}
