/** What an installation of Debian packages changes on the machine for its duration, and how it is put right: also after it was killed. */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'

const mark =
  '# Put here by denat while it installs packages: no service starts. Without effect once that process has ended.'

/**
 * A router's daemons must not start on the machine itself: they would answer on its network.
 * @param {string} root of the file system
 */
export function installation(root = '') {
  const policy = `${root}/usr/sbin/policy-rc.d`
  const putAside = `${policy}.before-denat`
  /** Written before anything is changed: the process that installs, and the services that start at boot without it. */
  const journal = `${root}/var/lib/denat/installing.json`

  /** Services do not start until `end`. @param {string[]} before links of the services that are not this installation's */
  function begin(before = startLinks(root)) {
    const owner = { pid: process.pid, start: startOf(process.pid) }
    for (const file of [journal, policy]) mkdirSync(dirname(file), { recursive: true })
    writeFileSync(`${journal}.new`, JSON.stringify({ ...owner, before }))
    renameSync(`${journal}.new`, journal)
    if (existsSync(policy) && !isOurs()) renameSync(policy, putAside)
    const script = `#!/bin/sh
${mark}
[ "$(sed 's/.*) //' /proc/${owner.pid}/stat 2>/dev/null | cut -d' ' -f20)" = ${owner.start} ] && exit 101
[ -x ${putAside} ] && exec ${putAside} "$@"
exit 0
`
    writeFileSync(`${policy}.new`, script, { mode: 0o755 })
    renameSync(`${policy}.new`, policy)
  }

  /** Switches off what came with the packages, and returns their services. */
  function end() {
    const { before } = JSON.parse(readFileSync(journal, 'utf8'))
    const brought = startLinks(root).filter((link) => !before.includes(link))
    switchOff(brought, root)
    if (existsSync(policy) && isOurs()) rmSync(policy)
    if (existsSync(putAside) && !existsSync(policy)) renameSync(putAside, policy)
    rmSync(journal)
    return [...new Set(brought.map((link) => serviceOf(link).replace(/\.service$/, '')))].sort()
  }

  const isOurs = () => readFileSync(policy, 'utf8').includes(mark)

  return {
    begin,
    end,
    /**
     * Ends the installation of a process that was killed. Returns false when there was none.
     * @param {() => void} configure completes the packages that it began
     */
    repair(configure) {
      if (!existsSync(journal)) return false
      const { pid, start, before } = JSON.parse(readFileSync(journal, 'utf8'))
      if (startOf(pid) === start) return false
      begin(before)
      configure()
      end()
      return true
    },
  }
}

/** When a process started, in ticks since boot: pids are used again. @param {number} pid */
function startOf(pid) {
  const stat = `/proc/${pid}/stat`
  return existsSync(stat)
    ? readFileSync(stat, 'utf8')
        .replace(/^.*\) /s, '')
        .split(' ')[19]
    : undefined
}

/** Links by which units and init scripts would start at the next boot, whether or not systemd runs here. */
function startLinks(root) {
  const units = foldersOf(`${root}/etc/systemd/system`, /\.(wants|requires)$/)
  const scripts = foldersOf(`${root}/etc`, /^rc\d\.d$/).filter((link) => /\/S\d\d[^/]+$/.test(link))
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
function switchOff(links, root) {
  for (const link of links.filter((link) => link.startsWith(`${root}/etc/systemd/`))) {
    if (existsSync(`${root}/run/systemd/system`)) run('systemctl', 'stop', serviceOf(link))
    rmSync(link, { force: true })
  }
  for (const script of new Set(links.filter((link) => link.startsWith(`${root}/etc/rc`)).map(serviceOf))) {
    run('update-rc.d', script, 'disable')
  }
}

function run(command, ...args) {
  spawnSync(command, args, { stdio: 'ignore' })
}
