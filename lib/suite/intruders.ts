import type { Frame, Recording } from '../recording/recording.ts'
import { multicastMac, solicitedNode } from '../wire/address.ts'
import type { PacketInit } from '../wire/packet.ts'

/** The nodes in a recording of a router that is online. */
interface Scene {
  router: Record<'wan' | 'lan', { mac: string; linkLocal: string; address: string }>
  isp: { mac: string; linkLocal: string }
  host: { mac: string; linkLocal: string; address: string }
  /** A name that hosts ask for. */
  name: string
}

/** A frame that nothing asks for, by the port of that kind. */
interface Intruder {
  port: 'wan0' | 'lan0'
  packet: (scene: Scene) => PacketInit
}

const unassigned = '2d00:9:9::9'
const otherMac = '02:00:00:00:aa:01'

/** From the router to a host or to a neighbor on the line, by its addresses. */
const toHost = ({ router: { lan }, host }: Scene) => ({
  eth: { src: lan.mac, dst: host.mac },
  ip6: { src: lan.address, dst: host.address, hopLimit: 64 },
})
const toLine = ({ router: { wan }, isp }: Scene, dst: string) => ({
  eth: { src: wan.mac, dst: isp.mac },
  ip6: { src: wan.address, dst, hopLimit: 64 },
})
const toGroup = ({ mac, linkLocal }: { mac: string; linkLocal: string }, dst: string, hopLimit: number) => ({
  eth: { src: mac, dst: multicastMac(dst) },
  ip6: { src: linkLocal, dst, hopLimit },
})
const data = Buffer.from('nothing asks for this')

/** One frame for each rule that explains frames: of its kind, and yet without what the rule needs. */
export const intruders: Readonly<Record<string, Intruder>> = {
  'a packet is passed on': {
    port: 'lan0',
    packet: (scene) => ({
      ...toHost(scene),
      ip6: { src: unassigned, dst: scene.host.address, hopLimit: 63 },
      udp: { srcPort: 4007, dstPort: 40_404 },
      payload: data,
    }),
  },
  'a forwarded packet is fragmented again': {
    port: 'lan0',
    packet: (scene) => ({
      ...toHost(scene),
      ip6: { src: unassigned, dst: scene.host.address, hopLimit: 63 },
      ext: [{ type: 'fragment', offset: 0, more: true, id: 7, nextHeader: 17 }],
      payload: data,
    }),
  },
  'an echo request is answered': {
    port: 'lan0',
    packet: (scene) => ({ ...toHost(scene), icmp6: { type: 'echo-reply', id: 999, seq: 9, data } }),
  },
  'an error about a packet': {
    port: 'lan0',
    packet: (scene) => ({ ...toHost(scene), icmp6: { type: 'time-exceeded', code: 0, data } }),
  },
  'a DHCPv6 client of the LAN is answered': {
    port: 'lan0',
    packet: ({ router: { lan }, host }) => ({
      eth: { src: lan.mac, dst: host.mac },
      ip6: { src: lan.linkLocal, dst: host.linkLocal, hopLimit: 64 },
      udp: { srcPort: 547, dstPort: 546 },
      dhcp6: { type: 'reply', transactionId: 0x99_99_99, options: [] },
    }),
  },
  'clients of the LAN are informed of a change': {
    port: 'lan0',
    packet: ({ router: { lan }, host }) => ({
      eth: { src: lan.mac, dst: host.mac },
      ip6: { src: lan.linkLocal, dst: host.linkLocal, hopLimit: 64 },
      udp: { srcPort: 547, dstPort: 546 },
      dhcp6: { type: 'reconfigure', transactionId: 0, options: [] },
    }),
  },
  'the line is asked for leases': {
    port: 'wan0',
    packet: ({ router: { wan } }) => ({
      ...toGroup(wan, 'ff02::1:2', 64),
      udp: { srcPort: 546, dstPort: 547 },
      dhcp6: {
        type: 'request',
        transactionId: 0x99_99_99,
        options: [{ type: 'ia-pd', iaid: 1, t1: 0, t2: 0, options: [] }],
      },
    }),
  },
  'a group is reported': {
    port: 'lan0',
    packet: ({ router: { lan } }) => ({
      ...toGroup(lan, 'ff02::16', 1),
      icmp6: {
        type: 'mld2-report',
        records: [{ type: 4, group: 'ff02::114', sources: [], auxiliary: new Uint8Array() }],
      },
    }),
  },
  'the LAN is asked for its groups': {
    port: 'wan0',
    packet: ({ router: { wan } }) => ({
      ...toGroup(wan, 'ff02::1', 1),
      icmp6: { type: 'mld-query', maxResponseDelay: 10_000, group: '::' },
    }),
  },
  'an IPv4 neighbor is resolved or answered': {
    port: 'lan0',
    packet: ({ router: { lan }, host }) => ({
      eth: { src: lan.mac, dst: host.mac },
      arp: {
        operation: 'reply',
        senderMac: otherMac,
        sender: '192.168.1.1',
        targetMac: host.mac,
        target: '192.168.1.2',
      },
    }),
  },
  'IPv4 addresses are asked for and given': {
    port: 'wan0',
    packet: ({ router: { wan }, isp }) => ({
      eth: { src: wan.mac, dst: isp.mac },
      ip4: { src: '192.168.1.1', dst: '192.168.1.2' },
      udp: { srcPort: 67, dstPort: 68 },
      dhcp4: {
        op: 'reply',
        htype: 1,
        hlen: 6,
        hops: 0,
        xid: 9,
        secs: 0,
        flags: 0,
        ciaddr: '0.0.0.0',
        yiaddr: '192.168.1.2',
        siaddr: '0.0.0.0',
        giaddr: '0.0.0.0',
        chaddr: otherMac,
        options: [],
      },
    }),
  },
  'an address is probed before it is given': {
    port: 'lan0',
    packet: ({ router: { lan }, host }) => ({
      eth: { src: lan.mac, dst: host.mac },
      ip4: { src: '192.168.1.1', dst: '192.168.1.99' },
      icmp4: { type: 8, code: 0, rest: 0, body: data },
    }),
  },
  'an IPv4 packet is passed on or answered': {
    port: 'wan0',
    packet: ({ router: { wan }, isp }) => ({
      eth: { src: wan.mac, dst: isp.mac },
      ip4: { src: '192.0.2.1', dst: '198.51.100.99' },
      udp: { srcPort: 4007, dstPort: 40_404 },
      payload: data,
    }),
  },
  'a Neighbor Advertisement answers': {
    port: 'lan0',
    packet: ({ router: { lan }, host }) => ({
      eth: { src: lan.mac, dst: host.mac },
      ip6: { src: lan.linkLocal, dst: host.linkLocal, hopLimit: 255 },
      icmp6: advertisement(lan.linkLocal, true),
    }),
  },
  'a new address is announced': {
    port: 'lan0',
    packet: ({ router: { lan } }) => ({ ...toGroup(lan, 'ff02::1', 255), icmp6: advertisement(lan.linkLocal, false) }),
  },
  'duplicate address detection': {
    port: 'lan0',
    packet: ({ router: { lan } }) => ({
      ...toGroup({ ...lan, linkLocal: '::' }, solicitedNode(lan.linkLocal), 255),
      icmp6: { type: 'neighbor-solicitation', target: lan.linkLocal, options: [] },
    }),
  },
  'an address is resolved': {
    port: 'lan0',
    packet: ({ router: { lan } }) => ({
      ...toGroup(lan, solicitedNode('fe80::9:9'), 255),
      icmp6: { type: 'neighbor-solicitation', target: 'fe80::9:9', options: [] },
    }),
  },
  'a neighbor is probed': {
    port: 'lan0',
    packet: ({ router: { lan }, host }) => ({
      eth: { src: lan.mac, dst: host.mac },
      ip6: { src: lan.linkLocal, dst: 'fe80::9:9', hopLimit: 255 },
      icmp6: { type: 'neighbor-solicitation', target: 'fe80::9:9', options: [] },
    }),
  },
  'a router is asked for': {
    port: 'wan0',
    packet: ({ router: { wan } }) => ({
      ...toGroup(wan, 'ff02::2', 255),
      icmp6: { type: 'router-solicitation', options: [] },
    }),
  },
  'the LAN is advertised to': {
    port: 'lan0',
    packet: ({ router: { lan } }) => ({
      ...toGroup(lan, 'ff02::1', 255),
      icmp6: {
        type: 'router-advertisement',
        hopLimit: 64,
        managed: true,
        other: true,
        preference: 'medium',
        routerLifetime: 1800,
        reachableTime: 0,
        retransTimer: 0,
        options: [],
      },
    }),
  },
  'a Redirect follows a packet that had a better way': {
    port: 'lan0',
    packet: ({ router: { lan }, host }) => ({
      eth: { src: lan.mac, dst: host.mac },
      ip6: { src: lan.linkLocal, dst: host.address, hopLimit: 255 },
      icmp6: { type: 'redirect', target: 'fe80::9:9', destination: unassigned, options: [] },
    }),
  },
  'a name is answered': {
    port: 'lan0',
    packet: (scene) => ({
      ...toHost(scene),
      udp: { srcPort: 53, dstPort: 40_404 },
      dns: { type: 'response', id: 999, questions: [{ name: scene.name, type: 'AAAA', class: 'IN' }] },
    }),
  },
  'a resolver of the line is asked': {
    port: 'wan0',
    packet: (scene) => ({
      ...toLine(scene, scene.isp.linkLocal),
      udp: { srcPort: 40_404, dstPort: 53 },
      dns: { type: 'query', id: 999, questions: [{ name: scene.name, type: 'AAAA', class: 'IN' }] },
    }),
  },
  'a port is asked for': {
    port: 'wan0',
    packet: ({ router: { wan }, isp }) => ({
      eth: { src: wan.mac, dst: isp.mac },
      ip6: { src: wan.linkLocal, dst: isp.linkLocal, hopLimit: 64 },
      udp: { srcPort: 5350, dstPort: 5351 },
      payload: data,
    }),
  },
  'a time server is asked': {
    port: 'lan0',
    packet: (scene) => ({ ...toHost(scene), udp: { srcPort: 40_404, dstPort: 123 }, payload: data }),
  },
  'a service of the router answers': {
    port: 'lan0',
    packet: (scene) => ({ ...toHost(scene), tcp: { srcPort: 80, dstPort: 40_404, flags: 'syn+ack', seq: 1, ack: 1 } }),
  },
  'a server on the line is asked': {
    port: 'wan0',
    packet: (scene) => ({ ...toLine(scene, unassigned), udp: { srcPort: 40_404, dstPort: 7547 }, payload: data }),
  },
}

const advertisement = (target: string, solicited: boolean): PacketInit['icmp6'] => ({
  type: 'neighbor-advertisement',
  router: true,
  solicited,
  override: true,
  target,
  options: [],
})

/** Read from a recording in which hosts have used the line and asked for a name. */
export function sceneOf({ frames }: Recording): Scene {
  const first = (fits: (frame: Frame) => boolean): Frame => {
    const frame = frames.find(fits)
    if (!frame) throw new Error('nothing of that kind is in the recording')
    return frame
  }
  const isDut = ({ from, port }: Frame, wanted: string) => from === 'dut' && port === wanted
  const sourceOf = ({ packet: { eth, ip6 } }: Frame) => ({ mac: eth.src, address: ip6?.src ?? '::' })
  const solicits = sourceOf(first((one) => isDut(one, 'wan0') && one.packet.icmp6?.type === 'router-solicitation'))
  const advertises = sourceOf(first((one) => isDut(one, 'lan0') && one.packet.icmp6?.type === 'router-advertisement'))
  const provides = sourceOf(
    first(
      ({ from, port, packet }) => from === 'bench' && port === 'wan0' && packet.icmp6?.type === 'router-advertisement',
    ),
  )
  const question = first(
    ({ from, port, packet }) =>
      from === 'bench' && port === 'lan0' && packet.dns?.type === 'query' && packet.ip6 !== undefined,
  )
  const asks = sourceOf(question)
  const local = first(({ packet: { eth, ip6 } }) => eth.src === asks.mac && (ip6?.src.startsWith('fe80:') ?? false))
  const own = first((one) => isDut(one, 'wan0') && one.packet.dns?.type === 'query' && one.packet.ip6 !== undefined)
  return {
    router: {
      wan: { mac: solicits.mac, linkLocal: solicits.address, address: sourceOf(own).address },
      lan: { mac: advertises.mac, linkLocal: advertises.address, address: question.packet.ip6?.dst ?? '::' },
    },
    isp: { mac: provides.mac, linkLocal: provides.address },
    host: { mac: asks.mac, linkLocal: sourceOf(local).address, address: asks.address },
    name: question.packet.dns?.questions[0]?.name ?? '',
  }
}
