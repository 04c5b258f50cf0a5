import {
  type Claim,
  claim,
  dhcpv6Of,
  dhcpv6OptionsOf,
  type Evidence,
  type Frame,
  inPrefix,
  invariant,
  isLinkLocal,
  type LinkView,
  pios,
  ra,
  receiverOf,
  senderOf,
  the,
} from 'denat'
import { messageOf } from '../explained/changes.ts'
import { grouped, isValid, links } from '../shared/frames.ts'
import { clientOf, leasesIn, mayChangeAnswers, serverAnswers } from '../shared/server-answers.ts'

/** A question that one peer asked again and again, and whether any of them was answered. */
interface Plea {
  asked: Frame[]
  answered: boolean
}

/** What was asked on one link, and frames that show when the router served it. */
interface Service {
  pleas: Plea[]
  answers: readonly Frame[]
  /** Any of these shows afterwards that it went on; the answers unless given. */
  started?: readonly Frame[]
}

/** Within this time before and after it, the router answers another node, if it serves at all. Seconds. */
const near = 20

/** The router answered shortly before and shortly after, and nothing had happened between. */
function isServed({ at }: Frame, { answers, started = answers }: Service, { recording }: Evidence): boolean {
  const before = answers.findLast((one) => one.at < at && at - one.at < near)?.at
  const after = started.find((one) => one.at > at && one.at - at < near)?.at
  if (before === undefined || after === undefined) return false
  return !recording.marks.some((mark) => mayChangeAnswers(mark) && mark.at >= before && mark.at <= after)
}

/** A node that repeats its request while the router answers others receives a response. */
function judgeRequests(
  evidence: Evidence,
  services: readonly Service[],
  what: Claim,
  least: { times: number; seconds: number },
) {
  const { judge, notApplicable, recording } = evidence
  const pleas = services.flatMap((one) => one.pleas)
  const answered = pleas.find((plea) => plea.answered)?.asked[0]
  if (!answered)
    return notApplicable(claim`This recording has no ${what} that the router answers.`, ...recording.frames.slice(0, 1))
  const unanswered = services.flatMap((service) =>
    service.pleas.flatMap((plea) =>
      plea.answered ? [] : [plea.asked.filter((one) => isServed(one, service, evidence))],
    ),
  )
  const forgotten = unanswered.find((asked) => {
    const [first, last] = [asked[0], asked.at(-1)]
    return first && last && asked.length >= least.times && last.at - first.at >= least.seconds
  })
  const [first = answered, ...rest] = forgotten ?? []
  const { ip6 } = first.packet
  judge.holds(
    forgotten === undefined,
    claim`While the router answers others, it answers each ${what}, from any sender.`,
    claim`no response to ${the.address(ip6?.src)} (${the.address(senderOf(first))}), which sent ${rest.length + 1} requests from ${first} on, while the router answered others`,
    first,
    ...rest.slice(0, 4),
  )
  judge.note(claim`${pleas.length} messages were examined.`, first)
}

const iaTypes = ['ia-na', 'ia-pd'] as const

/** A node on the link has such a lease. */
const isGiven = ({ fromDut }: LinkView, ia: (typeof iaTypes)[number]): boolean =>
  fromDut.first({
    dhcp6: { type: 'reply', options: (all: unknown) => (all as { type: unknown }[]).some(({ type }) => type === ia) },
  }) !== undefined

/** Whether the server owes this client an answer: RFC 9915 section 18.3. */
function isOwed(frame: Frame, link: LinkView, server: string | undefined, bound: ReadonlySet<string>): boolean {
  const named = dhcpv6OptionsOf(frame, 'server-id')[0]?.duid
  const { type } = dhcpv6Of(frame)
  if (frame.packet.ip6?.dst !== 'ff02::1:2') return false
  switch (type) {
    case 'solicit':
      return iaTypes.some((ia) => dhcpv6OptionsOf(frame, ia).length > 0 && isGiven(link, ia))
    case 'request':
    case 'renew':
    case 'release':
    case 'decline':
      return named !== undefined && named === server
    case 'information-request':
      // A client without a Client Identifier may get no answer: RFC 9915 section 18.3.6.
      return clientOf(frame) !== undefined && (named === undefined || named === server)
    case 'rebind':
      return leasesIn(frame).some(({ prefix }) => bound.has(`${clientOf(frame)} ${prefix}`))
    case 'confirm': {
      const advertised = link.fromDut.last(ra(), { before: frame })
      const onLink = advertised ? pios(advertised).filter(({ validLifetime }) => validLifetime > 0) : []
      const addresses = leasesIn(frame).map(({ prefix }) => prefix.split('/')[0] as string)
      return addresses.some((address) => onLink.some(({ prefix }) => inPrefix(address, prefix)))
    }
    default:
      return false
  }
}

/**
 * Questions in a row are one plea until something answers the last of them, however late; each that is answered within
 * `seconds` is one of its own.
 */
function inARow(
  questions: readonly Frame[],
  answerTo: (question: Frame) => Frame | undefined,
  { seconds, pause }: { seconds: number; pause: number },
): Plea[] {
  const pleas: Plea[] = []
  for (const question of questions) {
    const last = pleas.at(-1)
    const before = last?.asked.at(-1)
    const answer = answerTo(question)
    const late = before && answerTo(before)
    const goesOn = last && !last.answered && before && question.at - before.at <= pause
    if (answer && answer.at - question.at <= seconds) pleas.push({ asked: [question], answered: true })
    else if (goesOn && !(late && late.number < question.number)) last.asked.push(question)
    else pleas.push({ asked: [question], answered: false })
  }
  return pleas
}

/** MAX_RA_DELAY_TIME, MIN_DELAY_BETWEEN_RAS, and some. Seconds. */
const advertising = 5

/** Seconds. */
const advertised = 1.5

/** RetransTimer after a solicitation of duplicate address detection, and some. Seconds. */
const detecting = 1.2

export const requirements = [
  invariant('DENAT-FATE-DHCPV6', (evidence) => {
    const { lan } = evidence
    const answers = serverAnswers(evidence)
    const bound = new Set(
      answers.flatMap(({ answer }) => leasesIn(answer).map(({ prefix }) => `${clientOf(answer)} ${prefix}`)),
    )
    const services = lan.segments.map((link): Service => {
      const messages = link.fromDut.all({ dhcp6: {} }).filter((frame) => messageOf(frame))
      const isAnswer = (frame: Frame, question: Frame) =>
        messageOf(frame)?.transactionId === messageOf(question)?.transactionId &&
        frame.packet.ip6?.dst === question.packet.ip6?.src
      const exchanges = new Map<string, Frame[]>()
      for (const frame of link.toDut.all({ dhcp6: {} })) {
        const message = messageOf(frame)
        if (!message || !isValid(frame)) continue
        const server = messages.findLast(({ number }) => number < frame.number)
        if (!isOwed(frame, link, server && dhcpv6OptionsOf(server, 'server-id')[0]?.duid, bound)) continue
        const key = `${frame.packet.ip6?.src} ${message.transactionId} ${message.type}`
        exchanges.set(key, [...(exchanges.get(key) ?? []), frame])
      }
      const pleas = [...exchanges.values()].map((asked) => ({
        asked,
        answered: messages.some(
          (frame) => frame.number > (asked[0] as Frame).number && isAnswer(frame, asked[0] as Frame),
        ),
      }))
      return { pleas, answers: answers.map(({ answer }) => answer) }
    })
    judgeRequests(evidence, services, claim`message of a DHCPv6 client`, { times: 2, seconds: 0.5 })
  }),

  invariant('DENAT-FATE-RS', (evidence) => {
    const services = evidence.lan.segments.map(({ toDut, fromDut }): Service => {
      const advertised = fromDut.all(ra())
      const answerTo = (question: Frame) =>
        advertised.find(
          (frame) =>
            frame.number > question.number &&
            (frame.packet.ip6?.dst === 'ff02::1' || receiverOf(frame) === senderOf(question)),
        )
      const asked = toDut.all({ icmp6: { type: 'router-solicitation' } }).filter(isValid)
      const pleas = [...grouped(asked, senderOf).values()].flatMap((one) =>
        inARow(one, answerTo, { seconds: advertising, pause: 30 }),
      )
      return { pleas, answers: advertised }
    })
    judgeRequests(evidence, services, claim`Router Solicitation`, { times: 2, seconds: 3 })
  }),

  invariant('DENAT-FATE-NS', (evidence) => {
    const { recording } = evidence
    const claimed = new Set(
      recording.frames.flatMap(({ direction, packet: { icmp6 } }) =>
        direction === 'out' && icmp6?.type === 'neighbor-advertisement' ? [icmp6.target] : [],
      ),
    )
    const services = links(evidence).map(({ name, toDut, fromDut }): Service => {
      const isWan = name === evidence.wan.name
      const answers = fromDut.all({ icmp6: { type: 'neighbor-advertisement' } })
      const ras = fromDut.all(ra())
      const targetOf = ({ packet: { icmp6 } }: Frame) => (icmp6 && 'target' in icmp6 ? icmp6.target : '::')
      const tried = fromDut.all({ ip6: { src: '::' }, icmp6: { type: 'neighbor-solicitation' } })
      /** RFC 4862 section 5.4.3: what is being detected has no answer yet. */
      const isTentative = (question: Frame) =>
        tried.some(
          (one) => targetOf(one) === targetOf(question) && one.at <= question.at && question.at < one.at + detecting,
        )
      const own = new Set([
        ...answers.map(targetOf),
        ...tried.map(targetOf),
        ...ras.map(({ packet }) => packet.ip6?.src ?? '::'),
      ])
      const fromGlobal = fromDut.all({ ip6: {} }).filter(({ packet: { ip6 } }) => isLinkLocal(ip6?.src ?? '::'))
      /** The source address of the router before and after: it may differ after a restart. */
      const isUsed = (target: string, { number }: Frame) => {
        const before = fromGlobal.findLast((one) => one.number < number)
        const after = fromGlobal.find((one) => one.number > number)
        return before?.packet.ip6?.src === target && (after === undefined || after.packet.ip6?.src === target)
      }
      /** The RA before holds its prefix, and so does the one after where there is one. */
      const isInForce = (question: Frame) => {
        const target = targetOf(question)
        // Which addresses it has on the WAN at a time is what other requirements ask.
        if (isWan) return isUsed(target, question)
        const holds = (frame: Frame) =>
          isLinkLocal(target) ||
          pios(frame).some(({ prefix, preferredLifetime }) => preferredLifetime > 0 && inPrefix(target, prefix))
        const before = ras.findLast(({ number }) => number < question.number)
        const after = ras.find(({ number }) => number > question.number)
        return before !== undefined && holds(before) && (after === undefined || holds(after))
      }
      const answerTo = (question: Frame) =>
        answers.find((frame) => {
          const isFor = frame.packet.ip6?.dst === 'ff02::1' || receiverOf(frame) === senderOf(question)
          return isFor && targetOf(frame) === targetOf(question) && frame.number > question.number
        })
      const asked = toDut
        .all({ icmp6: { type: 'neighbor-solicitation' } })
        .filter(
          (frame) =>
            isValid(frame) &&
            own.has(targetOf(frame)) &&
            !claimed.has(targetOf(frame)) &&
            isInForce(frame) &&
            !isTentative(frame),
        )
      const pleas = [...grouped(asked, (frame) => `${senderOf(frame)} ${targetOf(frame)}`).values()].flatMap((one) =>
        inARow(one, answerTo, { seconds: advertised, pause: 5 }),
      )
      const started = fromDut.all({ ip6: {} })
      // The ISP's router asks rarely: whatever is sent shows that the port is up.
      return {
        pleas,
        answers: isWan ? started : [...answers, ...ras].sort((a, b) => a.number - b.number),
        started,
      }
    })
    judgeRequests(evidence, services, claim`Neighbor Solicitation for an address of the router`, {
      times: 3,
      seconds: 1.9,
    })
  }),
]
