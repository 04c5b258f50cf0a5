import type { Timer } from '../../time/clock.ts'
import { formatIpv6, type Ipv6Address } from '../../wire/address.ts'
import type { Dhcpv6Option } from '../../wire/dhcpv6-option.ts'
import type { Context } from '../context.ts'

/** RFC 5905 section 7.2, the least and the greatest. Seconds. */
const poll = { unanswered: 64, answered: 1024 }
const firstPort = 49_152
const builtIn = '2620:fe::123'

/** The router's own clock: RFC 7084 WAA-5, RFC 5905 section 14. It does not use the time. */
export interface SntpClient {
  /** The present DHCPv6 options for time servers. */
  learn(options: readonly Dhcpv6Option[]): void
  /** True: it was the answer that was waited for. */
  answered(server: Ipv6Address, port: number): boolean
}

export function sntpClient(
  { clock, random, behavior }: Context,
  ask: (server: Ipv6Address, fromPort: number, request: Uint8Array) => void,
): SntpClient {
  let servers: Ipv6Address[] = []
  let asked: { server: Ipv6Address; port: number } | undefined
  let timer: Timer | undefined
  let turn = 0

  function next(): void {
    const server = servers[turn++ % servers.length]
    if (server === undefined) return
    const port = firstPort + random.int(0x10000 - firstPort)
    asked = { server, port }
    ask(server, port, request())
    timer = clock.after(poll.unanswered, next)
  }

  /** Version 4, mode 3, with the fields that a server needs for its answer. */
  function request(): Uint8Array {
    const message = new Uint8Array(48)
    message[0] = 0x23
    message.set(random.bytes(8), 40)
    return message
  }

  return {
    learn(options) {
      const now = { 'as received': serversIn(options), 'built in': [builtIn], none: [] }[behavior.timeServers]
      if (now.join() === servers.join()) return
      servers = now
      turn = 0
      asked = undefined
      timer?.cancel()
      timer = clock.after(random.uniform(behavior.timeAskedAfter.min, behavior.timeAskedAfter.max), next)
    },
    answered(server, port) {
      if (server !== asked?.server || port !== asked.port) return false
      asked = undefined
      turn--
      timer?.cancel()
      timer = clock.after(poll.answered, next)
      return true
    },
  }
}

/** Addresses of option 56 (RFC 5908 section 4.1), and where there are none, those of option 31 (RFC 4075). */
function serversIn(options: readonly Dhcpv6Option[]): Ipv6Address[] {
  const addresses = options.flatMap((one) =>
    one.type === 'ntp-server' && one.data.length === 20 && one.data[1] === 1 ? [formatIpv6(one.data, 4)] : [],
  )
  const simple = options.flatMap((one) => (one.type === 'sntp-servers' ? one.servers : []))
  return addresses.length > 0 ? addresses : simple
}
