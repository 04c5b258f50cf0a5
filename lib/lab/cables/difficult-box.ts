import type { Link } from '../../link/link.ts'
import type { Between } from './memory.ts'

/** What makes a box difficult to test, between the bench's cables and the router's: for tests. */

/** The ports of the router have carrier this number of seconds after it is on. */
export const carrierAfter =
  (seconds: number): Between =>
  (cables, clock) => {
    let timer = clock.after(0, () => {})
    return {
      ...cables,
      raise(up) {
        timer.cancel()
        if (up) timer = clock.after(seconds, () => cables.raise(true))
        else cables.raise(false)
      },
    }
  }

/** Frames that arrive at this end while it is open. */
function gated(end: Link, isOpen: () => boolean): Link {
  return {
    ...end,
    name: end.name,
    onFrame: (receive) => end.onFrame((frame, at) => isOpen() && receive(frame, at)),
  }
}

/** The router hangs this number of seconds after power: none of its frames leaves it, until it has power again. */
export const hangsAfter =
  (seconds: number): Between =>
  (cables, clock) => {
    let hangsAt = 0
    const dumb = (end: Link): Link => ({
      ...end,
      name: end.name,
      send: (frame) => clock.now() < hangsAt && end.send(frame),
    })
    return {
      ...cables,
      dut: { wan: dumb(cables.dut.wan), lan: cables.dut.lan.map(dumb) },
      raise(up) {
        if (up) hangsAt = clock.now() + seconds
        cables.raise(up)
      },
    }
  }

/** A switch in the cables passes no frame for this number of seconds after its ports have carrier, as spanning tree does. */
export const forwardsAfter =
  (seconds: number): Between =>
  (cables, clock) => {
    const opensAt = new Map<string, number>()
    const watched = (end: Link): Link => ({
      ...gated(end, () => clock.now() >= (opensAt.get(end.name) ?? 0)),
      onCarrier: (changed) =>
        end.onCarrier((up) => {
          if (up) opensAt.set(end.name, clock.now() + seconds)
          changed(up)
        }),
    })
    const far = (end: Link): Link => gated(end, () => clock.now() >= (opensAt.get(end.name) ?? 0))
    const { wan, lan, dut } = cables
    return { ...cables, wan: watched(wan), lan: lan.map(watched), dut: { wan: far(dut.wan), lan: dut.lan.map(far) } }
  }

/** Another node in the cable of a port, which sends these frames again and again, one a second, whether the router is on or off. */
export const stranger =
  (port: string, frames: readonly Uint8Array[]): Between =>
  (cables, clock) => {
    const bench: ((frame: Uint8Array, at: number) => void)[] = []
    const tapped = (end: Link): Link =>
      end.name === port
        ? {
            ...end,
            name: end.name,
            onFrame: (receive) => {
              bench.push(receive)
              end.onFrame(receive)
            },
          }
        : end
    let next = 0
    const speak = () => {
      const frame = frames[next++ % frames.length] as Uint8Array
      for (const receive of bench) receive(new Uint8Array(frame), clock.now())
      clock.after(1, speak)
    }
    clock.after(1, speak)
    const { wan, lan, dut } = cables
    return {
      ...cables,
      wan: tapped(wan),
      lan: lan.map(tapped),
      dut: { wan: tapped(dut.wan), lan: dut.lan.map(tapped) },
    }
  }
