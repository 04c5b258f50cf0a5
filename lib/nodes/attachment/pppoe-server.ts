import type { Frame } from '../../recording/recording.ts'
import { BROADCAST_MAC, type Ipv6Address, type Mac, parseIpv6, solicitedNode } from '../../wire/address.ts'
import type { Packet, PacketInit } from '../../wire/packet.ts'
import { na } from '../../wire/patterns.ts'
import { PPP_PROTOCOL } from '../../wire/ppp.ts'
import { PPPOE_MTU, type PppoeTag } from '../../wire/pppoe.ts'
import type { Attach } from './attachment.ts'
import type { EthernetOptions } from './ethernet.ts'
import type { Port, Station } from './port.ts'
import { type Negotiation, negotiation } from './ppp-negotiation.ts'

const text = new TextEncoder()

interface PppSession {
  id: number
  peer: Mac
  lcp: Negotiation<'lcp'>
  ipv6cp: Negotiation<'ipv6cp'>
}

/**
 * The access concentrator of a line, RFC 2516: one session, with IPv6 in it (RFC 5072). A PADR while there is a session
 * replaces it. What is to be sent while no session is up is lost.
 */
export function pppoeServer({
  mac,
  port,
  accepts = () => true,
  linkLocal,
}: EthernetOptions & { linkLocal: Ipv6Address }): Attach {
  return (ctx, upper) => {
    const interfaceId = parseIpv6(linkLocal).slice(8)
    const cookie = Uint8Array.from({ length: 16 }, () => ctx.random.int(256))
    const magic = ctx.random.int(2 ** 32)
    let plug: Port | undefined
    let session: PppSession | undefined
    let lastId = ctx.random.int(0xff00)
    let last: Frame | undefined

    const station: Station = {
      mac,
      receive(packet, frame) {
        const { eth, pppoe } = packet
        if (!accepts(frame) || !pppoe || packet.malformed || (eth.dst !== mac && eth.dst !== BROADCAST_MAC)) return
        if (pppoe.type !== 'session') discovery(packet, pppoe.tags ?? [])
        else if (session && eth.src === session.peer && pppoe.sessionId === session.id)
          inSession(session, packet, frame)
      },
    }

    const put = (packet: PacketInit, why?: string): Frame => {
      last = (plug ?? port()).send(station, packet, why)
      return last
    }
    const inFrame = ({ id, peer }: PppSession, packet: PacketInit): PacketInit => ({
      ...packet,
      eth: { dst: peer },
      pppoe: { sessionId: id },
      ppp: packet.ppp ?? {},
    })
    /** A packet of IP. */
    const transmit = (packet: PacketInit, why?: string): Frame =>
      session?.ipv6cp.isOpen() && plug ? put(inFrame(session, packet), why) : (last ?? nothing(port().name))

    /** RFC 2516 section 5: the client's Host-Uniq and Relay-Session-Id come back as they are. */
    function discovery({ eth, pppoe }: Packet, tags: PppoeTag[]): void {
      const named = tags.filter(({ type }) => ['service-name', 'host-uniq', 'relay-session-id'].includes(String(type)))
      const own: PppoeTag[] = [
        { type: 'ac-name', data: text.encode('denat') },
        { type: 'ac-cookie', data: cookie },
      ]
      if (pppoe?.type === 'padi')
        put({ eth: { dst: eth.src }, pppoe: { type: 'pado', sessionId: 0, tags: [...named, ...own] } })
      else if (pppoe?.type === 'padr') {
        end()
        lastId++
        put({ eth: { dst: eth.src }, pppoe: { type: 'pads', sessionId: lastId, tags: named } })
        session = begun(lastId, eth.src)
        session.lcp.start()
      } else if (pppoe?.type === 'padt' && session?.id === pppoe.sessionId && session.peer === eth.src) end()
    }

    function begun(id: number, peer: Mac): PppSession {
      const send = (packet: PacketInit) => put(inFrame({ id, peer } as PppSession, packet))
      const lcp: Negotiation<'lcp'> = negotiation<'lcp'>(ctx, {
        own: [
          { type: 'mru', value: PPPOE_MTU },
          { type: 'magic-number', value: magic },
        ],
        send: (message) => send({ lcp: message as never }),
        refused: ({ type }) => (type === 'mru' || type === 'magic-number' ? undefined : { by: 'reject' }),
        opened: () => ipv6cp.start(),
        closed: () => ipv6cp.stop(),
      })
      const ipv6cp: Negotiation<'ipv6cp'> = negotiation<'ipv6cp'>(ctx, {
        own: [{ type: 'interface-identifier', interfaceId }],
        send: (message) => send({ ipv6cp: message as never }),
        refused: (option) =>
          option.type === 'interface-identifier' && 'interfaceId' in option
            ? another(option.interfaceId)
            : { by: 'reject' },
        opened: upper.onUp,
        closed: () => {},
      })
      return { id, peer, lcp, ipv6cp }
    }

    /** RFC 5072 section 4.1: one that is zero, or this end's own, is changed. */
    function another(asked: Uint8Array) {
      const isFree = asked.some((octet) => octet !== 0) && asked.join() !== interfaceId.join()
      if (isFree) return undefined
      const drawn = Uint8Array.from({ length: 8 }, (_, index) => (index === 0 ? 0x02 : ctx.random.int(256)))
      return { by: 'nak' as const, instead: { type: 'interface-identifier' as const, interfaceId: drawn } }
    }

    function inSession(open: PppSession, packet: Packet, frame: Frame): void {
      const { lcp, ipv6cp, ppp } = packet
      const protocol = ppp?.protocol
      if (lcp?.type === 'echo-request' && 'data' in lcp && open.lcp.isOpen()) {
        const data = Uint8Array.of(magic >>> 24, magic >>> 16, magic >>> 8, magic, ...lcp.data.subarray(4))
        put(inFrame(open, { lcp: { type: 'echo-reply', id: lcp.id, data } }))
      } else if (lcp) open.lcp.receive(lcp)
      else if (!open.lcp.isOpen() || protocol === undefined) return
      else if (ipv6cp) open.ipv6cp.receive(ipv6cp)
      else if (protocol !== PPP_PROTOCOL.ip6) {
        // RFC 1661 section 5.7.
        const data = Uint8Array.of(protocol >> 8, protocol)
        put(inFrame(open, { lcp: { type: 'protocol-reject', id: 0, data } }), 'there is no such protocol here')
      } else if (open.ipv6cp.isOpen()) upper.onIp(packet, frame, false)
    }

    function end(): void {
      session?.lcp.stop()
      session?.ipv6cp.stop()
      session = undefined
    }

    return {
      mac,
      linkLayerAddress: undefined,
      mtu: PPPOE_MTU,
      up: () => session?.ipv6cp.isOpen() ?? false,
      plugIn() {
        plug = port()
        plug.attach(station)
      },
      unplug() {
        end()
        plug?.detach(station)
        plug = undefined
      },
      send(packet, _nextHop, { why, sent } = {}) {
        const frame = transmit(packet, why)
        if (session?.ipv6cp.isOpen()) sent?.(frame)
        return frame
      },
      reply: (_to, packet, why) => transmit(packet, why),
      toPeer: transmit,
      learned() {},
      answered() {},
      isSilent: () => false,
      fence: (target, why) => ({
        question: transmit(
          {
            ip6: { src: upper.sourceFor(target), dst: solicitedNode(target) },
            icmp6: { type: 'neighbor-solicitation', target, options: [] },
          },
          why,
        ),
        answer: na({ target, solicited: true }),
      }),
    }
  }
}

/** What a caller is given that sends before any frame was on the line. */
const nothing = (port: string): Frame => ({
  number: 0,
  port,
  at: 0,
  direction: 'out',
  from: 'bench',
  bytes: new Uint8Array(),
  packet: { eth: { dst: '', src: '', type: 0 } },
})
