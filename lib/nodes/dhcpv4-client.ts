import type { Frame } from '../recording/recording.ts'
import type { Timer } from '../time/clock.ts'
import type { Ipv4Address, Mac } from '../wire/address.ts'
import type { Dhcpv4 } from '../wire/dhcpv4.ts'
import type { Dhcpv4Option } from '../wire/dhcpv4-options.ts'
import type { PacketInit } from '../wire/packet.ts'
import type { NodeContext } from './context.ts'

/** What a host knows of IPv4 once DHCP has given it an address. */
export interface Ipv4Lease {
  address: Ipv4Address
  mask: Ipv4Address
  router?: Ipv4Address
  resolvers: Ipv4Address[]
}

/** RFC 2131 section 4.1: 4 s, doubled each time, up to 64 s, give or take 1 s. */
const FIRST_TIMEOUT = 4
const LAST_TIMEOUT = 64
const PARAMETERS = { mask: 1, routers: 3, dns: 6 }
/** A lease without end, RFC 2131 section 3.3. */
const INFINITY = 0xffffffff

/** A DHCPv4 client that keeps one lease, renewed by broadcast from T1 on. RFC 2131 section 4.4. */
export interface Dhcpv4Client {
  start(): void
  stop(): void
  receive(message: Dhcpv4): void
  lease(): Ipv4Lease | undefined
}

export function dhcpv4Client(
  ctx: NodeContext,
  mac: Mac,
  transmit: (packet: PacketInit) => Frame,
  changed: () => void,
): Dhcpv4Client {
  let state: 'off' | 'selecting' | 'requesting' | 'bound' | 'renewing' = 'off'
  let xid = 0
  let offer: { address: Ipv4Address; server: Ipv4Address } | undefined
  let lease: Ipv4Lease | undefined
  let retransmission: Timer | undefined
  let renewal: Timer | undefined
  let expiry: Timer | undefined

  const send = (value: 'discover' | 'request', options: Dhcpv4Option[], ciaddr = '0.0.0.0'): void => {
    const none = '0.0.0.0'
    const addresses = { ciaddr, yiaddr: none, siaddr: none, giaddr: none, chaddr: mac }
    transmit({
      ip4: { src: ciaddr, dst: '255.255.255.255' },
      udp: { srcPort: 68, dstPort: 67 },
      dhcp4: {
        ...{ op: 'request', htype: 1, hlen: 6, hops: 0, xid, secs: 0, flags: 0, ...addresses },
        options: [
          { type: 'message-type', value },
          ...options,
          { type: 'parameter-list', codes: Object.values(PARAMETERS) },
          { type: 'end' },
        ],
      },
    })
  }
  const repeat = (message: () => void, timeout = FIRST_TIMEOUT): void => {
    message()
    retransmission?.cancel()
    retransmission = ctx.clock.after(timeout + ctx.random.uniform(-1, 1), () => {
      // A server that gave an offer and then keeps silent is left (RFC 2131 section 3.1 item 5).
      if (state === 'requesting' && timeout >= 4 * FIRST_TIMEOUT) return discover()
      repeat(message, Math.min(timeout * 2, LAST_TIMEOUT))
    })
  }
  const discover = (): void => {
    state = 'selecting'
    xid = ctx.random.int(2 ** 32)
    repeat(() => send('discover', []))
  }
  const renew = (): void => {
    if (!lease) return
    const { address } = lease
    state = 'renewing'
    xid = ctx.random.int(2 ** 32)
    repeat(() => send('request', [], address))
  }
  const bind = (message: Dhcpv4): void => {
    state = 'bound'
    retransmission?.cancel()
    renewal?.cancel()
    expiry?.cancel()
    const router = addressesOf(message, 'routers')[0]
    const mask = addressOf(message, 'subnet-mask') ?? '255.255.255.0'
    lease = { address: message.yiaddr, mask, resolvers: addressesOf(message, 'dns-servers'), ...(router && { router }) }
    const seconds = secondsOf(message, 'lease-time') ?? INFINITY
    if (seconds !== INFINITY) {
      renewal = ctx.clock.after(secondsOf(message, 't1') ?? seconds / 2, renew)
      expiry = ctx.clock.after(seconds, restart)
    }
    changed()
  }
  const restart = (): void => {
    stop()
    changed()
    discover()
  }
  const stop = (): void => {
    state = 'off'
    lease = offer = undefined
    for (const timer of [retransmission, renewal, expiry]) timer?.cancel()
  }

  return {
    start: discover,
    stop,
    receive(message) {
      if (message.xid !== xid || message.op !== 'reply') return
      const type = message.options.find((option) => option.type === 'message-type')?.value
      const server = addressOf(message, 'server-id')
      if (state === 'selecting' && type === 'offer' && server) {
        state = 'requesting'
        offer = { address: message.yiaddr, server }
        repeat(() =>
          send('request', [
            { type: 'requested-address', address: message.yiaddr },
            { type: 'server-id', address: server },
          ]),
        )
      } else if ((state === 'requesting' && server === offer?.server) || state === 'renewing') {
        if (type === 'ack') bind(message)
        else if (type === 'nak') restart()
      }
    },
    lease: () => lease,
  }
}

function addressOf(message: Dhcpv4, type: Dhcpv4Option['type']): Ipv4Address | undefined {
  for (const option of message.options) if (option.type === type && 'address' in option) return option.address
  return undefined
}

function addressesOf(message: Dhcpv4, type: Dhcpv4Option['type']): Ipv4Address[] {
  for (const option of message.options) if (option.type === type && 'addresses' in option) return option.addresses
  return []
}

function secondsOf(message: Dhcpv4, type: Dhcpv4Option['type']): number | undefined {
  for (const option of message.options) if (option.type === type && 'seconds' in option) return option.seconds
  return undefined
}
