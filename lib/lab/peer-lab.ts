import type { Link } from '../link/link.ts'
import { openPort, type Port } from '../nodes/attachment/port.ts'
import { downstreamRouter } from '../nodes/downstream-router.ts'
import { type IspRouter, ispRouter } from '../nodes/isp.ts'
import type { Frame, IspParameters } from '../recording/recording.ts'
import type { Clock } from '../time/clock.ts'
import { seeded } from '../time/seed.ts'
import { stoppable } from '../time/stoppable-clock.ts'
import { inPrefix, nthSubnet, prefixLength } from '../wire/address.ts'
import type { Packet } from '../wire/packet.ts'
import { memoryCables } from './cables/memory.ts'
import type { Lab } from './lab.ts'
import type { LabFile } from './lab-file.ts'
import { origin, virtualTime } from './time.ts'

/** Seconds from power to its first frame. */
const boot = 2
/** Where all names live: the first host of the bench's Internet. */
const named = '2d00:300:0:1::80'
const wanMac = '02:c0:00:00:00:01'
const lanMac = (index: number): string => `02:c0:00:00:01:${(index + 1).toString(16).padStart(2, '0')}`

/**
 * Nodes of the bench in the place of the router under test, so that they are judged by what they ask of others: the
 * requesting router's stack and DHCPv6 client on the line, and the ISP's RAs and servers on each LAN port.
 */
export function openPeerLab(lab: LabFile, { seed }: { seed: string }): Lab {
  const time = virtualTime()
  const { clock, settled } = time
  const cables = memoryCables(clock, lab.lan, seed)
  const { wan, lan } = cables.dut
  let powered = false
  let booted: { stop(): void } | undefined
  let starts = 0

  const off = (): void => {
    booted?.stop()
    booted = undefined
    wan.onCarrier(() => {})
    powered = false
    cables.raise(false)
  }
  const on = (): void => {
    if (powered) return
    powered = true
    cables.raise(true)
    const life = stoppable(clock)
    booted = life
    life.after(boot, () => peers(life, `${seed}\0${starts++}`, wan, lan, settled))
  }
  return {
    ...time,
    ...cables,
    power: {
      on: async () => on(),
      cut: async () => off(),
      async reboot() {
        off()
        on()
      },
      async reset() {
        off()
        return 'off'
      },
    },
    versions: () => ({}),
    close: off,
  }
}

/** The nodes of one life, from power to power cut. */
function peers(clock: Clock, seed: string, wan: Link, lans: Link[], settled: () => void): void {
  const random = seeded(`${seed}\0peers`)
  const node = { clock, random: random.fork('nodes'), settled }
  const router = downstreamRouter(node, {
    name: 'peer',
    mac: wanMac,
    port: portOn(wan, clock),
    iaNa: true,
    iaPd: [{}],
    acceptsReconfigure: true,
    downlink({ eth, ...packet }) {
      const { dst = '::', hopLimit = 0 } = packet.ip6 ?? {}
      const server = [...servers.values()].find((one) => reaches(one, dst))
      if (server && hopLimit > 1) server.forward(packet)
      return server !== undefined
    },
  })
  const held = () => router.leases().find(({ kind, value }) => kind === 'ia-pd' && prefixLength(value) <= 64)
  const parametersOf = (index: number): IspParameters | undefined => {
    const lease = held()
    if (!lease || index >= subnetsOf(lease.value)) return undefined
    const spare = 2 + index < subnetsOf(lease.value) ? [nthSubnet(lease.value, 64, 2 + index)] : []
    const { preferredLifetime, validLifetime } = lease
    const lifetimes = { preferredLifetime: Math.floor(preferredLifetime), validLifetime: Math.floor(validLifetime) }
    return {
      wanPrefix: nthSubnet(lease.value, 64, index),
      internetPrefix: '2d00:300::/64',
      ra: {
        interval: 30,
        managed: true,
        other: true,
        routerLifetime: 1800,
        autonomous: true,
        onLink: true,
        ...lifetimes,
      },
      dhcpv6: {
        answers: true,
        ignoreSolicits: 0,
        iaNa: true,
        prefixes: spare,
        t1: Math.floor(lifetimes.preferredLifetime / 2),
        t2: Math.floor(lifetimes.preferredLifetime * 0.8),
        ...lifetimes,
        dns: true,
        domains: ['home.example.net'],
      },
      ipv4: true,
    }
  }
  const servers = new Map<Link, IspRouter>()
  const uplink = {
    receive({ eth, ...packet }: Packet): void {
      const isOwn = router.prefixes().some((prefix) => inPrefix(packet.ip6?.dst ?? '::', prefix))
      if (!isOwn) router.send(packet)
    },
  }
  const serve = (): void => {
    for (const [index, link] of lans.entries()) {
      const parameters = parametersOf(index)
      const server = servers.get(link)
      if (!parameters) continue
      if (server) {
        const { wanPrefix, dhcpv6 } = parameters
        if (server.parameters().wanPrefix === wanPrefix) continue
        server.change({ wanPrefix, dhcpv6: { prefixes: dhcpv6.prefixes } })
        server.advertise()
      } else {
        const fresh = ispRouter(
          { ...node, wallClock: () => Number(origin / 1_000_000_000n) + clock.now() },
          { port: portOn(link, clock), mac: lanMac(index), parameters, uplink },
        )
        fresh.attachInternet(named, uplink)
        servers.set(link, fresh)
        fresh.advertise()
      }
    }
  }
  router.onChange(serve)
  wan.onCarrier((up) => {
    if (up) router.plugIn({ as: router.leases().length > 0 ? 'rebinding' : 'rebooted' })
    else router.unplug()
  })
}

const reaches = (server: IspRouter, address: string): boolean => {
  const { wanPrefix, dhcpv6 } = server.parameters()
  return [wanPrefix, ...dhcpv6.prefixes].some((prefix) => inPrefix(address, prefix))
}
const subnetsOf = (prefix: string): number => 2 ** (64 - prefixLength(prefix))

/** What comes in is another's, as on the bench's ports; nothing is recorded here. */
function portOn(link: Link, clock: Clock): Port {
  let number = 0
  return openPort(link, clock, (port, direction, at, bytes, packet): Frame => {
    number++
    return { number, port, at, direction, from: direction === 'in' ? 'dut' : 'bench', bytes, packet }
  })
}
