import { type Bench, decodePcpMap, encodePcpMap, type Frame, markOf, pcpPort, z } from 'denat'
import { globalAddress } from '../../steps/global-address.ts'
import { proveStillOnline } from '../../steps/still-online.ts'
import { farEnd } from './far-end.ts'

/** Ports of the host: the one that is asked for, and one that is not. */
export const asked = 41443
const other = 41444

/** A host knows its own by it: RFC 6887 section 11.2. */
const octetsOfNonce = 12

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
  data: { when: z.enum(['granted', 'kept', 'over']), port: z.number() },
  frames: ['syn'],
})
/** The same request again, which extends the pinhole: RFC 6887 section 11.2.1. */
export const pinholeAskedAgain = markOf('pinhole-asked-again', { frames })
/** Somebody else's deletion: RFC 6887 section 11.3. */
export const foreignDeletion = markOf('foreign-deletion', { frames })
export const pinholeDeleted = markOf('pinhole-deleted', { frames })

/** RFC 6092 REC-48: a host asks for a pinhole by PCP (RFC 6887). The Internet tries it while it lasts, and when it is over. */
export async function pinholeProtocol(bench: Bench): Promise<void> {
  const { lan, internet, mark, timing, listen, random } = bench
  const host = lan.host
  const [inside, gateway] = [await globalAddress(bench), lan.gateway()]
  const drawn = () => Uint8Array.from({ length: octetsOfNonce }, () => random.int(256))
  const [own, foreign] = [drawn(), drawn()]
  for (const port of [asked, other]) host.ignoreTcp(port)
  /** RFC 6887 section 8.1.1: again after 3 s. */
  const map = async (seconds: number, nonce = own): Promise<[Frame | undefined, Frame | undefined]> => {
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
  const attempt = async (when: 'granted' | 'kept' | 'over', srcPort: number) => {
    for (const dstPort of [asked, other]) {
      const send = () =>
        internet.send({
          ip6: { src: farEnd(bench), dst: inside },
          tcp: { srcPort, dstPort, seq: 9000, flags: 'syn', window: 65535 },
        })
      const syn = await send()
      // As those who connect do: a SYN may be lost.
      const isDue = when !== 'over' && dstPort === asked
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
  const [again, extended] = await map(lifetime)
  mark(pinholeAskedAgain, {}, { request: again, response: extended })
  await attempt('granted', 5480)
  const [deletionOfAnother, refused] = await map(0, foreign)
  mark(foreignDeletion, {}, { request: deletionOfAnother, response: refused })
  await attempt('kept', 5485)
  const last = extended ?? answer
  const granted = decodePcpMap(last.packet.payload ?? new Uint8Array())?.lifetime ?? 0
  if (granted <= lifetime + 5) await listen(timing.after(granted + 5, 'the lifetime of the pinhole'), last)
  else {
    await listen(timing.after(lifetime, 'the pinhole is in use'), last)
    const [deletion, response] = await map(0)
    mark(pinholeDeleted, {}, { request: deletion, response })
  }
  await attempt('over', 5490)
}
