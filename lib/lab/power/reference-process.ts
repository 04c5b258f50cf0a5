import { execFileSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { openPacketSocket } from '../../link/packet-socket.ts'
import { referenceRouter } from '../../router/router.ts'
import { realClock } from '../../time/real-clock.ts'
import { seeded } from '../../time/seed.ts'
import { mutants } from '../memory-mutants.ts'

// A process of its own in the namespace that holds the ports. It keeps the flash memory, so it survives power cuts.
const { DUT_WAN = 'wan0', DUT_LANS = 'lan0 lan1', MUTANT } = process.env
const [socket = ''] = process.argv.slice(2)
const names = [DUT_WAN, ...DUT_LANS.split(' ')]
const mutant = mutants.find(({ name }) => name === MUTANT)
if (MUTANT && !mutant) {
  console.error(`MUTANT: lib/router/mutants has no "${MUTANT}"`)
  process.exit(2)
}

// The kernel has no part in it: it neither answers for the ports nor changes their frames.
execFileSync('sysctl', ['-qw', 'net.ipv6.conf.all.disable_ipv6=1', 'net.ipv6.conf.default.disable_ipv6=1'])
for (const name of names)
  execFileSync('ethtool', ['-K', name, 'tx', 'off', 'gso', 'off', 'tso', 'off', 'gro', 'off'], { stdio: 'ignore' })

const clock = realClock()
const [wan, ...lan] = names.map((name) => openPacketSocket({ interface: name, clock }))
if (!wan) throw new RangeError('DUT_WAN names no port')
const router = referenceRouter({
  ...{ clock, wan, lan, random: seeded(`reference ${MUTANT ?? ''}`), behavior: mutant?.behavior },
  settled() {},
  ports(up) {
    const input = names.map((name) => `link set dev ${name} ${up ? 'up' : 'down'}\n`).join('')
    execFileSync('ip', ['-batch', '-'], { input })
  },
})

process.on('SIGTERM', () => {
  for (const file of [socket, `${socket}.log`]) rmSync(file, { force: true })
  process.exit()
})

const orders: Record<string, () => void> = {
  up: router.powerOn,
  down: router.powerCut,
  halt: router.powerCut,
  reboot: router.reboot,
  reset: router.factoryReset,
}

createServer({ allowHalfOpen: true }, (connection) => {
  connection.once('data', (chunk) => {
    const order = orders[String(chunk)]
    order?.()
    connection.end(order ? '' : `unknown order "${chunk}"`)
  })
}).listen(socket)
