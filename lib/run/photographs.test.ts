import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { photographsOf } from './photographs.ts'

let folder: string
const photographs = () => join(folder, 'device', 'photographs')
const copied = () => photographsOf(join(folder, 'device'), join(folder, 'run'))

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'denat-photographs-'))
  mkdirSync(photographs(), { recursive: true })
  mkdirSync(join(folder, 'run'))
})
afterEach(() => rmSync(folder, { recursive: true }))

test('pictures of the device are copied, with their checksums; other files are not', () => {
  for (const name of ['front.jpg', 'label.PNG', 'notes.txt', '<b>.png', '.hidden.jpg'])
    writeFileSync(join(photographs(), name), 'a')
  const sha256 = 'ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb'
  expect(copied()).toEqual([
    { file: 'photographs/front.jpg', sha256 },
    { file: 'photographs/label.PNG', sha256 },
  ])
  expect(readdirSync(join(folder, 'run', 'photographs'))).toEqual(['front.jpg', 'label.PNG'])
})

test('without photographs there is no folder of them', () => {
  rmSync(photographs(), { recursive: true })
  expect(copied()).toEqual([])
  expect(readdirSync(join(folder, 'run'))).toEqual([])
})

test('what is too large, or no file, is named', () => {
  writeFileSync(join(photographs(), 'large.jpg'), '')
  truncateSync(join(photographs(), 'large.jpg'), 9e6)
  expect(copied).toThrow(/large\.jpg: is no file of at most 8 MB/)
  rmSync(join(photographs(), 'large.jpg'))
  symlinkSync('/etc/hostname', join(photographs(), 'link.jpg'))
  expect(copied).toThrow(/link\.jpg: is no file/)
})
