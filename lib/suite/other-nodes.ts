import type { Frame, Recording } from '../recording/recording.ts'
import { type Claim, claim, the } from '../say/claim.ts'
import { isLinkLocal } from '../wire/address.ts'
import { interruptionsOf } from './interruptions.ts'
import { once } from './once.ts'
import { isWan, strangersIn } from './query.ts'

/** What one node alone sends on its link: the router as the only subscriber of the line, and as the only router of the LAN. */
const kinds: { what: Claim; isOne(frame: Frame): boolean }[] = [
  {
    what: claim`packets with a link-local source address`,
    isOne: ({ port, packet: { ip6 } }) => isWan(port) && ip6 !== undefined && isLinkLocal(ip6.src),
  },
  {
    what: claim`Router Advertisements`,
    isOne: ({ port, packet }) => !isWan(port) && packet.icmp6?.type === 'router-advertisement',
  },
  {
    what: claim`messages of a DHCPv6 server`,
    isOne: ({ port, packet: { dhcp6 } }) => !isWan(port) && ['advertise', 'reply'].includes(String(dhcp6?.type)),
  },
  {
    what: claim`messages of a DHCPv4 server`,
    isOne: ({ port, packet: { dhcp4 } }) => !isWan(port) && dhcp4?.op === 'reply',
  },
]

/** Why the router is not alone: two MACs send by turns what one node sends. After a restart a router may have another MAC. */
function otherNodesOf(recording: Recording): Claim | undefined {
  const strangers = strangersIn(recording)
  const restarts = interruptionsOf(recording).map(({ at }) => at)
  /** Senders since the last restart, each once for each turn, by kind and port. */
  const turns = new Map<string, string[]>()
  let restarted = 0
  for (const frame of recording.frames) {
    if (frame.from !== 'dut' || (isWan(frame.port) && strangers.has(frame.packet.eth.src))) continue
    while (restarted < restarts.length && frame.at >= (restarts[restarted] as number)) {
      turns.clear()
      restarted++
    }
    const kind = kinds.find(({ isOne }) => isOne(frame))
    if (!kind) continue
    const key = `${kind.what.template} ${frame.port}`
    const senders = turns.get(key) ?? []
    const { src } = frame.packet.eth
    const other = senders.at(-1)
    if (other === src) continue
    turns.set(key, [...senders, src])
    if (other !== undefined && senders.includes(src))
      return claim`${the.address(src)} and ${the.address(other)} both send ${kind.what} on ${the.name(frame.port)}: disconnect the other node`
  }
  return undefined
}

export const otherNodes = once(otherNodesOf)
