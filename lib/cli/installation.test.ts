import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { installation, serviceOf } from './installation.mjs'

let root = ''
const wants = () => join(root, 'etc/systemd/system/multi-user.target.wants')
const policy = () => join(root, 'usr/sbin/policy-rc.d')
const mayStart = () => !existsSync(policy()) || spawnSync('sh', [policy(), 'bird', 'start']).status === 0
const put = (file: string, text = '') => {
  mkdirSync(join(file, '..'), { recursive: true })
  writeFileSync(file, text, { mode: 0o755 })
}
const bring = (name: string) => put(join(wants(), name))

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'denat-installation-'))
  bring('cron.service')
})
afterEach(() => rmSync(root, { recursive: true }))

/** As an installation that is killed with SIGKILL once `bird` came with it. */
const killed = () => {
  const script = `
    import { installation } from ${JSON.stringify(new URL('installation.mjs', import.meta.url).href)}
    import { writeFileSync } from 'node:fs'
    installation(${JSON.stringify(root)}).begin()
    writeFileSync(${JSON.stringify(join(wants(), 'bird.service'))}, '')
    process.kill(process.pid, 'SIGKILL')`
  expect(() => execFileSync(process.execPath, ['--input-type=module', '-e', script])).toThrow(/SIGKILL|Command failed/)
}

test('no service starts during an installation; what came with it is switched off, all else is as before', () => {
  put(policy(), '#!/bin/sh\nexit 104\n')
  const { begin, end } = installation(root)
  begin()
  expect(spawnSync('sh', [policy(), 'bird', 'start']).status).toBe(101)
  bring('bird.service')
  expect(end()).toEqual(['bird'])
  expect(readdirSync(wants())).toEqual(['cron.service'])
  expect(readFileSync(policy(), 'utf8')).toContain('exit 104')
  expect(readdirSync(join(root, 'usr/sbin'))).toEqual(['policy-rc.d'])
  expect(readdirSync(join(root, 'var/lib/denat'))).toEqual([])
})

test('one that was killed keeps no service from starting, and the next start puts all right', () => {
  killed()
  expect(mayStart()).toBe(true)
  let configured = false
  const complete = () => {
    expect(mayStart()).toBe(false)
    configured = true
  }
  expect(installation(root).repair(complete)).toBe(true)
  expect(configured).toBe(true)
  expect(readdirSync(wants())).toEqual(['cron.service'])
  expect(readdirSync(join(root, 'usr/sbin'))).toEqual([])
  expect(installation(root).repair(complete)).toBe(false)
})

test('one that is under way is not repaired', () => {
  const { begin, end, repair } = installation(root)
  begin()
  expect(repair(() => {})).toBe(false)
  expect(mayStart()).toBe(false)
  end()
})

test.each([
  ['/etc/systemd/system/multi-user.target.wants/bird.service', 'bird.service'],
  ['/etc/rc2.d/S01bird', 'bird'],
  ['/etc/systemd/system/multi-user.target.wants/S3.service', 'S3.service'],
])('%s starts %s', (link, service) => {
  expect(serviceOf(link)).toBe(service)
})
