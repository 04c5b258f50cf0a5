import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { readLab } from '../lab/lab-file.ts'
import { openMemoryLab, referenceDevice } from '../lab/memory-lab.ts'
import { record } from '../run/record.ts'
import { scenario } from '../suite/scenario.ts'
import { sumsFile } from './checksums.ts'
import { readLog } from './router-log.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'denat-log-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

test('what a router writes to its console lands with the recording, without its password', async () => {
  const labFile = readLab(fileURLToPath(new URL('../../labs/memory.yaml', import.meta.url)))
  const lab = openMemoryLab(labFile, { seed: 'console' })
  let write = (_text: string) => {}
  const console = {
    onConsole(listener: (text: string) => void) {
      write = listener
      return () => {
        write = () => {}
      }
    },
  }
  const webUi = { user: 'admin', password: 'a long secret' }
  const talks = scenario(
    'talks',
    { story: 'It talks.', world: { name: 'talks' }, from: 'factory' },
    async ({ dut }) => {
      await dut.powerOn()
      write('booting with a long secret')
      write('\u001b[31mKernel panic - not syncing: no init found')
    },
  )
  const recording = join(folder, 'recordings', 'talks')
  const options = { labFile, seed: 's', profile: 'default', scenario: talks, folder: recording, run: folder } as const
  await record({ ...options, lab: { ...lab, ...console }, device: { ...referenceDevice, webUi } })
  const lines = readLog(recording)
  expect(lines.map(({ text }) => text)).toEqual([
    'booting with [masked]',
    '\u001b[31mKernel panic - not syncing: no init found',
  ])
  expect(readFileSync(join(recording, 'marks.jsonl'), 'utf8')).toContain('"mark":"kernel-panic"')
  expect(readFileSync(join(folder, sumsFile), 'utf8')).toContain('recordings/talks/router.log')
})
