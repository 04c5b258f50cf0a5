import type { ChildProcess } from 'node:child_process'
import { describe, expect, test } from 'vitest'
import { inPrefix } from '../../wire/address.ts'
import { dhcpv6, ra } from '../../wire/patterns.ts'
import { lanHost } from '../lan-host.ts'
import { lacks, NODE_MAC, PEER_PORT, type Peer, plugIn, RUN } from './peer.ts'

/** LAN routers that we did not write, with our host on their LAN. */

const LAN = '2a0e:b107:101:1::/64'
const ROUTER = '2a0e:b107:101:1::1'
/** Beyond the router: only who has a default route gets there. */
const BEYOND = '2a0e:b107:2::80'
const RESOLVER = '2a0e:b107:1::53'
const POOL = ['2a0e:b107:101:1::1000', '2a0e:b107:101:1::1fff'] as const

interface Router {
  name: string
  needs: [command: string, debianPackage: string][]
  start(peer: Peer): ChildProcess
  address: 'slaac' | 'dhcpv6'
  /** What the host is told to ask for names, in order. */
  resolvers: string[]
  /** The DHCPv6 exchange that the flags of its RA call for. */
  asks?: 'solicit' | 'information-request'
  /** It answers for names itself. */
  servesNames?: boolean
  /** It withdraws when it ends (RFC 4861 section 6.2.5: it should). */
  withdraws?: boolean
}

const radvd = `
interface ${PEER_PORT} {
  AdvSendAdvert on;
  MinRtrAdvInterval 3;
  MaxRtrAdvInterval 10;
  prefix ${LAN} { AdvValidLifetime 600; AdvPreferredLifetime 300; };
  RDNSS ${RESOLVER} { AdvRDNSSLifetime 600; };
  DNSSL example.net { AdvDNSSLLifetime 600; };
};
`

const dnsmasq = (range: string) => `
interface=${PEER_PORT}
bind-interfaces
except-interface=lo
user=root
no-hosts
no-resolv
enable-ra
ra-param=${PEER_PORT},10,600
dhcp-range=${range}
dhcp-option=option6:dns-server,[${ROUTER}]
dhcp-leasefile=${RUN}/leases
host-record=name.home.arpa,${BEYOND}
`

const bird = `
log stderr all;
router id 192.0.2.1;
protocol device { }
protocol radv {
  interface "${PEER_PORT}" {
    min ra interval 3;
    max ra interval 10;
    managed yes;
    other config yes;
    prefix ${LAN} { autonomous no; };
    rdnss ${RESOLVER};
    dnssl "example.net";
  };
}
`

const kea = {
  Dhcp6: {
    'interfaces-config': { interfaces: [PEER_PORT] },
    'data-directory': RUN,
    'lease-database': { type: 'memfile', persist: true, name: `${RUN}/leases.csv` },
    'preferred-lifetime': 300,
    'valid-lifetime': 600,
    'option-data': [{ name: 'dns-servers', data: ROUTER }],
    subnet6: [{ id: 1, interface: PEER_PORT, subnet: LAN, pools: [{ pool: POOL.join('-') }] }],
    loggers: [{ name: 'kea-dhcp6', severity: 'INFO', output_options: [{ output: 'stdout' }] }],
  },
}

const startDnsmasq = (range: string) => (peer: Peer) =>
  peer.start(['dnsmasq', '-k', '-d', '-C', `${RUN}/peer.conf`], { 'peer.conf': dnsmasq(range) })

const routers: Router[] = [
  {
    name: 'radvd',
    needs: [['/usr/sbin/radvd', 'radvd']],
    start: (peer) =>
      peer.start(['radvd', '-n', '-m', 'stderr', '-C', `${RUN}/peer.conf`, '-p', `${RUN}/pid`], { 'peer.conf': radvd }),
    address: 'slaac',
    resolvers: [RESOLVER],
    withdraws: true,
  },
  {
    name: 'dnsmasq, stateful',
    needs: [['/usr/sbin/dnsmasq', 'dnsmasq-base']],
    start: startDnsmasq(`${POOL.join(',')},64,10m`),
    address: 'dhcpv6',
    resolvers: [ROUTER],
    servesNames: true,
    asks: 'solicit',
  },
  {
    name: 'dnsmasq, stateless',
    needs: [['/usr/sbin/dnsmasq', 'dnsmasq-base']],
    start: startDnsmasq(`::,constructor:${PEER_PORT},ra-stateless,64,10m`),
    address: 'slaac',
    resolvers: [ROUTER],
    servesNames: true,
    asks: 'information-request',
  },
  {
    name: 'BIRD, with Kea',
    needs: [
      ['/usr/sbin/bird', 'bird2'],
      ['/usr/sbin/kea-dhcp6', 'kea-dhcp6-server'],
    ],
    start(peer) {
      peer.start(['kea-dhcp6', '-c', `${RUN}/kea.conf`], { 'kea.conf': JSON.stringify(kea), 'kea/here': '' })
      const files = ['-c', `${RUN}/peer.conf`, '-s', `${RUN}/bird.ctl`, '-P', `${RUN}/bird.pid`]
      return peer.start(['bird', '-f', ...files], { 'peer.conf': bird })
    },
    address: 'dhcpv6',
    resolvers: [RESOLVER, ROUTER],
    asks: 'solicit',
    withdraws: true,
  },
]

describe('our LAN host', () => {
  for (const router of routers) {
    const missing = router.needs.filter((need) => lacks(...need))
    test.skipIf(missing.length > 0)(`lives behind ${router.name}`, { concurrent: true }, async (context) => {
      const peer = plugIn()
      context.onTestFinished(peer.unplug)
      await peer.outputOf('sysctl', '-qw', 'net.ipv6.conf.all.forwarding=1')
      await peer.outputOf('ip', 'address', 'add', `${ROUTER}/64`, 'dev', PEER_PORT, 'nodad')
      await peer.outputOf('ip', 'address', 'add', `${BEYOND}/128`, 'dev', 'lo')
      const linkLocal = await peer.linkLocal()
      const program = router.start(peer)
      const host = lanHost(peer.ctx, { name: 'host', mac: NODE_MAC, port: peer.port })
      peer.atEnd(host.leave)

      await peer.until('an address and a default router', () => (host.isOnline() ? true : undefined))
      expect(host.lastAdvertisement()?.packet.ip6?.src).toBe(linkLocal)
      const address = await peer.until('an address of the expected kind', () =>
        host.addresses().find(({ source, state }) => source === router.address && state === 'preferred'),
      )
      expect(inPrefix(address.address, LAN)).toBe(true)
      expect(host.gua()).toBe(address.address)
      await peer.until(`resolvers ${router.resolvers}`, () =>
        host.resolvers().join() === router.resolvers.join() ? true : undefined,
      )
      if (router.asks) await peer.frame(dhcpv6(router.asks))
      else expect(peer.frames.filter(({ packet }) => packet.dhcp6)).toEqual([])

      expect(await host.ping(BEYOND), 'a ping by the default route is answered').toBeDefined()
      expect(await peer.outputOf('ping', '-c1', '-W2', address.address)).toContain('1 received')

      if (router.servesNames) {
        const answer = await host.resolve('name.home.arpa')
        expect(answer?.packet.dns).toMatchObject({ answers: [{ type: 'AAAA', data: BEYOND }] })
      }

      if (router.withdraws) {
        program.kill()
        await peer.frame(ra({ routerLifetime: 0 }))
        await peer.until('no default router', () => (host.hasDefaultRouter() ? undefined : true))
      }
      host.leave()
      if (router.asks !== 'solicit') return
      const goodbye = await peer.frame(dhcpv6('release', { iaNa: { iaAddr: { address: address.address } } }))
      await peer.frame(dhcpv6('reply', { statusCode: { status: 0 } }), { after: goodbye })
    })
  }
})
