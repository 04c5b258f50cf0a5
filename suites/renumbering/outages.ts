import {
  dhcpv6,
  type Evidence,
  type Frame,
  granted,
  isUla,
  type Mark,
  pios,
  prefixContains,
  ra,
  requirement,
} from 'denat'
import { renumbering } from '../scenarios/renumbering.ts'

const outages = {
  'link down, same prefix': { mark: 'kept', kind: 'link flap' },
  'link down, new prefix': { mark: 'new-flow', kind: 'link flap' },
  'server silent, new prefix': { mark: 'new-flow', kind: 'expiry' },
}

requirement(
  'ROB-FLAP',
  { cases: Object.fromEntries(Object.keys(outages).map((name) => [name, renumbering])) },
  (evidence) => {
    const { case: name, did, given } = evidence
    const { mark, kind } = outages[name as keyof typeof outages]
    const begun = did(mark === 'kept' ? 'keeping' : 'renumbering', ({ data }) => (data?.kind ?? data?.trigger) === kind)
    const flow = mark === 'kept' ? 'online-again' : 'new-flow'
    const worked = mark === 'kept' ? begun.data?.address : begun.data?.source
    given(worked ? begun : undefined, 'DENAT-GUA-1')
    const over = did(
      mark === 'kept' ? 'kept' : 'renumbering-over',
      ({ data }) => (data?.kind ?? data?.trigger) === kind,
    )
    cameBack(evidence, begun, over, flow, kind)
  },
)

/** A host works again, and one delegated prefix is live on its LAN: the one that the ISP granted last. */
function cameBack(
  { wan, lan, judge, marks, framesOf }: Evidence,
  begun: Mark,
  over: Mark,
  name: string,
  kind: string,
): void {
  const flow = marks(name).find(({ at, data }) => at > begun.at && (data?.kind ?? data?.trigger) === kind)
  const answer = judge.found(
    flow && framesOf(flow)[0],
    'After the outage a host works again.',
    begun,
    ...(flow ? [flow] : []),
  )
  const grant = wan.toDut
    .all(dhcpv6('reply', { iaPd: {} }), { before: answer })
    .findLast((frame) => granted(frame).length)
  const [prefix = '::/128'] = grant ? granted(grant) : []
  const told = judge.found(
    lan.of('host').fromDut.last(ra(), { after: begun, before: over }),
    'The LAN is told what is in force.',
    begun,
    answer,
  )
  const live = livePrefixes(told)
  judge.holds(
    live.length > 0 && live.every((one) => prefixContains(prefix, one)),
    `The only preferred prefix that the ISP has a hand in is out of ${prefix}.`,
    live.join(', ') || 'none',
    told,
    ...(grant ? [grant] : []),
  )
}

const livePrefixes = (frame: Frame): string[] =>
  pios(frame).flatMap(({ prefix, preferredLifetime }) =>
    preferredLifetime > 0 && !isUla(prefix.split('/')[0] ?? '') ? [prefix] : [],
  )
