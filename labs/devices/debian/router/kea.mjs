/** Kea serves DHCPv6 on the LAN: addresses, and /64s for downstream routers. */
import { createHash } from 'node:crypto'
import { formatAddress, formatPrefix, holds } from './address.mjs'
import { routerAddress } from './plan.mjs'

const runFolder = '/run/kea'
const leaseFolder = '/var/lib/kea'
export const keaSocket = `${runFolder}/ctrl`
export const keaFolders = [runFolder, leaseFolder]

/**
 * Kea 2.6.3 takes no path outside the folders that its environment names; older ones read the first two only.
 * @param {{ hooks: string, scripts: string }} folders of the hook libraries, and of what they run
 */
export const keaEnvironment = ({ hooks, scripts }) => ({
  KEA_PIDFILE_DIR: runFolder,
  KEA_LOCKFILE_DIR: runFolder,
  KEA_CONTROL_SOCKET_DIR: runFolder,
  KEA_DHCP_DATA_DIR: leaseFolder,
  KEA_HOOKS_PATH: hooks,
  KEA_HOOK_SCRIPTS_PATH: scripts,
})

/** @typedef {{ code: number, data: string } & Record<string, unknown>} OptionData an option as Kea's configuration has it */

/**
 * @param {object} want
 * @param {import('./plan.mjs').Plan} want.plan
 * @param {string[]} want.search
 * @param {OptionData[]} want.services
 * @param {string} want.hooks the folder of Kea's hook libraries
 * @param {string} want.script run at each change of a lease
 */
export function keaConfig({ plan, search, services, hooks, script }) {
  const { best } = plan
  const preferred = best?.preferred ?? 0
  const valid = best?.valid ?? 0
  return {
    Dhcp6: {
      'interfaces-config': {
        interfaces: plan.segments.map(({ name }) => name),
        // An interface without carrier gets no socket: try again until it has one.
        'service-sockets-max-retries': 100_000,
        'service-sockets-retry-wait-time': 200,
      },
      'data-directory': leaseFolder,
      'control-socket': { 'socket-type': 'unix', 'socket-name': keaSocket },
      'lease-database': { type: 'memfile', persist: true, name: `${leaseFolder}/leases6.csv`, 'lfc-interval': 0 },
      'expired-leases-processing': { 'reclaim-timer-wait-time': 1, 'flush-reclaimed-timer-wait-time': 10 },
      'hooks-libraries': [{ library: `${hooks}/libdhcp_run_script.so`, parameters: { name: script } }],
      'preferred-lifetime': preferred || 60,
      'valid-lifetime': valid || 120,
      'renew-timer': Math.floor((preferred || 60) / 2),
      'rebind-timer': Math.floor(((preferred || 60) * 4) / 5),
      'option-data': [...(search.length > 0 ? [{ name: 'domain-search', data: search.join(', ') }] : []), ...services],
      subnet6: plan.segments.map((segment) => {
        const link = best && segment.prefixes.find((one) => holds(best.prefix, one.prefix.address))
        const subnet = link?.prefix ?? { address: (0xfd00n << 112n) | (BigInt(segment.lan) << 64n), length: 64 }
        return {
          // Another id for another prefix: the leases of the old one are strangers then, and Kea answers a Renew of
          // theirs with lifetimes of 0 and a new lease (RFC 9096 section 3.5).
          id: subnetId(`${segment.name} ${formatPrefix(subnet)} ${best ? formatPrefix(best) : ''}`),
          interface: segment.name,
          subnet: formatPrefix(subnet),
          pools: link
            ? [{ pool: `${formatAddress(subnet.address + 0x10000n)}-${formatAddress(subnet.address + 0x1ffffn)}` }]
            : [],
          // RFC 9818 LPD-4, LPD-7: all that no link took, in /64s, whichever LAN asks.
          'pd-pools': (best?.rest ?? []).map((block) => ({
            prefix: formatAddress(block.address),
            'prefix-len': block.length,
            'delegated-len': 64,
          })),
          'option-data': segment.ula ? [{ name: 'dns-servers', data: routerAddress(segment.ula) }] : [],
        }
      }),
      loggers: [{ name: 'kea-dhcp6', severity: 'INFO', output_options: [{ output: 'stdout' }] }],
    },
  }
}

const subnetId = (/** @type {string} */ name) =>
  (createHash('sha256').update(name).digest().readUInt32BE() % 0xffff_fffe) + 1
