import { readFileSync } from 'node:fs'
import { networkInterfaces } from 'node:os'
import { InputError } from '../lab/input-error.ts'
import { type Icmpv6Socket, openIcmpv6Socket } from '../link/icmpv6-socket.ts'
import { LinkError } from '../link/link.ts'
import { realClock } from '../time/real-clock.ts'
import { writer, written } from '../wire/bytes.ts'
import { encodeIcmpv6 } from '../wire/icmpv6.ts'
import { advertisementText } from './advertisement-text.ts'
import { print } from './terminal.ts'

export interface WatchCommand {
  /** As it was typed; without it, until Ctrl-C. */
  seconds?: string
}

/** `denat watch IFACE`: Router Advertisements as an ordinary host receives them. Exit code 1: none was received. */
export async function watchCommand(name: string, options: WatchCommand): Promise<number> {
  const seconds = options.seconds === undefined ? Number.POSITIVE_INFINITY : Number(options.seconds)
  if (!(seconds > 0)) throw new InputError('--seconds', `expected a number above 0, got ${options.seconds}`)
  const clock = realClock()
  const socket = openIcmpv6Socket(name)
  try {
    switchedOn(name)
    print(
      `${name}: Router Advertisements ${options.seconds === undefined ? 'until Ctrl-C' : `for ${seconds} s`}. The hop limit is not shown: this socket does not provide it (a valid RA has 255).`,
    )
    const routers = listen(socket, () => clock.now())
    const over = new Promise<void>((resolve, reject) => {
      clock.after(seconds, resolve)
      for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve())
      socket.onError(reject)
    })
    await Promise.all([solicit(socket, name), over])
    const seen = [...routers].map(([source, { count }]) => `${source} (${count})`)
    print(seen.length > 0 ? `\nreceived from: ${seen.join(', ')}` : '\nno Router Advertisement was received')
    return seen.length > 0 ? 0 : 1
  } finally {
    socket.close()
  }
}

function listen(socket: Icmpv6Socket, now: () => number): Map<string, { text: string; count: number }> {
  const routers = new Map<string, { text: string; count: number }>()
  socket.onMessage((message, source) => {
    const lines = advertisementText(message, source)
    if (!lines) return
    const known = routers.get(source)
    const text = lines.map((line) => `    ${line}`).join('\n')
    routers.set(source, { text, count: (known?.count ?? 0) + 1 })
    print(`\n${now().toFixed(1).padStart(7)} s  RA from ${source}${known?.text === text ? ', as before' : `\n${text}`}`)
  })
  return routers
}

/** Sends one RS, as a host that has just joined; without a response there is still the next unsolicited RA. */
async function solicit(socket: Icmpv6Socket, name: string): Promise<void> {
  const w = writer()
  // Without the option of its MAC it is valid from whichever source the kernel picks, the unspecified one as well.
  encodeIcmpv6(w, { type: 'router-solicitation', options: [] })
  try {
    await socket.send(written(w), 'ff02::2')
    print('One Router Solicitation was sent.')
  } catch (error) {
    if (!(error instanceof LinkError)) throw error
    print(`No Router Solicitation could be sent (${error.message}): waiting for unsolicited RAs.`)
  }
  if (!networkInterfaces()[name]?.some(({ address }) => address.startsWith('fe80:')))
    print(`${name} has no link-local address. Is it up? \`ip link set ${name} up\``)
}

/** Where IPv6 is disabled, the kernel drops every message before this socket. */
function switchedOn(name: string): void {
  // With slashes: a name may have dots in it.
  const key = `net/ipv6/conf/${name}/disable_ipv6`
  if (readFileSync(`/proc/sys/${key}`, 'utf8').trim() !== '0')
    throw new LinkError(`${name}: IPv6 is disabled on this interface. \`sysctl -w ${key}=0\` enables it`)
}
