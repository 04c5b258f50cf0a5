import { type Capture, CaptureError } from './capture.ts'
import { readPcap } from './pcap.ts'
import { readPcapng } from './read-pcapng.ts'

const CONVERT = 'convert it: editcap -F pcapng FILE NEW (in the package wireshark-common)'

/** A capture in either format and byte order, from any program. Throws `CaptureError` where nothing can be read. */
export function readCapture(file: Uint8Array): Capture {
  // A Buffer's slices would be views of the file.
  const bytes = new Uint8Array(file.buffer, file.byteOffset, file.length)
  const expected = 'a capture (pcapng or pcap)'
  if (bytes.length === 0) throw new CaptureError(0, expected, 'an empty file', 'capture again: nothing was written')
  const capture = readPcapng(bytes) ?? readPcap(bytes)
  if (capture) return capture
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) throw new CaptureError(0, expected, 'gzip', 'gunzip it first')
  const seen = Array.from(bytes.subarray(0, 4), (octet) => octet.toString(16).padStart(2, '0')).join(' ')
  throw new CaptureError(0, expected, `the octets ${seen}`, CONVERT)
}

/** The frames of a capture alone. */
export function framesIn(capture: Uint8Array): Uint8Array[] {
  return readCapture(capture).frames.map(({ bytes }) => bytes)
}
