import {
  claim,
  dhcpv6,
  dhcpv6OptionsOf,
  type Frame,
  type Judgement,
  ndOptionsOf,
  on,
  ra,
  requirement,
  the,
} from 'denat'
import { coldBoot } from 'denat/suites/scenarios/cold-boot.ts'
import { newHost, solicited } from '../scenarios/new-host.ts'

const announced = (frame: Frame): string[] =>
  ndOptionsOf(frame, 'rdnss').flatMap(({ lifetime, servers }) => (lifetime > 0 ? servers : []))

const announcesItself: Judgement = ({ wan, lan, judge, given }) => {
  const replies = wan.toDut.all(dhcpv6('reply'))
  const ofTheLine = new Set(
    replies.flatMap((frame) => dhcpv6OptionsOf(frame, 'dns-servers')).flatMap((one) => one.servers),
  )
  const sent = lan
    .of('host')
    .fromDut.all(ra())
    .filter((frame) => announced(frame).length > 0)
  given(sent[0], 'RFC7084-L-11')
  judge.each(sent, claim`No RDNSS option has a DNS server of the line.`, (frame) => {
    const wrong = announced(frame).find((server) => ofTheLine.has(server))
    return wrong === undefined ? undefined : claim`it has ${the.address(wrong)}`
  })
}

/** Seconds: three times the longest interval of RAs that the operator's routers use. */
const least = 1800

const livesLong: Judgement = ({ at, judge, given }) => {
  const frame = given(at(solicited).answer, 'RFC4861-6.2.6-RSRATE')
  const [option] = ndOptionsOf(frame, 'rdnss')
  judge.holds(
    (option?.lifetime ?? 0) >= least,
    claim`The lifetime of the RDNSS option is ${the.seconds(least)} or more.`,
    claim`it is ${the.seconds(option?.lifetime ?? 0)}`,
    frame,
  )
}

export const requirements = [
  requirement('OPERATOR-1', { 'cold boot': on(coldBoot, announcesItself) }),
  requirement('OPERATOR-2', { '': on(newHost, livesLong) }),
]
