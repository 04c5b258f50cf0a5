import { expect, test } from 'vitest'
import { linkLocalOf, solicitedNode } from '../wire/address.ts'
import type { Packet, PacketInit } from '../wire/packet.ts'
import { testLink } from './test-link.ts'
import { upstreamRouter } from './upstream-router.ts'

const mac = '02:be:00:00:00:02'
const dut = { mac: '00:11:22:33:44:55', linkLocal: linkLocalOf('00:11:22:33:44:55') }
const linkLocal = linkLocalOf(mac)

function joined() {
  const link = testLink()
  const forwarded: Packet[] = []
  const router = upstreamRouter(link.ctx, { port: link.port, mac, forward: (packet) => void forwarded.push(packet) })
  const question: PacketInit = {
    eth: { src: dut.mac },
    ip6: { src: dut.linkLocal, dst: solicitedNode(linkLocal) },
    icmp6: { type: 'neighbor-solicitation', target: linkLocal, options: [] },
  }
  const transit: PacketInit = {
    eth: { src: dut.mac, dst: mac },
    ip6: { src: '2a0e:b107:100::5', dst: '2a0e:b107:2::80' },
    icmp6: { type: 'echo-request', id: 1, seq: 1, data: new Uint8Array(8) },
  }
  return { ...link, router, forwarded, question, transit }
}

test('answers for its link-local address, and forwards', () => {
  const { inject, frames, forwarded, question, transit } = joined()
  inject(question)
  inject(transit)
  expect(frames.filter(({ direction }) => direction === 'out').map(({ packet }) => packet)).toMatchObject([
    {
      eth: { src: mac, dst: dut.mac },
      ip6: { src: linkLocal, dst: dut.linkLocal, hopLimit: 255 },
      icmp6: { type: 'neighbor-advertisement', target: linkLocal, solicited: true, router: true },
    },
  ])
  expect(forwarded).toMatchObject([{ ip6: { dst: '2a0e:b107:2::80' } }])
})

test('tells all nodes where DAD asks', () => {
  const { inject, frames, question } = joined()
  inject({ ...question, ip6: { ...question.ip6, src: '::' } })
  expect(frames.at(-1)?.packet).toMatchObject({ ip6: { dst: 'ff02::1' }, icmp6: { solicited: false } })
})

test('is silent where another is meant, and when it is dead', () => {
  const { inject, frames, forwarded, question, transit, router } = joined()
  inject({ ...question, icmp6: { type: 'neighbor-solicitation', target: 'fe80::99', options: [] } })
  inject({ ...transit, eth: { src: dut.mac, dst: '02:be:00:00:00:03' } })
  router.answers(false)
  inject(question)
  inject(transit)
  expect(frames.filter(({ direction }) => direction === 'out')).toEqual([])
  expect(forwarded).toEqual([])
})

test('sends what it is told to, from its link-local address', () => {
  const { router, frames } = joined()
  router.send({ ip6: { dst: 'ff02::1' }, icmp6: { type: 'router-advertisement', routerLifetime: 9, options: [] } })
  expect(frames.at(-1)?.packet).toMatchObject({ eth: { src: mac }, ip6: { src: linkLocal, hopLimit: 255 } })
})
