/** Debian packages: which are wanted, which are missing, and how they come in without waking a daemon. */
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'

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

/** What the software router of a device folder says that it needs. */
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
  const before = enabledServices()
  holdingServices(() => {
    apt('update', '-qq')
    apt('install', '-qq', '--yes', '--no-install-recommends', ...names)
  })
  const brought = enabledServices().filter((name) => !before.includes(name))
  for (const name of brought) switchOff(name)
  return brought
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

/** Units and init scripts that would start at the next boot, whether or not systemd runs here. */
function enabledServices() {
  const units = list('/etc/systemd/system')
    .filter((folder) => /\.(wants|requires)$/.test(folder))
    .flatMap((folder) => list(`/etc/systemd/system/${folder}`))
  const scripts = list('/etc')
    .filter((folder) => /^rc\d\.d$/.test(folder))
    .flatMap((folder) => list(`/etc/${folder}`))
    .flatMap((link) => /^S\d\d(.+)/.exec(link)?.[1] ?? [])
  return [...new Set([...units, ...scripts])].sort()
}

function list(folder) {
  return existsSync(folder) ? readdirSync(folder) : []
}

function switchOff(name) {
  const isUnit = /\.\w+$/.test(name)
  if (isUnit && existsSync('/run/systemd/system')) run('systemctl', 'stop', name)
  if (isUnit) run('deb-systemd-helper', 'disable', name)
  else run('update-rc.d', name, 'disable')
}

function run(command, ...args) {
  spawnSync(command, args, { stdio: 'ignore' })
}
