import { createHash } from 'node:crypto'
import { unzipSync, zipSync } from 'fflate'

/** Files by their path. */
export type Files = Record<string, Uint8Array>

/** An archive that is not as it was packed, or is none of ours. */
export class ArchiveError extends Error {
  override readonly name = 'ArchiveError'
}

/** All files together, unpacked, in octets. More is refused: an archive may be made to fill a disk. */
const most = 1 << 30

const hashed = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')
const commentOf = (zip: Uint8Array): Buffer => Buffer.from(`sha256:${hashed(zip)}`)
const commentLength = 71

/**
 * A ZIP archive whose comment, at its very end, is the SHA-256 of all before: one changed octet anywhere is noticed. The
 * same files give the same archive.
 */
export function packed(files: Files): Uint8Array {
  const sorted = Object.fromEntries(Object.entries(files).sort(([a], [b]) => (a < b ? -1 : 1)))
  const zip = zipSync(sorted, { level: 6, mtime: new Date(1980, 0, 1) })
  new DataView(zip.buffer, zip.byteOffset).setUint16(zip.length - 2, commentLength, true)
  return Buffer.concat([zip, commentOf(zip)])
}

interface Member {
  name: Buffer
  /** In the archive, in octets. */
  size: number
}

const notPacked = (): ArchiveError =>
  new ArchiveError('has another structure than the archives that `denat bundle` writes')

const [localHeader, centralHeader, end] = [30, 46, 22]

/** Of the archive of these files, in octets. */
const sizeOf = (members: readonly Member[]): number =>
  members.reduce((sum, { name, size }) => sum + localHeader + centralHeader + 2 * name.length + size, end)

/**
 * Nothing is before, between or after the members; each has the same name in both of its headers, and is a plain file: every
 * other program unpacks the same.
 */
function isAsPacked(zip: Uint8Array, members: readonly Member[]): boolean {
  if (sizeOf(members) !== zip.length) return false
  const bytes = Buffer.from(zip.buffer, zip.byteOffset, zip.length)
  let local = 0
  let central = members.reduce((sum, { name, size }) => sum + localHeader + name.length + size, 0)
  return members.every(({ name, size }) => {
    const isNamed = bytes.subarray(local + localHeader, local + localHeader + name.length).equals(name)
    const isLocal = isNamed && bytes.readUInt16LE(local + 26) === name.length && bytes.readUInt16LE(local + 28) === 0
    const isPlain = bytes.readUInt32LE(central + 38) === 0 && bytes.readUInt32LE(central + 42) === local
    local += localHeader + name.length + size
    central += centralHeader + name.length
    return isLocal && isPlain
  })
}

/** The files of an archive. Throws `ArchiveError` where it is not as it was packed, or a name leads out of its folder. */
export function unpacked(archive: Uint8Array): Files {
  const zip = archive.subarray(0, Math.max(0, archive.length - commentLength))
  if (!commentOf(zip).equals(archive.subarray(zip.length)))
    throw new ArchiveError('is not as it was packed: its checksum, the last 64 characters, is not that of its content')
  let unpackedSize = 0
  const members: Member[] = []
  try {
    const files = unzipSync(zip, {
      filter({ name, size, originalSize }) {
        unpackedSize += originalSize
        members.push({ name: Buffer.from(name), size })
        // Before the content is copied: members may overlap.
        if (sizeOf(members) > zip.length) throw notPacked()
        if (unpackedSize > most) throw new ArchiveError(`has more than ${most} octets`)
        if (!/^[^/\\\p{C}]+(\/[^/\\\p{C}]+)*$/u.test(name) || name.split('/').some((part) => /^\.\.?$/.test(part)))
          throw new ArchiveError(`has a file with the name ${JSON.stringify(name)}`)
        return true
      },
    })
    if (!isAsPacked(zip, members) || Object.keys(files).length !== members.length) throw notPacked()
    return files
  } catch (error) {
    if (error instanceof ArchiveError) throw error
    throw new ArchiveError(`is no archive that can be read: ${error instanceof Error ? error.message : error}`)
  }
}
