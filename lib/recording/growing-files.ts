import { closeSync, writeSync, writev } from 'node:fs'
import { createPlain } from '../plain-files.ts'

/** Files that grow while their writer does not wait for the disk. */
export interface GrowingFiles {
  /** Makes a file; what it returns appends to it. */
  open(file: string): (bytes: Uint8Array) => void
  /** Closes all of them. What is not on disk by then stays away: a whole recording takes the place of these files. */
  close(): void
}

interface Piece {
  fd: number
  at: number
  bytes: Uint8Array
}

/** More than this does not wait, in octets: then it is written at once. */
const most = 1 << 16

/**
 * What is appended is given to the kernel by another thread, in the order in which it was appended, whichever the file.
 * In memory lies what came since the write before began: for as long as one write takes, while the event loop turns, and
 * never more than 64 KiB in addition to what is being written. This much is lost when the process is killed (SIGKILL); any other
 * end of the process writes it first.
 */
export function growingFiles(): GrowingFiles {
  const fds: number[] = []
  let underWay: Piece[] = []
  let waiting: Piece[] = []
  let size = 0
  let closed = false

  /** Each piece has its place: to write one twice changes nothing. */
  const writeNow = (pieces: readonly Piece[]): void => {
    for (const { fd, at, bytes } of pieces) writeSync(fd, bytes, 0, bytes.length, at)
  }
  const closeAll = (): void => {
    for (const fd of fds) closeSync(fd)
  }
  const next = (): void => {
    const [first] = waiting
    if (!first || underWay.length > 0) return
    const others = waiting.findIndex(({ fd }) => fd !== first.fd)
    underWay = waiting.splice(0, others < 0 ? waiting.length : others)
    const due = underWay.reduce((sum, { bytes }) => sum + bytes.length, 0)
    size -= due
    const bytes = underWay.map((piece) => piece.bytes)
    writev(first.fd, bytes, first.at, (error, written) => {
      if (closed) return closeAll()
      // On a full disk this throws the error.
      if (error || written < due) writeNow(underWay)
      underWay = []
      next()
    })
  }
  const atExit = (): void => writeNow([...underWay, ...waiting])
  process.on('exit', atExit)
  return {
    open(file) {
      const fd = createPlain(file)
      fds.push(fd)
      let at = 0
      return (bytes) => {
        waiting.push({ fd, at, bytes })
        at += bytes.length
        size += bytes.length
        if (size < most) return next()
        writeNow(waiting)
        waiting = []
        size = 0
      }
    },
    close() {
      closed = true
      process.off('exit', atExit)
      if (underWay.length === 0) closeAll()
    },
  }
}
