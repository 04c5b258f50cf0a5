import { decode } from '../../wire/decode.ts'
import type { EthernetPort } from '../attachment/ethernet.ts'

/** A LAN port that carries nothing while it is shut, no Neighbor Solicitation in while it is deaf, and no RA out while it is mute. */
export function faultyPort(
  port: EthernetPort,
  is: { shut(): boolean; deaf(): boolean; mute(): boolean },
): EthernetPort {
  const isLost = (frame: Uint8Array): boolean =>
    is.shut() || (is.deaf() && decode(frame).icmp6?.type === 'neighbor-solicitation')
  return {
    ...port,
    send(frame) {
      const isMuted = is.mute() && decode(frame).icmp6?.type === 'router-advertisement'
      if (!is.shut() && !isMuted) port.send(frame)
    },
    onFrame: (listener) =>
      port.onFrame((frame) => {
        if (!isLost(frame)) listener(frame)
      }),
  }
}
