import {
  type Claim,
  claim,
  dhcpv6OptionsOf,
  type Evidence,
  type Frame,
  iaAddresses,
  type Judgement,
  on,
  requirement,
  statusOf,
  the,
} from 'denat'
import { lanServicesAsked } from '../../scenarios/lan-services.ts'
import { mutantsFence } from '../../steps/lan-services/dhcpv6-service.ts'
import { exchange, type exchanges, firstRenewed } from '../../steps/lan-services/two-ias.ts'

type What = (typeof exchanges)[number]

const exchangeOf = ({ at }: Evidence, what: What) => at(exchange, (one) => one.what === what)

/** The Reply that leases an address to the client's first IA, as to any. */
function firstLease(evidence: Evidence): Frame {
  const { given, notApplicable, every } = evidence
  const { advertise, solicit, reply, mark } = exchangeOf(evidence, 'first IAID')
  // What came before, a mutant of a question, may have been the end of the server.
  for (const { answer } of every(mutantsFence)) given(answer, 'ROB-FUZZ-DHCP6')
  if (!advertise || iaAddresses(advertise).length === 0)
    return notApplicable(claim`The server is stateless: it offers no address.`, advertise ?? solicit ?? mark)
  return given(reply, 'RFC8415-18.3.4-RENEW')
}

const isServed =
  (what: What, expected: Claim): Judgement =>
  (evidence) => {
    const { judge } = evidence
    const first = firstLease(evidence)
    const { solicit, advertise, request, reply, mark } = exchangeOf(evidence, what)
    const offer = judge.found(
      advertise,
      mark,
      claim`${expected}: the server answers its Solicit.`,
      first,
      ...(solicit ? [solicit] : []),
    )
    if (!request) {
      const [refused] = dhcpv6OptionsOf(offer, 'ia-na')
      return judge.holds(
        what !== 'next client' && refused !== undefined && statusOf(refused) !== 0,
        claim`${expected}: the server offers an address, or, where the client has one already, refuses another one by a status.`,
        refused ? claim`an IA_NA without an address and with status ${statusOf(refused)}` : claim`no IA_NA`,
        offer,
      )
    }
    judge.found(reply, mark, claim`${expected}: the server answers its Request.`, request)
  }

const firstIsKept: Judgement = (evidence) => {
  const { judge, at } = evidence
  const lease = firstLease(evidence)
  const { renew, reply, mark } = at(firstRenewed)
  const answer = judge.found(
    reply,
    mark,
    claim`The server answers a Renew of the first IA when the client has a second one.`,
    ...(renew ? [renew] : []),
  )
  const held = iaAddresses(lease).map(({ address }) => address)
  const extended = iaAddresses(answer).filter((one) => held.includes(one.address) && one.validLifetime > 0)
  const [ia] = dhcpv6OptionsOf(answer, 'ia-na')
  judge.holds(
    extended.length > 0,
    claim`The lease of the first IA, ${the.list(held.map((item) => the.name(item)))}, is extended as before.`,
    claim`it is not extended: status ${(ia && statusOf(ia)) ?? the.name(undefined)}`,
    lease,
    answer,
  )
}

export const requirements = [
  requirement('RFC8415-18.3.2-TWOIAS', {
    'second IAID': on(
      lanServicesAsked,
      isServed('second IAID', claim`A client with an IA_NA requests another one in a new exchange`),
    ),
    'first IAID kept': on(lanServicesAsked, firstIsKept),
    'next client': on(
      lanServicesAsked,
      isServed('next client', claim`Another client requests an address after one that has two IAs`),
    ),
  }),
]
