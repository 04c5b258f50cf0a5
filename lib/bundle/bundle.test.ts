import { execFileSync, spawnSync } from 'node:child_process'
import { createHash, generateKeyPairSync, randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it, test } from 'vitest'
import { filesIn, sha256, sumLines, sumsOf } from '../recording/checksums.ts'
import { facts, writeRun } from '../report/testing.ts'
import { rejudge } from '../run/run.ts'
import { readFacts, writeLastFacts, writeResults } from '../run/run-folder.ts'
import { loadSuites } from '../run/suites.ts'
import type { Suites } from '../suite/suites.ts'
import { seeded } from '../time/seed.ts'
import { ArchiveError, packed, unpacked } from './archive.ts'
import { bundleOf, verifiedBundle } from './bundle.ts'
import { signature, verifiedComment } from './minisign.ts'

let folder = ''
let run = ''
let suites: Suites
let archive: Uint8Array

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'denat-bundle-'))
  run = join(folder, 'run')
  suites = await loadSuites()
  const device = join(folder, 'device.yaml')
  writeFileSync(
    device,
    `name: acme-x1 # ask for hunter2hunter2
web-ui: { user: admin, password: hunter2hunter2, url4: 'http://admin:hunter2hunter2@192.168.1.1' }
power: { http: { on: { url: 'http://10.0.0.1/on', headers: { x-key: hunter2hunter2 } } } }
`,
  )
  const hash = sha256(device)
  writeRun(run)
  // What was set aside has checksums as the rest.
  mkdirSync(join(run, 'recordings/rebinding.cut.1'))
  writeFileSync(join(run, 'recordings/rebinding.cut.1/marks.jsonl'), '')
  writeFileSync(join(run, 'SHA256SUMS'), sumLines(sumsOf(join(run, 'recordings'), 'recordings')))
  writeLastFacts(run, { ...facts, inputs: { lab: join(folder, 'lab.yaml'), files: { [device]: hash } } })
  writeResults(run, rejudge(run, readFacts(run), suites))
  archive = bundleOf(run, suites, '1')
})
afterAll(() => rmSync(folder, { recursive: true }))

const replaced = (bytes: Buffer, at: number, octet: number): Buffer => {
  const copy = Buffer.from(bytes)
  copy[at] = octet
  return copy
}

let count = 0
const verified = (bytes: Uint8Array) => verifiedBundle(bytes, join(folder, `unpacked-${++count}`), suites)

describe('a bundle', () => {
  it('has the files of the run, the same each time, and no password', () => {
    const files = unpacked(archive)
    const recordings = filesIn(join(run, 'recordings')).map((file) => `recordings/${file}`)
    expect(Object.keys(files)).toEqual(
      [
        'SHA256SUMS',
        'bundle.json',
        'device.yaml',
        ...recordings,
        'results.jsonl',
        'results.junit.xml',
        'run.json',
        'summary.md',
      ]
        .filter((file) => !/junit|summary/.test(file))
        .sort(),
    )
    expect(Buffer.from(files['device.yaml'] ?? []).toString()).not.toMatch(/admin|hunter2/)
    expect(Buffer.from(bundleOf(run, suites, '1')).equals(archive)).toBe(true)
  })

  it('that is as it was gives the same results', () => {
    expect(verified(archive)).toMatchObject({ differing: { was: [], is: [] }, otherVersion: false })
  })

  it('with one octet changed, at 10,000 random places, is noticed each time', () => {
    const random = seeded('octets')
    const changed = Uint8Array.from(archive)
    let passed = 0
    for (let round = 0; round < 10_000; round++) {
      const at = random.int(archive.length)
      const was = changed[at] as number
      changed[at] = was ^ (1 + random.int(255))
      try {
        unpacked(changed)
        passed++
      } catch {}
      changed[at] = was
    }
    expect(passed).toBe(0)
  })

  it.each([
    ['is longer', () => Buffer.concat([archive, Buffer.from('x')])],
    ['is shorter', () => archive.subarray(0, -1)],
    ['is empty', () => new Uint8Array()],
  ])('that %s is noticed', (_, made) => expect(() => unpacked(made())).toThrow('is not as it was packed'))

  it.each(['../x', '/x', 'a/../x', 'a\\x', 'a\u0000'])('writes nothing outside of its folder: %j', (name) => {
    expect(() => verified(packed({ [name]: Buffer.from('x') }))).toThrow('has a file with the name')
  })

  it.each<[string, (zip: Buffer) => Buffer]>([
    [
      'octets between its members and their list',
      (zip) => {
        const list = zip.readUInt32LE(zip.length - 6)
        const longer = Buffer.concat([zip.subarray(0, list), Buffer.from('x'), zip.subarray(list)])
        longer.writeUInt32LE(list + 1, longer.length - 6)
        return longer
      },
    ],
    ['a link among its members', (zip) => replaced(zip, zip.readUInt32LE(zip.length - 6) + 38 + 3, 0xa0)],
    ['two names for a member', (zip) => replaced(zip, 30, 'T'.charCodeAt(0))],
    ['a member twice', (zip) => Buffer.from(zip.toString('latin1').replaceAll('run.jsom', 'run.json'), 'latin1')],
  ])('that has %s is refused', (_, made) => {
    const files = {
      ...unpacked(archive),
      'recordings/run.jsom': Buffer.from('x'),
      'recordings/run.json': Buffer.from('x'),
    }
    const zip = Buffer.from(packed(files)).subarray(0, -71)
    const other = made(zip)
    const sealed = Buffer.concat([other, Buffer.from(`sha256:${createHash('sha256').update(other).digest('hex')}`)])
    expect(() => unpacked(sealed)).toThrow('has another structure')
  })

  it.each(['SHA256SUMS', 'results.jsonl', 'run.json'])('without %s is refused', (name) => {
    const { [name]: _, ...files } = unpacked(archive)
    expect(() => verified(packed(files))).toThrow(`lacks ${name}`)
  })

  it.each(['evil.html', 'recordings/renewal/marks.jsonl/x', `recordings/${'x'.repeat(300)}/x`])(
    'with a file %s is refused',
    (name) => {
      expect(() => verified(packed({ ...unpacked(archive), [name]: Buffer.from('x') }))).toThrow(ArchiveError)
    },
  )

  it('with results that are none is bad input', () => {
    const files = { ...unpacked(archive), 'results.jsonl': Buffer.from('null\n') }
    expect(() => verified(packed(files))).toThrow(/results\.jsonl:1: /)
  })

  it('with another verdict, packed again, is noticed', () => {
    const files = unpacked(archive)
    const text = Buffer.from(files['results.jsonl'] ?? []).toString()
    const better = text.replace(/"verdict":"(fail|warn|inconclusive)"/, '"verdict":"pass"')
    expect(better).not.toBe(text)
    const { differing } = verified(packed({ ...files, 'results.jsonl': Buffer.from(better) }))
    expect([differing.was.length, differing.is.length]).toEqual([1, 1])
  })

  it('with another recording, packed again, is noticed', () => {
    const files = unpacked(archive)
    const marks = 'recordings/renewal/marks.jsonl'
    const other = packed({ ...files, [marks]: Buffer.from(files['recordings/renewal/marks.jsonl'] ?? []).subarray(1) })
    expect(() => verified(other)).toThrow(`${marks} differs from its checksum`)
  })
})

describe('a signature', () => {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  const seed = privateKey.export({ format: 'der', type: 'pkcs8' }).subarray(-32)
  const key = publicKey.export({ format: 'der', type: 'spki' }).subarray(-32)
  const id = Buffer.from('12345678')
  const text = (...parts: Uint8Array[]) => `untrusted comment: x\n${Buffer.concat(parts).toString('base64')}\n`
  const secret = text(Buffer.from('Ed\0\0B2'), Buffer.alloc(48), id, seed, key, Buffer.alloc(32))
  const open = text(Buffer.from('Ed'), id, key)
  let signed = ''
  beforeEach(() => {
    signed = signature(archive, secret, 'run 1')
  })

  it('is of the content and its comment', () => {
    expect(verifiedComment(archive, signed, open)).toBe('run 1')
    const changed = Uint8Array.from(archive)
    changed[archive.length - 1] = 0
    expect(() => verifiedComment(changed, signed, open)).toThrow('does not verify')
    expect(() => verifiedComment(archive, signed.replace('run 1', 'run 2'), open)).toThrow('does not verify')
    expect(() => verifiedComment(archive, signed, text(Buffer.from('Ed'), randomBytes(40)))).toThrow('another key')
  })

  const tool = spawnSync('minisign', ['-v']).error === undefined
  if (!tool) console.warn('minisign is not installed: its verdict on our signatures is not asked for')
  test.skipIf(!tool)('is verified by minisign, and we verify and sign with its keys', () => {
    const path = (name: string) => join(folder, name)
    execFileSync('minisign', ['-G', '-W', '-p', path('k.pub'), '-s', path('k.key')])
    writeFileSync(path('a.zip'), archive)
    const ours = signature(archive, readFileSync(path('k.key'), 'utf8'), 'run 1')
    writeFileSync(path('a.zip.minisig'), ours)
    const output = execFileSync('minisign', ['-V', '-p', path('k.pub'), '-m', path('a.zip')], { encoding: 'utf8' })
    expect(output).toContain('Trusted comment: run 1')
    expect(verifiedComment(archive, ours, readFileSync(path('k.pub'), 'utf8'))).toBe('run 1')
    expect(existsSync(path('k.key'))).toBe(true)
  })
})
