import {
  carrier,
  dhcpv6Of,
  dhcpv6OptionsOf,
  type Evidence,
  type Frame,
  factoryReset,
  isMarkOf,
  ispAnswers,
  ispChanged,
  isRelay,
  type LinkView,
  lineDown,
  lineUp,
  optionsOf,
  pageAnswered,
  pageAsked,
  poweredOn,
  rebooted,
  subscribed,
} from 'denat'
import { restarted } from '../scenarios/restart.ts'
import { isValid } from './frames.ts'

/** Marks of what may change the answers of the LAN server. */
export const mayChangeAnswers = isMarkOf(
  ...[poweredOn, subscribed, rebooted, restarted, factoryReset, pageAsked, pageAnswered],
  ...[ispChanged, ispAnswers, lineDown, lineUp, carrier],
)

/** A well-formed question of a DHCPv6 client of the LAN, and the answer of the router. */
export interface Answered {
  question: Frame
  answer: Frame
  link: LinkView
}

/** Every answer of the LAN's DHCPv6 server with its question, in the order of time; without those whose question is not known. */
export function serverAnswers({ lan }: Pick<Evidence, 'lan'>): Answered[] {
  return lan.segments
    .flatMap((link) => {
      const questions = new Map<string, Frame>()
      const answered: Answered[] = []
      for (const frame of link.frames.all({ dhcp6: {} })) {
        const { dhcp6, ip6 } = frame.packet
        if (!dhcp6 || isRelay(dhcp6)) continue
        if (frame.direction === 'out') {
          questions.set(`${ip6?.src} ${dhcp6.transactionId}`, frame)
          continue
        }
        const question = questions.get(`${ip6?.dst} ${dhcp6.transactionId}`)
        if (question && isValid(question)) answered.push({ question, answer: frame, link })
      }
      return answered
    })
    .sort((a, b) => a.answer.number - b.answer.number)
}

/** What is leased by a message, each with the IA that holds it. */
export const leasesIn = (frame: Frame) =>
  [...dhcpv6OptionsOf(frame, 'ia-na'), ...dhcpv6OptionsOf(frame, 'ia-pd')].flatMap((ia) =>
    [...optionsOf(ia, 'ia-addr'), ...optionsOf(ia, 'ia-prefix')].map((one) => ({
      ia,
      prefix: one.type === 'ia-addr' ? `${one.address}/128` : one.prefix,
      preferredLifetime: one.preferredLifetime,
      validLifetime: one.validLifetime,
    })),
  )

export const clientOf = (frame: Frame): string | undefined => dhcpv6OptionsOf(frame, 'client-id')[0]?.duid

export const isReply = (frame: Frame): boolean => dhcpv6Of(frame).type === 'reply'
