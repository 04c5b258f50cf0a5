import {
  type Evidence,
  echoRequest,
  type Frame,
  grace,
  inPrefix,
  type Judgement,
  type Mark,
  type Marked,
  na,
  on,
  pios,
  ra,
  requirement,
} from 'denat'
import { hostile, rareOptions, rareQuestion, wrongLengths, zeroLength } from '../scenarios/hostile-advertisements.ts'
import { type Forged, fragmentedAdvertisements, invalidAdvertisements } from '../scenarios/invalid-advertisements.ts'
import {
  deadRouter,
  deadRouterOver,
  flow,
  forgedRa,
  forgeryFence,
  lives as livesMark,
  preferred,
  preferredDone,
  rsInFragments,
  rsInOnePiece,
  secondRouter,
  solicitationInFragments,
  twoRouters,
} from '../scenarios/two-routers.ts'
import { formed } from './formed.ts'

type Offer = Marked<{ mac: string; linkLocal: string; prefix: string }, never>

/** What the router did because of a forged RA: an address in its prefix, or a way by its sender. */
function traces({ wan }: Evidence, { mac, linkLocal, prefix, mark }: Offer): Frame[] {
  return wan.fromDut.all(undefined, { after: mark }).filter(({ packet: { eth, icmp6 } }) => {
    const target = icmp6?.type === 'neighbor-solicitation' ? icmp6.target : undefined
    return eth.dst === mac || (target !== undefined && (target === linkLocal || inPrefix(target, prefix)))
  })
}

/** The RAs in good order: an address is formed from that of the second router. */
function believes(evidence: Evidence): void {
  const { prefix, mark } = evidence.at(secondRouter)
  evidence.given(formed(evidence, prefix, { after: mark }), 'RFC7084-WAA-1')
}

/** What shows that the router works as before, once such an RA has come: undefined where one of them is missing. */
function lives({ at }: Evidence, what: string) {
  const { mark, usual, ...rest } = at(livesMark, (one) => one.what === what)
  // Recordings of before have frames without names: where one is missing the next stands in its place.
  const seen = [rest.reply, rest.probe, rest.question, rest.answer].filter((frame) => frame !== undefined)
  const has = (type: string) => seen.find(({ packet }) => packet.icmp6?.type === type)
  const [reply, answer] = [has('echo-reply'), has('neighbor-advertisement')]
  const heeded = seen.find(({ packet }) => packet.ip6?.src === '::')
  // A prefix that is over when a batch of RAs is read leads to no address.
  const fleeting = usual !== undefined && pios(usual).every(({ validLifetime }) => validLifetime <= grace)
  const well = Boolean(reply && answer && (heeded || fleeting))
  return { mark, seconds: rest.seconds, control: usual ? [usual] : [], reply, answer, heeded, fleeting, well }
}

/** An RA that comes last, as there are routers that never come back from it. */
const last: Forged = 'option length 0'

function fenceOf({ at, given }: Evidence, what: Forged): Frame | Mark {
  if (what === last) return at(livesMark, (one) => one.what === zeroLength).mark
  return given(at(forgeryFence).answer, 'RFC7084-G-1')
}

const isIgnored =
  (what: Forged, how: string): Judgement =>
  (evidence) => {
    const { judge, assume, at } = evidence
    at(deadRouter)
    const offer = at(forgedRa, (one) => one.what === what)
    const before = what === last && hostile[hostile.indexOf(zeroLength) - 1]
    if (before) assume(lives(evidence, before).well, 'ROB-FUZZ-RA')
    believes(evidence)
    judge.absent(
      traces(evidence, offer),
      `${how} is ignored: no address is formed from it, and nothing goes by its sender.`,
      { fence: fenceOf(evidence, what), since: offer.mark },
    )
  }

const namesOf = <T extends object>(table: T) => Object.keys(table) as (keyof T)[]

requirement(
  'RFC4861-6.3.4-RA-VALID',
  Object.fromEntries(
    namesOf(invalidAdvertisements).map((what) => [what, on(twoRouters, isIgnored(what, `An RA with ${what}`))]),
  ),
)

const solicitationIsIgnored: Judgement = ({ lan, judge, given, at, every }) => {
  at(deadRouterOver)
  const [asked] = every(solicitationInFragments)
  const mark = given(asked?.mark, 'RFC7084-L-1')
  judge.absent(
    lan.of('host').fromDut.all(na({}, { ip6: { dst: asked?.from } })),
    'A Neighbor Solicitation in fragments is not answered.',
    { fence: given(asked?.answer, 'RFC7084-G-1'), since: asked?.whole ?? mark },
  )
}

const routerSolicitationIsIgnored: Judgement = ({ lan, judge, given, at, every }) => {
  at(deadRouterOver)
  const [control] = every(rsInOnePiece)
  given(control?.mark, 'RFC7084-L-1')
  given(control?.advertised, 'RFC7084-L-1')
  const { fromDut } = lan.of('host')
  const sent = every(rsInFragments).flatMap((one) => one.last ?? [])
  const answers = sent.map((frame) => {
    const next = fromDut.first(ra(), { after: frame })
    // MAX_RA_DELAY_TIME, and as much for processing.
    return next && next.at - frame.at < 1 ? next : undefined
  })
  judge.holds(
    answers.includes(undefined),
    'Router Solicitations in fragments are not answered, and one in one piece is.',
    `each of ${sent.length} is followed by an RA within 1 s`,
    ...sent,
    ...answers.filter((answer) => answer !== undefined),
    ...(control?.solicited ? [control.solicited] : []),
  )
}

requirement('RFC6980-5-NDFRAG', {
  ...Object.fromEntries(
    namesOf(fragmentedAdvertisements).map((what) => [what, on(twoRouters, isIgnored(what, `A fragmented ${what}`))]),
  ),
  NS: on(twoRouters, solicitationIsIgnored),
  RS: on(twoRouters, routerSolicitationIsIgnored),
})

/** Where the second router's preference is `is`, a host's packet goes to the one of this name. */
const goesBy =
  (what: 'high' | 'low' | 'reserved', chosen: 'isp' | 'isp2', is: string): Judgement =>
  ({ wan, world, judge, given, at, cannotTell }) => {
    given(at(flow).reply, 'DENAT-DEFAULT-1')
    const { mark: sent } = at(preferred, (one) => one.what === what)
    const { mark: over } = at(preferredDone, (one) => one.what === what)
    const { internet, isp2, [chosen]: router } = world.stations
    const forwarded = judge.found(
      wan.fromDut.seek(echoRequest({}, { ip6: { dst: internet?.address } }), { after: sent }),
      over,
      "A host's packet leaves on the WAN.",
      sent,
    )
    // The clause has no time for it, and routers read RAs in batches.
    const advertised = wan.toDut.last(ra({}, { eth: { src: isp2?.mac } }), { before: sent })
    if (forwarded.packet.eth.dst !== router?.mac && advertised && sent.at < advertised.at + grace)
      return cannotTell(`The packet was sent less than ${grace} s after the RA.`, advertised, forwarded)
    const which = chosen === 'isp' ? 'first' : 'second'
    judge.equal(
      forwarded.packet.eth.dst,
      router?.mac,
      `Where the second router's preference is ${is}, it goes to the ${which}`,
      sent,
      forwarded,
    )
  }

requirement('RFC4191-2.2-PREF', {
  high: on(twoRouters, goesBy('high', 'isp2', 'high and the first medium')),
  low: on(twoRouters, goesBy('low', 'isp', 'low and the first medium')),
  reserved: on(twoRouters, goesBy('reserved', 'isp2', 'reserved (which means medium) and the first low')),
})

requirement('RFC4861-6.3.6-NUD-ROUTER', twoRouters, ({ wan, judge, given, at }) => {
  const { mac, linkLocal, mark: joined } = at(deadRouter)
  const { reached, mark: over } = at(deadRouterOver)
  const tried = wan.fromDut
    .all(undefined, { after: joined, before: over })
    .find(
      ({ packet: { eth, icmp6 } }) =>
        eth.dst === mac || (icmp6?.type === 'neighbor-solicitation' && icmp6.target === linkLocal),
    )
  const chosen = given(tried, 'RFC4191-2.2-PREF')
  judge.due(
    reached,
    { after: chosen, seconds: 11 },
    'A default router that does not answer is given up for one that does: a host reaches the Internet again.',
  )
})

/** RFC 4861 section 6.1.2 has an RA discarded for a length of 0 alone; of another wrong length it has no words. */
function noteWrongLengths(evidence: Evidence): void {
  const { mtu, pio } = evidence.at(wrongLengths)
  for (const [what, sent] of Object.entries({ MTU: mtu, PIO: pio })) {
    const [behind] = sent ? pios(sent) : []
    if (!sent || !behind) continue
    const used = formed(evidence, behind.prefix, { after: sent })
    const said = used ? 'spoils itself only: the PIO behind it is heeded' : 'spoils what stands behind it in that RA'
    evidence.judge.note(`A ${what} option of a wrong length ${said}.`, sent, ...(used ? [used] : []))
  }
}

const questionIsAnswered: Judgement = ({ judge, given, at, every, cannotTell }) => {
  const [asked] = every(rareQuestion)
  if (!asked?.question) return cannotTell('The bench of this recording asked no such question.', at(livesMark).mark)
  const control = given(asked.control, 'RFC7084-G-1')
  judge.found(
    asked.answer,
    asked.mark,
    'A Neighbor Solicitation with options that the router does not know (types 7 and 99) is answered.',
    asked.question,
    control,
  )
}

const optionIsIgnored =
  (what: keyof typeof rareOptions): Judgement =>
  (evidence) => {
    const { judge, given, every, cannotTell } = evidence
    const before = lives(evidence, 'before')
    given(before.heeded, 'RFC7084-WAA-1')
    if (!every(livesMark).some((one) => one.what === what))
      return cannotTell(`No RA with ${what} was sent.`, before.mark)
    const { mark, control, heeded } = lives(evidence, what)
    judge.found(
      heeded,
      mark,
      `Of an RA with ${what} (type ${rareOptions[what].type}) that option alone is ignored: an address is formed from the prefix beside it.`,
      ...control,
    )
  }

requirement('RFC4861-4.2-UNKNOWNOPT', {
  ...Object.fromEntries(namesOf(rareOptions).map((what) => [what, on(twoRouters, optionIsIgnored(what))])),
  'in a Neighbor Solicitation': on(twoRouters, questionIsAnswered),
})

/** The router was unharmed before such an RA came: what comes after another needs that one survived. */
function isUnharmed(evidence: Evidence, what: string): void {
  const { given, assume, every } = evidence
  // Older recordings do not have all of them.
  const seen = new Set(every(livesMark).map((one) => one.what))
  const previous = hostile.slice(0, hostile.indexOf(what)).findLast((one) => seen.has(one))
  believes(evidence)
  if (previous) {
    assume(lives(evidence, previous).well, 'ROB-FUZZ-RA')
    return
  }
  const before = lives(evidence, 'before')
  given(before.reply, 'DENAT-DEFAULT-1')
  given(before.heeded, 'RFC7084-WAA-1')
  given(before.answer, 'RFC7084-G-1')
}

const isSurvived =
  (what: string): Judgement =>
  (evidence) => {
    const { judge, cannotTell } = evidence
    const { mark, seconds, control, reply, answer, heeded, fleeting } = lives(evidence, what)
    isUnharmed(evidence, what)
    const within = `Within ${seconds} s of it (${what})`
    judge.found(reply, mark, `${within} a host reaches the Internet.`, ...control)
    if (!heeded && fleeting)
      return cannotTell(`The prefix of the RA in good order lived no longer than ${grace} s.`, ...control)
    judge.found(heeded, mark, `${within} the router heeds an RA in good order: it forms an address.`, ...control)
    judge.found(answer, mark, 'It answers a Neighbor Solicitation on its WAN.', ...control)
    if (what === 'options of a wrong length') noteWrongLengths(evidence)
  }

requirement('ROB-FUZZ-RA', Object.fromEntries(hostile.map((what) => [what, on(twoRouters, isSurvived(what))])))
