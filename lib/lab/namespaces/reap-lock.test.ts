import { chmodSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { holderOf, reapLeftovers } from './reap.ts'
import { dropLock, isAlive, lockFile, parseLock, processStart, readLock, startTimeIn, takeLock } from './reap-lock.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'denat-lock-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const made = { runId: 'a1', namespaces: ['dn-a1-dut'], device: { executable: '/opt/dut', name: 'dn-a1-dut' } }

describe.runIf(process.platform === 'linux')('a lock', () => {
  test('names its owner, and is gone when dropped', () => {
    const lock = takeLock(made, folder)
    expect(readLock(lockFile('a1', folder))).toEqual(lock)
    expect(lock).toMatchObject({ ...made, pid: process.pid, startTime: processStart(process.pid) })
    expect(isAlive(lock)).toBe(true)
    expect(() => takeLock(made, folder)).toThrow(/Expected the run id a1 to be free/)
    dropLock('a1', folder)
    dropLock('a1', folder)
    expect(readdirSync(folder)).toEqual([])
  })

  test('has the plug of its router, so that no other run switches it', () => {
    const lock = takeLock({ ...made, plug: 'outlet 4', since: 0 }, folder)
    expect(holderOf({ plug: 'outlet 4' }, { folder })).toEqual(lock)
    expect(holderOf({ plug: 'outlet 5' }, { folder })).toBeUndefined()
    expect(holderOf({ plug: 'outlet 4' }, { folder, besides: 'a1' })).toBeUndefined()
    expect(holderOf({ card: 'eth1' }, { folder })).toBeUndefined()
  })

  test('dies with its process, however the pid is used again', () => {
    const lock = takeLock(made, folder)
    expect(isAlive({ ...lock, startTime: '1' })).toBe(false)
    expect(isAlive({ ...lock, bootId: 'another' })).toBe(false)
    expect(isAlive({ ...lock, pid: 2 ** 22 + 1 })).toBe(false)
  })

  test('is not reaped while its owner lives', () => {
    takeLock(made, folder)
    expect(reapLeftovers(folder)).toEqual([])
    expect(readdirSync(folder)).toEqual(['a1.json'])
  })

  test('that others may write is neither believed nor removed', () => {
    takeLock(made, folder)
    chmodSync(lockFile('a1', folder), 0o666)
    expect(reapLeftovers(folder)).toMatchObject([{ runId: 'a1', removed: [], problems: [/other users may write it/] }])
    expect(readdirSync(folder)).toEqual(['a1.json'])
  })

  test('that is damaged is reported and stays', () => {
    writeFileSync(join(folder, 'b2.json'), '{"runId":', { mode: 0o600 })
    expect(reapLeftovers(folder)).toMatchObject([{ runId: 'b2', problems: [/no lock of this version/] }])
    expect(readdirSync(folder)).toEqual(['b2.json'])
  })

  test('of a dead owner goes, with nothing there to remove', () => {
    const lock = takeLock(made, folder)
    writeFileSync(lockFile('a1', folder), JSON.stringify({ ...lock, startTime: '1' }))
    expect(reapLeftovers(folder)).toEqual([{ runId: 'a1', removed: [], problems: [] }])
    expect(readdirSync(folder)).toEqual([])
  })

  test('no folder, no leftovers', () => {
    expect(reapLeftovers(join(folder, 'none'))).toEqual([])
  })
})

describe('what a lock says', () => {
  const lock = { ...made, pid: 1, startTime: '5', bootId: 'b' }

  test.each<[string, object, RegExp]>([
    ['a namespace of another run', { namespaces: ['dn-a1-dut', 'dn-a12-dut'] }, /not its run's: dn-a12-dut/],
    ['a namespace of somebody else', { namespaces: ['vpn'] }, /not its run's: vpn/],
    ['a relative executable', { device: { executable: 'dut', name: 'x' } }, /no lock of this version/],
    ['a field of tomorrow', { more: 1 }, /no lock of this version/],
  ])('is refused when it names %s', (_, change, message) => {
    expect(() => parseLock(JSON.stringify({ ...lock, ...change }), 'f')).toThrow(message)
  })
})

describe('the start time of a process', () => {
  const rest = `1 1 1 0 -1 4194560 1 0 0 0 0 0 0 0 20 0 1 0 7654321 9 0`
  test.each<[string, string, string | undefined]>([
    ['sleeps', `42 (sleep) S ${rest}`, '7654321'],
    ['has a nasty name', `42 (a) R ) S b) S ${rest}`, '7654321'],
    ['is dead, but not yet buried', `42 (sleep) Z ${rest}`, undefined],
  ])('that %s', (_, stat, expected) => {
    expect(startTimeIn(stat)).toBe(expected)
  })
})
