import {
  claim,
  dhcpv6,
  type Evidence,
  type Frame,
  granted,
  isUla,
  type Judgement,
  lastAbout,
  type Mark,
  on,
  pios,
  prefixContains,
  prefixUse,
  ra,
  requirement,
  the,
} from 'denat'
import { cutsOver, lineBack, lineFlaps } from '../scenarios/line-flaps.ts'
import { renumbering } from '../scenarios/renumbering.ts'
import { lackingFor } from '../shared/renumbering.ts'
import { keeping, kept, onlineAgain } from '../steps/keeps.ts'
import { lanAdvertised, newFlow, renumberingBegins, renumberingOver, type Trigger } from '../steps/renumber.ts'

/** A host reached the Internet before the outage; otherwise an earlier change may not have reached the LAN. */
function worked(evidence: Evidence, begun: Mark, address: string | undefined): void {
  evidence.assume(address !== undefined, lackingFor(evidence, begun, 'DENAT-GUA-1'))
}

/** A line that is back in time does not help hosts if the router never advertises the new prefix on the LAN. */
function isUsed({ wan, every, assume }: Evidence, { mark, fresh = '', trigger }: Change, over: Mark): void {
  const reply = wan.toDut
    .all(dhcpv6('reply', { iaPd: {} }), { after: mark, before: over })
    .find((frame) => granted(frame).includes(fresh))
  const isAdvertised = every(lanAdvertised).some((one) => one.trigger === trigger)
  assume(isAdvertised || !reply || over.at - reply.at < prefixUse, 'RFC8415-18.2.10-ONLAN')
}

type Change = { mark: Mark; fresh?: string | undefined; trigger: Trigger }

/** The line is cut, and the prefix does not change. */
const keepsPrefix: Judgement = (evidence) => {
  const { at, every } = evidence
  const ofFlap = ({ kind }: { kind: string }) => kind === 'link flap'
  const { mark: begun, address } = at(keeping, ofFlap)
  worked(evidence, begun, address)
  const { mark: over } = at(kept, ofFlap)
  cameBack(
    evidence,
    begun,
    over,
    every(onlineAgain).find((one) => ofFlap(one) && one.mark.at > begun.at),
  )
}

/** The prefix is another one after the outage. */
const usesNewPrefix =
  (trigger: Trigger): Judgement =>
  (evidence) => {
    const { at, every } = evidence
    const ofChange = (one: { trigger: Trigger }) => one.trigger === trigger
    const change = at(renumberingBegins, ofChange)
    const { mark: begun, source } = change
    worked(evidence, begun, source)
    const { mark: over } = at(renumberingOver, ofChange)
    isUsed(evidence, change, over)
    cameBack(evidence, begun, over, every(newFlow).find(ofChange))
  }

const comesBackEachTime: Judgement = (evidence) => {
  const { judge, at, given, assume, every } = evidence
  const over = at(cutsOver)
  const cuts = every(lineBack)
  assume(
    cuts.some(({ address }) => address !== undefined),
    'DENAT-GUA-1',
  )
  const failed = cuts.filter(({ reply }) => reply === undefined)
  judge.holds(
    failed.length === 0,
    claim`After each of ${cuts.length} line cuts, a host reaches the Internet again.`,
    claim`no answer after the line cuts number ${the.list(failed.map(({ cut }) => cut))}`,
    ...cuts.map(({ mark }) => mark),
  )
  grantedAlone(evidence, given(over.advertised, 'RFC7084-L-1'))
}

/** A host reaches the Internet again, and one delegated prefix is preferred on its LAN: that of the ISP's last grant. */
function cameBack(evidence: Evidence, begun: Mark, over: Mark, flow?: { reply?: Frame; mark: Mark }): void {
  const { lan, judge } = evidence
  const expected = claim`After the outage, a host reaches the Internet again.`
  const answer = judge.found(flow?.reply, over, expected, begun, ...(flow ? [flow.mark] : []))
  const advertised = judge.found(
    lastAbout('prefix-information', lan.of('host').fromDut.all(ra(), { after: begun, before: over })),
    over,
    claim`After the outage, the router sends an RA with a Prefix Information option on the LAN.`,
    begun,
    answer,
  )
  grantedAlone(evidence, advertised, answer)
}

/** The prefix on the LAN is from the last grant before `by`, or from a grant between it and the RA. */
function grantedAlone({ wan, judge }: Evidence, advertised: Frame, by = advertised): void {
  const grants = wan.toDut
    .all(dhcpv6('reply', { iaPd: {} }), { before: advertised.at > by.at ? advertised : by })
    .filter((frame) => granted(frame).length > 0)
  const last = grants.findLastIndex(({ number }) => number < by.number)
  const inForce = grants.slice(Math.max(0, last))
  const prefixes = inForce.flatMap((frame) => granted(frame).slice(0, 1))
  const live = livePrefixes(advertised)
  const others = live.filter((one) => !prefixes.some((prefix) => prefixContains(prefix, one)))
  judge.holds(
    live.length > 0 && others.length === 0,
    claim`The only preferred prefix on the LAN is within the delegated prefix (${the.list(
      prefixes.map((one) => the.prefix(one)),
      claim`none`,
    )}).`,
    claim`${the.list(
      others.map((item) => the.prefix(item)),
      claim`none`,
    )}`,
    advertised,
    ...inForce,
  )
}

const livePrefixes = (frame: Frame): string[] =>
  pios(frame).flatMap(({ prefix, preferredLifetime }) =>
    preferredLifetime > 0 && !isUla(prefix.split('/')[0] ?? '') ? [prefix] : [],
  )

export const requirements = [
  requirement('ROB-FLAP', {
    'link down, same prefix': on(renumbering, keepsPrefix),
    'link down, new prefix': on(renumbering, usesNewPrefix('link flap')),
    'server silent, new prefix': on(renumbering, usesNewPrefix('expiry')),
    'one line cut after the other': on(lineFlaps, comesBackEachTime),
  }),
]
