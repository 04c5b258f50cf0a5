import { openPacketSocket, type PacketSocket } from '../../link/packet-socket.ts'
import type { RealClock } from '../../time/real-clock.ts'
import type { Namespaces } from '../namespaces/namespaces.ts'

/** Opens interfaces of the bench's namespace, each under the name of a port. */
export const benchPorts =
  (clock: RealClock, { bench }: Namespaces) =>
  (name: string, port: string): PacketSocket =>
    openPacketSocket({ interface: port, netns: bench, clock, name })
