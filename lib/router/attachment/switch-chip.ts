import type { Link } from '../../link/link.ts'

/**
 * The ports of a switch chip, as the processor behind it has them: while it bridges, what comes in on one port goes out of
 * all others as well.
 */
export const switchChip = (ports: readonly Link[], bridges: () => boolean): Link[] =>
  ports.map((port) => ({
    ...port,
    name: port.name,
    onFrame: (receive) =>
      port.onFrame((frame, at) => {
        if (bridges()) for (const other of ports) if (other !== port) other.send(frame)
        receive(frame, at)
      }),
  }))
