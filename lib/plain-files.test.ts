import { execFileSync } from 'node:child_process'
import { lstatSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { appendPlain, createPlain, FileError, mustBePlain, readPlain, writeWhole } from './plain-files.ts'

let folder = ''
const at = (name: string) => join(folder, 'run', name)
const outside = () => readFileSync(join(folder, 'outside'), 'utf8')

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'denat-plain-'))
  mkdirSync(join(folder, 'run'))
  writeFileSync(join(folder, 'outside'), 'of another')
})
afterEach(() => rmSync(folder, { recursive: true }))

test('a file that is written takes the place of a link, and of one under its temporary name', () => {
  for (const name of ['summary.md', 'summary.md.new']) symlinkSync('../outside', at(name))
  writeWhole(at('summary.md'), 'ours')
  expect(lstatSync(at('summary.md')).isFile()).toBe(true)
  expect(readPlain(at('summary.md')).toString()).toBe('ours')
  expect(outside()).toBe('of another')
})

test.each(['summary.md', 'summary.md.new'])('a folder with the name %s is not written over, and is named', (name) => {
  mkdirSync(at(name))
  expect(() => writeWhole(at('summary.md'), 'ours')).toThrow(`${name}: is a folder where a file is to be written`)
})

test('no file is made or continued through a link', () => {
  symlinkSync('../outside', at('link'))
  symlinkSync('../nothing', at('dangling'))
  expect(() => appendPlain(at('link'), 'more')).toThrow(FileError)
  expect(() => appendPlain(at('dangling'), 'more')).toThrow(FileError)
  expect(() => createPlain(at('dangling'))).toThrow(/EEXIST/)
  appendPlain(at('results'), 'one ')
  appendPlain(at('results'), 'two')
  expect(readPlain(at('results')).toString()).toBe('one two')
  expect(outside()).toBe('of another')
})

test('a link, a FIFO and a device are not read, and keep nothing waiting', () => {
  symlinkSync('../outside', at('link'))
  execFileSync('mkfifo', [at('fifo')])
  for (const name of ['link', 'fifo']) expect(() => readPlain(at(name))).toThrow(FileError)
  expect(() => appendPlain(at('fifo'), 'more')).toThrow(FileError)
  expect(() => readPlain('/dev/zero')).toThrow(FileError)
  expect(() => readPlain(at('none'))).toThrow(/ENOENT/)
})

test('a folder with files and folders only is plain, one with a link to a folder is not', () => {
  mkdirSync(at('recordings/cold-boot'), { recursive: true })
  writeFileSync(at('recordings/cold-boot/world.json'), '{}')
  expect(() => mustBePlain(join(folder, 'run'))).not.toThrow()
  symlinkSync('..', at('recordings/renewal'))
  expect(() => mustBePlain(join(folder, 'run'))).toThrow(/renewal: is neither a file nor a folder/)
})
