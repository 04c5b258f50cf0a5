import {
  dhcpv6,
  type Evidence,
  type Frame,
  granted,
  isUla,
  lastAbout,
  type Mark,
  pios,
  prefixContains,
  ra,
  requirement,
} from 'denat'
import { lineFlaps } from '../scenarios/line-flaps.ts'
import { renumbering } from '../scenarios/renumbering.ts'

const many = 'one line cut after the other'
const outages = {
  'link down, same prefix': { mark: 'kept', kind: 'link flap' },
  'link down, new prefix': { mark: 'new-flow', kind: 'link flap' },
  'server silent, new prefix': { mark: 'new-flow', kind: 'expiry' },
}

requirement(
  'ROB-FLAP',
  { cases: { ...Object.fromEntries(Object.keys(outages).map((name) => [name, renumbering])), [many]: lineFlaps } },
  (evidence) => {
    const { case: name, did, given } = evidence
    if (name === many) return cameBackEachTime(evidence)
    const { mark, kind } = outages[name as keyof typeof outages]
    const begun = did(mark === 'kept' ? 'keeping' : 'renumbering', ({ data }) => (data?.kind ?? data?.trigger) === kind)
    const flow = mark === 'kept' ? 'online-again' : 'new-flow'
    const worked = mark === 'kept' ? begun.data?.address : begun.data?.source
    given(worked ? begun : undefined, isUntold(evidence, begun) ? 'RFC7084-L-13' : 'DENAT-GUA-1')
    const over = did(
      mark === 'kept' ? 'kept' : 'renumbering-over',
      ({ data }) => (data?.kind ?? data?.trigger) === kind,
    )
    cameBack(evidence, begun, over, flow, kind)
  },
)

/** A change before this moment is one that the LAN was not told of. */
function isUntold({ marks }: Evidence, moment: Mark): boolean {
  const told = marks('lan-told').map(({ data }) => data?.trigger)
  return marks('renumbering').some(({ at, data }) => at < moment.at && !told.includes(data?.trigger))
}

function cameBackEachTime(evidence: Evidence): void {
  const { judge, did, given, marks, framesOf } = evidence
  const over = did('cuts-over')
  const cuts = marks('line-back')
  given(
    cuts.find(({ data }) => data?.address),
    'DENAT-GUA-1',
  )
  const worked = cuts.flatMap(framesOf)
  judge.holds(
    worked.length === cuts.length,
    `After each of ${cuts.length} cuts of the line a host works again.`,
    `after ${worked.length} of them`,
    ...(cuts as [Mark]),
  )
  const [, told] = framesOf(over)
  grantedAlone(evidence, given(told, 'RFC7084-L-1'))
}

/** A host works again, and one delegated prefix is live on its LAN: the one that the ISP granted last. */
function cameBack(evidence: Evidence, begun: Mark, over: Mark, name: string, kind: string): void {
  const { lan, judge, marks, framesOf } = evidence
  const flow = marks(name).find(({ at, data }) => at > begun.at && (data?.kind ?? data?.trigger) === kind)
  const answer = judge.found(
    flow && framesOf(flow)[0],
    over,
    'After the outage a host works again.',
    begun,
    ...(flow ? [flow] : []),
  )
  const told = judge.found(
    lastAbout('prefix-information', lan.of('host').fromDut.all(ra(), { after: begun, before: over })),
    over,
    'The LAN is told what is in force.',
    begun,
    answer,
  )
  grantedAlone(evidence, told, answer)
}

/** What the LAN is told comes from the last grant before `by`, or from one that came after it and before the RA. */
function grantedAlone({ wan, judge }: Evidence, told: Frame, by = told): void {
  const grants = wan.toDut
    .all(dhcpv6('reply', { iaPd: {} }), { before: told.at > by.at ? told : by })
    .filter((frame) => granted(frame).length > 0)
  const last = grants.findLastIndex(({ number }) => number < by.number)
  const inForce = grants.slice(Math.max(0, last))
  const prefixes = inForce.flatMap((frame) => granted(frame).slice(0, 1))
  const live = livePrefixes(told)
  const others = live.filter((one) => !prefixes.some((prefix) => prefixContains(prefix, one)))
  judge.holds(
    live.length > 0 && others.length === 0,
    `The only preferred prefix that the ISP has a hand in is out of ${prefixes.join(' or ') || 'what it granted'}.`,
    others.join(', ') || 'none',
    told,
    ...inForce,
  )
}

const livePrefixes = (frame: Frame): string[] =>
  pios(frame).flatMap(({ prefix, preferredLifetime }) =>
    preferredLifetime > 0 && !isUla(prefix.split('/')[0] ?? '') ? [prefix] : [],
  )
