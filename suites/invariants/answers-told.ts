import { type Evidence, type Frame, invariant, isMulticast, isOneHopOn } from 'denat'
import { grouped } from './frames.ts'

/** Who waits longer for an answer has asked again. Seconds. */
const patience = 10

/** A question and its answer, each with what pairs them on one link but for the addresses of the router. */
interface Kind {
  asks(frame: Frame): string | undefined
  answers(frame: Frame): string | undefined
}

const names: Kind = {
  asks: ({ packet: { ip6, udp, dns } }) =>
    dns?.type === 'query' && udp ? `${ip6?.src} ${udp.srcPort} ${dns.id}` : undefined,
  answers: ({ packet: { ip6, udp, dns } }) =>
    dns?.type === 'response' && udp ? `${ip6?.dst} ${udp.dstPort} ${dns.id}` : undefined,
}

const echoes: Kind = {
  asks: ({ packet: { ip6, icmp6 } }) =>
    icmp6?.type === 'echo-request' && !isMulticast(ip6?.dst ?? '::')
      ? `${ip6?.src} ${icmp6.id} ${icmp6.seq}`
      : undefined,
  answers: ({ packet: { ip6, icmp6 } }) =>
    icmp6?.type === 'echo-reply' ? `${ip6?.dst} ${icmp6.id} ${icmp6.seq}` : undefined,
}

/** Each answer of the router's own on a LAN, with the questions that it may be to. */
function answered({ lan, recording }: Evidence, { asks, answers }: Kind): [answer: Frame, questions: Frame[]][] {
  const isNear = (answer: Frame, other: Frame) => other.number < answer.number && answer.at - other.at < patience
  const others = grouped(
    recording.frames.filter(({ direction }) => direction === 'out'),
    answers,
  )
  return lan.segments.flatMap((link) => {
    const asked = grouped(link.toDut.all({ ip6: {} }), asks)
    return link.fromDut.all({ ip6: {} }).flatMap((answer): [Frame, Frame[]][] => {
      const key = answers(answer)
      if (key === undefined) return []
      const questions = (asked.get(key) ?? []).filter((one) => isNear(answer, one))
      const isPassedOn = others.get(key)?.some((one) => isNear(answer, one) && isOneHopOn(answer, one))
      return questions.length === 0 || isPassedOn ? [] : [[answer, questions]]
    })
  })
}

/** None of the questions went to where the answer comes from. */
const elsewhere = (answer: Frame, questions: readonly Frame[]): string | undefined => {
  const source = answer.packet.ip6?.src
  const asked = [...new Set(questions.map(({ packet }) => packet.ip6?.dst))]
  return asked.includes(source) ? undefined : `from ${source}, where ${asked.join(' and ')} was asked`
}

const judged = (
  id: string,
  kind: Kind,
  what: string,
  claim: string,
  wrong: (answer: Frame, questions: readonly Frame[]) => string | undefined,
): void =>
  invariant(id, (evidence) => {
    const pairs = new Map(answered(evidence, kind))
    const { judge, notApplicable, recording } = evidence
    if (pairs.size === 0)
      return notApplicable(`The router answers no ${what} on a LAN in this recording.`, ...recording.frames.slice(0, 1))
    judge.each([...pairs.keys()], claim, (answer) => wrong(answer, pairs.get(answer) ?? []))
  })

judged(
  'RFC2181-4.1-SOURCE',
  names,
  'query by UDP',
  'An answer of the DNS proxy by UDP comes from the address that was asked.',
  elsewhere,
)

const hex = (octets: Uint8Array): string => Buffer.from(octets).toString('hex')

/** Data that no request has; of what was cut short on its way here nothing can be told. */
function otherData(answer: Frame, questions: readonly Frame[]): string | undefined {
  const { icmp6 } = answer.packet
  if (icmp6?.type !== 'echo-reply') return undefined
  const isFragment = ({ packet }: Frame) => packet.ext?.some(({ type }) => type === 'fragment') === true
  if ([answer, ...questions].some((frame) => isFragment(frame) || frame.originalLength !== undefined)) return undefined
  const same = questions.some(
    ({ packet }) => packet.icmp6?.type === 'echo-request' && hex(packet.icmp6.data) === hex(icmp6.data),
  )
  return same ? undefined : `${icmp6.data.length} octets of data that are not those of the request`
}

judged(
  'RFC4443-4.2-DATA',
  echoes,
  'echo request',
  'An Echo Reply of the router has the data of the request, entirely and unmodified.',
  otherData,
)
