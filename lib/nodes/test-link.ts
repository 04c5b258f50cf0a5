import type { Frame } from '../recording/recording.ts'
import { seeded } from '../time/seed.ts'
import { type VirtualClock, virtualClock } from '../time/virtual-clock.ts'
import { decode } from '../wire/decode.ts'
import { encode } from '../wire/encode.ts'
import type { Line } from '../wire/line.ts'
import type { PacketInit } from '../wire/packet.ts'
import { openPort, type Port } from './attachment/port.ts'
import type { NodeContext } from './context.ts'

/** A port in virtual time without a DUT, for tests: stations receive the frames of each other and those of `inject`. */
export interface TestLink {
  clock: VirtualClock
  ctx: NodeContext
  port: Port
  frames: Frame[]
  /** A frame from the DUT. */
  inject(packet: PacketInit): void
  /** Runs the clock until the promise settles. */
  play<T>(promise: Promise<T>): Promise<T>
}

export function testLink(line: Line = {}): TestLink {
  const clock = virtualClock()
  const frames: Frame[] = []
  let receive: (frame: Uint8Array, at: number) => void = () => {}
  const port = openPort(
    {
      name: 'lan0',
      send() {},
      onFrame(listener) {
        receive = listener
      },
      onCarrier() {},
      drops: () => 0,
      close() {},
    },
    clock,
    (name, direction, at, bytes, packet, comment) => {
      const number = frames.length + 1
      const frame: Frame = {
        number,
        port: name,
        at,
        direction,
        from: direction === 'in' ? 'dut' : 'bench',
        bytes,
        packet,
      }
      if (comment) frame.comment = comment
      frames.push(frame)
      return frame
    },
    line,
  )
  return {
    clock,
    ctx: { clock, random: seeded('test'), settled: clock.settled },
    port,
    frames,
    inject(packet) {
      const bytes = encode(packet)
      expectReadable(bytes)
      receive(bytes, clock.now())
    },
    play: (promise) => clock.drive(promise, () => []),
  }
}

function expectReadable(bytes: Uint8Array): void {
  const { malformed } = decode(bytes)
  if (malformed) throw new Error(`the test's frame is malformed: ${malformed.reason}`)
}
