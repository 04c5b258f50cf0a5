/** Debian packages: which are wanted, which are missing, and how they come in without waking a daemon. */
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { basename, delimiter, join } from 'node:path'

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

/** Software that the project's own tests use as peers, in addition to that of the demo router, and Python for a kernel's sockets. */
export const testPackages = [
  'iputils-ping',
  'isc-dhcp-client',
  'isc-dhcp-server',
  'kea-admin',
  'python3',
  'radvd',
  'wide-dhcpv6-client',
]

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
  const before = startLinks()
  holdingServices(() => {
    apt('update', '-qq')
    apt('install', '-qq', '--yes', '--no-install-recommends', ...names)
  })
  const brought = startLinks().filter((link) => !before.includes(link))
  switchOff(brought)
  return [...new Set(brought.map((link) => serviceOf(link).replace(/\.service$/, '')))].sort()
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

/** A router's daemons must not start on the machine itself: they would answer on its network. */
const policy = '/usr/sbin/policy-rc.d'
const putAside = `${policy}.before-denat`
const ours = '# Put here by denat while it installs packages: no service starts.'

function holdingServices(work) {
  restorePolicy() // of an earlier run that was killed
  // With a listener, Ctrl-C ends apt but not this process, which has to tidy up.
  const stay = () => {}
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP']
  for (const signal of signals) process.on(signal, stay)
  try {
    if (existsSync(policy)) renameSync(policy, putAside)
    writeFileSync(policy, `#!/bin/sh\n${ours}\nexit 101\n`, { mode: 0o755 })
    work()
  } finally {
    restorePolicy()
    for (const signal of signals) process.off(signal, stay)
  }
}

function restorePolicy() {
  if (existsSync(policy) && readFileSync(policy, 'utf8').includes(ours)) rmSync(policy)
  if (existsSync(putAside) && !existsSync(policy)) renameSync(putAside, policy)
}

/** Links by which units and init scripts would start at the next boot, whether or not systemd runs here. */
function startLinks() {
  const units = foldersOf('/etc/systemd/system', /\.(wants|requires)$/)
  const scripts = foldersOf('/etc', /^rc\d\.d$/).filter((link) => /\/S\d\d[^/]+$/.test(link))
  return [...units, ...scripts]
}

function foldersOf(parent, wanted) {
  const folders = list(parent).filter((name) => wanted.test(name))
  return folders.flatMap((folder) => list(join(parent, folder)).map((name) => join(parent, folder, name)))
}

function list(folder) {
  return existsSync(folder) ? readdirSync(folder) : []
}

/** `bird.service` of a unit's link, `bird` of an init script's. */
export function serviceOf(link) {
  return basename(link).replace(/^S\d\d/, '')
}

/** As an administrator would: packages remember it, so that an upgrade doesn't switch the service on again. */
function switchOff(links) {
  for (const link of links.filter((link) => link.startsWith('/etc/systemd/'))) {
    if (existsSync('/run/systemd/system')) run('systemctl', 'stop', serviceOf(link))
    rmSync(link, { force: true })
  }
  for (const script of new Set(links.filter((link) => link.startsWith('/etc/rc')).map(serviceOf))) {
    run('update-rc.d', script, 'disable')
  }
}

function run(command, ...args) {
  spawnSync(command, args, { stdio: 'ignore' })
}
