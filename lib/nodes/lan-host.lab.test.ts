import { type ChildProcess, execFile, execFileSync, spawn } from 'node:child_process'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { inNetns } from '../link/network-namespace.ts'
import { disableOffloads } from '../link/offload.ts'
import { openPacketSocket, type PacketSocket } from '../link/packet-socket.ts'
import type { Frame } from '../recording/recording.ts'
import { realClock } from '../time/real-clock.ts'
import { freshSeed, seeded } from '../time/seed.ts'
import { openPort } from './attachment/port.ts'
import { type EmulatedLanHost, lanHost } from './lan-host.ts'

/** Our host at one end of a cable, a Linux kernel at the other: the stack that it must get along with. */
const id = freshSeed().slice(0, 4)
const here = `dn-${id}-h`
const there = `dn-${id}-k`
const HOST = '2a0e:b107:1:1::a'
const KERNEL = '2a0e:b107:1:1::1'
const clock = realClock()
const seconds = (time: number) => new Promise<void>((resolve) => clock.after(time, resolve))
const inKernel = (...command: string[]): string[] => ['netns', 'exec', there, ...command]
/** Our host answers on this thread: nothing may wait for the kernel's word by blocking it. */
const said = async (...command: string[]) => (await promisify(execFile)('ip', inKernel(...command))).stdout

const echoServer = `
import socketserver
class Echo(socketserver.BaseRequestHandler):
    def handle(self):
        while data := self.request.recv(65536): self.request.sendall(data)
class Server(socketserver.ThreadingTCPServer):
    address_family = socketserver.socket.AF_INET6
    allow_reuse_address = True
print('ready', flush=True)
Server(('::', 7), Echo).serve_forever()
`
const echoClient = `
import socket, threading
s = socket.create_connection(('${HOST}', 7), 5)
data = bytes(range(256)) * 400
threading.Thread(target=lambda: (s.sendall(data), s.shutdown(socket.SHUT_WR))).start()
got = b''
while part := s.recv(65536): got += part
print(got == data)
`

let socket: PacketSocket
let server: ChildProcess
let host: EmulatedLanHost
const frames: Frame[] = []

beforeAll(async () => {
  const lines = [
    `netns add ${here}`,
    `netns add ${there}`,
    `link add name p0 netns ${here} type veth peer name p1 netns ${there}`,
  ]
  execFileSync('ip', ['-batch', '-'], { input: lines.join('\n') })
  inNetns(here, () => {
    execFileSync('sysctl', ['-qw', 'net.ipv6.conf.all.disable_ipv6=1'])
    disableOffloads('p0')
  })
  inNetns(there, () => disableOffloads('p1'))
  execFileSync('ip', ['-n', here, 'link', 'set', 'p0', 'up'])
  execFileSync('ip', ['-n', there, 'link', 'set', 'p1', 'up'])
  execFileSync('ip', ['-n', there, 'address', 'add', `${KERNEL}/64`, 'dev', 'p1', 'nodad'])
  server = spawn('ip', inKernel('python3', '-c', echoServer), { stdio: ['ignore', 'pipe', 'inherit'] })
  await new Promise((resolve) => server.stdout?.once('data', resolve))
  socket = openPacketSocket({ interface: 'p0', netns: here, clock })
  const port = openPort(socket, clock, (name, direction, at, bytes, packet) => {
    const from = direction === 'in' ? 'dut' : 'bench'
    const frame: Frame = { number: frames.length + 1, port: name, at, direction, from, bytes, packet }
    frames.push(frame)
    return frame
  })
  const ctx = { clock, random: seeded(id), settled() {} }
  host = lanHost(ctx, { name: 'host', mac: '02:00:00:00:00:0a', port })
  host.adopt(HOST)
  host.serveTcp(7)
  await seconds(1.2)
})

afterAll(() => {
  server.kill()
  host.leave()
  socket.close()
  execFileSync('ip', ['-batch', '-'], { input: `netns del ${here}\nnetns del ${there}` })
})

describe('a LAN host and a Linux kernel', () => {
  test('ping each other, in fragments too', async () => {
    expect((await host.ping(KERNEL))?.packet.ip6?.src).toBe(KERNEL)
    expect((await host.ping(KERNEL, { size: 5000 }))?.packet.ext?.[0]?.type).toBe('fragment')
    expect(await said('ping', '-c', '3', '-i', '0.1', '-s', '3000', HOST)).toContain('3 received')
  })

  test('a client of ours talks to its server', async () => {
    const from = frames.length
    const { outcome } = await host.connect(KERNEL, 7, { bytes: 200_000, within: 10 })
    expect(outcome).toBe('connected')
    const segments = frames.slice(from).flatMap(({ packet }) => packet.tcp ?? [])
    expect(segments.filter(({ flags }) => flags.includes('fin'))).toHaveLength(2)
    expect(segments.filter(({ flags }) => flags.includes('rst'))).toEqual([])
    expect((await host.connect(KERNEL, 8)).outcome).toBe('refused')
  })

  test('its client talks to a server of ours', async () => {
    expect((await said('python3', '-c', echoClient)).trim()).toBe('True')
  })
})
