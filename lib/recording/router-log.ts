import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { fitting, readText } from './read-json.ts'

/** A line that the router wrote to its console. `at`: seconds since the recording's start. */
const lineSchema = z.object({ at: z.number(), source: z.enum(['console']), text: z.string() })
export type LogLine = z.output<typeof lineSchema>

export const logFile = 'router.log'

export const logText = (lines: readonly LogLine[]): string => lines.map((line) => `${JSON.stringify(line)}\n`).join('')

/** What the router wrote while it was recorded; empty where nothing is known of it. Throws `Misfit`. */
export function readLog(folder: string): LogLine[] {
  const file = join(folder, logFile)
  if (!existsSync(file)) return []
  return readText(file)
    .split('\n')
    .filter(Boolean)
    .map((line) => fitting(line, lineSchema))
}
