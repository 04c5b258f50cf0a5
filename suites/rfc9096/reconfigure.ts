import {
  anyOf,
  claim,
  dhcpv6,
  dhcpv6Of,
  dhcpv6OptionsOf,
  type Frame,
  granted,
  iaAddresses,
  inPrefix,
  prefixContains,
  ra,
  requirement,
  the,
} from 'denat'
import { accepting, clientOf, demands, everyone, offered } from '../shared/reconfigure-clients.ts'
import { cells, freshOf, type OfChange } from '../shared/renumbering.ts'
import { reconfigureOver } from '../steps/reconfigurable.ts'

/** "Initiate sending Reconfigure messages": RFC 9096 section 3.5 gives no time. Seconds. */
const atOnce = 10

const isReconfigured =
  (observer: keyof typeof accepting): OfChange =>
  (evidence, change) => {
    const { lan, judge, given, assume, every } = evidence
    const { old, begun, learned, over } = change
    const fresh = freshOf(change)
    const ofOld = (prefix: unknown) => prefixContains(old, String(prefix))
    const [client] = offered(evidence, [accepting[observer]])
    if (!client) return
    const { name, mac, lease, reconfigures, key } = client
    const isStale =
      lease && (granted(lease).some(ofOld) || iaAddresses(lease).some(({ address }) => inPrefix(address, old)))
    assume(isStale === true, observer === 'DHCPv6 host' ? 'DENAT-GUA-1' : 'RFC9818-LPD-1')
    given(key && client.offers[0], 'RFC8415-18.3.11-LANRECONF')
    // Later there are other changes.
    const until = every(reconfigureOver)[0]?.mark ?? over
    const meanwhile = ({ at }: Frame) => at >= begun.at && at <= until.at
    const first = reconfigures.find(meanwhile)
    const toAnother = everyone.flatMap((one) => clientOf(evidence, one).reconfigures).find(meanwhile)
    const withdrawn = lan
      .of(name)
      .fromDut.first(ra({ prefixInformation: { prefix: ofOld, preferredLifetime: 0, validLifetime: 0 } }), {
        after: begun,
        before: over,
      })
    // A router that does not detect that a prefix is stale has no client to inform.
    given(first ?? toAnother ?? withdrawn, 'RFC9096-L-13')
    const sent = judge.due(
      first,
      { after: learned, seconds: atOnce },
      claim`The router sends a Reconfigure to the ${the.name(observer)}, which accepts Reconfigure and has a stale lease.`,
      ...client.offers,
    )
    const demand = dhcpv6OptionsOf(sent, 'reconf-msg')[0]?.messageType
    const demanded = demand === undefined ? undefined : demands[demand]
    assume(demanded !== undefined, 'RFC8415-18.3.11-LANRECONF')
    judge.holds(
      demand === 5 || demand === 6,
      claim`The Reconfigure names Renew or Rebind: only these replace a lease.`,
      claim`it names ${the.name(demanded)}`,
      sent,
    )
    const asked = lan
      .of(name)
      .toDut.all({ eth: { src: mac }, dhcp6: { type: anyOf('renew', 'rebind') } }, { after: sent, before: over })[0]
    const question = given(asked, 'RFC8415-18.3.11-LANRECONF')
    const { transactionId } = dhcpv6Of(question)
    const answer = lan.of(name).fromDut.first(dhcpv6('reply', { transactionId }), { after: question })
    const isNew = (frame: Frame) =>
      granted(frame).some((prefix) => prefixContains(fresh, prefix)) ||
      iaAddresses(frame).some(({ address, validLifetime }) => validLifetime > 0 && inPrefix(address, fresh))
    // The leases of each client are judged by RFC9096-3.5-DHCPZERO and DENAT-RENUM-CASCADE.
    if (answer)
      judge.note(
        claim`The answer to what it demanded has ${isNew(answer) ? claim`a` : claim`no`} lease of ${the.name(fresh)}.`,
        answer,
      )
  }

export const requirements = [
  requirement('RFC9096-3.5-RECONF', {
    ...cells('DHCPv6 host', isReconfigured('DHCPv6 host'), 'NoBinding'),
    ...cells('downstream router', isReconfigured('downstream router'), 'NoBinding'),
  }),
]
