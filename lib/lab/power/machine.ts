import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import { quoted } from '../../say/claim.ts'
import type { Clock } from '../../time/clock.ts'
import { LabTrouble } from '../bench/waits.ts'
import type { Power } from '../lab.ts'
import { connected, openQmp, type Qmp } from './qmp.ts'

export const qemu = '/usr/bin/qemu-system-x86_64'

/** A router image and the hardware that it expects. Paths are relative to the device folder. */
export const machineSchema = z.strictObject({
  image: z.string().min(1),
  format: z.enum(['qcow2', 'raw', 'iso']).default('qcow2'),
  /** Without them the image has a boot loader of its own. */
  kernel: z.string().optional(),
  initrd: z.string().optional(),
  append: z.string().default('console=ttyS0'),
  /** A file in place of the BIOS, such as OVMF's. */
  firmware: z.string().optional(),
  /** MiB. */
  memory: z.int().min(16).max(65_536).default(512),
  nic: z.enum(['virtio-net-pci', 'e1000', 'e1000e', 'rtl8139', 'vmxnet3']).default('virtio-net-pci'),
  disk: z.enum(['virtio', 'ide', 'scsi']).default('virtio'),
  /** The port of each network card, in their order. */
  ports: z.array(z.string()).min(2).default(['wan0', 'lan0', 'lan1']),
  accel: z.enum(['auto', 'kvm', 'tcg']).default('auto'),
  /** Seconds that an orderly shutdown may take, before the machine is switched off. */
  shutdown: z.number().positive().default(30),
})
export type MachineSpec = z.output<typeof machineSchema>

export interface MachineOptions {
  spec: MachineSpec
  /** Absolute path of a file that the spec names. */
  fileOf(name: string): string
  clock: Clock
  /** The network namespace with the taps. */
  netns: string
  /** The tap of a port. */
  tapOf(port: string): string
  environment: NodeJS.ProcessEnv
}

/** Seconds in which an image shows that it runs with KVM. */
const startsWithin = 20

/** One line that the machine wrote to its serial console. */
export type OnConsole = (text: string) => void

export interface Machine {
  power: Power
  /**
   * Finds out what accelerates it, and returns that. KVM may be there and not work, as in a machine that is virtual itself:
   * it is taken where the image starts with it. `isAlive`: the machine has sent a frame.
   */
  accelerator(isAlive: () => boolean): Promise<'kvm' | 'tcg'>
  /** Pulls the cable of a port out of the machine, or plugs it in. */
  plug(port: string, inserted: boolean): void
  /** Calls for each line of the console from now on; returns how to stop. */
  onConsole(listener: OnConsole): () => void
  close(): void
}

/**
 * A virtual machine of QEMU: its power is the process. Its disk is an overlay, which a factory reset replaces; the image
 * itself is only read.
 */
export function machinePower({ spec, fileOf, clock, netns, tapOf, environment }: MachineOptions): Machine {
  const folder = mkdtempSync(join(tmpdir(), 'vm-'))
  const overlay = join(folder, 'disk.qcow2')
  let accel: 'kvm' | 'tcg' = spec.accel === 'kvm' ? 'kvm' : 'tcg'
  const listeners = new Set<OnConsole>()
  const pulled = new Set<string>()
  const lastLines: string[] = []
  let running: { child: ChildProcess; qmp: Qmp; ended: Promise<void> } | undefined

  const reset = () => {
    rmSync(overlay, { force: true })
    if (spec.format === 'iso') execFileSync('qemu-img', ['create', '-q', '-f', 'qcow2', overlay, '8G'])
    else execFileSync('qemu-img', ['create', '-q', '-f', 'qcow2', '-b', fileOf(spec.image), '-F', spec.format, overlay])
  }
  const hear = (line: string) => {
    lastLines.push(line)
    if (lastLines.length > 5) lastLines.shift()
    for (const listener of listeners) listener(line)
  }
  const trouble = (what: string) =>
    new LabTrouble(
      quoted(
        `the virtual machine ${what}${lastLines.length > 0 ? `; its console: ${lastLines.join('; ').slice(-300)}` : ''}`,
      ),
    )

  async function on(): Promise<void> {
    if (running) return
    if (!existsSync(overlay)) reset()
    lastLines.length = 0
    const sockets = { qmp: join(folder, 'qmp'), console: join(folder, 'console') }
    for (const socket of Object.values(sockets)) rmSync(socket, { force: true })
    const given = machineArguments(spec, { fileOf, overlay, accel, tapOf, sockets })
    const child = spawn('ip', ['netns', 'exec', netns, qemu, ...given], {
      env: environment,
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    let complaint = ''
    child.stderr?.on('data', (chunk: Buffer) => {
      complaint = (complaint + chunk.toString('latin1')).slice(-500)
    })
    const ended = new Promise<void>((resolve) => child.on('exit', () => resolve()))
    child.on('error', () => {})
    try {
      await Promise.race([
        until(clock, () => existsSync(sockets.qmp) && existsSync(sockets.console)),
        ended.then(() => {
          throw trouble(`did not start: ${complaint.trim()}`)
        }),
      ])
      const serial = await connected(sockets.console)
      serial.on('error', () => {})
      linesOf(serial, hear)
      const qmp = await openQmp(sockets.qmp)
      for (const port of pulled) await qmp.execute('set_link', { name: port, up: false })
      await qmp.execute('cont')
      const machine = { child, qmp, ended }
      running = machine
      void ended.then(() => {
        if (running === machine) running = undefined
      })
    } catch (error) {
      child.kill('SIGKILL')
      throw error instanceof LabTrouble ? error : trouble(`did not start: ${(error as Error).message}`)
    }
  }
  async function cut(): Promise<void> {
    const machine = running
    running = undefined
    if (!machine) return
    machine.child.kill('SIGKILL')
    await machine.ended
    machine.qmp.close()
  }
  return {
    async accelerator(isAlive) {
      if (spec.accel !== 'auto' || !existsSync('/dev/kvm')) return accel
      accel = 'kvm'
      let lines = 0
      const hears = () => void lines++
      listeners.add(hears)
      try {
        await on()
        const due = clock.now() + startsWithin
        // One line may be that of a boot loader, which needs little of a processor.
        await until(clock, () => lines > 1 || isAlive() || clock.now() >= due)
      } catch (error) {
        if (!(error instanceof LabTrouble)) throw error
      }
      if (lines < 2 && !isAlive()) accel = 'tcg'
      listeners.delete(hears)
      await cut()
      reset()
      return accel
    },
    power: {
      on,
      cut,
      async reboot() {
        const machine = running
        if (machine) {
          await machine.qmp.execute('system_powerdown')
          await Promise.race([machine.ended, pause(clock, spec.shutdown)])
        }
        await cut()
        await on()
      },
      async reset() {
        await cut()
        reset()
        return 'off'
      },
    },
    plug(port, inserted) {
      if (inserted) pulled.delete(port)
      else pulled.add(port)
      running?.qmp.execute('set_link', { name: port, up: inserted }).catch(() => {})
    },
    onConsole(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    close() {
      running?.child.kill('SIGKILL')
      running?.qmp.close()
      running = undefined
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

interface Made {
  fileOf(name: string): string
  overlay: string
  accel: string
  tapOf(port: string): string
  sockets: { qmp: string; console: string }
}

function machineArguments(spec: MachineSpec, { fileOf, overlay, accel, tapOf, sockets }: Made): string[] {
  const file = (option: string, name: string | undefined) => (name === undefined ? [] : [option, fileOf(name)])
  return [
    ...[
      '-nodefaults',
      '-no-user-config',
      '-display',
      'none',
      '-S',
      '-sandbox',
      'on,obsolete=deny,elevateprivileges=deny,spawn=deny',
    ],
    ...['-machine', 'q35', '-accel', accel, ...(accel === 'kvm' ? ['-cpu', 'host'] : ['-cpu', 'max'])],
    ...['-m', String(spec.memory), '-name', 'denat', '-rtc', 'base=utc'],
    ...file('-bios', spec.firmware),
    ...file('-kernel', spec.kernel),
    ...file('-initrd', spec.initrd),
    ...(spec.kernel ? ['-append', `${spec.append} denat.ports=${spec.ports.join(',')}`] : []),
    ...['-drive', `file=${overlay},if=${spec.disk},format=qcow2,cache=writeback`],
    ...(spec.format === 'iso' ? ['-cdrom', fileOf(spec.image), '-boot', 'once=d'] : []),
    ...spec.ports.flatMap((port, index) => [
      // Frames must be whole and have their checksums, as on a wire.
      ...['-netdev', `tap,id=net-${port},ifname=${tapOf(port)},script=no,downscript=no,vnet_hdr=off`],
      ...['-device', `${spec.nic},id=${port},netdev=net-${port},mac=${macOf(index)}`],
    ]),
    ...['-object', 'rng-random,id=random,filename=/dev/urandom', '-device', 'virtio-rng-pci,rng=random'],
    ...['-chardev', `socket,id=console,path=${sockets.console},server=on,wait=off`, '-serial', 'chardev:console'],
    ...['-qmp', `unix:${sockets.qmp},server=on,wait=off`],
  ]
}

/** The same box in every run. */
const macOf = (index: number): string => `02:d0:75:00:02:${(index + 1).toString(16).padStart(2, '0')}`

const pause = (clock: Clock, seconds: number): Promise<void> =>
  new Promise((resolve) => void clock.after(seconds, resolve))

async function until(clock: Clock, what: () => boolean): Promise<void> {
  while (!what()) await pause(clock, 0.02)
}

/** Lines of at most 1,000 characters: a guest may write without an end. */
function linesOf(stream: NodeJS.ReadableStream, hear: (line: string) => void): void {
  let rest = ''
  stream.on('data', (chunk: Buffer) => {
    const lines = (rest + chunk.toString('latin1')).split(/\r?\n/)
    rest = (lines.pop() ?? '').slice(-1000)
    for (const line of lines) if (line.trim()) hear(line.slice(0, 1000))
  })
}
