import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { realClock } from '../../time/real-clock.ts'
import { boxPower } from './box.ts'
import { driverSchema } from './driver.ts'

const clock = realClock()
let folder = ''
let daemon: ChildProcess | undefined
const put = (name: string, text: string) => writeFileSync(join(folder, name), text, { mode: 0o600 })
const power = (driver: object, environment: NodeJS.ProcessEnv = process.env) =>
  boxPower({
    clock,
    environment,
    power: driverSchema.parse(driver),
    within: (command) => command,
    askPerson: () => Promise.resolve(false),
  }).power

const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number }
      server.close(() => resolve(port))
    })
  })
/** Until it answers; a daemon needs a moment to start. */
async function eventually<T>(act: () => Promise<T>): Promise<T> {
  for (let left = 100; ; left--)
    try {
      return await act()
    } catch (error) {
      if (left === 0) throw error
      await new Promise<void>((resolve) => clock.after(0.2, resolve))
    }
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'denat-box-'))
})
afterEach(() => {
  daemon?.kill('SIGKILL')
  daemon = undefined
  rmSync(folder, { recursive: true, force: true })
})

it('an outlet of snmpd is switched, read back, and not switched with a wrong community', async () => {
  const port = await freePort()
  // A program that keeps one integer: snmpd asks it for the value, and gives it what is set.
  const kept = join(folder, 'outlet')
  put('outlet', '2')
  const oid = '.1.3.6.1.4.1.8072.9999.1'
  put(
    'pass.sh',
    `case "$1" in -g) printf '%s\\ninteger\\n' "$2"; cat ${kept};; -s) [ "$4" = 3 ] && exit 0; printf %s "$4" > ${kept};; esac\n`,
  )
  put(
    'snmpd.conf',
    `rwcommunity s3cret 127.0.0.1\npass ${oid} /bin/sh ${folder}/pass.sh\nagentaddress udp:127.0.0.1:${port}\n`,
  )
  daemon = spawn('snmpd', ['-f', '-Lo', '-C', '-c', join(folder, 'snmpd.conf'), '-p', join(folder, 'pid')], {
    stdio: 'ignore',
    env: { PATH: `${process.env.PATH}:/usr/sbin`, SNMP_PERSISTENT_DIR: folder, MIBS: '' },
  })
  const snmp = { host: `127.0.0.1:${port}`, oid, on: 1, off: 2, 'community-env': 'PDU', patience: 5 }
  const plug = power({ snmp }, { PDU: 's3cret' })
  await eventually(plug.on)
  expect(readFileSync(kept, 'utf8')).toBe('1')
  await plug.cut?.()
  expect(readFileSync(kept, 'utf8')).toBe('2')
  await expect(power({ snmp: { ...snmp, on: 3, patience: 1 } }, { PDU: 's3cret' }).on()).rejects.toThrow(
    /took the order, but .* is still 2, expected 3/,
  )
  await expect(power({ snmp }, { PDU: 'guessed' }).on()).rejects.toThrow(/^snmpset /)
})

it('sshd carries out an order; a host with another key does not get one', async () => {
  const port = await freePort()
  const [host, user, other] = ['host', 'user', 'other'].map((name) => {
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', join(folder, name)])
    return readFileSync(join(folder, `${name}.pub`), 'utf8')
  }) as [string, string, string]
  put('authorized', user)
  put('known', `[127.0.0.1]:${port} ${host}`)
  put('stranger', `[127.0.0.1]:${port} ${other}`)
  execFileSync('mkdir', ['-p', '/run/sshd'])
  daemon = spawn(
    '/usr/sbin/sshd',
    [
      ...['-D', '-e', '-f', '/dev/null', '-h', join(folder, 'host'), '-p', String(port)],
      ...[
        'ListenAddress=127.0.0.1',
        `AuthorizedKeysFile=${folder}/authorized`,
        'StrictModes=no',
        'PidFile=none',
      ].flatMap((option) => ['-o', option]),
    ],
    { stdio: 'ignore' },
  )
  const ssh = {
    ...{ host: '127.0.0.1', port, user: userInfo().username, through: 'machine', key: join(folder, 'user') },
    ...{
      'known-hosts': join(folder, 'known'),
      reboot: `echo rebooted > ${folder}/done`,
      reset: 'echo no such command; exit 5',
    },
  }
  await eventually(power({ ssh }).reboot)
  expect(readFileSync(join(folder, 'done'), 'utf8')).toBe('rebooted\n')
  await expect(power({ ssh }).reset()).rejects.toThrow('`ssh: reset` ended with exit code 5: no such command')
  const elsewhere = power({ ssh: { ...ssh, 'known-hosts': join(folder, 'stranger') } })
  await expect(elsewhere.reboot()).rejects.toThrow(
    /ssh: reboot. ended with exit code 255: .*[Hh]ost key verification failed/,
  )
})
