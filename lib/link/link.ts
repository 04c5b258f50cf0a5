/** One Ethernet port: it sends and receives bytes. */
export interface Link {
  readonly name: string
  /** Puts one frame (no FCS) on the wire. Throws `LinkError` when the port refuses it. */
  send(frame: Uint8Array): void
  /** One listener. `at` is the time of arrival on the lab's clock, in seconds; the bytes are the listener's to keep. */
  onFrame(listener: (frame: Uint8Array, at: number) => void): void
  /** True while the port has carrier: called once soon after the registration, never inside it, then at each change. One listener. */
  onCarrier(listener: (up: boolean) => void): void
  /** Frames lost by this port since it was opened. */
  drops(): number
  /** Frames received without a checksum, which their sender left to a network card, where a port can detect this. */
  unsummed?(): number
  close(): void
}

/** A port that can't do what it was asked. States what was expected, what was seen and what to do. */
export class LinkError extends Error {
  override readonly name = 'LinkError'
}
