import { existsSync, readFileSync } from 'node:fs'
import { loadRecording, RecordingError } from './load.ts'
import type { Outcome, Recording } from './recording.ts'
import { growingFolder, land, type WorldFile } from './save.ts'

/**
 * Lands what a killed recorder left growing, with how it ended: all that was on disk by then is kept. Undefined when it
 * left nothing that can be read; that stays where it is.
 */
export function salvage(folder: string, outcome: Outcome): Recording | undefined {
  const growing = growingFolder(folder)
  if (!existsSync(growing)) return undefined
  try {
    const recording = { ...loadRecording(growing), outcome }
    const { startedAt } = JSON.parse(readFileSync(`${growing}/world.json`, 'utf8')) as WorldFile
    land(folder, recording, { startedAt })
    return recording
  } catch (error) {
    if (error instanceof RecordingError) return undefined
    throw error
  }
}
