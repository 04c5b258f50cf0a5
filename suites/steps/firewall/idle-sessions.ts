import { type Bench, claim, type Frame, markOf, z } from 'denat'
import { globalAddress } from '../global-address.ts'
import { proveStillOnline } from '../still-online.ts'
import { farEnd } from './far-end.ts'

type Packet = Parameters<Bench['internet']['send']>[0]

interface Session {
  name: string
  out: Packet
  back: Packet
  /** Seconds from the first packet to one more from inside. */
  refreshed?: number
  /** The far end answers at once; the rest begins there. */
  answered?: boolean
  /** Seconds that it rests. */
  rest: number
}

const name = z.string()
export const session = markOf('session', { data: { name }, frames: ['sent'] })
const refreshedSession = markOf('session-refreshed', { data: { name }, frames: ['sent'] })
export const answeredSession = markOf('session-answered', { data: { name }, frames: ['reply'] })
/** Either of two answers. */
export const restedSession = markOf('session-after-rest', {
  data: { name, rest: z.number() },
  frames: ['first', 'second'],
})

const bytes = new Uint8Array(16)

/** RFC 6092 REC-11, REC-14: sessions that are opened, rest, and are then answered from the far end. */
export async function restingSessions(bench: Bench): Promise<void> {
  const [inside, outside] = [await globalAddress(bench), farEnd(bench)]
  const datagram = (near: number, far: number) => ({
    out: { ip6: { src: inside, dst: outside }, udp: { srcPort: near, dstPort: far }, payload: bytes },
    back: { ip6: { src: outside, dst: inside }, udp: { srcPort: far, dstPort: near }, payload: bytes },
  })
  const other = {
    out: { ip6: { src: inside, dst: outside, nextHeader: 253 }, payload: bytes },
    back: { ip6: { src: outside, dst: inside, nextHeader: 253 }, payload: bytes },
  }
  await Promise.all(
    [
      { name: 'UDP', ...datagram(41014, 5014), rest: 115 },
      { name: 'UDP, refreshed', ...datagram(41016, 5016), refreshed: 7, rest: 115 },
      { name: 'protocol 253', ...other, answered: true, rest: 110 },
    ].map((one) => rests(bench, one)),
  )
}

async function rests(bench: Bench, { name, out, back, refreshed, answered, rest }: Session): Promise<void> {
  const { isp, lan, internet, timing, mark, listen } = bench
  let last: Frame = await lan.host.send(out, `a session that will rest: ${name}`)
  const crosses = { ip6: { dst: out.ip6?.dst, nextHeader: out.ip6?.nextHeader }, udp: out.udp }
  const crossed = await isp.awaits(crosses, { since: last, by: timing.answer() })
  if (!crossed) last = await lan.host.send(out, `a session that will rest: ${name}`)
  mark(session, { name }, { sent: last })
  if (refreshed !== undefined) {
    await listen(timing.after(refreshed, claim`the session is refreshed from inside`), last)
    last = await lan.host.send(out, `refreshes the session: ${name}`)
    mark(refreshedSession, { name }, { sent: last })
  }
  if (answered) {
    await listen(timing.after(1, claim`an answer`), last)
    last = await internet.send({ ...back, payload: bytes.slice().fill(1) }, `answers the session: ${name}`)
    mark(answeredSession, { name }, { reply: last })
  }
  await listen(timing.after(rest, claim`the session rests (RFC 6092 REC-12, REC-14)`), last)
  // The router knows the host's MAC again, so that the answer need not wait for it.
  await proveStillOnline(bench, `before the answer to ${name}`, out.ip6?.src)
  const first = await internet.send(back, `comes after ${rest} s of rest: ${name}`)
  await listen(timing.after(0.5, claim`one frame may be lost`))
  const second = await internet.send(back, `comes after ${rest} s of rest: ${name}`)
  await listen(timing.after(0.5, claim`time to forward it`))
  mark(restedSession, { name, rest }, { first, second })
}
