import {
  claim,
  clientStart,
  dhcpv6,
  granted,
  type Judgement,
  on,
  pios,
  prefixContains,
  prefixUse,
  ra,
  requirement,
  the,
} from 'denat'
import { silentServer } from '../scenarios/silent-server.ts'
import { unansweredRequest } from '../scenarios/unanswered-request.ts'
import { nextSolicit } from '../shared/exchange.ts'
import { firstAdvertised } from '../steps/router-advertisement.ts'

const lateRa: Judgement = ({ wan, judge, at }) => {
  const { mark } = at(firstAdvertised)
  const asked = wan.fromDut.all(dhcpv6('solicit'))
  judge.due(
    asked.find((frame) => frame.at >= mark.at) ?? asked.at(-1),
    { after: mark, seconds: clientStart },
    claim`The router accepts an RA that arrives 10 s after its Router Solicitation: it sends Solicit.`,
  )
}

const lateServer: Judgement = ({ wan, judge, given }) => {
  const solicits = wan.fromDut.all(dhcpv6('solicit', { iaPd: {} }))
  const first = given(solicits[0], 'RFC7084-W-4')
  const answer = wan.toDut.first(dhcpv6('advertise'))
  const advertise = judge.found(
    answer,
    answer ?? nextSolicit(solicits),
    claim`The server answers the sixth Solicit: the router still sends Solicit at this time.`,
    first,
  )
  judge.due(
    wan.fromDut.seek(dhcpv6('request', { iaPd: {} }), { after: advertise }),
    { after: advertise, seconds: 5 },
    claim`The router sends Request after this Advertise.`,
  )
}

const earlyHost: Judgement = ({ wan, lan, judge, given, recording }) => {
  given(wan.fromDut.first(dhcpv6('solicit', { iaPd: {} })), 'RFC7084-W-4')
  const replies = wan.toDut.all(dhcpv6('reply', { iaPd: {} }))
  const reply = given(
    replies.find((frame) => granted(frame).length > 0),
    'RFC8415-18.2.2-REQUEST',
  )
  const prefixes = granted(reply)
  const prefixed = lan
    .of('host')
    .fromDut.all(ra(), { after: reply })
    .find((frame) => pios(frame).some((pio) => prefixes.some((prefix) => prefixContains(prefix, pio.prefix))))
  judge.due(
    prefixed,
    { after: reply, seconds: prefixUse },
    claim`When the prefix is delegated, the router advertises it to a host that was connected before the line.`,
  )
  const [begun = reply] = recording.frames
  judge.note(claim`The host was connected ${the.seconds(reply.at - begun.at, 0)} before the delegation.`, reply)
}

export const requirements = [
  requirement('ROB-ORDER', {
    'RA after 10 s': on(silentServer, lateRa),
    'server after 15 s': on(silentServer, lateServer),
    'hosts before the line': on(unansweredRequest, earlyHost),
  }),
]
