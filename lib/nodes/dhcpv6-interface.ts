import type { NodeContext } from './context.ts'
import { type Dhcpv6Client, type Dhcpv6ClientOptions, dhcpv6Client } from './dhcpv6-client.ts'
import type { IpEndpoint } from './endpoint.ts'
import type { Stack } from './stack.ts'
import { plain } from './variety.ts'

/** All_DHCP_Relay_Agents_and_Servers and the ports, RFC 8415 sections 7.1 and 7.2. */
const SERVERS = 'ff02::1:2'
const CLIENT_PORT = 546
const SERVER_PORT = 547

/** A DHCPv6 client on an interface, which gets the addresses of its IA_NA. */
export function dhcpv6OnInterface(
  ctx: NodeContext,
  net: Stack,
  endpoint: IpEndpoint,
  options: Omit<Dhcpv6ClientOptions, 'send'>,
): Dhcpv6Client {
  // RFC 9915 section 7.2: it listens on its own port, and may send from any.
  const srcPort = (options.variety ?? plain).pick('DHCPv6 client port', [CLIENT_PORT, CLIENT_PORT, 50_546])
  const client = dhcpv6Client(ctx, {
    ...options,
    send: (message) =>
      net.sendFrame({
        ip6: { src: net.linkLocal, dst: SERVERS },
        udp: { srcPort, dstPort: SERVER_PORT },
        dhcp6: message,
      }),
    changed() {
      const leases = client.leases().filter(({ kind }) => kind === 'ia-na')
      for (const { address, source } of net.addresses.list()) {
        if (source === 'dhcpv6' && !leases.some(({ value }) => value === address)) net.addresses.remove(address)
      }
      for (const lease of leases) net.addresses.set(lease.value, 'dhcpv6', lease)
      options.changed()
    },
  })
  endpoint.bindUdp(CLIENT_PORT, ({ dhcp6 }, frame) => {
    if (dhcp6) client.receive(dhcp6, frame)
  })
  return client
}
