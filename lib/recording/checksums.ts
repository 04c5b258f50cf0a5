import { createHash } from 'node:crypto'
import { closeSync, existsSync, lstatSync, readdirSync, readSync } from 'node:fs'
import { join } from 'node:path'
import { appendPlain, openPlain, readPlain } from '../plain-files.ts'

/** A file by its path below some folder, and its SHA-256 in hexadecimal. */
export interface Sum {
  file: string
  hash: string
}

/** Sums of the recordings of a run, each appended when its recording lands; nothing changes a line afterwards. */
export const sumsFile = 'SHA256SUMS'

/** What does not agree with `SHA256SUMS`. */
export interface Difference {
  file: string
  because: 'differs from its checksum' | 'is missing' | 'has no checksum' | 'is no line of checksums'
}

/** Sums of all files in a folder, under the name `as`, sorted. */
export function sumsOf(folder: string, as: string): Sum[] {
  return filesIn(folder).map((file) => ({ file: `${as}/${file}`, hash: sha256(join(folder, file)) }))
}

/** Paths of all regular files below a folder, sorted. */
export function filesIn(folder: string): string[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length).replace(/^\//, ''))
    .sort()
}

const chunk = 1 << 20

/** Reads the file piece by piece: it may be large. */
export function sha256(path: string): string {
  const hash = createHash('sha256')
  const bytes = Buffer.alloc(chunk)
  const fd = openPlain(path)
  try {
    for (let read = readSync(fd, bytes); read > 0; read = readSync(fd, bytes)) hash.update(bytes.subarray(0, read))
  } finally {
    closeSync(fd)
  }
  return hash.digest('hex')
}

/** As GNU coreutils write them, also a name with a line feed or a backslash. */
export const sumLines = (sums: readonly Sum[]): string =>
  sums
    .map(({ file, hash }) => {
      const escaped = file.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')
      return `${escaped === file ? '' : '\\'}${hash}  ${escaped}\n`
    })
    .join('')

const sumLine = /^(\\?)([0-9a-f]{64}) [ *](.+)$/

/** The sums of a file that `sumLines` or `sha256sum` wrote, and the numbers of its lines that are none. Empty without the file. */
export function readSums(path: string): { sums: Sum[]; flawed: number[] } {
  const sums: Sum[] = []
  const flawed: number[] = []
  const lines = existsSync(path) ? readPlain(path).toString().split('\n') : ['']
  // What follows the last line feed.
  if (lines.at(-1) === '') lines.pop()
  for (const [index, line] of lines.entries()) {
    const [, escaped, hash, name] = sumLine.exec(line) ?? []
    if (hash === undefined || name === undefined) flawed.push(index + 1)
    else sums.push({ hash, file: escaped ? name.replace(/\\(.)/g, (_, one) => (one === 'n' ? '\n' : one)) : name })
  }
  return { sums, flawed }
}

/** Adds the sums of a recording's folder, which is about to get the name `as` below the run's folder, unless it has them. */
export function vouch(run: string, folder: string, as: string): void {
  const { sums } = readSums(join(run, sumsFile))
  if (sums.some(({ file }) => file.startsWith(`${as}/`))) return
  appendPlain(join(run, sumsFile), sumLines(sumsOf(folder, as)))
}

/** The lines of `SHA256SUMS` without those of files that are about to go, or to be written again. */
export function withoutSums(run: string, isGone: (file: string) => boolean): string {
  return sumLines(readSums(join(run, sumsFile)).sums.filter(({ file }) => !isGone(file)))
}

/** Of the files below the run's folder that have sums, and of all files in these recordings. */
export function differences(run: string, recordings: readonly string[]): Difference[] {
  const { sums, flawed } = readSums(join(run, sumsFile))
  const known = new Set(sums.map(({ file }) => file))
  const vouched = sums.flatMap(({ file, hash }): Difference[] => {
    if (!isEvidence(file)) return []
    const path = join(run, file)
    if (!lstatSync(path, { throwIfNoEntry: false })?.isFile()) return [{ file, because: 'is missing' }]
    return sha256(path) === hash ? [] : [{ file, because: 'differs from its checksum' }]
  })
  const unknown = recordings
    .flatMap((folder) => filesIn(join(run, folder)).map((file) => `${folder}/${file}`))
    .filter((file) => !known.has(file))
    .map((file): Difference => ({ file, because: 'has no checksum' }))
  const noLines = flawed.map(
    (line): Difference => ({ file: `${sumsFile}:${line}`, because: 'is no line of checksums' }),
  )
  return [...noLines, ...vouched, ...unknown]
}

/** Older runs have sums of what is derived in the same file. A name that leads out of the folder is ignored. */
const isEvidence = (file: string): boolean =>
  (file === 'run.json' || file.startsWith('recordings/')) && !file.split('/').includes('..')
