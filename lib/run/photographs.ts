import { existsSync, mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { InputError } from '../lab/input-error.ts'
import { readPlain, writeWhole } from '../plain-files.ts'
import { sha256 } from '../recording/checksums.ts'
import type { Photograph } from '../recording/run-facts.ts'

const folderName = 'photographs'
/** Of one file, in octets. */
const most = 8e6
const isPhotograph = (name: string): boolean => /^[\w-][\w.-]*\.(jpe?g|png|webp)$/i.test(name)

/** Copies the photographs of a device folder into the run's folder. Throws `InputError` for one that is too large. */
export function photographsOf(device: string, run: string): Photograph[] {
  // The reference router in memory has no folder.
  if (device === '') return []
  const from = join(device, folderName)
  if (!existsSync(from)) return []
  return readdirSync(from)
    .filter(isPhotograph)
    .sort()
    .map((name) => {
      const path = join(from, name)
      const file = `${folderName}/${name}`
      mkdirSync(join(run, folderName), { recursive: true })
      writeWhole(join(run, file), photograph(path))
      return { file, sha256: sha256(join(run, file)) }
    })
}

function photograph(path: string): Buffer {
  try {
    return readPlain(path, most)
  } catch {
    throw new InputError(path, `is no file of at most ${most / 1e6} MB that can be read`)
  }
}
