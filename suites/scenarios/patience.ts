import { type Dhcpv6Message, dhcpv6, type Frame, flawed, inPrefix, type Mark, ns, scenario } from 'denat'
import { elapsed, justBegun, longestAfter } from '../steps/elapsed.ts'
import { claimOf } from './duplicate-address.ts'

/** The least that SOL_MAX_RT may be, RFC 8415 section 21.24. Seconds. */
const solMaxRt = 60
/** Gaps of 1 + 2 + 4 + 8 + 16 + 32 s come before two that are capped. */
const solicits = 9
/** Exchanges that are begun before one lasts. */
const most = 4
/** More than the time of which RFC 8415 section 14.1 says how many messages it may hold. Seconds. */
const ratePeriod = 30
/** RFC 8415 section 21.13. */
const noPrefixAvail = { type: 'status-code', status: 6, message: '' } as const
const unspecFail = { type: 'status-code', status: 1, message: '' } as const

export const patience = scenario(
  'patience',
  {
    story:
      'Nine Solicits are answered by Advertises without a lease that hold SOL_MAX_RT 60. The tenth is offered one, and then no Request is answered until the router gives that server up. Then each Reply grants a prefix with lifetimes that no client may take, and later says UnspecFail. In the end one assigns an address that another node has, and nobody answers the Declines.',
    world: { name: 'patience', delegatedLength: 56 },
    from: 'factory',
    takes: 530,
    profile: 'full',
  },
  async ({ dut, isp, timing, mark, listen }) => {
    let phase: 'empty' | 'silent' | 'unusable' | 'refused' | 'declined' = 'empty'
    isp.answerWith(
      'no lease, then no Reply, then one that is unusable',
      (asked, usual) => {
        if (!usual || (asked.type !== 'solicit' && asked.type !== 'request')) return undefined
        if (phase === 'empty') return withoutLease(usual)
        if (asked.type === 'solicit' || phase === 'declined') return usual
        if (phase === 'refused') return { ...withoutIas(usual), options: [...withoutIas(usual).options, unspecFail] }
        return phase === 'silent' ? undefined : withUnusableLease(usual)
      },
      () => (phase === 'unusable' ? flawed('preferred for longer than valid') : `the ISP's answer is ${phase}`),
    )
    let last: Frame | Mark = await dut.powerOn()
    let by = { ...timing.boot, slack: timing.boot.slack + 30, why: `${timing.boot.why}, and 30 s` }
    let complete = false
    let exchanges = 1
    for (let n = 0; n < solicits; n++) {
      const solicit: Frame | undefined = await isp.hears(dhcpv6('solicit', { iaPd: {} }), { since: last, by })
      complete = solicit !== undefined
      if (!solicit) break
      // An RA may begin the exchange anew.
      if (n > 0 && elapsed(solicit) < justBegun && exchanges++ < most) n = 0
      last = solicit
      by = timing.after(
        Math.min(Math.max(2 ** n * 1.5, longestAfter(elapsed(solicit))), solMaxRt * 2.2),
        'twice the timeout before, or one that ignores SOL_MAX_RT',
      )
    }
    mark('capped', { solMaxRt }, complete && 'bytes' in last ? [last] : [])

    phase = 'silent'
    const request = await isp.hears(dhcpv6('request', { iaPd: {} }), {
      since: last,
      by: timing.after(solMaxRt * 4, 'the next Solicit, even where SOL_MAX_RT is ignored'),
    })
    mark('first-request', {}, [request])
    const anew =
      request &&
      (await isp.hears(dhcpv6('solicit'), {
        since: request,
        by: { forced: 181, slack: 90, why: 'ten Requests (RFC 8415 section 7.6), give or take 10 %, and a minute' },
      }))
    mark('given-up', {}, [anew])

    phase = 'unusable'
    const unusable = anew && (await isp.hears(dhcpv6('request', { iaPd: {} }), { since: anew, by: timing.service }))
    mark('unusable', {}, [unusable])
    if (unusable) await listen(timing.after(ratePeriod, 'a loop that is not limited'), unusable)

    phase = 'refused'
    const refused = await isp.hears(dhcpv6('request', { iaPd: {} }), {
      since: mark('refusing'),
      by: timing.after(solMaxRt, 'a client that was disappointed'),
    })
    mark('refused', {}, [refused])
    if (refused) await listen(timing.after(ratePeriod, 'a loop that is not limited'), refused)
    mark('patience-over')

    phase = 'declined'
    const assigned = (target: unknown) => inPrefix(String(target), isp.parameters.wanPrefix)
    const probe = await isp.hears(ns({ target: assigned }, { ip6: { src: '::' } }), {
      since: mark('granting'),
      by: timing.after(2 * solMaxRt, 'a client that was disappointed twice'),
    })
    const target = probe?.packet.icmp6?.type === 'neighbor-solicitation' ? probe.packet.icmp6.target : undefined
    const claimed = target && isp.send(claimOf(target), 'another node has this address')
    mark('claimed', { address: target }, [probe, claimed || undefined])
    const declined = claimed && (await isp.hears(dhcpv6('decline'), { since: claimed, by: timing.service }))
    mark('declined', {}, [declined || undefined])
    if (declined) await listen(timing.after(36, 'a sixth Decline after 1 + 2 + 4 + 8 + 16 s, 10 % and more'), declined)
    mark('declines-over')
  },
)

const ias = new Set<unknown>(['ia-na', 'ia-pd'])

const withoutIas = ({ options, ...message }: Dhcpv6Message): Dhcpv6Message => ({
  ...message,
  options: options.filter(({ type }) => !ias.has(type) && type !== 'sol-max-rt'),
})

const withoutLease = (message: Dhcpv6Message): Dhcpv6Message => {
  const rest = withoutIas(message)
  return { ...rest, options: [...rest.options, noPrefixAvail, { type: 'sol-max-rt', value: solMaxRt }] }
}

/** Preferred above valid: RFC 8415 sections 21.6 and 21.22 let a client discard it. */
const withUnusableLease = ({ options, ...message }: Dhcpv6Message): Dhcpv6Message => ({
  ...message,
  options: options.map((one) => {
    if (one.type !== 'ia-na' && one.type !== 'ia-pd') return one
    return {
      ...one,
      options: one.options.map((lease) =>
        lease.type === 'ia-addr' || lease.type === 'ia-prefix'
          ? { ...lease, preferredLifetime: 7200, validLifetime: 60 }
          : lease,
      ),
    }
  }),
})
