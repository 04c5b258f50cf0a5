/** BIRD advertises on the LAN. Its lifetimes are constants: the file is written anew whenever they have to change. */
import { formatPrefix, holds } from './address.mjs'
import { preferredCap, routerAddress, routerLifetimeCap, validCap } from './plan.mjs'

/** @typedef {{ onLink: boolean, autonomous: boolean }} PrefixFlags L and A of PIOs */

/**
 * @param {object} want
 * @param {import('./plan.mjs').Plan} want.plan
 * @param {import('./address.mjs').Prefix | undefined} want.ula
 * @param {PrefixFlags} want.flags
 * @param {string[]} want.search the search list in force
 * @param {string[]} want.formerSearch domains to be forgotten (RFC 8106 section 5.2)
 * @param {boolean} want.retire IPv6 is about to be switched off: what came from the ISP is withdrawn. The ULA ages
 *   out by itself: hosts that lost it at once would lose the page on which IPv6 is switched on again
 */
export function birdConfig({ plan, ula, flags, search, formerSearch, retire }) {
  const lowest = Math.min(...plan.delegations.map((one) => one.preferred || one.valid), 2700)
  // RAs come three times within the shortest lifetime, but no oftener than phones can bear (RFC 7772).
  const interval = Math.max(10, Math.min(900, Math.floor(lowest / 3)))
  const routes = retire
    ? []
    : [
        ...plan.delegations.map((one) => ({ prefix: formatPrefix(one.prefix), lifetime: one.valid })),
        ...(ula ? [{ prefix: formatPrefix(ula), lifetime: validCap }] : []),
      ]
  return `# Written by routerd.
log "/run/log.bird" { info, warning, error, fatal, bug };
router id 192.0.2.1;
protocol device { scan time 1; }
protocol kernel { ipv6 { import all; export none; }; learn; scan time 1; }
protocol static {
  ipv6;
${routes.map((one) => `  route ${one.prefix} unreachable { ra_lifetime = ${one.lifetime}; };\n`).join('')}}
protocol radv {
  ipv6 { import none; export where net = ::/0 || source = RTS_STATIC; };
  trigger ::/0;
  propagate routes yes;
${plan.segments.map((segment) => lan(segment)).join('')}}
`

  function lan(/** @type {import('./plan.mjs').Plan['segments'][number]} */ segment) {
    const valid = Math.max(0, ...segment.prefixes.map((one) => one.valid))
    // RFC 7084 L-4, ULA-5: no default router without a global prefix. BIRD's trigger sees to G-4 and G-5.
    const lifetime = retire || valid === 0 ? 0 : Math.max(interval, Math.min(routerLifetimeCap, valid))
    const { best } = plan
    const stateful = best && segment.prefixes.some((one) => holds(best.prefix, one.prefix.address))
    const resolver = segment.ula && routerAddress(segment.ula)
    const live = segment.prefixes.map((one) =>
      block(formatPrefix(one.prefix), flags, retire ? { preferred: 0, valid: 0 } : one),
    )
    // The flags stay as they were (RFC 9096 L-13): BIRD keeps them for a prefix that it knows, and it knows those of
    // which the interface still has an address.
    const stale = segment.stale.map((gone) => block(gone, flags, { preferred: 0, valid: 0 }))
    const own = segment.ula
      ? [block(formatPrefix(segment.ula), flags, { preferred: preferredCap, valid: validCap })]
      : []
    const dns = [
      ...(resolver ? [`    rdnss { ns ${resolver}; lifetime ${retire ? 0 : 2700}; };`] : []),
      ...search.map((name) => `    dnssl { domain "${name}"; lifetime ${retire ? 0 : 2700}; };`),
      ...formerSearch.map((name) => `    dnssl { domain "${name}"; lifetime 0; };`),
    ]
    return `  interface "${segment.name}" {
    min delay 3;
    max ra interval ${interval};
    solicited ra unicast yes;
    managed ${stateful && !retire ? 'yes' : 'no'};
    other config ${retire ? 'no' : 'yes'};
    default lifetime ${lifetime} sensitive yes;
    route lifetime ${validCap} sensitive no;
${[...live, ...stale, ...own].join('\n')}
    prefix ::/0 { skip yes; };
${dns.join('\n')}
  };
`
  }
}

const yes = (/** @type {boolean} */ on) => (on ? 'yes' : 'no')

/** @param {string} prefix @param {PrefixFlags} flags @param {{ preferred: number, valid: number }} lifetimes */
function block(prefix, { onLink, autonomous }, { preferred, valid }) {
  return `    prefix ${prefix} { onlink ${yes(onLink)}; autonomous ${yes(autonomous)}; valid lifetime ${valid}; preferred lifetime ${preferred}; };`
}

/** Names from the wire go into configuration files: only those that are host names do. */
export const domainNames = (/** @type {string} */ list) =>
  list
    .split(/[\s,]+/)
    .map((name) => name.replace(/\.$/, ''))
    .filter((name) => name.length <= 253 && /^[a-z0-9-]{1,63}(\.[a-z0-9-]{1,63})*$/i.test(name))
