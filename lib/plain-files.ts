import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'

/**
 * The files of a run folder. It may come from a stranger, and root may judge it: nothing in it is read or written through
 * a symbolic link, a FIFO or a device.
 */
export class FileError extends Error {
  override readonly name = 'FileError'
  constructor(
    path: string,
    problem: string,
    readonly remedy: string,
  ) {
    super(`${path}: ${problem}`)
  }
}

/** A name that leads elsewhere is an error; a FIFO answers at once, and is refused then. */
const asIs = constants.O_NOFOLLOW | constants.O_NONBLOCK

/** Opens a regular file for reading. Throws `FileError` for any other kind, and what Node throws where there is none. */
export function openPlain(path: string, flags: number = constants.O_RDONLY): number {
  const fd = opened(path, flags)
  if (fstatSync(fd).isFile()) return fd
  closeSync(fd)
  throw notPlain(path)
}

function opened(path: string, flags: number): number {
  try {
    return openSync(path, flags | asIs, 0o644)
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException
    throw ['ELOOP', 'ENXIO', 'ENODEV'].includes(code) ? notPlain(path) : error
  }
}

const notPlain = (path: string): FileError =>
  new FileError(path, 'is neither a file nor a folder', 'a run folder contains nothing else: check where it comes from')

const using = <T>(fd: number, act: (fd: number) => T): T => {
  try {
    return act(fd)
  } finally {
    closeSync(fd)
  }
}

/** More octets than `most` are refused before they are read. */
export const readPlain = (path: string, most = Number.POSITIVE_INFINITY): Buffer =>
  using(openPlain(path), (fd) => {
    if (fstatSync(fd).size > most)
      throw new FileError(path, `is larger than ${most / 1e6} MB`, 'check where the run folder comes from')
    return readFileSync(fd)
  })

/** Makes a file where there is none. */
export const createPlain = (path: string): number =>
  openPlain(path, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL)

/** In one step, so that a killed process leaves the old file or the new one. */
export function writeWhole(path: string, content: string | Uint8Array): void {
  const made = `${path}.new`
  for (const name of [path, made])
    if (lstatSync(name, { throwIfNoEntry: false })?.isDirectory())
      throw new FileError(name, 'is a folder where a file is to be written', 'check where the run folder comes from')
  // What a killed process left, or a stranger: the name goes, not what it leads to.
  rmSync(made, { force: true })
  try {
    using(createPlain(made), (fd) => writeFileSync(fd, content))
  } catch (error) {
    rmSync(made, { force: true })
    throw error
  }
  renameSync(made, path)
}

export const appendPlain = (path: string, text: string): void =>
  using(openPlain(path, constants.O_WRONLY | constants.O_CREAT | constants.O_APPEND), (fd) => writeFileSync(fd, text))

/** Throws `FileError` for the first entry below a folder that is neither a file nor a folder. */
export function mustBePlain(folder: string): void {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) mustBePlain(path)
    else if (!entry.isFile()) throw notPlain(path)
  }
}
