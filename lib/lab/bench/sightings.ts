import type { Frame } from '../../recording/recording.ts'
import { strangersSoFar } from '../../recording/strangers.ts'
import type { Tape } from '../../recording/tape.ts'
import { type Claim, claim } from '../../say/claim.ts'
import { render } from '../../say/render.ts'
import type { Endpoint, Wait } from '../../suite/bench.ts'
import { formatIpv6, isGua, isLinkLocal, isUla, parseIpv6 } from '../../wire/address.ts'
import { describePattern } from '../../wire/describe-pattern.ts'
import type { Pattern } from '../../wire/match.ts'
import type { Packet, PacketInit } from '../../wire/packet.ts'
import { Blocked, type Waits } from './waits.ts'

/** Waiting for frames of one kind at one place. */
export interface Sightings {
  receives(pattern: Pattern, wait: Wait): Promise<Frame>
  awaits(pattern: Pattern, wait: Omit<Wait, 'or'>): Promise<Frame | undefined>
}

export function sightings(waits: Waits, tape: Tape, place: Claim, fits: (frame: Frame) => boolean): Sightings {
  const awaits = (pattern: Pattern, { since, by }: Omit<Wait, 'or'>) =>
    waits.frame(fits, pattern, since, by, `${describePattern(pattern)} ${render(place)}`)
  return {
    awaits,
    async receives(pattern, wait) {
      const frame = await awaits(pattern, wait)
      if (frame) return frame
      const candidates = tape.frames.filter((one) => one.number > wait.since.number && fits(one))
      throw new Blocked(wait.or, claim`${place}: ${waits.nearest(pattern, candidates)} (${wait.by.why})`)
    },
  }
}

/** Whether it is Neighbor Discovery: the source of any other frame may be a node that the DUT forwards for. */
const isDiscovery = ({ packet: { icmp6 } }: Frame): boolean => icmp6 !== undefined && 'options' in icmp6

/**
 * The DUT as its frames on one port show it: the link-local address that it sends Neighbor Discovery from, the newest
 * where it has several, and each address that it claimed or answered for. `isFar`: the addresses whose packets it
 * forwards, `stated`: its MACs on the LAN, where they are known.
 */
export function dutOn(
  tape: Tape,
  port: string,
  isFar: (address: string) => boolean,
  stated?: readonly string[],
): () => Dut | undefined {
  const found = strangersSoFar(isFar, { stated })
  const own: Frame[] = []
  let read = 0
  return () => {
    for (const frame of tape.frames.slice(read)) {
      found.see(frame)
      if (frame.port === port && frame.from === 'dut' && (isLocal(frame) || claimed(frame))) own.push(frame)
    }
    read = tape.frames.length
    const others = found.macs()
    const isDuts = ({ packet: { eth } }: Frame): boolean => !others.has(eth.src)
    const last =
      own.findLast((frame) => isLocal(frame) && isDiscovery(frame) && isDuts(frame)) ??
      own.findLast((frame) => isLocal(frame) && isDuts(frame))
    if (!last) return undefined
    const addresses = new Set(own.filter(isDuts).flatMap((frame) => claimed(frame) ?? []))
    return { mac: last.packet.eth.src, linkLocal: last.packet.ip6?.src ?? '::', addresses: [...addresses] }
  }
}

interface Dut {
  mac: string
  linkLocal: string
  addresses: string[]
}

const isLocal = ({ packet: { ip6 } }: Frame): boolean => ip6 !== undefined && isLinkLocal(ip6.src)

/** The global or unique local address that the frame claims or answers for. */
function claimed({ packet: { icmp6, ip6 } }: Frame): string | undefined {
  if (icmp6?.type !== 'neighbor-advertisement' && !(icmp6?.type === 'neighbor-solicitation' && ip6?.src === '::'))
    return undefined
  const { target } = icmp6 as { target: string }
  return isGua(target) || isUla(target) ? target : undefined
}

/**
 * The frame of a packet that a node was instructed to send. Where its neighbor has to be resolved first, the node names
 * the solicitation; the packet follows, or never does, and then the solicitation stands for it.
 */
export async function onTheWire(waits: Waits, question: Frame, packet: PacketInit): Promise<Frame> {
  // As frames have them, however the scenario wrote them.
  const [src, dst] = [packet.ip6?.src, packet.ip6?.dst].map((address) => address && formatIpv6(parseIpv6(address)))
  const { udp } = packet
  // A node may send an ICMPv6 error or another flow to the same destination meanwhile.
  const isOther = (other: Packet) =>
    udp !== undefined &&
    (other.udp ? other.udp.srcPort !== udp.srcPort || other.udp.dstPort !== udp.dstPort : other.icmp6 !== undefined)
  const itself = ({ packet: other }: Frame) =>
    other.ip6?.dst === dst && (src === undefined || other.ip6?.src === src) && !isOther(other)
  if (dst === undefined || itself(question)) return question
  const sent = (frame: Frame) => frame.port === question.port && frame.direction === 'out' && itself(frame)
  return (await waits.frame(sent, undefined, question, resolution, `neighbor resolution for ${dst}`)) ?? question
}

/** What is known of a datagram before it is sent. */
export const udpTo = (dst: string, { from, to }: { from: number; to: number }): PacketInit => ({
  ip6: { dst },
  udp: { srcPort: from, dstPort: to },
})

type PingOptions = Parameters<Endpoint['ping']>[1]

/** MAX_MULTICAST_SOLICIT times RetransTimer, RFC 4861 section 7.2.2. */
const resolution = { forced: 3, slack: 1, why: claim`neighbor resolution (RFC 4861 section 7.2.2)` }

/** The acts of an endpoint that wait for an answer, with the time that the scenario gave them counted as declared. */
export function patient(
  waits: Waits,
  endpoint: Pick<Endpoint, 'name' | 'ping' | 'connect'>,
): Pick<Endpoint, 'ping' | 'connect' | 'reaches'> {
  const given = (within: number | undefined) => ({ forced: within ?? 0, slack: 0, why: claim`time for an answer` })
  /** Asks once a second, as people do: a packet may be lost. */
  async function pinged(to: string, { within = 3, ...options }: PingOptions = {}): Promise<Frame | undefined> {
    for (let left = within; left > 0; left--) {
      const reply = await endpoint.ping(to, { ...options, within: Math.min(1, left) })
      if (reply) return reply
    }
    return undefined
  }
  return {
    ping: (to, options) => waits.during(given(options?.within), pinged(to, options)),
    connect: (to, port, options) => waits.during(given(options?.within), endpoint.connect(to, port, options)),
    reaches(to, { since, by }) {
      let answer: Frame | undefined
      let asking = false
      const ask = () => {
        if (asking) return answer
        asking = true
        void endpoint.ping(to, { within: 1 }).then((reply) => {
          answer ??= reply
          asking = false
        })
        return answer
      }
      // What came before may have used up the time: it is asked nevertheless as often as any host asks.
      return waits
        .until(ask, by, `${endpoint.name} to reach ${to}`, since)
        .then((reply) => reply ?? waits.during(given(3), pinged(to)))
    },
  }
}
