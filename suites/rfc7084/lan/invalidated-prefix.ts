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
 * An error about a packet from a prefix that was invalidated earlier. The rate limit permits so few errors that none may be
 * left for the probe.
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
  const advertised = lan.fromDut
    .all(icmpv6('destination-unreachable'), window)
    .filter((frame) => isStale(quoted(frame)?.ip6?.src))
  return 2 * advertised.length < sent.length ? advertised[0] : undefined
}

const isIngressFiltered: OfChange = (evidence, change) => {
  const { lan, wan, judge, given, assume, every } = evidence
  const { trigger, source, old, begun, over, learned } = change
  const probes = every(staleSource).flatMap((one) => (one.trigger === trigger && one.probe ? [one.probe] : []))
  assume(source !== undefined, lackingFor(evidence, begun, 'DENAT-GUA-1'))
  const probe = given(probes[0], 'RFC8415-18.2.10-ONLAN')
  const fence = given(change.at(renumberingOver).fence, trigger === 'lifetime 0' ? 'RFC7084-G-1' : 'DENAT-DEFAULT-1')
  const left = wan.fromDut.all(echoRequest({}, { ip6: { src: String(source) } }), { after: probe, before: over })
  const errors = (view: Pick<typeof lan, 'fromDut'>) =>
    view.fromDut.all(icmpv6('destination-unreachable'), { after: probe, before: over })
  const sourceIn = (frame: Frame) => quoted(frame)?.ip6?.src
  const isInSameNetwork = (address: string | undefined) =>
    address !== undefined && inPrefix(address, network(`${source}/64`))
  const error =
    errors(lan.of('slaac-host')).find((frame) => sourceIn(frame) === source) ??
    // Because of the rate limit the error may be about another packet from the prefix.
    errors(lan).find((frame) => isInSameNetwork(sourceIn(frame))) ??
    scarceError(evidence, change, probe)
  const code = error?.packet.icmp6?.code
  // A prefix from before a restart is known from stable storage only, which is a SHOULD (RFC 9096 section 3.5): to a router
  // without it, which does not withdraw the prefix either, it is an unknown source.
  const withdraws = (frame: Frame) => piosIn(frame, old).some((pio) => pio.preferredLifetime === 0)
  const isWithdrawn = (where: Where) => lan.fromDut.all(ra(), where).some(withdraws)
  assume(!isRestart(change) || isWithdrawn({ after: learned, before: over }), 'RFC9096-3.5-STORE')
  assume(trigger !== 'lifetime 0' || isWithdrawn({ after: begun, before: probe }), 'RFC9096-3.5-WANZERO')
  judge.absent(left, claim`The router does not forward a packet from an invalidated prefix to the WAN.`, {
    fence,
    since: probe,
  })
  const expected = claim`The router sends Destination Unreachable to the source.`
  // Without a prefix the router forwards no packet (RFC 7084 G-3), and may have no address on the LAN.
  if (trigger === 'lifetime 0' && code !== 5)
    return judge.note(
      error
        ? claim`The router sends code ${code ?? the.name(undefined)}: it has no prefix and forwards no packet.`
        : claim`The router sends no error: it has no prefix and forwards no packet.`,
      probe,
    )
  const reported = judge.found(error, over, expected, ...probes)
  judge.equal(code, 5, claim`The code (source address failed ingress/egress policy)`, reported)
  const cause = lan.toDut.last({ ip6: { src: sourceIn(reported) } }, { before: reported }) ?? probe
  judge.within(reported.at - cause.at, errorTime, claim`The error is sent immediately.`, cause, reported)
}

export const requirements = [
  requirement('RFC7084-L-14', cells('code 5', isIngressFiltered, ...whileItRuns, ...restarts)),
]
