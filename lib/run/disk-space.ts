import { statSync } from 'node:fs'
import { join } from 'node:path'
import { filesIn } from '../recording/checksums.ts'
import type { RunFacts } from '../recording/run-facts.ts'
import { type Claim, claim, the } from '../say/claim.ts'
import { landed, recordingFolder } from './run-folder.ts'

const codes = new Set(['ENOSPC', 'EDQUOT', 'EFBIG'])

/** A file system, or a quota, takes no more. */
export const isDiskFull = (error: unknown): boolean =>
  codes.has((error as NodeJS.ErrnoException | undefined)?.code ?? '')

/** Octets of a recording as captures of runs have them, where none has landed yet. */
const usual = 1_000_000

/** Why a run stops: its folder, and what its recordings need that are still to come, by those that are there. */
export function noSpace(run: string, { plan }: Pick<RunFacts, 'plan'>): Claim {
  const there = landed(run)
  const each =
    there.length > 0 ? there.reduce((sum, name) => sum + octetsIn(recordingFolder(run, name)), 0) / there.length : usual
  // Until it has landed a recording is there twice.
  const needed = each * (plan.length - there.length + 1)
  return claim`no space is left for ${the.name(run)}, which needs about ${the.decimal(needed / 1e6, 0)} MB more`
}

const octetsIn = (folder: string): number =>
  filesIn(folder).reduce((sum, file) => sum + statSync(join(folder, file)).size, 0)
