/** How long recording a frame keeps its receiver waiting, compared with a synchronous write. */
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { realClock } from '../time/real-clock.ts'
import { growingFiles } from './growing-files.ts'

/** Microseconds. */
export interface Cost {
  median: number
  p99: number
  worst: number
}

const frames = 50_000
/** Frames that a port hands over in one turn of the event loop. */
const atOnce = 10
const bytes = new Uint8Array(200)

export async function saveBench(): Promise<{ frames: number; waitedFor: Cost; ours: Cost }> {
  const folder = mkdtempSync(join(tmpdir(), 'denat-bench-'))
  const fd = openSync(join(folder, 'waited-for'), 'w')
  const files = growingFiles()
  const append = files.open(join(folder, 'ours'))
  try {
    return { frames, waitedFor: await costOf(() => writeSync(fd, bytes)), ours: await costOf(() => append(bytes)) }
  } finally {
    closeSync(fd)
    files.close()
    rmSync(folder, { recursive: true })
  }
}

async function costOf(act: () => void): Promise<Cost> {
  const clock = realClock()
  const costs: number[] = []
  while (costs.length < frames) {
    for (let n = 0; n < atOnce; n++) {
      const begun = clock.now()
      act()
      costs.push((clock.now() - begun) * 1e6)
    }
    await new Promise<void>((resolve) => clock.after(0, resolve))
  }
  costs.sort((a, b) => a - b)
  const at = (share: number) => costs[Math.floor(share * (costs.length - 1))] ?? Number.NaN
  return { median: at(0.5), p99: at(0.99), worst: at(1) }
}
