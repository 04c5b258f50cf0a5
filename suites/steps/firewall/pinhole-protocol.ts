import { addressIn, type Bench, claim, decodePcpMap, encodePcpMap, type Frame, markOf, pcpPort, z } from 'denat'
import { globalAddress } from '../global-address.ts'
import { proveStillOnline } from '../still-online.ts'
import { farEnd } from './far-end.ts'

/** Ports of the host: the one that is asked for, and one that is not. */
export const asked = 41443
const other = 41444

/** A host knows its own by it: RFC 6887 section 11.2. */
const octetsOfNonce = 12
/** Of the client that requests by the WAN. */
export const wanPort = 41_352

/** Of a connection that must come in. */
const attempts = 4

/** Seconds; RFC 6887 section 15 lets a server grant no less than 120. */
const lifetime = 120

const frames = ['request', 'response'] as const
const when = z.enum(['granted', 'kept', 'over', 'again'])
type When = z.infer<typeof when>
export const pinholeAsked = markOf('pinhole-asked', {
  data: { host: z.string(), port: z.number(), answered: z.boolean() },
  frames,
})
export const pinholeAttempt = markOf('pinhole-attempt', {
  data: { when, port: z.number() },
  frames: ['syn'],
})
/** The same request again, which extends the pinhole: RFC 6887 section 11.2.1. */
export const pinholeAskedAgain = markOf('pinhole-asked-again', { frames })
/** A deletion by another client: RFC 6887 section 11.3. */
export const otherClientDeletion = markOf('foreign-deletion', { frames })
export const pinholeDeleted = markOf('pinhole-deleted', { frames })
/** When it is over. */
export const pinholeOpenedAgain = markOf('pinhole-opened-again', { frames })
/** The Client's IP Address in the request is not that of its packet. */
export const pinholeForAnother = markOf('pinhole-for-another', { frames })
/** Requests by the WAN, to addresses that the router has there, and a question that any live router answers. */
export const pinholeFromWan = markOf('pinhole-from-wan', { frames: ['fence'] })

/** RFC 6092 REC-48: a host asks for a pinhole by PCP (RFC 6887). The Internet tries it while it lasts, and when it is over. */
export async function pinholeProtocol(bench: Bench): Promise<void> {
  const { lan, internet, mark, timing, listen, random } = bench
  const host = lan.host
  const [inside, gateway] = [await globalAddress(bench), lan.gateway()]
  const drawn = () => Uint8Array.from({ length: octetsOfNonce }, () => random.int(256))
  const [own, otherNonce] = [drawn(), drawn()]
  const pinhole = { protocol: 6, internalPort: asked, externalPort: asked, external: inside }
  for (const port of [asked, other]) host.ignoreTcp(port)
  /** RFC 6887 section 8.1.1: again after 3 s. */
  const map = async (
    seconds: number,
    { nonce = own, client = inside } = {},
  ): Promise<[Frame | undefined, Frame | undefined]> => {
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
            client,
            nonce,
            ...pinhole,
          }),
        },
      )
      const answer = await host.awaits(
        { udp: { srcPort: pcpPort } },
        { since: sent, by: timing.after(3, claim`IRT (RFC 6887 section 8.1.1)`) },
      )
      if (answer) return [sent, answer]
    }
    return [sent, undefined]
  }
  const attempt = async (when: When, srcPort: number) => {
    for (const dstPort of [asked, other]) {
      const send = () =>
        internet.send({
          ip6: { src: farEnd(bench), dst: inside },
          tcp: { srcPort, dstPort, seq: 9000, flags: 'syn', window: 65535 },
        })
      const syn = await send()
      // As TCP does: a SYN may be lost.
      const isDue = when !== 'over' && dstPort === asked
      let last = syn
      for (let again = 1; isDue && again < attempts; again++) {
        if (await host.awaits({ tcp: { srcPort, dstPort } }, { since: last, by: timing.answer() })) break
        last = await send()
      }
      mark(pinholeAttempt, { when, port: dstPort }, { syn })
    }
    await listen(timing.after(0.5, claim`time to forward it`))
    await proveStillOnline(bench, `pinhole, ${when}`)
  }

  const [request, answer] = await map(lifetime)
  mark(pinholeAsked, { host: inside, port: asked, answered: answer !== undefined }, { request, response: answer })
  if (!answer) return
  const [again, extended] = await map(lifetime)
  mark(pinholeAskedAgain, {}, { request: again, response: extended })
  await attempt('granted', 5480)
  const [deletionOfAnother, refused] = await map(0, { nonce: otherNonce })
  mark(otherClientDeletion, {}, { request: deletionOfAnother, response: refused })
  await attempt('kept', 5485)
  const [inItsName, refusal] = await map(lifetime, { client: addressIn(`${inside}/64`, '::77:77:77:77') })
  mark(pinholeForAnother, {}, { request: inItsName, response: refusal })
  await askFromWan(bench, { ...pinhole, nonce: own, lifetime })
  const last = extended ?? answer
  const granted = decodePcpMap(last.packet.payload ?? new Uint8Array())?.lifetime ?? 0
  if (granted <= lifetime + 5) await listen(timing.after(granted + 5, claim`the lifetime of the pinhole`), last)
  else {
    await listen(timing.after(lifetime, claim`the pinhole is in use`), last)
    const [deletion, response] = await map(0)
    mark(pinholeDeleted, {}, { request: deletion, response })
  }
  await attempt('over', 5490)
  const [once, more] = await map(lifetime)
  mark(pinholeOpenedAgain, {}, { request: once, response: more })
  if (more) await attempt('again', 5500)
}

/** RFC 6887 section 8.2: such requests are ignored. */
async function askFromWan(
  { isp, mark, timing, listen }: Bench,
  pinhole: Omit<Parameters<typeof encodePcpMap>[0], 'type' | 'client'>,
): Promise<void> {
  const customer = isp.customer()
  if (!customer) return
  const sent = [customer.linkLocal, ...customer.addresses].map((dst) => {
    const src = dst === customer.linkLocal ? isp.linkLocal : isp.address
    const payload = encodePcpMap({ ...pinhole, type: 'request', client: src })
    const packet = { ip6: { src, dst }, udp: { srcPort: wanPort, dstPort: pcpPort }, payload }
    return isp.send({ eth: { dst: customer.mac }, ...packet }, 'PCP by the WAN')
  })
  await listen(timing.answer(), sent.at(-1))
  const fence = await isp.fence()
  mark(pinholeFromWan, {}, { fence: fence?.answer }, sent)
}
