import { expect, test } from 'vitest'
import { seeded } from '../../time/seed.ts'
import { virtualClock } from '../../time/virtual-clock.ts'
import { decode } from '../../wire/decode.ts'
import { encode } from '../../wire/encode.ts'
import type { Packet, PacketInit } from '../../wire/packet.ts'
import { compliant } from '../behavior.ts'
import { pppoeClient } from './pppoe-client.ts'

const [client, server] = ['02:00:00:00:00:01', '02:be:00:00:00:01']

/** The client on a port; a concentrator whose every message is the least that RFC 2516 and RFC 1661 ask for. */
function line({ answers = true } = {}) {
  const clock = virtualClock()
  const sent: { at: number; packet: Packet }[] = []
  const ups: boolean[] = []
  let sessions = 0
  let [receive, carrier]: [(frame: Uint8Array) => void, (up: boolean) => void] = [() => {}, () => {}]
  const put = (packet: PacketInit) =>
    clock.after(0, () => receive(encode({ ...packet, eth: { src: server, dst: client } })))
  const inSession = (packet: PacketInit, sessionId = sessions) => put({ ...packet, pppoe: { sessionId }, ppp: {} })
  const answer = ({ pppoe, lcp, ipv6cp }: Packet): void => {
    const tags = pppoe?.tags ?? []
    if (pppoe?.type === 'padi') put({ pppoe: { type: 'pado', sessionId: 0, tags } })
    if (pppoe?.type === 'padr') put({ pppoe: { type: 'pads', sessionId: ++sessions, tags } })
    for (const [layer, message] of Object.entries({ lcp, ipv6cp })) {
      if (message?.type !== 'configure-request') continue
      inSession({ [layer]: { ...message, type: 'configure-ack' } })
      inSession({ [layer]: { type: 'configure-request', id: 9, options: [] } })
    }
  }
  pppoeClient(client, {
    up: () => true,
    send(frame) {
      const packet = decode(frame)
      sent.push({ at: clock.now(), packet })
      if (answers) answer(packet)
    },
    onFrame(listener) {
      receive = listener
    },
    onCarrier(listener) {
      carrier = listener
    },
  })(
    { clock, random: seeded('client'), behavior: compliant },
    { onIp() {}, onUp: (up) => ups.push(up), linkLocal: () => 'fe80::9', solicitation: () => undefined },
  )
  clock.advance(0.1)
  return { clock, sent, ups, put, inSession, carrier: (up: boolean) => carrier(up), sessions: () => sessions }
}

test('a PADI without an answer is repeated after twice the time: RFC 2516 section 8', () => {
  const { clock, sent, ups } = line({ answers: false })
  clock.advance(200)
  expect(sent.map(({ packet }) => packet.pppoe?.type)).toEqual(sent.map(() => 'padi'))
  expect(sent.map(({ at }) => at)).toEqual([0, 1, 3, 7, 15, 31, 63, 127, 191])
  expect(ups).toEqual([])
})

test('the session opens with the identifier of the link-local address', () => {
  const { sent, ups } = line()
  expect(ups).toEqual([true])
  const request = sent.find(({ packet }) => packet.ipv6cp?.type === 'configure-request')?.packet.ipv6cp
  expect(request).toMatchObject({
    options: [{ type: 'interface-identifier', interfaceId: Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 9) }],
  })
})

test.each([
  ['PADT', (one: ReturnType<typeof line>) => one.put({ pppoe: { type: 'padt', sessionId: 1 } })],
  ['LCP Terminate', (one: ReturnType<typeof line>) => one.inSession({ lcp: { type: 'terminate-request', id: 3 } })],
  [
    'a line that was cut',
    (one: ReturnType<typeof line>) => {
      one.carrier(false)
      one.carrier(true)
    },
  ],
])('a session that ends by %s is followed by another', (_name, end) => {
  const one = line()
  end(one)
  one.clock.advance(1)
  expect(one.ups).toEqual([true, false, true])
  expect(one.sessions()).toBe(2)
})

test('the end of another session ends nothing', () => {
  const one = line()
  one.put({ pppoe: { type: 'padt', sessionId: 77 } })
  one.inSession({ lcp: { type: 'terminate-request', id: 3 } }, 77)
  one.clock.advance(1)
  expect(one.ups).toEqual([true])
})

test('an LCP echo is answered', () => {
  const one = line()
  one.inSession({ lcp: { type: 'echo-request', id: 4, data: Uint8Array.of(0, 0, 0, 0, 5) } })
  one.clock.advance(1)
  expect(one.sent.at(-1)?.packet.lcp).toMatchObject({ type: 'echo-reply', id: 4 })
})
