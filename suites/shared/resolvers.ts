import type { Evidence, Frame } from 'denat'
import { announced, announcedResolver } from '../steps/dns-questions.ts'
import { queries } from './dns-messages.ts'

/** Seconds. */
export const soon = 2

export const processing = 0.5

/** The query of the host to which the answer belongs: the last, where the host retransmitted it. */
export function asked(
  { lan }: Evidence,
  name: string,
  type: string,
  server: string,
  answer?: Frame,
): Frame | undefined {
  return queries(lan.of('host').toDut, name, type).findLast(
    ({ frame }) => frame.packet.ip6?.dst === server && (!answer || frame.number < answer.number),
  )?.frame
}

/** The resolver that RAs or DHCPv6 announced first; without one no host sends a query. */
export function anyAnnounced({ at, every, given }: Evidence) {
  at(announced, ({ when }) => when === 'online')
  const all = every(announcedResolver).filter(({ when }) => when === 'online')
  given(all[0]?.mark, 'RFC7084-L-11')
  return all
}
