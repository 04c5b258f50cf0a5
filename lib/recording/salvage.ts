import { existsSync } from 'node:fs'
import { readPlain } from '../plain-files.ts'
import { loadRecording, RecordingError } from './load.ts'
import type { Outcome, Recording } from './recording.ts'
import { growingFolder, land, nameSealed, type WorldFile } from './save.ts'

/**
 * Lands what a killed recorder left growing, with how it ended: all that was on disk by then is kept. What was sealed
 * keeps its own outcome. Undefined when it left nothing that can be read; that stays where it is.
 */
export function salvage(folder: string, outcome: Outcome, run?: string): Recording | undefined {
  const growing = growingFolder(folder)
  if (!existsSync(growing)) return undefined
  try {
    const found = loadRecording(growing)
    const { startedAt, sealed } = JSON.parse(readPlain(`${growing}/world.json`).toString()) as WorldFile
    if (sealed) {
      nameSealed(folder, run)
      return found
    }
    const recording = { ...found, outcome }
    land(folder, recording, { startedAt, run })
    return recording
  } catch (error) {
    if (error instanceof RecordingError) return undefined
    throw error
  }
}
