/** The image of labs/devices/debian-vm: whether it is there and as new as what it is made of, and how it is made. */
import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const device = fileURLToPath(new URL('../../labs/devices/debian-vm', import.meta.url))
const router = fileURLToPath(new URL('../../labs/devices/debian', import.meta.url))
const folder = join(device, 'guest')

const newest = (path) =>
  statSync(path).isDirectory()
    ? Math.max(...readdirSync(path).map((name) => newest(join(path, name))))
    : statSync(path).mtimeMs

export function isGuestBuilt() {
  const image = join(folder, 'disk.img')
  if (!existsSync(image)) return false
  const sources = [join(device, 'build.sh'), join(device, 'init.sh'), join(router, 'router.sh'), join(router, 'router')]
  return statSync(image).mtimeMs >= Math.max(...sources.map(newest))
}

/** Throws with the script's last words. Needs the Debian mirror: a kernel is not part of a container. */
export function buildGuest() {
  const env = { ...process.env, DUT_NODE: process.execPath }
  return execFileSync(join(device, 'build.sh'), [folder], {
    env,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  }).trim()
}
