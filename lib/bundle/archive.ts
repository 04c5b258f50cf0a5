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

/** The files of an archive. Throws `ArchiveError` where it is not as it was packed, or a name leads out of its folder. */
export function unpacked(archive: Uint8Array): Files {
  const zip = archive.subarray(0, Math.max(0, archive.length - commentLength))
  if (!commentOf(zip).equals(archive.subarray(zip.length)))
    throw new ArchiveError('is not as it was packed: its checksum, the last 64 characters, is not that of its content')
  let size = 0
  try {
    return unzipSync(zip, {
      filter({ name, originalSize }) {
        size += originalSize
        if (size > most) throw new ArchiveError(`has more than ${most} octets`)
        if (!/^[^/\\\p{C}]+(\/[^/\\\p{C}]+)*$/u.test(name) || name.split('/').some((part) => /^\.\.?$/.test(part)))
          throw new ArchiveError(`has a file with the name ${JSON.stringify(name)}`)
        return true
      },
    })
  } catch (error) {
    if (error instanceof ArchiveError) throw error
    throw new ArchiveError(`is no archive that can be read: ${error instanceof Error ? error.message : error}`)
  }
}
