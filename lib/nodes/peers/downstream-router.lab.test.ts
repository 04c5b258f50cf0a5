import { describe, expect, test } from 'vitest'
import { inPrefix } from '../../wire/address.ts'
import { dhcpv6 } from '../../wire/patterns.ts'
import { downstreamRouter } from '../downstream-router.ts'
import { lacks, NODE_MAC, PEER_PORT, type Peer, plugIn, RUN } from './peer.ts'

/** DHCPv6 servers that we did not write, with our downstream router as their client. */

const LINK = '2a0e:b107:1::/64'
const POOL = '2a0e:b107:100::/56'
const T1 = 4

interface Server {
  name: string
  command: string
  package: string
  start(peer: Peer): void
  /** Whether its books say that the prefix was given back. */
  tookBack(peer: Peer, prefix: string): boolean
}

const kea = {
  Dhcp6: {
    'interfaces-config': { interfaces: [PEER_PORT] },
    'data-directory': RUN,
    'lease-database': { type: 'memfile', persist: true, name: `${RUN}/leases.csv` },
    'preferred-lifetime': 40,
    'valid-lifetime': 60,
    'renew-timer': T1,
    'rebind-timer': 32,
    'option-data': [{ name: 'dns-servers', data: '2a0e:b107:1::53' }],
    subnet6: [
      {
        id: 1,
        interface: PEER_PORT,
        subnet: LINK,
        pools: [{ pool: '2a0e:b107:1::1000-2a0e:b107:1::1fff' }],
        'pd-pools': [{ prefix: '2a0e:b107:100::', 'prefix-len': 56, 'delegated-len': 60 }],
      },
    ],
    loggers: [{ name: 'kea-dhcp6', severity: 'INFO', output_options: [{ output: 'stdout' }] }],
  },
}

/** Threshold 0: else it saves itself the trouble of lengthening a lease that is young. */
const isc = `
dhcp-cache-threshold 0;
default-lease-time 60;
preferred-lifetime 40;
option dhcp-renewal-time ${T1};
option dhcp-rebinding-time 32;
option dhcp6.name-servers 2a0e:b107:1::53;
subnet6 ${LINK} {
  range6 2a0e:b107:1::1000 2a0e:b107:1::1fff;
  prefix6 2a0e:b107:100:: 2a0e:b107:100:f0:: /60;
}
`

const servers: Server[] = [
  {
    name: 'Kea',
    command: '/usr/sbin/kea-dhcp6',
    package: 'kea-dhcp6-server',
    start: (peer) =>
      peer.start(['kea-dhcp6', '-c', `${RUN}/peer.conf`], { 'peer.conf': JSON.stringify(kea), 'kea/here': '' }),
    // Columns: address, DUID, valid lifetime, ...
    tookBack: (peer, prefix) => new RegExp(`^${prefix.split('/')[0]},[^,]*,0,`, 'm').test(peer.written('leases.csv')),
  },
  {
    name: 'ISC dhcpd',
    command: '/usr/sbin/dhcpd',
    package: 'isc-dhcp-server',
    start: (peer) =>
      peer.start(
        ['dhcpd', '-6', '-d', '-cf', `${RUN}/peer.conf`, '-lf', `${RUN}/leases`, '-pf', `${RUN}/pid`, PEER_PORT],
        {
          'peer.conf': isc,
          leases: '',
        },
      ),
    tookBack: (peer, prefix) =>
      new RegExp(`iaprefix ${prefix} \\{\\s*binding state released;`).test(peer.written('leases')),
  },
]

describe('our downstream router', () => {
  for (const server of servers) {
    test.skipIf(lacks(server.command, server.package))(
      `is served by ${server.name}`,
      { concurrent: true },
      async (context) => {
        const peer = plugIn()
        context.onTestFinished(peer.unplug)
        await peer.outputOf('ip', 'address', 'add', '2a0e:b107:1::1/64', 'dev', PEER_PORT, 'nodad')
        await peer.linkLocal()
        server.start(peer)
        const router = downstreamRouter(peer.ctx, {
          name: 'downstream',
          mac: NODE_MAC,
          port: peer.port,
          iaNa: true,
          iaPd: [{ hint: 60 }],
        })
        peer.atEnd(router.leave)

        const [prefix] = await peer.until('a prefix', () =>
          router.prefixes().length > 0 ? router.prefixes() : undefined,
        )
        expect(prefix).toMatch(/\/60$/)
        expect(inPrefix(prefix?.split('/')[0] ?? '', POOL)).toBe(true)
        expect(router.t1()).toBe(T1)
        const granted = router.lastReply()
        const address = router.leases().find(({ kind }) => kind === 'ia-na')?.value
        expect(inPrefix(address ?? '', LINK)).toBe(true)

        const renew = await peer.frame(dhcpv6('renew', { iaNa: {}, iaPd: { iaPrefix: { prefix } } }))
        // How late it may be, a busy machine says; in virtual time it comes at T1.
        expect(renew.at - (granted?.at ?? 0)).toBeGreaterThan(T1 - 0.01)
        const leases = { iaNa: { iaAddr: { address } }, iaPd: { iaPrefix: { prefix, validLifetime: 60 } } }
        const renewed = await peer.frame(dhcpv6('reply', leases), { after: renew })
        expect(router.lastReply()).toBe(renewed)

        const goodbye = await router.release()
        expect(goodbye?.packet.dhcp6).toMatchObject({ type: 'reply' })
        expect(router.leases()).toEqual([])
        await peer.until('the lease given back', () => server.tookBack(peer, prefix ?? '') || undefined)
      },
    )
  }
})
