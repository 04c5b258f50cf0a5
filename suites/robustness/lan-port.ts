import {
  anyOf,
  claim,
  dhcpv6OptionsOf,
  type Frame,
  inPrefix,
  type Judgement,
  lastAbout,
  on,
  pios,
  prefixContains,
  ra,
  raUpdate,
  requirement,
  the,
} from 'denat'
import { slaacWan } from '../scenarios/slaac-wan.ts'
import { livePrefixes, pulled, used } from '../shared/lan-port.ts'
import { otherPort, portReturned, portUp } from '../steps/lan-port.ts'

/** Switches with a spanning tree keep a port closed for twice 15 s after its link came up. Seconds. */
const longest = 30

const isAdvertised: Judgement = (evidence) => {
  const { judge, at } = evidence
  pulled(evidence)
  const { advertised, solicited } = at(portReturned)
  const due = { after: at(portUp).mark, seconds: longest }
  judge.due(
    advertised,
    due,
    claim`After the cable of a LAN port is connected again, the router answers a Router Solicitation of the host on this port.`,
    ...(solicited ? [solicited] : []),
  )
}

const isNeighbor: Judgement = (evidence) => {
  const { judge, at, given } = evidence
  pulled(evidence)
  const { advertised, question, answer, mark } = at(portReturned)
  given(advertised, 'ROB-LANPORT')
  judge.found(
    answer,
    mark,
    claim`On this port, the router answers a Neighbor Solicitation for the source address of its RA.`,
    given(question, 'ROB-LANPORT'),
  )
}

const keepsPrefix: Judgement = (evidence) => {
  const { judge, at, given } = evidence
  const { link, address } = used(evidence)
  const { advertised, mark } = at(portReturned)
  const after = given(advertised, 'ROB-LANPORT')
  const isBack = (frame: Frame) => livePrefixes(frame).some((prefix) => inPrefix(address, prefix))
  const expected = claim`The router advertises the prefix of the host's address ${the.address(address)} on this port again.`
  const first = isBack(after) ? after : link.fromDut.seek(ra(), { after }, isBack)
  const back = judge.due(first, { after, seconds: raUpdate.max }, expected)
  const sent = link.fromDut.all(ra(), { after: at(portUp).mark, before: mark })
  const latest = given(lastAbout('prefix-information', sent), 'ROB-LANPORT')
  const live = livePrefixes(latest)
  judge.holds(
    isBack(latest) || latest.number < back.number,
    expected,
    live.length > 0
      ? claim`the live prefixes are ${the.list(live.map((item) => the.prefix(item)))}`
      : claim`no live prefix`,
    latest,
  )
}

const isUsed: Judgement = (evidence) => {
  const { judge, at, given } = evidence
  const { address } = used(evidence)
  const { advertised, reply, mark } = at(portReturned)
  given(advertised, 'ROB-LANPORT')
  judge.found(
    reply,
    mark,
    claim`The host on this port reaches the Internet again, with the source address ${the.address(address)}.`,
  )
}

const sparesOthers: Judgement = (evidence) => {
  const { judge, at, given, lan } = evidence
  const { mark: since } = pulled(evidence)
  const link = lan.of('host')
  const { advertised, reply, mark, solicited } = at(otherPort)
  const before = given(lastAbout('prefix-information', link.fromDut.all(ra(), { before: since })), 'RFC7084-L-1')
  judge.due(
    advertised,
    { after: since, seconds: raUpdate.max },
    claim`While one LAN port has no cable, the router answers a Router Solicitation of a host on another LAN port.`,
    ...(solicited ? [solicited] : []),
  )
  const latest = given(
    lastAbout('prefix-information', link.fromDut.all(ra(), { after: since, before: mark })),
    'RFC7084-L-1',
  )
  const gone = livePrefixes(before).filter(
    (prefix) => !pios(latest).some((one) => one.preferredLifetime > 0 && prefixContains(one.prefix, prefix)),
  )
  judge.holds(
    gone.length === 0,
    claim`The prefixes of the other LAN stay preferred.`,
    claim`no longer preferred: ${the.list(gone.map((item) => the.prefix(item)))}`,
    before,
    latest,
  )
  judge.found(reply, mark, claim`The host on the other LAN port reaches the Internet.`)
}

const keepsLease: Judgement = (evidence) => {
  const { judge, at, wan } = evidence
  const { mark: since } = pulled(evidence)
  const { mark: fence } = at(portReturned)
  const ended = wan.fromDut
    .all({ dhcp6: { type: anyOf('solicit', 'release', 'decline') } }, { after: since, before: fence })
    .filter((frame) => dhcpv6OptionsOf(frame, 'ia-pd').length > 0)
  judge.absent(ended, claim`The router does not release its delegated prefix, and does not restart with Solicit.`, {
    since,
    fence,
  })
}

export const requirements = [
  requirement('ROB-LANPORT', {
    'RA on the port': on(slaacWan, isAdvertised),
    'neighbor on the port': on(slaacWan, isNeighbor),
    'prefix of the port': on(slaacWan, keepsPrefix),
    'Internet from the port': on(slaacWan, isUsed),
    'other ports': on(slaacWan, sparesOthers),
    'lease of the line': on(slaacWan, keepsLease),
  }),
]
