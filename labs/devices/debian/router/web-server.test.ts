import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { createWebServer, factoryPassword, factoryUser, hashPassword, passwordFits } from './web-server.mjs'

const status = {
  ipv6: true,
  firewall: 'on' as const,
  flags: { onLink: true, autonomous: true },
  ula: 'fd01:2:3::/48',
  online: true,
  wanAddresses: ['2a0a:1::1'],
  delegatedPrefixes: [{ prefix: '2a0a:2::/56', preferredLifetime: 100, validLifetime: 200 }],
  lanPrefixes: [{ prefix: '2a0a:2::/64', lan: 'lan0' }],
  downstream: [{ prefix: '2a0a:2:0:2::/64', router: '<img src=x onerror=alert(1)>' }],
  dns: ['2a0a:1::53'],
  pinholes: [],
}
const control = {
  status: vi.fn(async () => status),
  setIpv6: vi.fn(async (_on: boolean) => {}),
  setFirewall: vi.fn(async (_level: 'on' | 'off') => {}),
  setPrefixFlags: vi.fn(async (_flags: { onLink: boolean; autonomous: boolean }) => {}),
  setUla: vi.fn(async (_prefix: { address: bigint; length: number }) => {}),
  openPinhole: vi.fn(async (_order: { host: string }): Promise<string | undefined> => undefined),
  closePinhole: vi.fn(async (_order: { host: string }) => {}),
  reboot: vi.fn(async () => {}),
  factoryReset: vi.fn(async () => {}),
}
const server = createWebServer({ control, secret: hashPassword(factoryPassword) })
let url = ''
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(() => server.close())
beforeEach(() => vi.clearAllMocks())

const get = (path: string, cookie = '') => fetch(url + path, { headers: { cookie }, redirect: 'manual' })
const post = (path: string, form: Record<string, string>, headers: Record<string, string> = {}) =>
  fetch(url + path, { method: 'POST', body: new URLSearchParams(form), headers, redirect: 'manual' })

async function signIn() {
  const answer = await post('/sign-in', { user: factoryUser, password: factoryPassword })
  const cookie = answer.headers.get('set-cookie') ?? ''
  const session = cookie.split(';')[0] ?? ''
  const csrf = /name="csrf" value="([0-9a-f]+)"/.exec(await (await get('/ipv6', session)).text())?.[1] ?? ''
  return { cookie, session, csrf }
}

test('a password is kept as a salted hash', () => {
  const [one, two] = [hashPassword('x'), hashPassword('x')]
  expect(one.hash).not.toBe(two.hash)
  expect(passwordFits(one, 'x')).toBe(true)
  expect(passwordFits(one, 'y')).toBe(false)
})

test('every page says whose it is, and without a session there is only the sign-in', async () => {
  expect(await (await get('/')).text()).toContain('denat demo router UI')
  for (const path of ['/status', '/ipv6', '/firewall', '/system']) {
    const answer = await get(path)
    expect([answer.status, answer.headers.get('location')]).toEqual([303, '/'])
  }
})

test('a wrong password or user is refused', async () => {
  expect((await post('/sign-in', { user: factoryUser, password: 'wrong' })).status).toBe(401)
  expect((await post('/sign-in', { user: 'x', password: factoryPassword })).status).toBe(401)
})

test('the session cookie is out of reach of scripts and of other sites', async () => {
  expect((await signIn()).cookie).toMatch(/; HttpOnly; SameSite=Strict/)
})

test('what came from the wire is shown, not interpreted', async () => {
  const { session } = await signIn()
  const text = await (await get('/status', session)).text()
  expect(text).toContain('&lt;img src=x')
  expect(text).not.toContain('<img')
})

test('a form needs the session’s token and the same origin', async () => {
  const { session, csrf } = await signIn()
  expect((await post('/ipv6', { ipv6: 'off' }, { cookie: session })).status).toBe(403)
  expect((await post('/ipv6', { ipv6: 'off', csrf }, { cookie: session, origin: 'http://evil.example' })).status).toBe(
    403,
  )
  expect(control.setIpv6).not.toHaveBeenCalled()
  expect((await post('/ipv6', { ipv6: 'off', csrf }, { cookie: session })).status).toBe(303)
  expect(control.setIpv6).toHaveBeenCalledWith(false)
})

test('a pinhole is for an address, a protocol and a port', async () => {
  const { session, csrf } = await signIn()
  const open = (form: Record<string, string>) => post('/pinholes/open', { csrf, ...form }, { cookie: session })
  for (const form of [
    { host: 'x; drop', protocol: 'tcp', port: '1' },
    { host: '2a0a::1', protocol: 'icmp', port: '1' },
    { host: '2a0a::1', protocol: 'tcp', port: '65536' },
    { host: '2a0a::1', protocol: 'tcp', port: '' },
  ])
    expect((await open(form)).status).toBe(400)
  expect(control.openPinhole).not.toHaveBeenCalled()
  expect((await open({ host: '2a0a::1', protocol: 'udp', port: '443' })).status).toBe(303)
  expect(control.openPinhole).toHaveBeenCalledWith({ host: '2a0a::1', protocol: 'udp', port: 443 })
})

test('flags of prefixes are set both at once, and a ULA prefix is one', async () => {
  const { session, csrf } = await signIn()
  const send = (path: string, form: Record<string, string>) => post(path, { csrf, ...form }, { cookie: session })
  expect((await send('/lan-flags', { 'on-link': 'yes' })).status).toBe(303)
  expect(control.setPrefixFlags).toHaveBeenCalledWith({ onLink: true, autonomous: false })
  for (const ula of ['', 'fd01:2:3::/64', 'fc01:2:3::/48', '2a0a::/48', 'x; drop'])
    expect((await send('/ula', { ula })).status).toBe(400)
  expect(control.setUla).not.toHaveBeenCalled()
  expect((await send('/ula', { ula: 'fd01:2:3:4::/48' })).status).toBe(303)
  expect(control.setUla).toHaveBeenCalledWith({ address: 0xfd01_0002_0003n << 80n, length: 48 })
})

test('what the router refuses is shown', async () => {
  control.openPinhole.mockResolvedValueOnce('not a host of ours')
  const { session, csrf } = await signIn()
  const answer = await post(
    '/pinholes/open',
    { csrf, host: '2a0a::1', protocol: 'tcp', port: '1' },
    { cookie: session },
  )
  expect(await answer.text()).toContain('not a host of ours')
})

test('a page asked for under a foreign name is not given', async () => {
  const { request } = await import('node:http')
  const code = await new Promise((resolve) =>
    request(`${url}/`, { headers: { host: 'evil.example' } }, (answer) => resolve(answer.statusCode)).end(),
  )
  expect(code).toBe(421)
})

// The last one: nobody is served after it.
test('a factory reset wants to be confirmed', async () => {
  const { session, csrf } = await signIn()
  expect((await post('/factory-reset', { csrf }, { cookie: session })).status).toBe(400)
  expect(control.factoryReset).not.toHaveBeenCalled()
  expect((await post('/factory-reset', { csrf, sure: 'yes' }, { cookie: session })).status).toBe(200)
  expect(control.factoryReset).toHaveBeenCalled()
  await expect(get('/')).rejects.toThrow()
})
