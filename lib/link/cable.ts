import type { Clock } from '../time/clock.ts'
import { seeded } from '../time/seed.ts'
import { ETHERNET_HEADER, VLAN_TAG } from '../wire/ethernet.ts'
import { type Link, LinkError } from './link.ts'

export interface CableOptions {
  /** The ends' names, for messages. */
  names?: [string, string]
  /** Seconds from end to end. Never 0: a reply must come after its request. */
  latency?: number
  mtu?: number
  /** What the faults are drawn from. */
  seed?: string
  /** Probabilities, 0 to 1, for each frame. */
  loss?: number
  duplicate?: number
  /** A frame that is reordered arrives after those of the next ten latencies. */
  reorder?: number
}

export interface CableEnd extends Link {
  /** Plugs the whole cable in or pulls it, whichever end is asked. What is on its way is lost. */
  plug(inserted: boolean): void
}

/** What no MTU counts: two tags, and the headers of PPPoE and PPP where the MTU in a session is 1500 as well (RFC 4638). */
const headers = ETHERNET_HEADER + 2 * VLAN_TAG + 8

/** An Ethernet cable inside this process. Frames arrive through the clock, so no handler runs inside another. */
export function cable(clock: Clock, options: CableOptions = {}): [CableEnd, CableEnd] {
  const { names = ['a', 'b'], latency = 20e-6, mtu = 1500, loss = 0, duplicate = 0, reorder = 0 } = options
  if (!(latency > 0)) throw new RangeError(`cable(): expected a latency above 0 seconds, got ${latency}`)
  const random = seeded(options.seed ?? 'cable')
  const happens = (probability: number) => probability > 0 && random.uniform(0, 1) < probability
  let inserted = true
  /** Counts how often the cable was pulled, so that a frame sent before the cut never arrives after it. */
  let pulled = 0

  function carry(to: Port, frame: Uint8Array) {
    // An unplugged port takes frames and loses them, as a network card does.
    if (!inserted || happens(loss)) return
    const delay = happens(reorder) ? latency * 10 : latency
    const copies = happens(duplicate) ? 2 : 1
    const before = pulled
    for (let copy = 0; copy < copies; copy++) {
      const bytes = new Uint8Array(frame)
      clock.after(delay, () => {
        if (inserted && before === pulled) to.receive(bytes, clock.now())
      })
    }
  }

  function end(from: Port, to: Port): CableEnd {
    return {
      name: from.name,
      send(frame) {
        if (from.closed)
          throw new LinkError(`${from.name}: expected an open port, but it was closed: send before close()`)
        if (frame.length < ETHERNET_HEADER || frame.length > mtu + headers) {
          throw new LinkError(
            `${from.name}: expected a frame of ${ETHERNET_HEADER} to ${mtu + headers} bytes, got ${frame.length}: ` +
              'complete the Ethernet header, fragment the packet or raise the MTU',
          )
        }
        carry(to, frame)
      },
      onFrame(listener) {
        from.receive = listener
      },
      onCarrier(listener) {
        from.notify = listener
        notify(from, inserted)
      },
      // There is no queue here that could overflow, and a loss that was asked for is no drop of the port's.
      drops: () => 0,
      close() {
        from.closed = true
        from.receive = () => {}
        from.notify = () => {}
      },
      plug(now) {
        if (now === inserted) return
        inserted = now
        if (!now) pulled++
        for (const port of ports) notify(port, now)
      },
    }
  }

  function notify(port: Port, up: boolean) {
    clock.after(0, () => port.notify(up))
  }

  const ports: [Port, Port] = [port(names[0]), port(names[1])]
  return [end(ports[0], ports[1]), end(ports[1], ports[0])]
}

interface Port {
  readonly name: string
  receive(frame: Uint8Array, at: number): void
  notify(up: boolean): void
  closed: boolean
}

function port(name: string): Port {
  return { name, receive: () => {}, notify: () => {}, closed: false }
}
