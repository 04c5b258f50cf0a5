import { type Bench, decodePcpMap, encodePcpMap, type Frame, markOf, pcpPort, z } from 'denat'
import { globalAddress } from '../../steps/global-address.ts'
import { proveStillOnline } from '../../steps/still-online.ts'
import { farEnd } from './far-end.ts'

/** Ports of the host: the one that is asked for, and one that is not. */
export const asked = 41443
const other = 41444

/** Of a connection that must come in. */
const attempts = 4

/** Seconds; RFC 6887 section 15 lets a server grant no less than 120. */
const lifetime = 120

const frames = ['request', 'response'] as const
export const pinholeAsked = markOf('pinhole-asked', {
  data: { host: z.string(), port: z.number(), answered: z.boolean() },
  frames,
})
export const pinholeAttempt = markOf('pinhole-attempt', {
  data: { when: z.enum(['granted', 'over']), port: z.number() },
  frames: ['syn'],
})
export const pinholeDeleted = markOf('pinhole-deleted', { frames })

/** RFC 6092 REC-48: a host asks for a pinhole by PCP (RFC 6887). The Internet tries it while it lasts, and when it is over. */
export async function pinholeProtocol(bench: Bench): Promise<void> {
  const { lan, internet, mark, timing, listen, random } = bench
  const host = lan.host
  const [inside, gateway] = [await globalAddress(bench), lan.gateway()]
  const nonce = Uint8Array.from({ length: 12 }, () => random.int(256))
  for (const port of [asked, other]) host.ignoreTcp(port)
  /** RFC 6887 section 8.1.1: again after 3 s. */
  const map = async (seconds: number): Promise<[Frame | undefined, Frame | undefined]> => {
    let sent: Frame | undefined
    for (let attempt = 0; attempt < 2 && gateway; attempt++) {
      sent = await host.udp(
        gateway.linkLocal,
        { from: 41351, to: pcpPort },
        {
          src: inside,
          data: encodePcpMap({
            type: 'request',
            lifetime: seconds,
            client: inside,
            nonce,
            protocol: 6,
            internalPort: asked,
            externalPort: asked,
            external: inside,
          }),
        },
      )
      const answer = await host.hears(
        { udp: { srcPort: pcpPort } },
        { since: sent, by: timing.after(3, 'IRT (RFC 6887 section 8.1.1)') },
      )
      if (answer) return [sent, answer]
    }
    return [sent, undefined]
  }
  const attempt = async (when: 'granted' | 'over', srcPort: number) => {
    for (const dstPort of [asked, other]) {
      const send = () =>
        internet.send({
          ip6: { src: farEnd(bench), dst: inside },
          tcp: { srcPort, dstPort, seq: 9000, flags: 'syn', window: 65535 },
        })
      const syn = await send()
      // As those who connect do: a SYN may be lost.
      const isDue = when === 'granted' && dstPort === asked
      let last = syn
      for (let again = 1; isDue && again < attempts; again++) {
        if (await host.hears({ tcp: { srcPort, dstPort } }, { since: last, by: timing.answer() })) break
        last = await send()
      }
      mark(pinholeAttempt, { when, port: dstPort }, { syn })
    }
    await listen(timing.after(0.5, 'time to forward it'))
    await proveStillOnline(bench, `pinhole, ${when}`)
  }

  const [request, answer] = await map(lifetime)
  mark(pinholeAsked, { host: inside, port: asked, answered: answer !== undefined }, { request, response: answer })
  if (!answer) return
  await attempt('granted', 5480)
  const granted = decodePcpMap(answer.packet.payload ?? new Uint8Array())?.lifetime ?? 0
  if (granted <= lifetime + 5) await listen(timing.after(granted + 5, 'the lifetime of the pinhole'), answer)
  else {
    await listen(timing.after(lifetime, 'the pinhole is in use'), answer)
    const [deletion, response] = await map(0)
    mark(pinholeDeleted, {}, { request: deletion, response })
  }
  await attempt('over', 5490)
}
