/** Takes out of a Playwright trace what would let its reader in to the router. */
import { readFileSync, rmSync } from 'node:fs'
import { unzipSync, zipSync } from 'fflate'
import { writeWhole } from '../plain-files.ts'

const scrubbed = '[scrubbed]'
/** The first that a zip can hold: the same trace twice is the same file. */
const mtime = new Date(1980, 0, 1)

/**
 * Rewrites a trace in place, without cookies and authorization. A trace that can't be rewritten is deleted.
 * @param values session ids and the like, wherever they stand
 */
export function scrubTrace(path: string, values: string[]) {
  try {
    const entries = Object.entries(unzipSync(readFileSync(path)))
    const clean = Object.fromEntries(entries.map(([name, data]) => [name, scrub(data, values)]))
    writeWhole(path, zipSync(clean, { mtime }))
  } catch (error) {
    rmSync(path, { force: true })
    throw new Error(`the trace ${path} could not be rid of cookies and was deleted`, { cause: error })
  }
}

function scrub(data: Uint8Array, values: string[]): Uint8Array {
  // One character for each byte, so that what is not text comes through unchanged.
  const before = Buffer.from(data).toString('latin1')
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
