import { claim, type Evidence, echoRequest, type Frame, type Judgement, on, requirement } from 'denat'
import {
  addressAskedFor,
  fullSize,
  mtuGrown,
  oddMtu,
  oddMtuDone,
  sizedPingDone,
  slaacWan,
  wanMtu,
} from '../scenarios/slaac-wan.ts'
import { tookPlace } from '../steps/took-place.ts'

const longerThan1400 = echoRequest({}, { ip6: { payloadLength: (length: number) => length + 40 > 1400 } })

/** The answer of the router after the RAs with MTUs. */
const fence = ({ at, given }: Evidence): Frame =>
  given(at(addressAskedFor, ({ when }) => when === 'link-local').answer, 'RFC7084-G-1')

const isApplied: Judgement = (evidence) => {
  const { wan, lan, judge, given, at } = evidence
  const { mark: announced } = at(wanMtu)
  given(at(sizedPingDone, ({ size }) => size === 1300).reply, 'DENAT-DEFAULT-1')
  const before = { after: announced, before: at(oddMtu).mark }
  const large = given(lan.toDut.first(longerThan1400, before), 'DENAT-DEFAULT-1')
  judge.absent(
    wan.fromDut.all(longerThan1400, before),
    claim`After an RA with MTU 1400 the router sends no longer packet on the WAN.`,
    { fence: fence(evidence), since: large },
  )
}

const tooSmallIsIgnored: Judgement = ({ wan, world, judge, at }) => {
  const { octets, sent, mark } = at(oddMtu, ({ mtu }) => mtu === 1000)
  const whole = { ip6: { dst: world.stations.internet2?.address, payloadLength: octets - 40 } }
  judge.found(
    wan.fromDut.seek(echoRequest({}, whole), { after: mark }),
    at(oddMtuDone, ({ mtu }) => mtu === 1000).mark,
    claim`The router ignores MTU 1000 in an RA, which is less than 1280: it forwards a packet of ${octets} octets to the WAN unfragmented.`,
    mark,
    ...(sent ? [sent] : []),
  )
}

const isAppliedAgain: Judgement = (evidence) => {
  const { judge, given, at } = evidence
  given(at(fullSize).answer, 'RFC7084-WLL-1')
  tookPlace(evidence, mtuGrown)
  const { advertised, sent, came, mark } = at(mtuGrown)
  judge.found(
    came,
    mark,
    claim`After an RA with MTU 1500 the router forwards a packet of 1500 octets to the WAN again.`,
    ...[advertised, sent].flatMap((one) => one ?? []),
  )
}

const tooLargeIsIgnored: Judgement = (evidence) => {
  const { wan, lan, judge, given, assume, at } = evidence
  const { mark: oddMtuSent } = at(oddMtu, ({ mtu }) => mtu === 9000)
  at(oddMtuDone, ({ mtu }) => mtu === 9000)
  const passed = wan.fromDut.first(longerThan1400, { after: at(wanMtu).mark, before: oddMtuSent })
  assume(passed === undefined, 'RFC4861-6.3.4-MTU')
  // A host that received a smaller MTU sends no such packet.
  const large = given(lan.toDut.first(longerThan1400, { after: oddMtuSent }), 'RFC4861-6.3.4-MTU')
  judge.absent(
    wan.fromDut.all(longerThan1400, { after: oddMtuSent }),
    claim`The router ignores MTU 9000 in an RA, which is more than that of Ethernet: it still sends no packet above 1400 octets on the WAN.`,
    { fence: fence(evidence), since: large },
  )
}

export const requirements = [
  requirement('RFC4861-6.3.4-MTU', {
    '1400': on(slaacWan, isApplied),
    '1000': on(slaacWan, tooSmallIsIgnored),
    '1500 again': on(slaacWan, isAppliedAgain),
    '9000': on(slaacWan, tooLargeIsIgnored),
  }),
]
