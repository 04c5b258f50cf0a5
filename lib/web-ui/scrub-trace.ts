/** Takes out of a Playwright trace what would let its reader in to the router. */
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { crc32, deflateRawSync, inflateRawSync } from 'node:zlib'

const scrubbed = '[scrubbed]'

/**
 * Rewrites a trace in place, without cookies and authorization. A trace that can't be rewritten is deleted.
 * @param values session ids and the like, wherever they stand
 */
export function scrubTrace(path: string, values: string[]) {
  try {
    const entries = readZip(readFileSync(path)).map(({ name, data }) => ({ name, data: scrub(data, values) }))
    writeFileSync(`${path}.new`, writeZip(entries))
    renameSync(`${path}.new`, path)
  } catch (error) {
    rmSync(path, { force: true })
    throw new Error(`the trace ${path} could not be rid of cookies and was deleted`, { cause: error })
  }
}

function scrub(data: Buffer, values: string[]): Buffer {
  // One character for each byte, so that what is not text comes through unchanged.
  const before = data.toString('latin1')
  const headers = before
    .replace(
      /("name":"(?:set-cookie|cookie|authorization|proxy-authorization)","value":")(?:[^"\\]|\\.)*"/gi,
      `$1${scrubbed}"`,
    )
    .replace(/"cookies":\[(?:[^\]"]|"(?:[^"\\]|\\.)*")*\]/g, '"cookies":[]')
  const after = values
    .filter((value) => value.length > 3)
    .reduce((text, value) => text.replaceAll(value, scrubbed), headers)
  return after === before ? data : Buffer.from(after, 'latin1')
}

interface Entry {
  name: string
  data: Buffer
}

const signature = { local: 0x04034b50, central: 0x02014b50, end: 0x06054b50 }

/** The files of a zip: stored or deflated, as Playwright writes them. */
export function readZip(zip: Buffer): Entry[] {
  let end = zip.length - 22
  while (end >= 0 && zip.readUInt32LE(end) !== signature.end) end--
  if (end < 0) throw new Error('not a zip')
  const entries: Entry[] = []
  let at = zip.readUInt32LE(end + 16)
  for (let n = zip.readUInt16LE(end + 10); n > 0; n--) {
    if (zip.readUInt32LE(at) !== signature.central) throw new Error('zip without a directory')
    const method = zip.readUInt16LE(at + 10)
    const size = zip.readUInt32LE(at + 20)
    const nameLength = zip.readUInt16LE(at + 28)
    const local = zip.readUInt32LE(at + 42)
    const start = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28)
    const packed = zip.subarray(start, start + size)
    if (method !== 0 && method !== 8) throw new Error(`zip with compression method ${method}`)
    entries.push({
      name: zip.toString('utf8', at + 46, at + 46 + nameLength),
      data: method === 8 ? inflateRawSync(packed) : Buffer.from(packed),
    })
    at += 46 + nameLength + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32)
  }
  return entries
}

/** Without times: the same trace twice is the same file. */
export function writeZip(entries: Entry[]): Buffer {
  const parts: Buffer[] = []
  const directory: Buffer[] = []
  let offset = 0
  for (const { name, data } of entries) {
    const title = Buffer.from(name)
    const packed = deflateRawSync(data)
    // From "version needed" to "extra field length", which the local header and the directory have in common.
    const common = Buffer.alloc(26)
    common.writeUInt16LE(20, 0)
    common.writeUInt16LE(0x0800, 2) // the name is UTF-8
    common.writeUInt16LE(8, 4)
    common.writeUInt16LE(0x21, 8) // 1980-01-01
    common.writeUInt32LE(crc32(data), 10)
    common.writeUInt32LE(packed.length, 14)
    common.writeUInt32LE(data.length, 18)
    common.writeUInt16LE(title.length, 22)
    const tail = Buffer.alloc(14)
    tail.writeUInt32LE(offset, 10)
    const local = [word(signature.local), common, title, packed]
    directory.push(word(signature.central), Buffer.from([20, 0]), common, tail, title)
    parts.push(...local)
    offset += local.reduce((sum, part) => sum + part.length, 0)
  }
  const index = Buffer.concat(directory)
  const end = Buffer.alloc(22)
  end.writeUInt32LE(signature.end, 0)
  end.writeUInt16LE(entries.length, 8)
  end.writeUInt16LE(entries.length, 10)
  end.writeUInt32LE(index.length, 12)
  end.writeUInt32LE(offset, 16)
  return Buffer.concat([...parts, index, end])
}

function word(value: number) {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(value)
  return bytes
}
