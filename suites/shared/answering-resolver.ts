import type { Evidence, Frame } from 'denat'
import { announced, announcedResolver } from '../steps/dns-questions.ts'

/** An announced resolver that answers. */
export function answeringResolver({ at, every, given }: Evidence): Frame {
  at(announced, ({ when }) => when === 'online')
  return given(every(announcedResolver).flatMap(({ answer }) => answer ?? [])[0], 'RFC7084-DNS-LOCAL')
}
