import { type Bench, claim, inPrefix, markOf, ra, z } from 'denat'
import { lookForServices } from './in-service.ts'

/** A LAN port loses its cable; its host has this address then. */
export const portPulled = markOf('port-pulled', { data: { port: z.string(), address: z.string().optional() } })
/** Of the bench: the cable is in again. */
export const portUp = markOf('lan-port-up', { data: { port: z.string() } })
/** Meanwhile the first host asks for an RA on another port, and uses the Internet. */
export const otherPort = markOf('beside-port', { frames: ['solicited', 'advertised', 'reply'] })
/** The cable is in again: the host asks as one does whose link came up, and uses the Internet from the address it had. */
export const portReturned = markOf('port-returned', {
  data: { port: z.string() },
  frames: ['solicited', 'advertised', 'question', 'answer', 'reply'],
})

/** Seconds without a cable. */
const out = 3
/** A switch with a spanning tree may keep a port closed for as long; a host asks again and again. Seconds. */
const longest = 28
const askedEvery = 4

/** The last LAN port loses its cable while the first host is on another one, and has it again. */
export async function lanPortFlap({ lan, internet, timing, mark, listen, clock }: Bench): Promise<void> {
  const port = lan.segments.flat().at(-1)
  if (port === undefined || port === lan.host.port) return
  const other = lan.join('other-port', { port, dhcpv6: 'none' })
  await other.settles({ since: mark('joined', { name: other.name }), by: timing.service })
  await lookForServices({ lan, internet, timing, mark, listen }, undefined, { host: other })
  const address = other.gua()
  const pulled = lan.unplug(port)
  mark(portPulled, { port, address })
  const aside = async () => {
    const solicited = lan.host.solicitRouter()
    const [advertised, reply] = await Promise.all([
      lan.awaits(ra(), { since: solicited, by: timing.raChange }),
      lan.host.reaches(internet.address, { since: solicited, by: timing.after(out, claim`an answer`) }),
    ])
    mark(otherPort, {}, { solicited, advertised, reply })
  }
  await Promise.all([aside(), listen(timing.after(out, claim`a LAN port without a cable`), pulled)])

  const back = lan.plugIn(port)
  const ask = async () => {
    const solicited = other.solicitRouter()
    const by = timing.after(askedEvery, claim`RTR_SOLICITATION_INTERVAL (RFC 4861 section 10)`)
    return { solicited, advertised: await other.awaits(ra(), { since: solicited, by }) }
  }
  let { solicited, advertised } = await ask()
  while (!advertised && clock.now() - back.at < longest) ({ solicited, advertised } = await ask())
  const router = advertised?.packet.ip6?.src
  /** The first RA may come before the router has its address there again. */
  const inForce = (of: string) => {
    const prefix = (value: unknown) => inPrefix(of, String(value))
    const preferredLifetime = (seconds: unknown) => Number(seconds) > 0
    return other.awaits(ra({ prefixInformation: { prefix, preferredLifetime } }), {
      since: solicited,
      by: timing.raChange,
    })
  }
  const [asked, reply] = await Promise.all([
    router ? other.solicitNeighbor(router) : undefined,
    advertised && address
      ? other.reaches(internet.address, { since: advertised, by: timing.after(askedEvery, claim`an answer`) })
      : undefined,
    advertised && address ? inForce(address) : undefined,
  ])
  mark(portReturned, { port }, { solicited, advertised, question: asked?.question, answer: asked?.answer, reply })
  await lookForServices({ lan, internet, timing, mark, listen }, 'LAN port without a cable', { host: other })
  other.leave()
}
