import { NamespaceError, netnsPrefix } from './netns.ts'

/** What is made for one software DUT, as data. */
export interface NamespacePlan {
  bench: string
  dut: string
  browser: string
  /** The bench's end of each of the DUT's ports. */
  benchPorts: Record<string, string>
  /** The bench's end of the browser's cable. */
  browserPort: string
  browserMac: string
  /** Kernel settings by namespace: written before there are interfaces. */
  sysctls: Record<string, Record<string, number>>
  /** Lines for `ip -batch`. */
  cables: string[]
  /** Every end, by namespace: none may merge frames or leave checksums to a card. */
  offloadsOff: Record<string, string[]>
  /** Ends that rise at once. The DUT's stay down: it is off. */
  up: Record<string, string[]>
}

/** The browser's network interface. */
export const browserInterface = 'eth0'

/** The DUT is the same box in every run, whatever the run is called. */
const dutMac = (index: number) => `02:d0:75:00:00:${(index + 1).toString(16).padStart(2, '0')}`
const browserMac = '02:d0:75:00:01:01'

export function namespacePlan(runId: string, ports: string[]): NamespacePlan {
  check('a run id of 1 to 6 lower-case letters and digits', /^[a-z0-9]{1,6}$/, runId)
  // The kernel allows 15 bytes for `d`, the run and the port.
  for (const port of ports) check('a port name of 1 to 8 lower-case letters and digits', /^[a-z][a-z0-9]{0,7}$/, port)
  if (new Set(ports).size !== ports.length)
    throw new NamespaceError(`Expected ports that differ, got ${ports.join(', ')}`)

  const name = (what: string) => `${netnsPrefix}${runId}-${what}`
  const [bench, dut, browser] = [name('bench'), name('dut'), name('browser')]
  const benchPorts = Object.fromEntries(ports.map((port) => [port, `d${runId}${port}`]))
  const browserPort = `d${runId}-web`
  return {
    bench,
    dut,
    browser,
    benchPorts,
    browserPort,
    browserMac,
    sysctls: {
      // No kernel may answer behind the bench's back.
      [bench]: { 'net.ipv6.conf.all.disable_ipv6': 1, 'net.ipv6.conf.default.disable_ipv6': 1 },
      // A host like any other, but for the wait of its duplicate address detection, which is no subject here.
      [browser]: {
        'net.ipv6.conf.default.disable_ipv6': 0,
        'net.ipv6.conf.default.accept_ra': 1,
        'net.ipv6.conf.default.accept_dad': 0,
        'net.ipv6.conf.all.accept_dad': 0,
        'net.ipv6.conf.default.use_tempaddr': 0,
      },
    },
    cables: [
      ...ports.map((port, i) => cable(bench, `d${runId}${port}`, dut, port, dutMac(i))),
      cable(bench, browserPort, browser, browserInterface, browserMac),
    ],
    offloadsOff: { [bench]: [...Object.values(benchPorts), browserPort], [dut]: ports, [browser]: [browserInterface] },
    up: { [bench]: [...Object.values(benchPorts), browserPort], [browser]: ['lo', browserInterface] },
  }
}

function cable(fromNetns: string, from: string, toNetns: string, to: string, mac: string): string {
  return `link add name ${from} netns ${fromNetns} type veth peer name ${to} netns ${toNetns} address ${mac}`
}

function check(what: string, pattern: RegExp, text: string) {
  if (!pattern.test(text)) throw new NamespaceError(`Expected ${what}, got "${text}"`)
}
