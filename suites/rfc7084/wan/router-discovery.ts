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
} from '../../steps/evening/loss-of-default-router.ts'

/** The Neighbor Solicitation for the address that was formed. A router may have addresses of DHCPv6 beside it. */
function askedFor({ at, every, cannotTell }: Evidence, probe: Frame, when: 'valid' | 'expired') {
  const { target } = icmpv6Of(probe, 'neighbor-solicitation')
  at(addressAskedFor, (one) => one.when === when)
  const asked = every(addressAskedFor).find((one) => one.when === when && one.target === target)
  return (
    asked ??
    cannotTell(claim`The bench asked for another address than ${the.address(target)}, which the router formed.`, probe)
  )
}

/** MAX_RTR_SOLICITATION_DELAY until DAD starts (RFC 4862 section 5.4.2), and what a router takes to read an RA. Seconds. */
const formedWithin = 1 + grace

const isValid: Judgement = (evidence) => {
  const { wan, isp, judge, given, at } = evidence
  const { sent, mark } = at(wanPrefixAdvertised)
  const probe = judge.due(
    formed(evidence, isp.wanPrefix, { after: mark }),
    { after: sent ?? mark, seconds: formedWithin },
    claim`A PIO with A=1 makes the router form an address in its prefix.`,
  )
  const { target } = icmpv6Of(probe, 'neighbor-solicitation')
  const valid = askedFor(evidence, probe, 'valid')
  isAnswered(evidence, valid, claim`While it is valid, a Neighbor Solicitation for it is answered.`)
  const { mark: expired } = askedFor(evidence, probe, 'expired')
  const { answer: alive } = at(addressAskedFor, ({ when }) => when === 'link-local')
  judge.absent(
    wan.fromDut.all(na({ target }), { after: expired }),
    claim`Once its valid lifetime is over, the address is used no longer.`,
    { fence: given(alive, 'RFC7084-G-1'), since: expired },
  )
}

/** The line is numbered anew while the router has an address. */
const followsAnother: Judgement = (evidence) => {
  const { judge, given, at, every, cannotTell } = evidence
  const { fresh, sent, mark } = at(withdrawn)
  given(at(flow).reply, 'DENAT-DEFAULT-1')
  given(formed(evidence, at(twoPrefixes).wanPrefix, { before: mark }), 'RFC7084-WAA-1')
  const probe = judge.due(
    formed(evidence, fresh, { after: mark }),
    { after: sent ?? mark, seconds: formedWithin },
    claim`A PIO with A=1 of another prefix makes a router that has an address form one more.`,
  )
  const { target } = icmpv6Of(probe, 'neighbor-solicitation')
  const asked = every(freshAsked).find(({ address }) => address === target)
  if (!asked)
    return cannotTell(claim`The bench did not ask for ${the.address(target)}, which the router formed.`, probe)
  isAnswered(evidence, asked, claim`A Neighbor Solicitation for it is answered.`, probe)
}

export const requirements = [
  requirement('RFC7084-W-1', {
    slaac: on(slaacWan, (evidence) => {
      const { isp, judge, at } = evidence
      const { sent, mark } = at(wanPrefixAdvertised)
      const probe = judge.due(
        formed(evidence, isp.wanPrefix, { after: mark }),
        { after: sent ?? mark, seconds: 5 },
        claim`After an RA with a PIO that has A=1 the router forms an address in that prefix and checks it by DAD.`,
      )
      const asked = askedFor(evidence, probe, 'valid')
      isAnswered(evidence, asked, claim`A Neighbor Solicitation for that address is answered.`)
    }),
    'ia-na': on(coldBoot, (evidence) => {
      const { wan, at, given } = evidence
      at(online)
      const asked = at(assignedAsked)
      given(addressAsked(wan), 'RFC7084-WAA-6')
      given(asked.question, 'RFC7084-WAA-6')
      isAnswered(evidence, asked, claim`A Neighbor Solicitation for the address assigned by IA_NA is answered.`)
    }),
  }),

  requirement('RFC7084-W-2', silentServer, (evidence) => {
    const { wan, judge, given, at } = evidence
    at(noRouterYet)
    const first = given(wan.fromDut.first(rs()), 'RFC4861-6.3.7-RS')
    const source = first.packet.ip6?.src
    judge.holds(
      source !== undefined && isLinkLocal(source),
      claim`It comes from the link-local address of the WAN, never from ::.`,
      claim`source ${the.name(source)}`,
      first,
    )
    judge.equal(first.packet.ip6?.hopLimit, 255, claim`Its hop limit`, first)
    const dad = ns({ target: source }, { ip6: { src: '::' } })
    const later = wan.fromDut.first(dad, { after: first })
    const probe =
      wan.fromDut.last(dad, { before: first }) ?? (later && !interrupted(evidence, first, later) ? later : undefined)
    if (!probe)
      return judge.note(
        claim`The DAD probe for the link-local address was not seen: the port may have come up after it.`,
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
      claim`DAD of the link-local address is finished before the first Router Solicitation.`,
      probe,
      first,
    )
  }),

  requirement('RFC7084-W-3', longSessions, ({ wan, lan, world, isp, judge, given, at, cannotTell }) => {
    const router = world.stations.isp
    const { reply: answered, mark: before } = at(beforeLoss)
    const reply = given(answered, 'DENAT-DEFAULT-1')
    const forwarded = judge.found(
      wan.fromDut.last({ icmp6: { type: 'echo-request' }, ip6: { dst: reply.packet.ip6?.src } }, { before }),
      before,
      claim`A host's packet leaves on the WAN.`,
    )
    judge.equal(
      receiverOf(forwarded),
      router?.mac,
      claim`It goes to the link-layer address of the RA's sender.`,
      forwarded,
    )
    const gone = at(routerGone)
    const since = gone.sent ?? gone.mark
    at(whileGone)
    const far = { ip6: { dst: (address: unknown) => inPrefix(String(address), isp.internetPrefix) } }
    const meanwhile = { after: gone.mark, before: at(routerBack).mark }
    const isLate = (frame: Frame) => frame.at > since.at + grace
    const [stray] = lan.toDut.all(far, meanwhile).filter(isLate)
    if (!stray) return cannotTell(claim`No packet was sent later than ${the.seconds(grace)} after the RA.`, gone.mark)
    judge.absent(
      wan.fromDut.all(far, meanwhile).filter(isLate),
      claim`Once the RA said Router Lifetime 0, nothing is sent to that router any more, ${the.seconds(grace)} later at the latest.`,
      { fence: given(at(whileGoneFence).answer, 'RFC7084-G-1'), since: stray },
    )
  }),

  requirement('RFC7084-WAA-1', { lifetime: on(slaacWan, isValid), 'another prefix': on(wanPrefixes, followsAnother) }),
]
