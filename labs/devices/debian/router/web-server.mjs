/** The web page's server. What it can do to the router is `control`; it knows nothing else of it. */
import { randomBytes, scryptSync, timingSafeEqual } from 'node:crypto'
import { createServer } from 'node:http'
import { isIPv6 } from 'node:net'
import { parseAddress, prefix } from './address.mjs'
import { errorPage, farewellPage, firewallPage, ipv6Page, signInPage, statusPage, systemPage } from './web-pages.mjs'

export const factoryUser = 'admin'
export const factoryPassword = 'denat-demo'
const sessionSeconds = 3600

/** @typedef {{ salt: string, hash: string }} Secret */

/** @param {string} password @returns {Secret} */
export function hashPassword(password) {
  const salt = randomBytes(16).toString('hex')
  return { salt, hash: derive(password, salt).toString('hex') }
}

const derive = (/** @type {string} */ password, /** @type {string} */ salt) =>
  scryptSync(password, salt, 32, { N: 4096 })
const same = (/** @type {Buffer} */ a, /** @type {Buffer} */ b) => a.length === b.length && timingSafeEqual(a, b)

/** @param {Secret} secret @param {string} password */
export const passwordFits = (secret, password) => same(derive(password, secret.salt), Buffer.from(secret.hash, 'hex'))

/**
 * @param {object} options
 * @param {import('./router.mjs').Control} options.control
 * @param {Secret} options.secret
 */
export function createWebServer({ control, secret }) {
  /** @type {Map<string, { csrf: string, until: number, notice?: string }>} */
  const sessions = new Map()

  /** @typedef {{ session: { csrf: string, notice?: string }, form: URLSearchParams }} Call */
  /** @typedef {{ page: string, code?: number, last?: boolean } | { to: string, notice?: string }} Answer */
  /** @type {Record<string, (call: Call) => Promise<Answer>>} */
  const pages = {
    'GET /status': async () => ({ page: statusPage(await control.status()) }),
    'GET /ipv6': async ({ session }) => ({
      page: ipv6Page(await control.status(), session.csrf, { notice: takeNotice(session) }),
    }),
    'GET /firewall': async ({ session }) => ({
      page: firewallPage(await control.status(), session.csrf, { notice: takeNotice(session) }),
    }),
    'GET /system': async ({ session }) => ({ page: systemPage(session.csrf) }),
    'POST /ipv6': async ({ form }) => {
      const value = form.get('ipv6')
      if (value !== 'on' && value !== 'off') return { page: errorPage('Choose on or off.'), code: 400 }
      await control.setIpv6(value === 'on')
      return { to: '/ipv6', notice: 'Saved.' }
    },
    'POST /lan-flags': async ({ form }) => {
      await control.setPrefixFlags({ onLink: form.has('on-link'), autonomous: form.has('autonomous') })
      return { to: '/ipv6', notice: 'Saved.' }
    },
    'POST /ula': async ({ form, session }) => {
      const ula = ulaPrefix(form.get('ula')?.trim() ?? '')
      if (!ula) {
        const error = 'The ULA prefix is a /48 in fd00::/8.'
        return { page: ipv6Page(await control.status(), session.csrf, { error }), code: 400 }
      }
      await control.setUla(ula)
      return { to: '/ipv6', notice: 'Saved.' }
    },
    'POST /firewall': async ({ form }) => {
      const value = form.get('level')
      if (value !== 'on' && value !== 'off') return { page: errorPage('Choose on or off.'), code: 400 }
      await control.setFirewall(value)
      return { to: '/firewall', notice: 'Saved.' }
    },
    'POST /pinholes/open': async ({ form, session }) => {
      const hole = pinhole(form)
      const error = typeof hole === 'string' ? hole : await control.openPinhole(hole)
      if (error) return { page: firewallPage(await control.status(), session.csrf, { error }), code: 400 }
      return { to: '/firewall', notice: 'Pinhole opened.' }
    },
    'POST /pinholes/close': async ({ form }) => {
      const hole = pinhole(form)
      if (typeof hole === 'string') return { page: errorPage(hole), code: 400 }
      await control.closePinhole(hole)
      return { to: '/firewall', notice: 'Pinhole closed.' }
    },
    'POST /reboot': async () => {
      await control.reboot()
      return { page: farewellPage('Reboot', 'The router is rebooting.'), last: true }
    },
    'POST /factory-reset': async ({ form }) => {
      if (form.get('sure') !== 'yes') return { page: errorPage('Confirm that all settings may be deleted.'), code: 400 }
      await control.factoryReset()
      return { page: farewellPage('Factory reset', 'The router is restoring its factory settings.'), last: true }
    },
  }

  const server = createServer({ requestTimeout: 10_000 }, (request, response) => {
    void answer(request)
      .catch((error) => {
        console.log(`web page: ${error.stack}`)
        return { page: errorPage('Something went wrong in the router.'), code: 500, headers: {}, last: false }
      })
      .then((reply) => {
        if (reply.last) response.on('finish', () => void server.close().closeAllConnections())
        response.writeHead(reply.code, { ...securityHeaders, ...reply.headers })
        response.end(reply.page)
      })
  })
  return server

  /** @param {import('node:http').IncomingMessage} request @returns {Promise<{ code: number, page: string, headers: Record<string, string>, last?: boolean }>} `last`: nobody is served after it, so that nobody takes the router for one that is back */
  async function answer(request) {
    const { pathname } = new URL(request.url ?? '/', 'http://router')
    const refuse = (/** @type {number} */ code, /** @type {string} */ text) => ({
      code,
      page: errorPage(text),
      headers: {},
    })
    // Another site's name for this address would let that site's scripts in (DNS rebinding).
    if (!ownHost(request.headers.host)) return refuse(421, 'This router is not called so.')
    if (request.method !== 'GET' && request.method !== 'POST') return refuse(405, 'Only GET and POST.')
    const { origin } = request.headers
    if (request.method === 'POST' && origin !== undefined && origin !== `http://${request.headers.host}`)
      return refuse(403, 'The form comes from another site.')
    const form = new URLSearchParams(request.method === 'POST' ? await body(request) : '')
    if (request.method === 'POST' && pathname === '/sign-in') return signIn(form)
    const id = /(?:^|;\s*)session=([0-9a-f]{64})(?:;|$)/.exec(request.headers.cookie ?? '')?.[1] ?? ''
    const session = sessions.get(id)
    if (!session || session.until < Date.now()) {
      sessions.delete(id)
      if (pathname === '/') return { code: 200, page: signInPage({}), headers: {} }
      return redirect('/')
    }
    if (request.method === 'POST' && !same(Buffer.from(form.get('csrf') ?? ''), Buffer.from(session.csrf)))
      return refuse(403, 'The form is not from this session. Load the page again.')
    if (request.method === 'POST' && pathname === '/sign-out') {
      sessions.delete(id)
      return redirect('/')
    }
    if (pathname === '/') return redirect('/status')
    const handler = pages[`${request.method} ${pathname}`]
    if (!handler) return refuse(404, 'There is no such page.')
    const done = await handler({ session, form })
    if ('page' in done) return { code: done.code ?? 200, page: done.page, headers: {}, last: done.last ?? false }
    session.notice = done.notice
    return redirect(done.to)
  }

  /** @param {URLSearchParams} form */
  async function signIn(form) {
    const user = same(
      Buffer.from((form.get('user') ?? '').padEnd(64).slice(0, 64)),
      Buffer.from(factoryUser.padEnd(64)),
    )
    if (!passwordFits(secret, form.get('password') ?? '') || !user) {
      await new Promise((resolve) => setTimeout(resolve, 1000)) // guessing takes time
      return { code: 401, page: signInPage({ error: 'User or password is wrong.' }), headers: {} }
    }
    const id = randomBytes(32).toString('hex')
    sessions.set(id, { csrf: randomBytes(32).toString('hex'), until: Date.now() + sessionSeconds * 1000 })
    return redirect('/status', {
      'set-cookie': `session=${id}; Path=/; HttpOnly; SameSite=Strict; Max-Age=${sessionSeconds}`,
    })
  }
}

const securityHeaders = {
  'content-type': 'text/html; charset=utf-8',
  'cache-control': 'no-store',
  'content-security-policy':
    "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'same-origin',
}

/** @param {string} to @param {Record<string, string>} [headers] */
const redirect = (to, headers = {}) => ({ code: 303, page: '', headers: { ...headers, location: to } })

/** @param {{ notice?: string }} session */
function takeNotice(session) {
  const { notice } = session
  session.notice = undefined
  return notice
}

/** An address, or the name that the router itself gives out. @param {string | undefined} host */
const ownHost = (host) => /^(\[[0-9a-f:.]+\]|[0-9.]+|router\.home\.arpa|localhost)(:\d+)?$/i.test(host ?? '')

/** @param {import('node:http').IncomingMessage} request */
async function body(request) {
  let text = ''
  for await (const part of request) {
    text += part
    if (text.length > 10_000) throw new Error('form too long')
  }
  return text
}

/** RFC 4193 section 3.1, with the L bit. @param {string} text */
function ulaPrefix(text) {
  const [address = '', length] = text.split('/')
  if (!isIPv6(address) || /[.%]/.test(address) || length !== '48') return undefined
  const ula = prefix(parseAddress(address), 48)
  return ula.address >> 120n === 0xfdn ? ula : undefined
}

/** @param {URLSearchParams} form @returns {{ host: string, protocol: 'tcp' | 'udp', port: number } | string} */
function pinhole(form) {
  const host = form.get('host')?.trim() ?? ''
  const protocol = form.get('protocol')
  const port = Number(form.get('port'))
  if (!isIPv6(host) || /[.%]/.test(host)) return 'The host is given by its IPv6 address.'
  if (protocol !== 'tcp' && protocol !== 'udp') return 'The protocol is tcp or udp.'
  if (!Number.isInteger(port) || port < 1 || port > 65535) return 'The port is a number from 1 to 65535.'
  return { host, protocol, port }
}
