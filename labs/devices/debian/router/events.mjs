/** What dhcpcd and Kea tell their hook scripts, by environment variables, as values. Pure. */
import { isIPv6 } from 'node:net'
import { formatPrefix, parseAddress, prefix } from './address.mjs'
import { domainNames } from './bird.mjs'

/** @typedef {Record<string, string | undefined>} Environment */

/** @param {Buffer | string} data variables, each ended by a NUL @returns {Environment} */
export function parseEnvironment(data) {
  return Object.fromEntries(
    String(data)
      .split('\0')
      .filter((line) => line.includes('='))
      .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
  )
}

/**
 * The delegated prefixes of a Reply. dhcpcd hands on what the message said: what RFC 8415 wants discarded is left out.
 * @param {Environment} env
 */
export function delegatedPrefixes(env) {
  const found = []
  for (let ia = 1; env[`new_dhcp6_ia_pd${ia}_iaid`] !== undefined; ia++) {
    const t1 = Number(env[`new_dhcp6_ia_pd${ia}_t1`] ?? 0)
    const t2 = Number(env[`new_dhcp6_ia_pd${ia}_t2`] ?? 0)
    if (t2 > 0 && t1 > t2) continue // section 21.21
    for (let n = 1; env[`new_dhcp6_ia_pd${ia}_prefix${n}`] !== undefined; n++) {
      const name = `new_dhcp6_ia_pd${ia}_prefix${n}`
      const length = Number(env[`${name}_length`])
      const preferred = Number(env[`${name}_pltime`])
      const valid = Number(env[`${name}_vltime`])
      if (!(length >= 1 && length <= 64) || preferred > valid) continue // section 21.22
      const [excluded, excludedLength] = [env[`${name}_exclude`], Number(env[`${name}_exclude_length`])]
      found.push({
        prefix: prefix(parseAddress(env[name] ?? ''), length),
        exclude: excluded && excludedLength ? prefix(parseAddress(excluded), excludedLength) : undefined,
        preferred,
        valid,
      })
    }
  }
  return found
}

/** Resolvers by DHCPv6, else by RA. @param {Environment} env @returns {string[] | undefined} undefined: the event says nothing of them */
export function resolvers(env) {
  const list = env.new_dhcp6_name_servers ?? env.nd1_rdnss1_servers
  return list === undefined ? undefined : list.split(/\s+/).filter((one) => /^[0-9a-f:]+$/i.test(one))
}

/**
 * The SIP and time servers of a Reply, for Kea to hand on (RFC 3319, RFC 4075, RFC 5908).
 * @param {Environment} env @returns {import('./kea.mjs').OptionData[]}
 */
export function services(env) {
  const names = domainNames(env.new_dhcp6_sip_servers_names ?? '')
  const time = [
    ...addresses(env.new_dhcp6_ntp_server_addr).map((one) => suboption(1, bytesOf(one))),
    ...addresses(env.new_dhcp6_ntp_server_mcast_addr).map((one) => suboption(2, bytesOf(one))),
    ...domainNames(env.new_dhcp6_ntp_server_fqdn ?? '').map((one) => suboption(3, wireName(one))),
  ]
  return [
    { code: 21, data: names.join(', ') },
    { code: 22, data: addresses(env.new_dhcp6_sip_servers_addresses).join(', ') },
    { code: 31, data: addresses(env.new_dhcp6_sntp_servers).join(', ') },
    // Kea 2.2 does not know its format.
    { code: 56, data: Buffer.concat(time).toString('hex'), 'csv-format': false },
  ].filter(({ data }) => data !== '')
}

/** Whom the router asks for the time (RFC 7084 WAA-5): option 56, else option 31. @param {Environment} env */
export function timeServers(env) {
  const servers = addresses(env.new_dhcp6_ntp_server_addr)
  return servers.length > 0 ? servers : addresses(env.new_dhcp6_sntp_servers)
}

const addresses = (/** @type {string | undefined} */ list) =>
  list?.split(/\s+/).filter((one) => isIPv6(one) && !/[.%]/.test(one)) ?? []

const bytesOf = (/** @type {string} */ address) =>
  Buffer.from(parseAddress(address).toString(16).padStart(32, '0'), 'hex')

const wireName = (/** @type {string} */ name) =>
  Buffer.concat([...name.split('.'), ''].flatMap((label) => [Buffer.of(label.length), Buffer.from(label)]))

const suboption = (/** @type {number} */ code, /** @type {Buffer} */ data) =>
  Buffer.concat([Buffer.of(0, code, 0, data.length), data])

/**
 * Prefixes that Kea has delegated and taken back.
 * @param {Environment} env @param {string} event Kea's hook point
 */
export function downstreamLeases(env, event) {
  const read = (/** @type {string} */ name) =>
    env[`${name}_TYPE`] === 'IA_PD'
      ? [formatPrefix(prefix(parseAddress(env[`${name}_ADDRESS`] ?? ''), Number(env[`${name}_PREFIX_LEN`])))]
      : []
  const list = (/** @type {string} */ name) =>
    Array.from({ length: Number(env[`${name}_SIZE`] ?? 0) }, (_, i) => i).flatMap((i) =>
      read(`${name}_AT${i}`).map((one) => ({ prefix: one, valid: Number(env[`${name}_AT${i}_VALID_LIFETIME`] ?? 0) })),
    )
  if (event === 'leases6_committed')
    return {
      given: list('LEASES6').filter((one) => one.valid > 0),
      taken: list('DELETED_LEASES6').map((one) => one.prefix),
    }
  if (event === 'lease6_release' || event === 'lease6_expire') return { given: [], taken: read('LEASE6') }
  return { given: [], taken: [] }
}
