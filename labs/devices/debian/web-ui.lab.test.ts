import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { unzipSync } from 'fflate'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type BrowserSession, openBrowser } from '../../../lib/web-ui/browser.ts'
import { webUi } from './web-ui.ts'

const missing = ['/usr/bin/chromium', '/usr/sbin/bird', '/usr/sbin/dhcpcd', '/usr/sbin/kea-dhcp6'].filter(
  (file) => !existsSync(file),
)
const id = `dnui${process.pid % 10_000}`
const router = `${id}-r`
const host = `${id}-h`
const folder = mkdtempSync(join(tmpdir(), 'denat-web-ui-'))
const software = fileURLToPath(new URL('router.sh', import.meta.url))
const environment = {
  ...process.env,
  DUT_LANS: 'lan0',
  DUT_FLASH_ROOT: join(folder, 'flash'),
  DUT_PID_ROOT: join(folder, 'pid'),
}

const run = (...command: string[]) => {
  const [file = '', ...rest] = command
  return execFileSync(file, rest, { encoding: 'utf8', env: environment, stdio: ['ignore', 'pipe', 'inherit'] })
}

/** The router's ULA, as a host on the LAN would learn it, and an address beside it. */
function url6() {
  const ula =
    /inet6 (fd[0-9a-f:]+)\/64/.exec(run(software, 'exec', router, 'ip', '-6', 'addr', 'show', 'dev', 'lan0'))?.[1] ?? ''
  run('ip', '-n', host, 'addr', 'replace', `${ula.replace(/::1$/, '::50')}/64`, 'dev', 'eth0', 'nodad')
  return `http://[${ula}]`
}

let session: BrowserSession
beforeAll(async () => {
  if (missing.length > 0) return
  for (const name of [router, host]) run('ip', 'netns', 'add', name)
  run('ip', '-n', router, 'link', 'add', 'wan0', 'type', 'veth', 'peer', 'name', 'wan', 'netns', host)
  run('ip', '-n', router, 'link', 'add', 'lan0', 'type', 'veth', 'peer', 'name', 'eth0', 'netns', host)
  run('ip', '-n', host, 'addr', 'add', '192.168.1.50/24', 'dev', 'eth0')
  run('ip', '-n', host, 'link', 'set', 'eth0', 'up')
  run(software, 'up', router)
  const device = { url: url6(), user: 'admin', password: 'denat-demo' }
  session = await openBrowser({ netns: host, pageObject: webUi, device, folder: join(folder, 'pages') })
})
afterAll(async () => {
  if (missing.length === 0) {
    await session?.close()
    run(software, 'reset', router)
    for (const name of [router, host]) run('ip', 'netns', 'del', name)
  }
  rmSync(folder, { recursive: true })
})

test.skipIf(missing.length > 0)(
  'settings take effect, outlive a reboot over IPv6, and are gone after a factory reset',
  async () => {
    const { ui } = session
    await ui.signIn()
    expect(await ui.status()).toMatchObject({
      ipv6: true,
      firewall: 'on',
      online: false,
      delegatedPrefixes: [],
      pinholes: [],
    })
    await ui.setFirewall('off')
    await expect(ui.openPinhole({ host: '2a00::1', protocol: 'tcp', port: 443 })).rejects.toMatchObject({
      name: 'WebUiError',
      call: 'openPinhole',
      seen: expect.stringContaining('not in a prefix'),
    })
    await ui.reboot()
    await ui.signIn()
    expect(await ui.status()).toMatchObject({ firewall: 'off' })
    await ui.setIpv6(false)
    expect(await ui.status()).toMatchObject({ ipv6: false })
    await ui.factoryReset()
    await session.close()

    const device = { url: 'http://192.168.1.1', user: 'admin', password: 'denat-demo' }
    session = await openBrowser({ netns: host, pageObject: webUi, device, folder: join(folder, 'pages4') })
    await session.ui.signIn()
    expect(await session.ui.status()).toMatchObject({ ipv6: true, firewall: 'on' })
  },
)

test.skipIf(missing.length > 0)('a wrong password is told as such', async () => {
  const device = { url: 'http://192.168.1.1', user: 'admin', password: 'wrong' }
  const other = await openBrowser({ netns: host, pageObject: webUi, device, folder: join(folder, 'wrong') })
  await expect(other.ui.signIn()).rejects.toMatchObject({
    expected: 'the status page',
    seen: '"User or password is wrong."',
  })
  await other.close()
})

test.skipIf(missing.length > 0)('each call leaves a screenshot, and the trace tells no secrets', () => {
  const files = readdirSync(join(folder, 'pages'))
  expect(files).toEqual(
    expect.arrayContaining(['01-sign-in.png', '02-status.png', '04-open-pinhole-failed.png', 'trace.zip']),
  )
  for (const file of files.filter((name) => name.endsWith('.zip'))) {
    const text = Object.values(unzipSync(readFileSync(join(folder, 'pages', file))))
      .map((data) => Buffer.from(data).toString('latin1'))
      .join('\n')
    expect(text).not.toMatch(/session=[0-9a-f]{64}/)
    expect(text).not.toContain('denat-demo')
  }
})
