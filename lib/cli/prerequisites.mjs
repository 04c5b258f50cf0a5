/** What must be there before anything runs. No dependencies: this is what finds out that they are missing. */
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('../..', import.meta.url))

const oldestNode = [20, 19]

/** What is wrong with this version of Node, with the remedy; undefined when nothing is. */
export function nodeProblem(version = process.versions.node) {
  const [major, minor] = version.split('.').map(Number)
  if (major > oldestNode[0] || (major === oldestNode[0] && minor >= oldestNode[1])) return undefined
  return `Node ${oldestNode.join('.')} or newer is needed, this is ${version}: install 24 or 22 from https://nodejs.org/en/download and run this again.`
}

const supported = { node: [20, 22, 24], debian: ['12', '13'] }

/**
 * What is not supported here, by name: it may work, but it is not tested.
 * @param {{ node?: string, system?: string }} here the version of Node, and the text of `/etc/os-release`
 * @returns {string[]}
 */
export function unsupported({ node = process.versions.node, system = osRelease() } = {}) {
  const field = (name) => new RegExp(`^${name}="?([^"\n]*)`, 'm').exec(system)?.[1]
  const major = Number.parseInt(node, 10)
  const isDebian = field('ID') === 'debian' && supported.debian.includes(field('VERSION_ID') ?? '')
  return [
    ...(major === 20 ? [`Node ${node} has reached its end of life: it works, but 24 or 22 is recommended.`] : []),
    ...(supported.node.includes(major)
      ? []
      : [`Node ${node} is not supported: denat is tested with ${supported.node.join(', ')}.`]),
    ...(system === '' || isDebian
      ? []
      : [`${field('PRETTY_NAME')} is not supported: denat is tested on Debian ${supported.debian.join(' and ')}.`]),
  ]
}

function osRelease() {
  return existsSync('/etc/os-release') ? readFileSync('/etc/os-release', 'utf8') : ''
}

/**
 * Packages of the lockfile that are not installed in the version it names. npm's own record of what it installed
 * is the stamp, so that a manual `npm ci` counts as well. Optional packages may be missing: most are other platforms'.
 */
export function missingPackages(lock, installed, { dev }) {
  return Object.entries(lock.packages)
    .filter(([path, wanted]) => path !== '' && !wanted.optional && (dev || !wanted.dev))
    .filter(([path, wanted]) => installed?.packages[path]?.version !== wanted.version)
    .map(([path]) => path.replace(/^.*node_modules\//, ''))
}

/** The same for this checkout. A copy that was installed as a dependency has no lockfile: npm installed its packages. */
export function missingHere(options) {
  const lock = json('package-lock.json')
  return lock ? missingPackages(lock, json('node_modules/.package-lock.json'), options) : []
}

function json(file) {
  return existsSync(root + file) ? JSON.parse(readFileSync(root + file, 'utf8')) : undefined
}

/** Why this machine can't run a lab of network namespaces, with the remedy; undefined when it can. */
export function labProblem({
  platform = process.platform,
  uid = process.getuid?.(),
  unshare = mayUnshare,
  apt = existsSync('/usr/bin/apt-get'),
} = {}) {
  if (platform !== 'linux')
    return 'network namespaces are needed, which only Linux has: run this on Debian 13 or 12, for example in a virtual machine.'
  if (uid !== 0) return 'root is needed for network namespaces and raw sockets: run this as root.'
  if (!apt)
    return "Debian's router software and browser are needed, and there is no apt-get here: run this on Debian 13 or 12."
  if (!unshare()) return 'this root user cannot create network namespaces: in a container, start it with --privileged.'
  return undefined
}

function mayUnshare() {
  try {
    execFileSync('unshare', ['--net', '--mount', 'true'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}
