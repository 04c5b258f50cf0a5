import { expect, test } from 'vitest'
import type { Packet, PacketInit } from '../../wire/packet.ts'
import { testLink } from '../test-link.ts'
import { pppoeServer } from './pppoe-server.ts'

const [server, client] = ['02:be:00:00:00:01', '02:00:00:00:00:01']
const hostUniq = { type: 'host-uniq' as const, data: Uint8Array.of(7) }
const interfaceId = Uint8Array.of(2, 0, 0, 0, 0, 0, 0, 9)

/** A concentrator on a link, and a client whose every message is written by hand. */
function line() {
  const link = testLink({ pppoe: true })
  const seen: string[] = []
  const attachment = pppoeServer({ mac: server, port: () => link.port, linkLocal: 'fe80::1' })(link.ctx, {
    onIp: ({ ip6 }) => seen.push(`from ${ip6?.src}`),
    onUp: () => seen.push('up'),
    sourceFor: () => undefined,
    owns: () => false,
  })
  attachment.plugIn()
  /** What the concentrator answers at once. */
  const put = (packet: PacketInit) => {
    const before = link.frames.length
    link.inject({ ...packet, eth: { src: client, dst: server } })
    return link.frames.slice(before + 1).map((frame) => frame.packet)
  }
  const [pado] = put({ pppoe: { type: 'padi', sessionId: 0, tags: [hostUniq] } })
  const [pads, first] = put({ pppoe: { type: 'padr', sessionId: 0, tags: pado?.pppoe?.tags ?? [] } })
  const sessionId = pads?.pppoe?.sessionId ?? 0
  const inSession = (packet: PacketInit) => put({ ...packet, pppoe: { sessionId }, ppp: packet.ppp ?? {} })
  const acknowledged = (request: Packet['lcp'] | Packet['ipv6cp']) => ({ ...request, type: 'configure-ack' }) as never

  return {
    link,
    attachment,
    seen,
    discovery: { pado: pado?.pppoe, pads: pads?.pppoe },
    inSession,
    /** The concentrator's first message of IPV6CP. */
    openLcp() {
      inSession({ lcp: { type: 'configure-request', id: 1, options: [{ type: 'mru', value: 1492 }] } })
      return inSession({ lcp: acknowledged(first?.lcp) })[0]?.ipv6cp
    },
    openIpv6() {
      const request = this.openLcp()
      inSession(asks(interfaceId))
      inSession({ ipv6cp: acknowledged(request) })
    },
    end: () => put({ pppoe: { type: 'padt', sessionId } }),
  }
}

const packet: PacketInit = { ip6: { src: 'fe80::9', dst: 'ff02::2' }, icmp6: { type: 'echo-request' } }

const asks = (asked: Uint8Array): PacketInit => ({
  ipv6cp: { type: 'configure-request', id: 5, options: [{ type: 'interface-identifier', interfaceId: asked }] },
})

test('discovery gives a session, and what the client put in comes back: RFC 2516 section 5', () => {
  const { pado, pads } = line().discovery
  expect(pado).toMatchObject({ type: 'pado', sessionId: 0 })
  expect(pado?.tags).toEqual(expect.arrayContaining([hostUniq, expect.objectContaining({ type: 'ac-cookie' })]))
  expect(pads).toMatchObject({ type: 'pads', tags: [hostUniq] })
  expect(pads?.sessionId).not.toBe(0)
})

test('IPv6 passes from the end of IPV6CP until PADT', () => {
  const one = line()
  one.openLcp()
  one.inSession(packet)
  expect(one.seen).toEqual([])
  expect(one.attachment.up()).toBe(false)
  const other = line()
  other.openIpv6()
  other.inSession(packet)
  expect(other.seen).toEqual(['up', 'from fe80::9'])
  expect(other.attachment.send(packet).packet).toMatchObject({ eth: { dst: client }, ppp: { protocol: 0x57 } })
  other.end()
  other.inSession(packet)
  expect(other.attachment.up()).toBe(false)
  expect(other.seen).toHaveLength(2)
})

test.each([
  ['zero', new Uint8Array(8)],
  ["the concentrator's own", Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 1)],
])('an interface identifier that is %s is changed: RFC 5072 section 4.1', (_name, asked) => {
  const one = line()
  one.openLcp()
  const [answer] = one.inSession(asks(asked))
  expect(answer?.ipv6cp?.type).toBe('configure-nak')
  const named = answer?.ipv6cp && 'options' in answer.ipv6cp ? answer.ipv6cp.options : []
  expect(named).not.toEqual([{ type: 'interface-identifier', interfaceId: asked }])
  expect(one.inSession({ ipv6cp: { type: 'configure-request', id: 6, options: named } })[0]?.ipv6cp?.type).toBe(
    'configure-ack',
  )
})

test('a request that is not answered is repeated every 3 s, ten times: RFC 1661 section 4.6', () => {
  const { link } = line()
  link.clock.advance(120)
  const requests = link.frames.filter((frame) => frame.packet.lcp?.type === 'configure-request')
  expect(requests.map(({ at }) => at)).toEqual([0, 3, 6, 9, 12, 15, 18, 21, 24, 27])
})

test('IPCP is rejected, and an echo answered', () => {
  const one = line()
  one.openLcp()
  expect(one.inSession({ ipcp: { type: 'configure-request', id: 1, options: [] } })[0]?.lcp).toMatchObject({
    type: 'protocol-reject',
    data: Uint8Array.of(0x80, 0x21),
  })
  const data = Uint8Array.of(0, 0, 0, 0, 1, 2)
  const [reply] = one.inSession({ lcp: { type: 'echo-request', id: 8, data } })
  expect(reply?.lcp).toMatchObject({ type: 'echo-reply', id: 8 })
  expect(reply?.lcp && 'data' in reply.lcp && [...reply.lcp.data.subarray(4)]).toEqual([1, 2])
})
