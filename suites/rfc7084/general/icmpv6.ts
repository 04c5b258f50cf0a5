import {
  anyOf,
  claim,
  type Frame,
  icmpv6,
  isLinkLocal,
  type Judgement,
  na,
  ns,
  on,
  quoted,
  requirement,
  the,
} from 'denat'
import { lanServicesAsked } from '../../scenarios/lan-services.ts'
import {
  routerEcho,
  unknownInformational,
  wanUnassigned,
  wanUnassignedFence,
} from '../../steps/lan-services/from-the-wan.ts'

/** Destination Unreachable, address unreachable: RFC 4443 section 3.1. */
const addressUnreachable = 3

const targetOf = ({ packet: { icmp6 } }: Frame) => (icmp6 && 'target' in icmp6 ? icmp6.target : undefined)

const answersEcho: Judgement = ({ judge, at }) => {
  const { target, mark, ...echo } = at(routerEcho)
  const reply = judge.found(echo.reply, mark, claim`The router answers an Echo Request on the LAN.`)
  judge.holds(
    reply.packet.icmp6?.badChecksum !== true && reply.packet.ip6?.src === target,
    claim`The source of the Echo Reply is the destination of the Echo Request, and its checksum is correct.`,
    claim`from ${the.address(reply.packet.ip6?.src)}`,
    reply,
  )
}

const discardsUnknown: Judgement = ({ lan, judge, given, at, every }) => {
  const asked = given(at(unknownInformational).sent, 'RFC7084-L-1')
  const fence = given(every(routerEcho).at(-1)?.reply, 'RFC7084-G-2')
  const sent = lan
    .of('host')
    .fromDut.all(
      { icmp6: { type: anyOf('destination-unreachable', 'parameter-problem', 200, 201) } },
      { after: asked, before: fence },
    )
  judge.absent(
    sent.filter((frame) => about(frame, asked)),
    claim`The router silently discards an informational message of unknown type (RFC 4443 section 2.4 b).`,
    { fence, since: asked },
  )
}

const isNotSentBack: Judgement = ({ wan, judge, given, at, every }) => {
  const { answer, online } = at(wanUnassignedFence)
  const fence = given(answer, 'RFC7084-W-3')
  // A router that does not answer Neighbor Solicitations for the address receives no packet from the ISP.
  const deaf = wan.toDut.all(ns({ target: isLinkLocal })).some((asked) => {
    const answer = wan.fromDut.first(na({ target: targetOf(asked) }), { after: asked })
    return !answer || answer.at - asked.at > 1
  })
  given(online, deaf ? 'RFC7084-G-1' : 'DENAT-DEFAULT-1')
  for (const question of every(wanUnassigned).flatMap(({ sent }) => sent ?? [])) {
    const { ip6, icmp6 } = question.packet
    const id = icmp6 && 'id' in icmp6 ? icmp6.id : undefined
    judge.absent(
      wan.fromDut.all({ ip6: { dst: ip6?.dst }, icmp6: { type: 'echo-request', id } }, { after: question }),
      claim`The router does not send a packet for an unassigned address of the WAN link back to the WAN.`,
      { fence, since: question },
    )
    const error = wan.fromDut
      .all(icmpv6('destination-unreachable'), { after: question })
      .find((frame) => quoted(frame)?.ip6?.dst === ip6?.dst)
    const code = error?.packet.icmp6?.code
    judge.note(
      error
        ? claim`The router sends Destination Unreachable, code ${code ?? the.name(undefined)}${code === addressUnreachable ? claim`` : claim` (RFC 4443 has code 3)`}.`
        : claim`The router drops it.`,
      error ?? question,
    )
  }
}

/** An error that quotes it, or a message of the same type. */
const about = (frame: Frame, question: Frame): boolean => {
  const inError = quoted(frame)
  const { src, dst } = question.packet.ip6 ?? {}
  return inError === undefined || (inError.ip6?.src === src && inError.ip6?.dst === dst)
}

export const requirements = [
  requirement('RFC7084-G-2', {
    'echo on the LAN': on(lanServicesAsked, answersEcho),
    'unknown informational message': on(lanServicesAsked, discardsUnknown),
    'unassigned address of the WAN link': on(lanServicesAsked, isNotSentBack),
  }),
]
