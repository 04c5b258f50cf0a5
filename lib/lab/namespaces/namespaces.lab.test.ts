import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { interfaces } from '../../link/errno.ts'
import { inNetns, netnsNames } from '../../link/network-namespace.ts'
import { openPacketSocket } from '../../link/packet-socket.ts'
import { realClock } from '../../time/real-clock.ts'
import { freshSeed } from '../../time/seed.ts'
import { buildNamespaces, configureBrowser, type Namespaces } from './namespaces.ts'
import { createNetns, deleteNetns, ipBatch, NamespaceError, processesIn } from './netns.ts'
import { reapLeftovers } from './reap.ts'
import { processStart } from './reap-lock.ts'

const clock = realClock()
const seconds = (time: number) => new Promise<void>((resolve) => clock.after(time, resolve))
const until = async (holds: () => boolean) => {
  while (!holds()) await seconds(0.02)
}
const ports = ['wan0', 'lan0', 'lan1']

/** Our own locks, so that a lab in use on this machine is left alone. */
let folder = ''
let runId = ''
const built: Namespaces[] = []
const processes: ChildProcess[] = []
const build = (more = {}) => {
  const namespaces = buildNamespaces({ runId, ports, lockFolder: folder, ...more })
  built.push(namespaces)
  return namespaces
}
const ours = () => netnsNames().filter((name) => name.startsWith(`dn-${runId}-`))
/** A process inside a namespace that no signal of ours to its parent reaches. */
const sleeper = (netns: string) => inNetns(netns, () => spawn('setsid', ['sleep', '600'], { stdio: 'ignore' }))

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'denat-lock-'))
  runId = freshSeed().slice(0, 5)
})
afterEach(() => {
  for (const namespaces of built.splice(0)) namespaces.destroy()
  for (const child of processes.splice(0)) child.kill('SIGKILL')
  for (const name of ours()) deleteNetns(name)
  rmSync(folder, { recursive: true })
})

describe('namespaces', () => {
  test('are made, and all is gone afterwards', () => {
    const before = interfaces()
    const lab = build()
    expect(ours().sort()).toEqual([lab.bench, lab.browser, lab.dut])
    expect(inNetns(lab.dut, interfaces).sort()).toEqual(['lan0', 'lan1', 'lo', 'wan0'])
    expect(inNetns(lab.bench, interfaces).sort()).toEqual(['lo', ...ports.map(lab.benchPort), lab.browserPort].sort())
    expect(readdirSync(folder)).toEqual([`${runId}.json`])
    expect(() => lab.benchPort('lan7')).toThrow(/Expected one of the ports wan0, lan0, lan1, got lan7/)
    lab.destroy()
    lab.destroy()
    expect(ours()).toEqual([])
    expect(readdirSync(folder)).toEqual([])
    expect(interfaces()).toEqual(before)
  })

  test('carry frames between bench and DUT, and the bench adds none of its own', async () => {
    const lab = build()
    const dut = openPacketSocket({ interface: 'wan0', netns: lab.dut, clock })
    const bench = openPacketSocket({ interface: lab.benchPort('wan0'), netns: lab.bench, clock })
    const received: Uint8Array[] = []
    dut.onFrame((bytes) => received.push(bytes))
    const carrier: boolean[] = []
    bench.onCarrier((up) => carrier.push(up))
    await until(() => carrier.length > 0)
    expect(carrier).toEqual([false])
    inNetns(lab.dut, () => execFileSync('sysctl', ['-qw', 'net.ipv6.conf.wan0.disable_ipv6=1']))
    ipBatch(['link set wan0 up'], lab.dut)
    await until(() => carrier.length > 1)
    await seconds(1.5)
    expect(carrier).toEqual([false, true])
    expect(received).toEqual([])
    const frame = new Uint8Array(60).fill(0xff)
    bench.send(frame)
    await until(() => received.length > 0)
    expect(received).toEqual([frame])
    bench.close()
    dut.close()
  })

  test('hold a browser that is an IPv6 host behind the bench', async () => {
    const lab = build()
    const web = openPacketSocket({ interface: lab.browserPort, netns: lab.bench, clock })
    const received: Uint8Array[] = []
    web.onFrame((bytes) => received.push(bytes))
    configureBrowser(lab.browser, { ipv4: '192.168.1.9/24', gateway: '192.168.1.1' })
    configureBrowser(lab.browser, { ipv4: '192.168.1.10/24', gateway: '192.168.1.1' })
    const addresses = execFileSync('ip', ['-n', lab.browser, '-br', 'address', 'show', 'dev', 'eth0'], {
      encoding: 'utf8',
    })
    expect(addresses).toContain('192.168.1.10/24')
    expect(addresses).not.toContain('192.168.1.9/24')
    expect(addresses).toContain('fe80::d0:75ff:fe00:101/64')
    await until(() => received.some((bytes) => bytes[54] === 133))
    const solicitation = received.find((bytes) => bytes[54] === 133)
    expect(solicitation && Buffer.from(solicitation.subarray(6, 12)).toString('hex', 0, 6)).toBe(
      lab.browserMac.replaceAll(':', ''),
    )
    expect(web.counters().unsummed).toBe(0)
    web.close()
  })

  test('end what runs inside, and call the device down first', () => {
    const log = join(folder, 'down.log')
    const executable = join(folder, 'dut')
    writeFileSync(executable, `#!/bin/sh\necho "$@ $(ip netns pids "$2" | wc -l)" >>${log}\n`, { mode: 0o755 })
    const lab = build({ device: ({ dut }: { dut: string }) => ({ executable, name: dut }) })
    const child = sleeper(lab.dut)
    expect(processesIn(lab.dut)).toEqual([child.pid])
    lab.destroy()
    expect(readFileSync(log, 'utf8')).toBe(`down ${lab.dut} 1\nreset ${lab.dut} 1\n`)
    expect(ours()).toEqual([])
  })

  test('end what the device itself leaves running when it goes down', () => {
    const pid = join(folder, 'pid')
    const executable = join(folder, 'dut')
    writeFileSync(executable, `#!/bin/sh\nsetsid sleep 600 >/dev/null 2>&1 & echo $! >${pid}\n`, { mode: 0o755 })
    build({ device: ({ dut }: { dut: string }) => ({ executable, name: dut }) }).destroy()
    expect(processStart(Number(readFileSync(pid, 'utf8')))).toBeUndefined()
  })

  test('a device that fails to go down is reported, and all goes nevertheless', () => {
    const lab = build({ device: ({ dut }: { dut: string }) => ({ executable: '/bin/false', name: dut }) })
    expect(() => lab.destroy()).toThrow(/Removing run .*down/)
    expect(ours()).toEqual([])
    expect(readdirSync(folder)).toEqual([])
  })

  test('a run id that is in use is refused, and its lab stays', () => {
    const lab = build()
    expect(() => build()).toThrow(NamespaceError)
    expect(ours()).toHaveLength(3)
    lab.destroy()
  })

  test('what was begun is taken back when the rest fails', () => {
    createNetns(`dn-${runId}-dut`)
    expect(() => build()).toThrow(/netns add/)
    expect(ours()).toEqual([])
    expect(readdirSync(folder)).toEqual([])
  })

  test('only ours are deleted', () => {
    expect(() => deleteNetns('vpn')).toThrow(/does not make or delete others/)
    expect(() => createNetns('vpn')).toThrow(/does not make or delete others/)
    deleteNetns(`dn-${runId}-never`)
  })
})

describe('leftovers of a run that was killed', () => {
  test('are reaped, and nobody else is touched', async () => {
    const file = fileURLToPath(new URL('./namespaces.ts', import.meta.url))
    const program = `import { buildNamespaces } from ${JSON.stringify(file)}
      buildNamespaces(${JSON.stringify({ runId, ports, lockFolder: folder })})
      console.log('built')
      setInterval(() => {}, 1000)`
    const register = new URL('../../cli/register.mjs', import.meta.url).href
    const owner = spawn(process.execPath, ['--import', register, '--input-type=module', '-e', program], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    processes.push(owner)
    await new Promise((resolve) => owner.stdout?.once('data', resolve))
    const daemon = sleeper(`dn-${runId}-dut`)
    processes.push(daemon)

    // Somebody else's, with a name that looks like ours but that no lock of a dead run speaks of.
    const foreign = `dn-${runId}x-dut`
    createNetns(foreign)
    const guest = sleeper(foreign)
    processes.push(guest)
    try {
      expect(reapLeftovers(folder)).toEqual([])
      expect(ours()).toHaveLength(3)

      const died = new Promise((resolve) => owner.once('exit', resolve))
      owner.kill('SIGKILL')
      await died
      expect(ours()).toHaveLength(3)
      const ended = new Promise((resolve) => daemon.once('exit', resolve))
      const [reaped, ...more] = reapLeftovers(folder)
      await ended
      expect(more).toEqual([])
      expect(reaped?.problems).toEqual([])
      expect(reaped?.removed.sort()).toEqual([`dn-${runId}-bench`, `dn-${runId}-browser`, `dn-${runId}-dut`])
      expect(ours()).toEqual([])
      expect(readdirSync(folder)).toEqual([])
      expect(netnsNames()).toContain(foreign)
      expect(existsSync(`/proc/${guest.pid}`)).toBe(true)
      expect(reapLeftovers(folder)).toEqual([])
    } finally {
      deleteNetns(foreign)
    }
  })
})
