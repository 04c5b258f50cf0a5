/** Seconds from 1900 to 1970, RFC 5905 section 6. */
const NTP_TO_UNIX = 2_208_988_800
const CLIENT = 3
const SERVER = 4
const LENGTH = 48

/** Answers an NTP client's request (RFC 5905 section 7.3); undefined for anything else. `time` is Unix time. */
export function answerNtp(request: Uint8Array, time: number): Uint8Array | undefined {
  const first = request[0] ?? 0
  if (request.length < LENGTH || (first & 7) !== CLIENT) return undefined
  const reply = new Uint8Array(LENGTH)
  const view = new DataView(reply.buffer)
  // The client's version, and its poll interval.
  view.setUint8(0, (first & 0x38) | SERVER)
  view.setUint8(1, 2)
  view.setUint8(2, request[2] ?? 0)
  view.setInt8(3, -20)
  // Root delay and dispersion of a millisecond or so: a client that checks them takes this for a good server.
  view.setUint32(4, 0x40)
  view.setUint32(8, 0x40)
  view.setUint32(12, 0x7f000001)
  setTimestamp(view, 16, Math.floor(time))
  reply.set(request.subarray(40, 48), 24)
  setTimestamp(view, 32, time)
  setTimestamp(view, 40, time)
  return reply
}

function setTimestamp(view: DataView, offset: number, time: number): void {
  const seconds = Math.floor(time)
  view.setUint32(offset, (seconds + NTP_TO_UNIX) % 2 ** 32)
  view.setUint32(offset + 4, Math.floor((time - seconds) * 2 ** 32))
}
