import { type Evidence, echoRequest, type Frame, grace, inPrefix, type Mark, na, pios, ra, requirement } from 'denat'
import { hostile, rareOptions, rareQuestion, wrongLengths, zeroLength } from '../scenarios/hostile-advertisements.ts'
import { fragmentedAdvertisements, invalidAdvertisements } from '../scenarios/invalid-advertisements.ts'
import { twoRouters } from '../scenarios/two-routers.ts'
import { formed } from './formed.ts'

const each = <T extends string>(names: T[]) => Object.fromEntries(names.map((name) => [name, twoRouters]))

/** What the router did because of a forged RA: an address in its prefix, or a way by its sender. */
function traces({ wan }: Evidence, { data, ...mark }: Mark): Frame[] {
  const { mac, linkLocal, prefix } = data as { mac: string; linkLocal: string; prefix: string }
  return wan.fromDut.all(undefined, { after: mark }).filter(({ packet: { eth, icmp6 } }) => {
    const target = icmp6?.type === 'neighbor-solicitation' ? icmp6.target : undefined
    return eth.dst === mac || (target !== undefined && (target === linkLocal || inPrefix(target, prefix)))
  })
}

function forgedRaIgnored(evidence: Evidence, claim: string): void {
  const { case: what, judge, given, did, framesOf } = evidence
  const second = did('second-router')
  did('dead-router')
  const forged = did('forged', (mark) => mark.data?.what === what)
  const late = what === 'option length 0'
  const before = late && hostile[hostile.indexOf(zeroLength) - 1]
  if (before) {
    const { mark, well } = lives(evidence, before)
    given(well ? mark : undefined, 'ROB-FUZZ-RA')
  }
  // The same in good order is believed.
  given(formed(evidence, String(second.data?.prefix), { after: second }), 'RFC7084-WAA-1')
  const fence = late
    ? did('lives', (mark) => mark.data?.what === zeroLength)
    : given(framesOf(did('forgery-fence'))[1], 'RFC7084-G-1')
  judge.absent(traces(evidence, forged), claim, { fence, since: forged })
}

/** What shows that the router works as before, once such an RA has come: undefined where one of them is missing. */
function lives({ did, framesOf }: Evidence, what: string) {
  const mark = did('lives', ({ data }) => data?.what === what)
  const [usual, ...seen] = framesOf(mark)
  const has = (type: string) => seen.find(({ packet }) => packet.icmp6?.type === type)
  const [reply, answer] = [has('echo-reply'), has('neighbor-advertisement')]
  const heeded = seen.find(({ packet }) => packet.ip6?.src === '::')
  // A prefix that is over when a batch of RAs is read leads to no address.
  const fleeting = usual !== undefined && pios(usual).every(({ validLifetime }) => validLifetime <= grace)
  return { mark, usual, reply, answer, heeded, fleeting, well: Boolean(reply && answer && (heeded || fleeting)) }
}

requirement('RFC4861-6.3.4-RA-VALID', { cases: each(Object.keys(invalidAdvertisements)) }, (evidence) =>
  forgedRaIgnored(
    evidence,
    `An RA with ${evidence.case} is ignored: no address is formed from it, and nothing goes by its sender.`,
  ),
)

requirement('RFC6980-5-NDFRAG', { cases: each([...Object.keys(fragmentedAdvertisements), 'NS', 'RS']) }, (evidence) => {
  const { case: what, lan, judge, given, did, marks, framesOf } = evidence
  if (what.startsWith('RA'))
    return forgedRaIgnored(
      evidence,
      `A fragmented ${what} is ignored: no address is formed from it, and nothing goes by its sender.`,
    )
  did('dead-router-over')
  const { fromDut } = lan.of('host')
  if (what === 'NS') {
    const asked = given(marks('ns-in-fragments')[0], 'RFC7084-L-1')
    const [whole, answer] = framesOf(asked)
    judge.absent(
      fromDut.all(na({}, { ip6: { dst: String(asked.data?.from) } })),
      'A Neighbor Solicitation in fragments is not answered.',
      { fence: given(answer, 'RFC7084-G-1'), since: whole ?? asked },
    )
    return
  }
  const [control, advertised] = framesOf(given(marks('rs-in-one-piece')[0], 'RFC7084-L-1'))
  given(advertised, 'RFC7084-L-1')
  const sent = marks('rs-in-fragments').flatMap(framesOf)
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
    ...(control ? [control] : []),
  )
})

requirement(
  'RFC4191-2.2-PREF',
  { cases: each(['high', 'low', 'reserved']) },
  ({ case: what, wan, world, judge, given, did, framesOf, cannotTell }) => {
    given(framesOf(did('flow'))[0], 'DENAT-DEFAULT-1')
    const sent = did('preference', (mark) => mark.data?.what === what)
    const over = did('preference-done', (mark) => mark.data?.what === what)
    const { isp, internet, isp2 } = world.stations
    const forwarded = judge.found(
      wan.fromDut.seek(echoRequest({}, { ip6: { dst: internet?.address } }), { after: sent }),
      over,
      "A host's packet leaves on the WAN.",
      sent,
    )
    // The clause has no time for it, and routers read RAs in batches.
    const told = wan.toDut.last(ra({}, { eth: { src: isp2?.mac } }), { before: sent })
    if (forwarded.packet.eth.dst !== (what === 'low' ? isp?.mac : isp2?.mac) && told && sent.at < told.at + grace)
      return cannotTell(`The packet was sent less than ${grace} s after the RA.`, told, forwarded)
    const second = {
      high: 'high and the first medium',
      low: 'low and the first medium',
      reserved: 'reserved (which means medium) and the first low',
    }
    judge.equal(
      forwarded.packet.eth.dst,
      what === 'low' ? isp?.mac : isp2?.mac,
      `Where the second router's preference is ${second[what as keyof typeof second]}, it goes to the ${what === 'low' ? 'first' : 'second'}`,
      sent,
      forwarded,
    )
  },
)

requirement('RFC4861-6.3.6-NUD-ROUTER', twoRouters, ({ wan, world, judge, given, did, framesOf }) => {
  const joined = did('dead-router')
  const over = did('dead-router-over')
  const { dead } = world.stations
  const tried = wan.fromDut
    .all(undefined, { after: joined, before: over })
    .find(
      ({ packet: { eth, icmp6 } }) =>
        eth.dst === dead?.mac || (icmp6?.type === 'neighbor-solicitation' && icmp6.target === dead?.linkLocal),
    )
  const chosen = given(tried, 'RFC4191-2.2-PREF')
  judge.due(
    framesOf(over)[0],
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

const ofNeighbor = 'in a Neighbor Solicitation'

requirement('RFC4861-4.2-UNKNOWNOPT', { cases: each([...Object.keys(rareOptions), ofNeighbor]) }, (evidence) => {
  const { case: what, judge, given, did, marks, every, cannotTell } = evidence
  if (what === ofNeighbor) {
    const [asked] = every(rareQuestion)
    if (!asked?.question) return cannotTell('The bench of this recording asked no such question.', did('lives'))
    const control = given(asked.control, 'RFC7084-G-1')
    judge.found(
      asked.answer,
      asked.mark,
      'A Neighbor Solicitation with options that the router does not know (types 7 and 99) is answered.',
      asked.question,
      control,
    )
    return
  }
  const before = lives(evidence, 'before')
  given(before.heeded, 'RFC7084-WAA-1')
  if (!marks('lives').some(({ data }) => data?.what === what))
    return cannotTell(`No RA with ${what} was sent.`, before.mark)
  const { mark, usual, heeded } = lives(evidence, what)
  judge.found(
    heeded,
    mark,
    `Of an RA with ${what} (type ${rareOptions[what as keyof typeof rareOptions].type}) that option alone is ignored: an address is formed from the prefix beside it.`,
    ...(usual ? [usual] : []),
  )
})

requirement('ROB-FUZZ-RA', { cases: each(hostile) }, (evidence) => {
  const { case: what, judge, given, did, marks, cannotTell } = evidence
  const second = did('second-router')
  const { mark, usual, reply, answer, heeded, fleeting } = lives(evidence, what)
  // Older recordings do not have all of them.
  const seen = new Set(marks('lives').map(({ data }) => data?.what))
  const previous = hostile.slice(0, hostile.indexOf(what)).findLast((one) => seen.has(one)) ?? 'before'
  const unharmed = lives(evidence, previous)
  given(formed(evidence, String(second.data?.prefix), { after: second }), 'RFC7084-WAA-1')
  if (previous === 'before') {
    given(unharmed.reply, 'DENAT-DEFAULT-1')
    given(unharmed.heeded, 'RFC7084-WAA-1')
    given(unharmed.answer, 'RFC7084-G-1')
  } else given(unharmed.well ? unharmed.mark : undefined, 'ROB-FUZZ-RA')
  const within = `Within ${mark.data?.seconds} s of it (${what})`
  const control = usual ? [usual] : []
  judge.found(reply, mark, `${within} a host reaches the Internet.`, ...control)
  if (!heeded && fleeting)
    return cannotTell(`The prefix of the RA in good order lived no longer than ${grace} s.`, ...control)
  judge.found(heeded, mark, `${within} the router heeds an RA in good order: it forms an address.`, ...control)
  judge.found(answer, mark, 'It answers a Neighbor Solicitation on its WAN.', ...control)
  if (what === 'options of a wrong length') noteWrongLengths(evidence)
})
