/** The glue: turns what the daemons report and what the user sets into addresses, routes, rules and configurations. */
import { randomBytes } from 'node:crypto'
import { existsSync as exists, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { formatPrefix, holds, parsePrefix } from './address.mjs'
import { birdConfig, domainNames } from './bird.mjs'
import { dhcpcdConfig, dhcpcdHook, dnsmasqConfig, keaHook } from './daemons.mjs'
import { delegatedPrefixes, downstreamLeases, parseEnvironment, resolvers, services, timeServers } from './events.mjs'
import { firewallRules, pinholeAddresses, pinholeFor } from './firewall.mjs'
import { keaConfig, keaEnvironment, keaFolders, keaSocket } from './kea.mjs'
import { makePlan, routerAddress, takeAnswer, validCap } from './plan.mjs'
import { ask, daemon, feeder, ip, log, mustRun, run, sysctl } from './system.mjs'

const etc = '/run/etc'
const events = '/run/events'
const now = () => performance.now() / 1000
const sleep = (/** @type {number} */ seconds) => new Promise((resolve) => setTimeout(resolve, seconds * 1000))

/** What a factory reset restores. */
const factory = () => ({
  ipv6: true,
  firewall: /** @type {'on' | 'off'} */ ('on'),
  flags: { onLink: true, autonomous: true },
  pinholes: /** @type {import('./firewall.mjs').Pinhole[]} */ ([]),
  // RFC 4193 section 3.2: 40 random bits.
  ula: formatPrefix({ address: (0xfdn << 120n) | (BigInt(`0x${randomBytes(5).toString('hex')}`) << 80n), length: 48 }),
})

/**
 * @param {object} options
 * @param {string} options.wan
 * @param {string[]} options.lans ports of the LAN
 * @param {string} [options.bridge] one segment over all ports
 * @param {import('./flash.mjs').Flash} options.flash
 * @param {(how: 'reboot' | 'reset') => void} options.restart
 */
export function createRouter({ wan, lans: ports, bridge, flash, restart }) {
  const lans = bridge ? [bridge] : ports
  const settings = { ...factory(), ...flash.read('settings', {}) }
  flash.write('settings', settings)
  let ula = parsePrefix(settings.ula)
  const upstream = {
    /** @type {import('./kea.mjs').OptionData[]} time and SIP servers (RFC 7084 L-12) */
    services: [],
    /** @type {string[]} */
    time: [],
    /** @type {import('./plan.mjs').Delegation[]} */
    delegations: [],
    /** The ISP has had its say since the boot. */
    settled: false,
    /** @type {string[]} */
    dns: [],
    search: /** @type {string[]} */ ([]),
    /** @type {Map<string, number>} domain -> until when it is announced as gone */
    formerSearch: new Map(),
  }
  /** @type {Map<string, { via: string, lan: string }>} prefix -> the downstream router that has it */
  const downstream = new Map(flash.read('downstream', []))
  // Times in flash are of no use after a reboot, of which nobody knows how long it took: they begin again.
  let { announced, withdrawn } = flash.read('prefixes', {
    announced: /** @type {import('./plan.mjs').Announced[]} */ ([]),
    withdrawn: /** @type {import('./plan.mjs').Withdrawn[]} */ ([]),
  })
  withdrawn = withdrawn.map((one) => ({ ...one, until: now() + one.until }))
  let plan = makePlan({ lans, delegations: [], announced, withdrawn, ula, now: now(), settled: false })

  // ---- the daemons

  const hooks =
    readdirSync('/usr/lib')
      .map((folder) => `/usr/lib/${folder}/kea/hooks`)
      .find((folder) => exists(`${folder}/libdhcp_run_script.so`)) ?? ''
  const bird = daemon('bird', ['bird', '-f', '-c', `${etc}/bird.conf`, '-s', '/run/bird.ctl'])
  const kea = daemon('kea', ['kea-dhcp6', '-c', `${etc}/kea.json`], keaEnvironment({ hooks, scripts: etc }))
  const dnsmasq = daemon('dnsmasq-main', ['dnsmasq', '-k', '-C', `${etc}/dnsmasq.conf`])
  const dhcpcd = daemon('dhcpcd', ['dhcpcd', '-B', '-d', '-f', `${etc}/dhcpcd.conf`, '-c', `${etc}/dhcpcd-hook`])
  const birdFeed = feeder(async (config) => {
    writeFileSync(`${etc}/bird.conf`, config)
    const answer = await ask('/run/bird.ctl', 'configure\n', (text) =>
      /^(0003|0004|0018|8\d\d\d|9\d\d\d)[ -]/m.test(text),
    )
    if (answer && /^[89]\d\d\d/m.test(answer)) log(`bird: ${answer.trim()}`)
    return answer !== undefined
  })
  const keaFeed = feeder(async (config) => {
    writeFileSync(`${etc}/kea.json`, config)
    const order = JSON.stringify({ command: 'config-set', arguments: JSON.parse(config) })
    const answer = await ask(keaSocket, order, isJson)
    if (answer && JSON.parse(answer).result !== 0) log(`kea: ${answer.trim()}`)
    return answer !== undefined
  })
  const birdNow = ({ retire = false } = {}) =>
    birdConfig({
      plan,
      ula,
      flags: settings.flags,
      search: upstream.search,
      formerSearch: [...upstream.formerSearch.keys()],
      retire,
    })
  const keaNow = () => JSON.stringify(keaConfig({ plan, ...upstream, hooks, script: `${etc}/kea-hook` }), null, 1)

  // ---- one change at a time

  let queue = Promise.resolve()
  /** @param {() => Promise<void>} work */
  const inTurn = (work) => {
    queue = queue.then(work).catch((error) => log(`failed: ${error.stack}`))
    return queue
  }
  /** @type {NodeJS.Timeout | undefined} */
  let timer
  /** @type {NodeJS.Timeout | undefined} */
  let advertiseSoon
  /** @type {Map<string, { lan: string, address: string, state: string }>} */
  let addresses = new Map()
  /** @type {Set<string>} */
  let routes = new Set()

  /** Makes the machine what the plan says. */
  async function apply({ stricter = false } = {}) {
    clearTimeout(timer)
    const time = now()
    for (const [name, until] of upstream.formerSearch) if (until <= time) upstream.formerSearch.delete(name)
    upstream.delegations = upstream.delegations.filter((one) => one.validUntil > time)
    plan = makePlan({
      lans,
      delegations: upstream.delegations,
      announced,
      withdrawn,
      ula,
      now: time,
      settled: upstream.settled,
    })
    ;({ announced, withdrawn } = plan)
    flash.write('prefixes', {
      announced,
      withdrawn: withdrawn.map((one) => ({ ...one, until: Math.ceil(one.until - time) })),
    })
    for (const one of plan.delegations)
      if (one.short > 0) log(`${formatPrefix(one.prefix)} is too small: ${one.short} of the LANs get no prefix`)
    await setAddresses()
    await Promise.all([setFirewall({ stricter }), setRoutes()])
    if (settings.ipv6) {
      void keaFeed.feed(keaNow())
      // What is gone is told at once. A new prefix alone is worth the wait: the RA would go out without it, and the next
      // one 3 s later.
      const gone = plan.segments.some((segment) => segment.stale.length > 0)
      if (upstream.settled && !(gone && bird.running())) await addressesUsable()
      if (bird.running()) await birdFeed.feed(birdNow())
      else if (upstream.settled) await advertise()
      const wait = Math.min(plan.nextChange - now(), 3600)
      timer = setTimeout(() => inTurn(() => apply()), Math.max(0.2, wait - 0.1) * 1000)
    }
  }

  async function setAddresses() {
    const wanted = plan.segments.flatMap((segment) => [
      ...(segment.ula
        ? [{ lan: segment.name, address: `${routerAddress(segment.ula)}/64`, state: 'preferred_lft forever' }]
        : []),
      ...(settings.ipv6 ? segment.prefixes : []).map((one) => ({
        lan: segment.name,
        address: `${routerAddress(one.prefix)}/64`,
        state: one.preferred > 0 ? 'preferred_lft forever' : 'preferred_lft 0',
      })),
      // The address stays while hosts may hold the prefix: BIRD goes on withdrawing it, and an ICMPv6 error finds its
      // way back to a host that still sends from it (RFC 7084 L-14).
      ...(settings.ipv6 ? segment.stale : []).map((gone) => ({
        lan: segment.name,
        address: `${routerAddress(parsePrefix(gone))}/64`,
        state: 'preferred_lft 0',
      })),
    ])
    const next = new Map(wanted.map((one) => [`${one.lan} ${one.address}`, one]))
    const lines = [
      ...[...addresses].filter(([key]) => !next.has(key)).map(([, old]) => `addr del ${old.address} dev ${old.lan}`),
      ...[...next]
        .filter(([key, one]) => addresses.get(key)?.state !== one.state)
        .map(([, one]) => `addr replace ${one.address} dev ${one.lan} valid_lft forever ${one.state}`),
    ]
    addresses = next
    await ip(lines)
  }

  /** BIRD sees no address before duplicate address detection is over. */
  async function addressesUsable() {
    for (let tries = 0; tries < 20; tries++) {
      const tentative = await run(['ip', '-6', 'addr', 'show', 'scope', 'global', 'tentative'])
      if (!lans.some((lan) => tentative.includes(` ${lan}:`) || tentative.includes(` ${lan}@`))) return
      await sleep(0.1)
    }
  }

  async function setRoutes() {
    const live = settings.ipv6 ? plan.delegations : []
    // RFC 7084 WPD-5. Above dhcpcd's own, and there also when dhcpcd is away.
    const discard = live.map((one) => `unreachable ${formatPrefix(one.prefix)} dev lo metric 4096 proto static`)
    for (const [prefix] of downstream)
      if (upstream.settled && !plan.delegations.some((one) => holds(one.prefix, parsePrefix(prefix).address)))
        downstream.delete(prefix)
    const given = [...downstream]
      .filter(([prefix]) => live.some((one) => holds(one.prefix, parsePrefix(prefix).address)))
      .map(([prefix, { via, lan }]) => `${prefix} via ${via} dev ${lan} proto static`)
    flash.write('downstream', [...downstream])
    const next = new Set([...discard, ...given])
    await ip([
      ...[...routes].filter((one) => !next.has(one)).map((one) => `route del ${one}`),
      ...[...next].filter((one) => !routes.has(one)).map((one) => `route replace ${one}`),
    ])
    routes = next
  }

  async function setFirewall({ stricter = false } = {}) {
    const wanAddresses = await globalAddresses()
    await run(
      ['nft', '-f', '-'],
      firewallRules({
        wan,
        lans,
        delegations: settings.ipv6 ? plan.delegations : [],
        downstream: [...downstream.keys()],
        open: settings.firewall === 'off',
        pinholes: settings.pinholes,
        forget: stricter,
        upstreamUla: wanAddresses.some((one) => /^f[cd]/i.test(one)),
      }),
    )
  }

  async function globalAddresses() {
    const links = JSON.parse((await run(['ip', '-j', '-6', 'addr', 'show', 'dev', wan, 'scope', 'global'])) || '[]')
    return links
      .flatMap((/** @type {any} */ link) => link.addr_info ?? [])
      .map((/** @type {any} */ one) => String(one.local))
      .filter((/** @type {string} */ one) => one !== 'undefined')
  }

  // ---- what the daemons report

  /** @param {import('./events.mjs').Environment} env */
  async function received(env) {
    if (env.FROM === 'kea') return receivedFromKea(env)
    if (env.interface !== wan) return
    log(`dhcpcd: ${env.reason}`)
    const names = resolvers(env)
    if (names) upstream.dns = names
    switch (env.reason) {
      case 'BOUND6':
      case 'REBOOT6':
      case 'RENEW6':
      case 'REBIND6': {
        const answer = delegatedPrefixes(env)
        upstream.settled = true
        upstream.delegations = takeAnswer(upstream.delegations, answer, { now: now(), fresh: env.reason === 'BOUND6' })
        takeSearch(domainNames(env.new_dhcp6_domain_search ?? ''))
        upstream.services = services(env)
        void askTime(timeServers(env))
        for (const one of answer) log(`prefix ${formatPrefix(one.prefix)} ${one.preferred} ${one.valid}`)
        return apply()
      }
      case 'EXPIRE6':
        // dhcpcd says so too when the cable is out, and 10 s after nobody answered a Rebind. The lease goes on until its
        // valid lifetime is over, which `apply` watches.
        return
      case 'ROUTERADVERT':
        // The same for the address that DHCPv6 will give: the link is in use by now.
        sysctl(`net/ipv6/conf/${wan}/router_solicitation_delay`, 0)
        return
    }
  }

  /** Asks once; the clock is the host's, so `-p` leaves it alone. @param {string[]} servers */
  async function askTime(servers) {
    if (servers.join() === upstream.time.join()) return
    upstream.time = servers
    for (let tries = 0; tries < 5 && upstream.time === servers; tries++)
      for (const server of servers) {
        const told = await run(['rdate', '-n', '-6', '-p', server], '', { quiet: true })
        if (told !== '') return log(`${server}: ${told.trim()}`)
        await sleep(2)
      }
  }

  /** @param {string[]} search */
  function takeSearch(search) {
    for (const name of upstream.search) if (!search.includes(name)) upstream.formerSearch.set(name, now() + 2700)
    for (const name of search) upstream.formerSearch.delete(name)
    upstream.search = search
  }

  /** @param {import('./events.mjs').Environment} env */
  async function receivedFromKea(env) {
    const { given, taken } = downstreamLeases(env, env.EVENT ?? '')
    const via = env.QUERY6_REMOTE_ADDR ?? ''
    const lan = env.QUERY6_IFACE_NAME ?? ''
    for (const one of taken) downstream.delete(one)
    for (const { prefix } of given)
      if (lans.includes(lan) && /^fe80:[0-9a-f:]+$/i.test(via)) downstream.set(prefix, { via, lan })
    if (given.length + taken.length > 0) await Promise.all([setRoutes(), setFirewall()])
  }

  // ---- power

  async function start() {
    mkdirSync(etc, { recursive: true })
    for (const folder of ['/run/dhcpcd', '/run/lock', '/var/lib/dhcpcd', '/var/lib/misc'])
      mkdirSync(folder, { recursive: true })
    // Kea 2.6.3 takes its folders with this mode only.
    for (const folder of keaFolders) mkdirSync(folder, { recursive: true, mode: 0o750 })
    // The rules first: nothing is let through that they would not.
    await setFirewall()
    await prepareInterfaces()
    writeFileSync(`${etc}/dhcpcd-hook`, dhcpcdHook(events), { mode: 0o755 })
    writeFileSync(`${etc}/kea-hook`, keaHook(events), { mode: 0o755 })
    configureDnsmasq()
    const server = createServer({ allowHalfOpen: true }, (socket) => {
      /** @type {Buffer[]} */
      const parts = []
      socket.on('data', (data) => parts.push(data))
      socket.on('error', () => {})
      socket.on('end', () => {
        socket.end()
        void inTurn(() => received(parseEnvironment(Buffer.concat(parts))))
      })
    })
    await new Promise((resolve) => server.listen(events, () => resolve(undefined)))
    dnsmasq.start()
    await (settings.ipv6 ? startIpv6() : stopIpv6())
  }

  /** Throws with the reason when a daemon does not start: then the router has no fault, but its software has. */
  async function isUp() {
    writeFileSync(`${etc}/bird.conf`, birdNow())
    mustRun(['bird', '-p', '-c', `${etc}/bird.conf`])
    await Promise.all([kea.isUp(keaSocket), dhcpcd.isUp('/run/dhcpcd/pid'), dnsmasq.isUp('/run/dnsmasq.pid')])
  }

  function configureDnsmasq() {
    const segments = plan.segments.map(({ name, lan }) => ({ name, net4: `192.168.${lan + 1}` }))
    writeFileSync(`${etc}/dnsmasq.conf`, dnsmasqConfig({ lans: segments, ula: routerAddress(ula) }))
  }

  async function prepareInterfaces() {
    sysctl('net/ipv4/ip_forward', 1)
    for (const [key, seconds] of conntrackTimes) sysctl(`net/netfilter/nf_conntrack_${key}`, seconds)
    if (bridge) {
      // What a host says to its neighbor is not for the filter.
      for (const family of ['ip6', 'ip']) sysctl(`net/bridge/bridge-nf-call-${family}tables`, 0)
      await ip([
        `link add ${bridge} type bridge forward_delay 0`,
        ...ports.map((port) => `link set ${port} master ${bridge}`),
      ])
    }
    for (const port of [wan, ...ports]) sysctl(`net/ipv6/conf/${port}/accept_ra`, 0)
    if (bridge) for (const port of ports) sysctl(`net/ipv6/conf/${port}/disable_ipv6`, 1)
    // RFC 4862 section 5.4.2 has hosts wait before they defend an address that an RA gave to all of them at once; the
    // LAN addresses of a router are not such.
    for (const lan of lans) sysctl(`net/ipv6/conf/${lan}/router_solicitation_delay`, 0)
    await ip([
      ...plan.segments.map(({ name, lan }) => `addr replace 192.168.${lan + 1}.1/24 dev ${name}`),
      ...[...ports, ...lans].map((name) => `link set ${name} up`),
    ])
    void setAddresses()
  }

  async function startIpv6() {
    sysctl(`net/ipv6/conf/${wan}/disable_ipv6`, 0)
    sysctl('net/ipv6/conf/all/forwarding', 1)
    await startDhcpcd()
    // The first RA waits for the line, though not for long: two RAs are 3 s apart, so that one without a prefix would
    // only delay the one with it.
    advertiseSoon = setTimeout(() => inTurn(advertise), 5000)
    writeFileSync(`${etc}/kea.json`, keaNow())
    keaFeed.assume(keaNow())
    kea.start()
    await apply()
  }

  async function advertise() {
    clearTimeout(advertiseSoon)
    if (bird.running() || !settings.ipv6) return
    writeFileSync(`${etc}/bird.conf`, birdNow())
    birdFeed.assume(birdNow())
    bird.start()
  }

  async function stopIpv6() {
    clearTimeout(advertiseSoon)
    clearTimeout(timer)
    upstream.delegations = []
    upstream.settled = false
    upstream.dns = []
    await Promise.all([kea.stop(), dhcpcd.stop()])
    sysctl('net/ipv6/conf/all/forwarding', 0)
    sysctl(`net/ipv6/conf/${wan}/disable_ipv6`, 1)
    await startDhcpcd()
    if (bird.running()) {
      // RFC 4861 section 6.2.5, RFC 9096 section 3.5: hosts forget what they were told, by what was the plan so far.
      // BIRD sends no two RAs within 3 s.
      await birdFeed.feed(birdNow({ retire: true }))
      await sleep(3.2)
      await bird.stop()
    }
    announced = []
    withdrawn = []
    await apply()
  }

  async function startDhcpcd() {
    await dhcpcd.stop()
    // Its helper processes outlive it, with port 546 open: a new one would hear nothing.
    for (let tries = 0; tries < 40 && (await run(['pgrep', '-x', 'dhcpcd'], '', { quiet: true })) !== ''; tries++)
      await sleep(0.05)
    await ip([`link set ${wan} up`])
    writeFileSync(`${etc}/dhcpcd.conf`, dhcpcdConfig({ wan, lans, ipv6: settings.ipv6 }))
    dhcpcd.start()
  }

  /** Orderly: final RAs; the lease is kept (RFC 9096 WPD-9). */
  async function stop() {
    clearTimeout(timer)
    clearTimeout(advertiseSoon)
    await Promise.all([bird.stop(), kea.stop(), dhcpcd.stop(), dnsmasq.stop()])
  }

  // ---- what the user may see and do

  const save = () => flash.write('settings', settings)

  return {
    start,
    isUp,
    stop,
    async status() {
      const [wanAddresses, defaults] = await Promise.all([
        globalAddresses(),
        run(['ip', '-6', 'route', 'show', 'default', 'dev', wan]),
      ])
      const time = now()
      return {
        ipv6: settings.ipv6,
        firewall: settings.firewall,
        flags: settings.flags,
        ula: settings.ula,
        online:
          settings.ipv6 && plan.delegations.length > 0 && /^default/m.test(defaults) && !/linkdown/.test(defaults),
        wanAddresses,
        delegatedPrefixes: upstream.delegations.map((one) => ({
          prefix: formatPrefix(one),
          preferredLifetime: Math.max(0, Math.floor(one.preferredUntil - time)),
          validLifetime: Math.max(0, Math.floor(one.validUntil - time)),
        })),
        lanPrefixes: plan.segments.flatMap((segment) => [
          ...(settings.ipv6 ? segment.prefixes : []).map((one) => ({
            prefix: formatPrefix(one.prefix),
            lan: segment.name,
          })),
          ...(segment.ula ? [{ prefix: formatPrefix(segment.ula), lan: segment.name }] : []),
        ]),
        downstream: [...downstream].map(([prefix, { via }]) => ({ prefix, router: via })),
        dns: upstream.dns,
        pinholes: settings.pinholes.map((hole) => ({
          host: pinholeAddresses(hole, plan.delegations)[0] ?? hole.host,
          protocol: hole.protocol,
          port: hole.port,
        })),
      }
    },
    /** @param {boolean} on */
    async setIpv6(on) {
      if (settings.ipv6 === on) return
      settings.ipv6 = on
      save()
      inTurn(on ? startIpv6 : stopIpv6)
    },
    /** @param {'on' | 'off'} level */
    async setFirewall(level) {
      settings.firewall = level
      save()
      await inTurn(() => setFirewall({ stricter: true }))
    },
    /** @param {import('./bird.mjs').PrefixFlags} flags */
    async setPrefixFlags(flags) {
      settings.flags = flags
      save()
      await inTurn(() => apply())
    },
    /** @param {import('./address.mjs').Prefix} next */
    async setUla(next) {
      const former = plan.segments.flatMap(({ lan, ula: own }) => (own ? [{ lan, prefix: formatPrefix(own) }] : []))
      settings.ula = formatPrefix(next)
      save()
      await inTurn(async () => {
        ula = next
        withdrawn = [
          ...withdrawn.filter(({ prefix }) => !holds(ula, parsePrefix(prefix).address)),
          ...former
            .filter(({ prefix }) => !holds(ula, parsePrefix(prefix).address))
            .map((one) => ({ ...one, until: now() + validCap })),
        ]
        await apply()
        configureDnsmasq()
        await dnsmasq.stop()
        dnsmasq.start()
      })
    },
    /** @param {{ host: string, protocol: 'tcp' | 'udp', port: number }} order @returns {Promise<string | undefined>} what is wrong with it */
    async openPinhole(order) {
      const hole = pinholeFor(order, plan.delegations)
      if (!hole) return `${order.host} is not in a prefix that the Internet provider has delegated`
      settings.pinholes = [...settings.pinholes.filter((one) => !sameHole(one, hole)), hole]
      save()
      await inTurn(() => setFirewall())
      return undefined
    },
    /** @param {{ host: string, protocol: 'tcp' | 'udp', port: number }} order */
    async closePinhole(order) {
      settings.pinholes = settings.pinholes.filter(
        (one) =>
          !(
            one.protocol === order.protocol &&
            one.port === order.port &&
            [one.host, ...pinholeAddresses(one, plan.delegations)].includes(order.host)
          ),
      )
      save()
      await inTurn(() => setFirewall({ stricter: true }))
    },
    async reboot() {
      restart('reboot')
    },
    async factoryReset() {
      restart('reset')
    },
  }
}

/** @typedef {Awaited<ReturnType<ReturnType<typeof createRouter>['status']>>} Status */
/** @typedef {Pick<ReturnType<typeof createRouter>, 'status' | 'setIpv6' | 'setFirewall' | 'setPrefixFlags' | 'setUla' | 'openPinhole' | 'closePinhole' | 'reboot' | 'factoryReset'>} Control */

const sameHole = (
  /** @type {import('./firewall.mjs').Pinhole} */ a,
  /** @type {import('./firewall.mjs').Pinhole} */ b,
) => a.suffix === b.suffix && a.protocol === b.protocol && a.port === b.port

// RFC 6092 REC-11, REC-14, REC-35: Linux forgets earlier.
const conntrackTimes = /** @type {const} */ ([
  ['generic_timeout', 300],
  ['udp_timeout', 300],
  ['udp_timeout_stream', 300],
  ['tcp_timeout_syn_sent', 240],
  ['tcp_timeout_syn_recv', 240],
  ['tcp_timeout_fin_wait', 240],
  ['tcp_timeout_close_wait', 240],
  ['tcp_timeout_last_ack', 240],
  ['tcp_timeout_time_wait', 240],
])

const isJson = (/** @type {string} */ text) => {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}
