import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'

const missing = ['/usr/sbin/bird', '/usr/sbin/dhcpcd', '/usr/sbin/kea-dhcp6'].filter((file) => !existsSync(file))
const name = `dnup${process.pid % 10_000}`
const folder = mkdtempSync(join(tmpdir(), 'denat-router-'))
const programs = join(folder, 'programs')
const software = fileURLToPath(new URL('router.sh', import.meta.url))
const env = {
  ...process.env,
  PATH: `${programs}:${process.env.PATH}`,
  DUT_LANS: 'lan0',
  DUT_FLASH_ROOT: join(folder, 'flash'),
  DUT_PID_ROOT: join(folder, 'pid'),
}
const order = (command: string) => spawnSync(software, [command, name], { env, encoding: 'utf8' })

beforeAll(() => {
  if (missing.length > 0) return
  execFileSync('mkdir', [programs])
  const lines = [`netns add ${name}`, `link add wan0 netns ${name} type veth peer name lan0 netns ${name}`]
  execFileSync('ip', ['-batch', '-'], { input: lines.join('\n') })
})

afterAll(() => {
  if (missing.length === 0) {
    order('down')
    execFileSync('ip', ['netns', 'del', name])
  }
  rmSync(folder, { recursive: true, force: true })
})

test.skipIf(missing.length > 0).each([
  ['kea-dhcp6', 'echo "invalid path specified: /run/log.kea6"; exit 1', /kea does not start:\n.*\/run\/log\.kea6/],
  ['bird', 'echo "syntax error, unexpected ROUTER" >&2; exit 1', /syntax error, unexpected ROUTER/],
])('a router whose %s does not start is not up: it says why', (program, script, reason) => {
  writeFileSync(join(programs, program), `#!/bin/sh\n${script}\n`, { mode: 0o755 })
  const failed = order('up')
  order('down')
  rmSync(join(programs, program))
  expect(failed.stderr).toMatch(reason)
  expect(failed.status).toBe(1)
  expect(order('up')).toMatchObject({ status: 0, stderr: '' })
  order('down')
})
