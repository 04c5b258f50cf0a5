/** One Ethernet port: send bytes, be told of bytes. */
export interface Link {
  readonly name: string
  /** Puts one frame (no FCS) on the wire. Throws `LinkError` when the port refuses it. */
  send(frame: Uint8Array): void
  /** One listener. `at` is the time of arrival on the lab's clock, in seconds; the bytes are the listener's to keep. */
  onFrame(listener: (frame: Uint8Array, at: number) => void): void
  /** True while the port has carrier: told once soon after the call, never inside it, then at each change. One listener. */
  onCarrier(listener: (up: boolean) => void): void
  /** Frames lost by this port since it was opened. */
  drops(): number
  /** Frames received without a checksum, which their sender left to a network card, where a port can tell. */
  unsummed?(): number
  close(): void
}

/** A port that can't do what it was asked. Says what was expected, what was seen and what to do. */
export class LinkError extends Error {
  override readonly name = 'LinkError'
}
