import {
  claim,
  type Evidence,
  echoRequest,
  errorTime,
  type Frame,
  icmpv6,
  inPrefix,
  isLinkLocal,
  isMulticast,
  network,
  quoted,
  ra,
  requirement,
  the,
  type Where,
} from 'denat'
import { piosIn } from '../../shared/advertised.ts'
import { restarts, whileItRuns } from '../../shared/observers.ts'
import { cells, lackingFor, type OfChange, type Renumbered } from '../../shared/renumbering.ts'
import { renumberingBegins, renumberingOver, staleSource } from '../../steps/renumber.ts'

const isRestart = ({ trigger }: Renumbered): boolean => trigger === 'orderly reboot' || trigger === 'power cut'

/**
 * An error about a packet from a prefix that was invalidated before, where it took one that others had to do without: so
 * few are sent that the probe may be among these.
 */
function scarceError({ lan, every }: Evidence, { begun, over }: Renumbered, probe: Frame): Frame | undefined {
  const before = every(renumberingBegins).filter(({ mark }) => mark.at < begun.at)
  const isStale = (address: unknown) => before.some(({ old }) => inPrefix(String(address), old))
  const window = { after: probe, before: over }
  const sent = lan.toDut.all(
    {
      ip6: { src: isStale, dst: (address: unknown) => !isLinkLocal(String(address)) && !isMulticast(String(address)) },
    },
    window,
  )
  const told = lan.fromDut
    .all(icmpv6('destination-unreachable'), window)
    .filter((frame) => isStale(quoted(frame)?.ip6?.src))
  return 2 * told.length < sent.length ? told[0] : undefined
}

const isIngressFiltered: OfChange = (evidence, change) => {
  const { lan, wan, judge, given, assume, every } = evidence
  const { trigger, source, old, begun, over, told } = change
  const probes = every(staleSource).flatMap((one) => (one.trigger === trigger && one.probe ? [one.probe] : []))
  assume(source !== undefined, lackingFor(evidence, begun, 'DENAT-GUA-1'))
  const probe = given(probes[0], 'RFC8415-18.2.10-ONLAN')
  const fence = given(change.at(renumberingOver).fence, trigger === 'lifetime 0' ? 'RFC7084-G-1' : 'DENAT-DEFAULT-1')
  const left = wan.fromDut.all(echoRequest({}, { ip6: { src: String(source) } }), { after: probe, before: over })
  const errors = (view: Pick<typeof lan, 'fromDut'>) =>
    view.fromDut.all(icmpv6('destination-unreachable'), { after: probe, before: over })
  const sourceIn = (frame: Frame) => quoted(frame)?.ip6?.src
  const isBeside = (address: string | undefined) => address !== undefined && inPrefix(address, network(`${source}/64`))
  const error =
    errors(lan.of('slaac-host')).find((frame) => sourceIn(frame) === source) ??
    // Where errors are few, the error may be about another packet from the prefix.
    errors(lan).find((frame) => isBeside(sourceIn(frame))) ??
    scarceError(evidence, change, probe)
  const code = error?.packet.icmp6?.code
  // Of a prefix from before a restart only stable storage knows, which is a SHOULD (RFC 9096 section 3.5): to who has
  // none, who does not withdraw it either, it is a foreign source as any other.
  const withdraws = (frame: Frame) => piosIn(frame, old).some((pio) => pio.preferredLifetime === 0)
  const isWithdrawn = (where: Where) => lan.fromDut.all(ra(), where).some(withdraws)
  assume(!isRestart(change) || isWithdrawn({ after: told, before: over }), 'RFC9096-3.5-STORE')
  assume(trigger !== 'lifetime 0' || isWithdrawn({ after: begun, before: probe }), 'RFC9096-3.5-WANZERO')
  judge.absent(left, claim`A packet from an invalidated prefix does not leave on the WAN.`, { fence, since: probe })
  const expected = claim`Its sender is informed by Destination Unreachable.`
  // Left without a prefix it forwards nothing at all (RFC 7084 G-3), and may have no address of its own on the LAN.
  if (trigger === 'lifetime 0' && code !== 5)
    return judge.note(
      claim`Its sender is sent ${error ? claim`code ${code ?? the.name(undefined)}` : claim`nothing`}: the router has no prefix, and may forward nothing.`,
      probe,
    )
  const reported = judge.found(error, over, expected, ...probes)
  judge.equal(code, 5, claim`Its code (source address failed ingress/egress policy)`, reported)
  const cause = lan.toDut.last({ ip6: { src: sourceIn(reported) } }, { before: reported }) ?? probe
  judge.within(reported.at - cause.at, errorTime, claim`It comes at once.`, cause, reported)
}

export const requirements = [
  requirement('RFC7084-L-14', cells('code 5', isIngressFiltered, ...whileItRuns, ...restarts)),
]
