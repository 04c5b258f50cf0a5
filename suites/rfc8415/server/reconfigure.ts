import {
  type Claim,
  claim,
  dhcpv6,
  dhcpv6Of,
  dhcpv6OptionsOf,
  type Evidence,
  type Frame,
  isMulticast,
  type Judgement,
  on,
  ra,
  receiverOf,
  replayOf,
  requirement,
  the,
} from 'denat'
import { renumbering } from '../../scenarios/renumbering.ts'
import { type Client, deaf, demands, everyone, offered } from '../../shared/reconfigure-clients.ts'
import { renumberingBegins, renumberingOver } from '../../steps/renumber.ts'

/** The Reply by which a client knows what to expect. */
const firstAnswer = ({ offers, lease }: Client): Frame[] => [...offers, ...(lease ? [lease] : [])].slice(0, 1)

/** What each Reconfigure to a client that accepts it must be like: RFC 8415 sections 18.3.11, 20.3 and 20.4. */
const claims = {
  authentication: 'Each Reconfigure is authenticated by HMAC-MD5 with the key that its client received.',
  'replay counter': 'Its replay counter is higher than in all earlier messages to its client.',
  identifiers: 'It has the Server Identifier of its server and the Client Identifier of its client.',
  demand: 'Its Reconfigure Message option names Renew, Rebind or Information-request.',
  'transaction-id': 'Its transaction-id is 0.',
  unicast: 'It is sent to its client by unicast.',
}

const counters = (frames: Frame[]): bigint[] =>
  frames.flatMap((frame) =>
    dhcpv6OptionsOf(frame, 'auth').map(({ replayDetection }) =>
      new DataView(replayDetection.slice().buffer).getBigUint64(0),
    ),
  )

/** What is wrong with a Reconfigure; undefined when nothing is. */
const flaws: Record<keyof typeof claims, (frame: Frame, client: Client) => Claim | undefined> = {
  authentication(frame, { key }) {
    if (dhcpv6OptionsOf(frame, 'auth').length === 0) return claim`no Authentication option`
    return key && replayOf(dhcpv6Of(frame), key) !== undefined ? undefined : claim`another digest`
  },
  'replay counter'(frame, { offers, reconfigures }) {
    const before = (frames: Frame[]) => counters(frames.filter(({ number }) => number < frame.number))
    const [own] = counters([frame])
    if (own === undefined) return undefined
    // A retransmission may have the same octets: only a client that has received the first one discards it.
    const isNew = before(offers).every((one) => own > one) && before(reconfigures).every((one) => own >= one)
    return isNew
      ? undefined
      : claim`${the.name(String(own))} after ${the.list([...before(offers), ...before(reconfigures)].map((item) => the.name(String(item))))}`
  },
  identifiers(frame, { duid, offers, lease }) {
    const servers = [...offers, ...(lease ? [lease] : [])].flatMap((reply) => dhcpv6OptionsOf(reply, 'server-id'))
    const [server] = dhcpv6OptionsOf(frame, 'server-id')
    if (!servers.some((one) => one.duid === server?.duid)) return claim`Server Identifier ${the.name(server?.duid)}`
    const [client] = dhcpv6OptionsOf(frame, 'client-id')
    return client?.duid === duid ? undefined : claim`Client Identifier ${the.name(client?.duid)}`
  },
  demand(frame) {
    const demand = dhcpv6OptionsOf(frame, 'reconf-msg')[0]?.messageType
    return demand !== undefined && demands[demand] ? undefined : claim`message type ${demand ?? claim`none`}`
  },
  'transaction-id'(frame) {
    const { transactionId } = dhcpv6Of(frame)
    return transactionId === 0 ? undefined : claim`${the.name(transactionId.toString(16))}`
  },
  unicast: ({ packet: { ip6 } }) => (ip6 && isMulticast(ip6.dst) ? claim`to ${the.address(ip6.dst)}` : undefined),
}

/** REC_TIMEOUT, RFC 8415 section 7.6, without RAND. */
const retransmission = { min: 1.5, goal: 2.5, max: 5, why: claim`REC_TIMEOUT is 2 s (RFC 8415 section 18.3.11)` }

const hasKey: Judgement = (evidence) => {
  const clients = offered(evidence)
  evidence.judge.each(
    clients.flatMap(firstAnswer),
    claim`A client that is to accept Reconfigure receives a key of 128 bits (protocol 3, algorithm 1).`,
    (frame) => (clients.find((one) => firstAnswer(one)[0] === frame)?.key ? undefined : claim`no such key`),
  )
}

const hasKeyOfItsOwn: Judgement = (evidence) => {
  const { judge, assume, notApplicable } = evidence
  const informed = offered(evidence).filter(({ offers }) => offers.length > 0)
  const keys = informed.flatMap(({ key }) => (key ? [Buffer.from(key).toString('hex')] : []))
  if (informed.length < 2)
    return notApplicable(
      claim`The router offers Reconfigure to only one client.`,
      ...informed.flatMap(({ offers }) => offers),
    )
  assume(keys.length > 1, 'RFC8415-18.3.11-LANRECONF')
  judge.holds(
    new Set(keys).size === keys.length,
    claim`The key is random: no two clients have the same one.`,
    claim`${the.list(keys.map((item) => the.name(String(item))))}`,
    ...informed.flatMap(({ offers }) => offers.slice(0, 1)),
  )
}

const isValid =
  (what: keyof typeof claims): Judgement =>
  (evidence) => {
    const { judge, given } = evidence
    const clients = offered(evidence)
    const sent = clients.flatMap(({ reconfigures }) => reconfigures)
    given(sent[0], 'RFC9096-3.5-RECONF')
    judge.each(sent, claim`${the.name(claims[what])}`, (frame) => {
      const client = clients.find(({ reconfigures }) => reconfigures.includes(frame))
      return client && flaws[what](frame, client)
    })
  }

/** The client that did not receive the first one gets a second one. */
function isRetransmitted(evidence: Evidence): void {
  const { judge, given } = evidence
  const [first, second] = offered(evidence, [deaf]).flatMap(({ reconfigures }) => reconfigures)
  const unheard = given(first, 'RFC9096-3.5-RECONF')
  const again = judge.found(
    second,
    { after: unheard, seconds: retransmission.max },
    claim`The server retransmits a Reconfigure without a response.`,
  )
  judge.within(
    again.at - unheard.at,
    retransmission,
    claim`The server retransmits it after REC_TIMEOUT.`,
    unheard,
    again,
  )
}

/** RFC 8415 section 21.20: a client without Reconfigure Accept is unwilling to accept it. */
function noneUnasked(evidence: Evidence): void {
  const { lan, world, judge, given, at, every } = evidence
  const over = (every(renumberingOver).at(-1) ?? at(renumberingOver)).mark
  const accepts = everyone.map((name) => world.stations[name])
  const isForThem = (frame: Frame) =>
    accepts.some(
      (one) =>
        one?.mac === receiverOf(frame) || dhcpv6OptionsOf(frame, 'client-id').some(({ duid }) => duid === one?.duid),
    )
  const since = at(renumberingBegins).mark
  judge.absent(
    lan.fromDut.all(dhcpv6('reconfigure'), { before: over }).filter((frame) => !isForThem(frame)),
    claim`The server sends no Reconfigure to a client that did not send Reconfigure Accept.`,
    { fence: given(lan.fromDut.last(ra(), { after: since, before: over }), 'RFC7084-L-1'), since },
  )
  offered(evidence)
}

export const requirements = [
  requirement('RFC8415-18.3.11-LANRECONF', {
    key: on(renumbering, hasKey),
    'a key of its own': on(renumbering, hasKeyOfItsOwn),
    authentication: on(renumbering, isValid('authentication')),
    'replay counter': on(renumbering, isValid('replay counter')),
    identifiers: on(renumbering, isValid('identifiers')),
    demand: on(renumbering, isValid('demand')),
    'transaction-id': on(renumbering, isValid('transaction-id')),
    unicast: on(renumbering, isValid('unicast')),
    retransmission: on(renumbering, isRetransmitted),
    unasked: on(renumbering, noneUnasked),
  }),
]
