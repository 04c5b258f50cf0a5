import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { framesIn } from '../recording/read-capture.ts'
import { decode } from './decode.ts'
import { encode } from './encode.ts'
import { asTsharkSees, asWeSee } from './golden-compare.ts'
import { FIELDS } from './golden-fields.ts'
import type { Packet, PacketInit } from './packet.ts'
import { hex } from './testing.ts'

const folder = new URL('golden/', import.meta.url)
const golden = (file: string) => readFileSync(new URL(file, folder))
const names = readdirSync(folder).flatMap((file) => (file.endsWith('.pcap') ? file.slice(0, -5) : []))

describe.each(names)('%s', (name) => {
  const frames = framesIn(golden(`${name}.pcap`))
  const [columns = [], ...rows] = golden(`${name}.tshark.tsv`)
    .toString()
    .split('\n')
    .slice(0, -1)
    .map((line) => line.split('\t'))

  test('has what TShark sees of each frame, in fields that are compared', () => {
    expect(frames.length).toBeGreaterThan(5)
    expect(rows).toHaveLength(frames.length)
    expect(columns.filter((column) => !(column in FIELDS))).toEqual([])
  })

  test.each(frames.map((frame, i) => [i + 1, frame] as const))('frame %i', (number, frame) => {
    const packet = decode(frame)
    expect(packet.malformed).toBeUndefined()
    expect(JSON.stringify(packet)).not.toContain('badChecksum')
    expect(hex(encode(packet))).toBe(hex(frame))
    // And when lengths, checksums and next headers are computed.
    expect(hex(encode(withoutComputed(packet)))).toBe(hex(frame))
    expect(asWeSee(packet)).toEqual(asTsharkSees(packet, columns, rows[number - 1] ?? []))
  })
})

/** Without what `encode` computes. */
function withoutComputed(packet: Packet): PacketInit {
  const init = structuredClone(packet) as PacketInit
  const raw = init.payload !== undefined && !init.udp && !init.tcp && !init.icmp4
  if (init.ip4)
    Object.assign(init.ip4, { totalLength: undefined, checksum: undefined, ...(!raw && { protocol: undefined }) })
  if (init.ip6)
    Object.assign(init.ip6, { payloadLength: undefined, ...(!(raw && !init.ext) && { nextHeader: undefined }) })
  for (const [i, header] of init.ext?.entries() ?? [])
    if (!raw || i + 1 < (init.ext?.length ?? 0)) header.nextHeader = undefined
  for (const layer of [init.icmp6, init.icmp4, init.tcp]) if (layer) layer.checksum = undefined
  // Over IPv4, 0 says that there is none: nothing to compute (RFC 768).
  if (init.udp) Object.assign(init.udp, { length: undefined, ...(init.udp.checksum !== 0 && { checksum: undefined }) })
  return init
}
