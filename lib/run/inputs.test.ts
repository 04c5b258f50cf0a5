import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { readLab } from '../lab/lab-file.ts'
import { changedInputs, inputsOf } from './inputs.ts'

let folder = ''
const put = (file: string, text: string) => writeFileSync(join(folder, file), text)
const now = () => inputsOf(readLab(join(folder, 'lab.yaml')), undefined, [join(folder, 'suite')])

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'denat-inputs-'))
  for (const name of ['device', 'device/node_modules', 'device/.git', 'suite']) mkdirSync(join(folder, name))
  put('lab.yaml', 'kind: namespaces\ndevice: ./device\n')
  put('device/device.yaml', 'name: a router\n')
  put('device/router.sh', '#!/bin/sh\n')
  put('suite/one.ts', '')
})
afterEach(() => rmSync(folder, { recursive: true }))

test('files that a run was begun with are found when they differ, each by its name', () => {
  const before = now()
  expect(changedInputs(before, now())).toEqual([])
  put('lab.yaml', 'kind: namespaces\ndevice: ./device\nlan: [lan0]\n')
  put('device/new.sh', '')
  rmSync(join(folder, 'device/router.sh'))
  put('suite/one.ts', 'export const requirements = []\n')
  put('device/node_modules/package.js', '')
  put('device/.git/index', '')
  expect(changedInputs(before, now())).toEqual([
    `${folder}/device/new.sh is new`,
    `${folder}/device/router.sh is missing`,
    `${folder}/lab.yaml has changed`,
    `${folder}/suite/one.ts has changed`,
  ])
})

test('a lab file that is a link counts by what it leads to', () => {
  const before = now()
  renameSync(join(folder, 'lab.yaml'), join(folder, 'elsewhere.yaml'))
  symlinkSync(join(folder, 'elsewhere.yaml'), join(folder, 'lab.yaml'))
  expect(changedInputs(before, now())).toEqual([])
})

test('a run that another version of denat began is not that of this version', () => {
  const { files, ...inputs } = now()
  const before = { ...inputs, files: { ...files, denat: '0'.repeat(64) } }
  expect(changedInputs(before, now())).toEqual(['denat itself has changed'])
})

test('a run of a mutant is not that of the reference router', () => {
  const of = (MUTANT: string) => inputsOf(readLab(join(folder, 'lab.yaml')), undefined, [], { MUTANT })
  expect(changedInputs(of('no-slaac'), of(''))).toEqual(['MUTANT is missing'])
})
