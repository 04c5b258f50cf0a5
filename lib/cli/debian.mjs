/** Debian packages: which are wanted, which are missing, and how they come in without waking a daemon. */
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { installation } from './installation.mjs'

/** The bench's own: namespaces and offloads, the browser with Latin and CJK letters, Java for the Allure report. */
export const benchPackages = [
  'iproute2',
  'ethtool',
  'nftables',
  'chromium',
  'fonts-dejavu-core',
  'fonts-wqy-zenhei',
  'default-jre-headless',
]

/** What the project's own tests need, in addition to the demo router: its peers, servers for the power drivers (SSH, SNMP), and Python for sockets of the kernel. */
export const testPackages = [
  'iputils-ping',
  'isc-dhcp-client',
  'isc-dhcp-server',
  'kea-admin',
  'openssh-client',
  'openssh-server',
  'python3',
  'radvd',
  'snmp',
  'snmpd',
  'wide-dhcpv6-client',
]

/** What a virtual machine needs, and what its image is made with. */
export const machinePackages = ['qemu-system-x86', 'qemu-utils', 'e2fsprogs', 'kmod', 'ppp']

/** Any Java will do, whichever package it came from. */
const servedByCommand = { 'default-jre-headless': 'java' }

export function missingDebianPackages(wanted, installed, hasCommand = onPath) {
  const served = (name) => installed.has(name) || (servedByCommand[name] && hasCommand(servedByCommand[name]))
  return [...new Set(wanted)].filter((name) => !served(name)).sort()
}

export function onPath(command) {
  return (process.env.PATH || '').split(delimiter).some((folder) => existsSync(join(folder, command)))
}

/** `dpkg-query` also lists what was removed or came in by half. */
export function parseInstalled(listing) {
  const lines = listing.split('\n').map((line) => line.split(' '))
  return new Set(lines.filter(([, status]) => status === 'installed').map(([name]) => name))
}

export function installedPackages() {
  // biome-ignore lint/suspicious/noTemplateCurlyInString: the placeholders are dpkg's
  const format = '${Package} ${db:Status-Status}\n'
  return parseInstalled(execFileSync('dpkg-query', ['-W', '-f', format], { encoding: 'utf8', maxBuffer: 1 << 26 }))
}

/** The packages that the software router of a device folder needs. */
export function devicePackages(folder) {
  const description = join(folder, 'device.yaml')
  const software = existsSync(description) && softwareOf(readFileSync(description, 'utf8'))
  if (!software) return []
  return execFileSync(join(folder, software), ['pkgs', 'x'], { encoding: 'utf8' }).split(/\s+/).filter(Boolean)
}

/** One key of one YAML file, read before there is a YAML parser. */
export function softwareOf(yaml) {
  return /^software:\s*['"]?([^'"\s#]+)/m.exec(yaml)?.[1]
}

/** Installs packages and returns the services that came with them, by then switched off. Throws when apt fails. */
export function installDebianPackages(names) {
  const { begin, end } = installation()
  let brought = []
  undisturbed(() => {
    begin()
    try {
      apt('update', '-qq')
      apt('install', '-qq', '--yes', '--no-install-recommends', ...names)
    } finally {
      brought = end()
    }
  })
  return brought
}

/** Puts right what an installation left that was killed. Returns false when there was none. */
export function repairInstallation() {
  return undisturbed(() =>
    installation().repair(() => {
      const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
      spawnSync('dpkg', ['--force-confold', '--configure', '-a'], { env, stdio: 'ignore' })
    }),
  )
}

/** With a listener, Ctrl-C ends apt but not this process, which has to tidy up. */
function undisturbed(work) {
  const stay = () => {}
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP']
  for (const signal of signals) process.on(signal, stay)
  try {
    return work()
  } finally {
    for (const signal of signals) process.off(signal, stay)
  }
}

function apt(...args) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  const done = spawnSync('apt-get', ['-o', 'DPkg::Lock::Timeout=300', ...args], {
    env,
    encoding: 'utf8',
    maxBuffer: 1 << 26,
  })
  if (done.status === 0) return
  const lastWords = `${done.stdout}${done.stderr}`.trim().split('\n').slice(-8).join('\n')
  throw new Error(`apt-get ${args[0]} failed${done.signal ? ` (${done.signal})` : ''}:\n${lastWords}`)
}
