import {
  claim,
  type Evidence,
  type Frame,
  grace,
  icmpv6Of,
  inPrefix,
  isLinkLocal,
  type Judgement,
  na,
  ns,
  on,
  receiverOf,
  requirement,
  rs,
  the,
} from 'denat'
import { assignedAsked, coldBoot, online } from '../../scenarios/cold-boot.ts'
import { longSessions } from '../../scenarios/long-sessions.ts'
import { noRouterYet, silentServer } from '../../scenarios/silent-server.ts'
import { addressAskedFor, slaacWan, wanPrefixAdvertised } from '../../scenarios/slaac-wan.ts'
import { flow, freshAsked, twoPrefixes, wanPrefixes, withdrawn } from '../../scenarios/wan-prefixes.ts'
import { addressAsked, interrupted } from '../../shared/exchange.ts'
import { formed, isAnswered } from '../../shared/formed.ts'
import {
  beforeLoss,
  routerBack,
  routerGone,
  whileGone,
  whileGoneFence,
} from '../../steps/transit/loss-of-default-router.ts'

/** The Neighbor Solicitation for the address that the router formed. A router may also have addresses from DHCPv6. */
function askedFor({ at, every, undecided }: Evidence, probe: Frame, when: 'valid' | 'expired') {
  const { target } = icmpv6Of(probe, 'neighbor-solicitation')
  at(addressAskedFor, (one) => one.when === when)
  const asked = every(addressAskedFor).find((one) => one.when === when && one.target === target)
  return (
    asked ??
    undecided(
      claim`The bench sent a Neighbor Solicitation for an address other than ${the.address(target)}, which the router formed.`,
      probe,
    )
  )
}

/** MAX_RTR_SOLICITATION_DELAY until DAD starts (RFC 4862 section 5.4.2), and the time to process an RA. Seconds. */
const formedWithin = 1 + grace

const isValid: Judgement = (evidence) => {
  const { wan, isp, judge, given, at } = evidence
  const { sent, mark } = at(wanPrefixAdvertised)
  const probe = judge.due(
    formed(evidence, isp.wanPrefix, { after: mark }),
    { after: sent ?? mark, seconds: formedWithin },
    claim`The router forms an address from the prefix of a PIO with A=1.`,
  )
  const { target } = icmpv6Of(probe, 'neighbor-solicitation')
  const valid = askedFor(evidence, probe, 'valid')
  isAnswered(evidence, valid, claim`While the address is valid, the router answers a Neighbor Solicitation for it.`)
  const { mark: expired } = askedFor(evidence, probe, 'expired')
  const { answer: alive } = at(addressAskedFor, ({ when }) => when === 'link-local')
  judge.absent(
    wan.fromDut.all(na({ target }), { after: expired }),
    claim`After its valid lifetime has expired, the router no longer uses the address.`,
    { fence: given(alive, 'RFC7084-G-1'), since: expired },
  )
}

/** The prefix of the line changes while the router has an address. */
const followsAnother: Judgement = (evidence) => {
  const { judge, given, at, every, undecided } = evidence
  const { fresh, sent, mark } = at(withdrawn)
  given(at(flow).reply, 'DENAT-DEFAULT-1')
  given(formed(evidence, at(twoPrefixes).wanPrefix, { before: mark }), 'RFC7084-WAA-1')
  const probe = judge.due(
    formed(evidence, fresh, { after: mark }),
    { after: sent ?? mark, seconds: formedWithin },
    claim`A router that has an address forms another one from a PIO with A=1 and a different prefix.`,
  )
  const { target } = icmpv6Of(probe, 'neighbor-solicitation')
  const asked = every(freshAsked).find(({ address }) => address === target)
  if (!asked)
    return undecided(
      claim`The bench sent no Neighbor Solicitation for ${the.address(target)}, which the router formed.`,
      probe,
    )
  isAnswered(evidence, asked, claim`The router answers a Neighbor Solicitation for it.`, probe)
}

export const requirements = [
  requirement('RFC7084-W-1', {
    slaac: on(slaacWan, (evidence) => {
      const { isp, judge, at } = evidence
      const { sent, mark } = at(wanPrefixAdvertised)
      const probe = judge.due(
        formed(evidence, isp.wanPrefix, { after: mark }),
        { after: sent ?? mark, seconds: 5 },
        claim`After an RA that has a PIO with A=1 the router forms an address from that prefix and performs DAD for it.`,
      )
      const asked = askedFor(evidence, probe, 'valid')
      isAnswered(evidence, asked, claim`The router answers a Neighbor Solicitation for that address.`)
    }),
    'ia-na': on(coldBoot, (evidence) => {
      const { wan, at, given } = evidence
      at(online)
      const asked = at(assignedAsked)
      given(addressAsked(wan), 'RFC7084-WAA-6')
      given(asked.question, 'RFC7084-WAA-6')
      isAnswered(evidence, asked, claim`The router answers a Neighbor Solicitation for the address assigned by IA_NA.`)
    }),
  }),

  requirement('RFC7084-W-2', silentServer, (evidence) => {
    const { wan, judge, given, at } = evidence
    at(noRouterYet)
    const first = given(wan.fromDut.first(rs()), 'RFC4861-6.3.7-RS')
    const source = first.packet.ip6?.src
    judge.holds(
      source !== undefined && isLinkLocal(source),
      claim`The source of the Router Solicitation is the link-local address of the WAN, not the unspecified address.`,
      claim`source ${the.address(source)}`,
      first,
    )
    judge.equal(first.packet.ip6?.hopLimit, 255, claim`Its hop limit`, first)
    const dad = ns({ target: source }, { ip6: { src: '::' } })
    const later = wan.fromDut.first(dad, { after: first })
    const probe =
      wan.fromDut.last(dad, { before: first }) ?? (later && !interrupted(evidence, first, later) ? later : undefined)
    if (!probe)
      return judge.note(
        claim`The recording has no DAD probe for the link-local address: the port may have come up after it.`,
        first,
      )
    const least = 1 // RetransTimer, RFC 4861 section 10
    judge.within(
      first.at - probe.at,
      {
        min: least - 0.05,
        max: Number.POSITIVE_INFINITY,
        why: claim`DAD lasts RetransTimer, 1 s (RFC 4862 section 5.4)`,
      },
      claim`The router finishes DAD for its link-local address before its first Router Solicitation.`,
      probe,
      first,
    )
  }),

  requirement('RFC7084-W-3', longSessions, ({ wan, lan, world, isp, judge, given, at, undecided }) => {
    const router = world.stations.isp
    const { reply: answered, mark: before } = at(beforeLoss)
    const reply = given(answered, 'DENAT-DEFAULT-1')
    const forwarded = judge.found(
      wan.fromDut.last({ icmp6: { type: 'echo-request' }, ip6: { dst: reply.packet.ip6?.src } }, { before }),
      before,
      claim`The router forwards a packet of a host to the WAN.`,
    )
    judge.equal(
      receiverOf(forwarded),
      router?.mac,
      claim`Its link-layer destination is the address of the sender of the RA.`,
      forwarded,
    )
    const gone = at(routerGone)
    const since = gone.sent ?? gone.mark
    at(whileGone)
    const far = { ip6: { dst: (address: unknown) => inPrefix(String(address), isp.internetPrefix) } }
    const meanwhile = { after: gone.mark, before: at(routerBack).mark }
    const isLate = (frame: Frame) => frame.at > since.at + grace
    const [stray] = lan.toDut.all(far, meanwhile).filter(isLate)
    if (!stray)
      return undecided(claim`The host sent no packet later than ${the.seconds(grace)} after the RA.`, gone.mark)
    judge.absent(
      wan.fromDut.all(far, meanwhile).filter(isLate),
      claim`At most ${the.seconds(grace)} after an RA with Router Lifetime 0 the router forwards no packet to the sender of that RA.`,
      { fence: given(at(whileGoneFence).answer, 'RFC7084-G-1'), since: stray },
    )
  }),

  requirement('RFC7084-WAA-1', { lifetime: on(slaacWan, isValid), 'another prefix': on(wanPrefixes, followsAnother) }),
]
