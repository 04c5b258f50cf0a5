import type { Timer } from '../../time/clock.ts'
import { BROADCAST_MAC, type Mac, parseIpv6 } from '../../wire/address.ts'
import { encode } from '../../wire/encode.ts'
import { ipOffset } from '../../wire/ethernet.ts'
import { decodeOn } from '../../wire/line.ts'
import type { Packet, PacketInit } from '../../wire/packet.ts'
import type { Ipv6cp, Lcp } from '../../wire/ppp.ts'
import { PPPOE_MTU, type PppoeTag } from '../../wire/pppoe.ts'
import type { Attach } from './attachment.ts'
import type { EthernetPort } from './ethernet.ts'

/** Seconds to the second PADI; each further wait is twice as long (RFC 2516 section 8), up to the longest. */
const firstWait = 1
const longestWait = 64
/** RFC 1661 section 4.6. */
const restartTimer = 3

type Step = 'down' | 'PADI sent' | 'PADR sent' | 'in session'

/** One direction of both: what this end asked for, and what it accepted. */
interface Side {
  id: number
  acknowledged: boolean
  accepted: boolean
  again?: Timer
}

const side = (): Side => ({ id: 0, acknowledged: false, accepted: false })
const isOpen = ({ acknowledged, accepted }: Side): boolean => acknowledged && accepted

/** IPv6 in a session of PPPoE (RFC 2516, RFC 1661, RFC 5072), which it opens whenever its port is up. */
export function pppoeClient(mac: Mac, port: EthernetPort): Attach {
  return (ctx, upper) => {
    const { clock } = ctx
    const random = ctx.random.fork('PPPoE')
    const hostUniq = random.bytes(8)
    const magic = random.int(2 ** 32)
    let step: Step = 'down'
    let server: Mac = BROADCAST_MAC
    let sessionId = 0
    let waiting: Timer | undefined
    let [lcp, ipv6cp] = [side(), side()]

    const put = (packet: PacketInit): void => port.send(encode({ ...packet, eth: { src: mac, dst: server } }))
    const inSession = (packet: PacketInit): void => put({ ...packet, pppoe: { sessionId }, ppp: {} })

    function discover(wait = firstWait): void {
      leave()
      if (!port.up()) return
      step = 'PADI sent'
      const tags: PppoeTag[] = [
        { type: 'service-name', data: new Uint8Array() },
        { type: 'host-uniq', data: hostUniq },
      ]
      put({ pppoe: { type: 'padi', sessionId: 0, tags } })
      waiting = clock.after(wait, () => discover(Math.min(2 * wait, longestWait)))
    }

    /** The session is over for this end. */
    function leave(): void {
      const wasUp = isOpen(ipv6cp)
      for (const timer of [waiting, lcp.again, ipv6cp.again]) timer?.cancel()
      step = 'down'
      server = BROADCAST_MAC
      lcp = side()
      ipv6cp = side()
      if (wasUp) upper.onUp(false)
    }

    function discovered({ eth, pppoe }: Packet): void {
      const tags = pppoe?.tags ?? []
      if (pppoe?.type === 'padt') {
        if (step === 'in session' && pppoe.sessionId === sessionId && eth.src === server) discover()
        return
      }
      const isOurs = tags.some((tag) => tag.type === 'host-uniq' && String(tag.data) === String(hostUniq))
      if (!isOurs) return
      if (pppoe?.type === 'pado' && step === 'PADI sent') {
        waiting?.cancel()
        step = 'PADR sent'
        server = eth.src
        const back = tags.filter(({ type }) => type !== 'ac-name')
        put({ pppoe: { type: 'padr', sessionId: 0, tags: back } })
        waiting = clock.after(restartTimer, () => discover())
      } else if (pppoe?.type === 'pads' && step === 'PADR sent' && pppoe.sessionId !== 0) {
        waiting?.cancel()
        step = 'in session'
        sessionId = pppoe.sessionId
        configure(lcp, (id) => ({
          lcp: {
            type: 'configure-request',
            id,
            options: [
              { type: 'mru', value: PPPOE_MTU },
              { type: 'magic-number', value: magic },
            ],
          },
        }))
        // A link that does not open: from the beginning.
        waiting = clock.after(10 * restartTimer, () => discover())
      }
    }

    function configure(of: Side, request: (id: number) => PacketInit): void {
      of.again?.cancel()
      of.id++
      inSession(request(of.id))
      of.again = clock.after(restartTimer, () => configure(of, request))
    }

    const identifier = () => ({
      type: 'interface-identifier' as const,
      interfaceId: parseIpv6(upper.linkLocal()).slice(8),
    })

    /** Whether the negotiation of this layer just came to its end. */
    function negotiated(of: Side, message: Lcp | Ipv6cp, layer: 'lcp' | 'ipv6cp'): boolean {
      const wasOpen = isOpen(of)
      if (message.type === 'configure-ack' && message.id === of.id) {
        of.acknowledged = true
        of.again?.cancel()
      } else if (message.type === 'configure-request' && 'options' in message) {
        const known = ['mru', 'magic-number', 'interface-identifier']
        const unknown = message.options.filter(({ type }) => !known.includes(String(type)))
        of.accepted = unknown.length === 0
        const type = of.accepted ? 'configure-ack' : 'configure-reject'
        const options = of.accepted ? message.options : unknown
        inSession({ [layer]: { type, id: message.id, options } })
      }
      return isOpen(of) && !wasOpen
    }

    function control({ lcp: ofLink, ipv6cp: ofIpv6 }: Packet): void {
      if (ofLink?.type === 'terminate-request') {
        inSession({ lcp: { type: 'terminate-ack', id: ofLink.id, data: new Uint8Array() } })
        discover()
      } else if (ofLink?.type === 'echo-request' && 'data' in ofLink && isOpen(lcp)) {
        const data = Uint8Array.of(magic >>> 24, magic >>> 16, magic >>> 8, magic, ...ofLink.data.subarray(4))
        inSession({ lcp: { type: 'echo-reply', id: ofLink.id, data } })
      } else if (ofLink && negotiated(lcp, ofLink, 'lcp')) {
        configure(ipv6cp, (id) => ({ ipv6cp: { type: 'configure-request', id, options: [identifier()] } }))
      } else if (ofIpv6 && isOpen(lcp) && negotiated(ipv6cp, ofIpv6, 'ipv6cp')) {
        waiting?.cancel()
        upper.onUp(true)
      }
    }

    port.onFrame((frame) => {
      const packet = decodeOn({ pppoe: true }, frame)
      const { eth, pppoe, malformed } = packet
      if (!pppoe || eth.dst !== mac) return
      if (pppoe.type !== 'session') return malformed ? undefined : discovered(packet)
      if (step !== 'in session' || pppoe.sessionId !== sessionId || eth.src !== server) return
      if (packet.ip6) {
        if (isOpen(ipv6cp)) upper.onIp(packet, frame.subarray(ipOffset(packet)))
      } else if (!malformed) control(packet)
    })
    port.onCarrier((up) => (up ? discover() : leave()))
    // Once the interface is there that it belongs to.
    clock.after(0, () => port.up() && discover())

    const send = (octets: Uint8Array): void => {
      if (isOpen(ipv6cp)) put({ pppoe: { sessionId }, ppp: { protocol: 0x57 }, payload: octets })
    }
    return {
      mac,
      linkLayerAddress: undefined,
      mtu: PPPOE_MTU,
      up: () => isOpen(ipv6cp),
      send,
      reply: (_to, octets) => send(octets),
      learned() {},
      advertised() {},
      linkLayerAddressOf: () => undefined,
      isUnreachable: () => false,
      isFrom: () => true,
      clear() {},
    }
  }
}
