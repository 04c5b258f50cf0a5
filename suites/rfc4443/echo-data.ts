import { type Claim, claim, type Frame, isMulticast } from 'denat'
import { judged, type Kind } from '../shared/answers.ts'

const echoes: Kind = {
  asks: ({ packet: { ip6, icmp6 } }) =>
    icmp6?.type === 'echo-request' && !isMulticast(ip6?.dst ?? '::')
      ? `${ip6?.src} ${icmp6.id} ${icmp6.seq}`
      : undefined,
  answers: ({ packet: { ip6, icmp6 } }) =>
    icmp6?.type === 'echo-reply' ? `${ip6?.dst} ${icmp6.id} ${icmp6.seq}` : undefined,
}

const hex = (octets: Uint8Array): string => Buffer.from(octets).toString('hex')

/** Data that no request has. A request or reply that was cut short on its way is not compared. */
function otherData(answer: Frame, questions: readonly Frame[]): Claim | undefined {
  const { icmp6 } = answer.packet
  if (icmp6?.type !== 'echo-reply') return undefined
  const isFragment = ({ packet }: Frame) => packet.ext?.some(({ type }) => type === 'fragment') === true
  if ([answer, ...questions].some((frame) => isFragment(frame) || frame.originalLength !== undefined)) return undefined
  const same = questions.some(
    ({ packet }) => packet.icmp6?.type === 'echo-request' && hex(packet.icmp6.data) === hex(icmp6.data),
  )
  return same ? undefined : claim`${icmp6.data.length} octets of data that are not those of the request`
}

export const requirements = [
  judged(
    'RFC4443-4.2-DATA',
    echoes,
    claim`Echo Request`,
    claim`An Echo Reply of the router has the data of the request, entirely and unmodified.`,
    otherData,
  ),
]
