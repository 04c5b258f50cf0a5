/** RFC 6092 simple security for IPv6, and NAT44. One transaction, so that no packet meets half a rule set. */
import { formatAddress, formatPrefix, hostMask, parseAddress } from './address.mjs'

/** @typedef {{ host: string, protocol: 'tcp' | 'udp', port: number, suffix: string, length: number }} Pinhole */

/**
 * A pinhole is for a host, not for an address: after renumbering it moves to the new prefix. `suffix` is what is below
 * the delegated prefix.
 * @param {Pinhole} pinhole @param {{ address: bigint, length: number }[]} delegations
 */
export function pinholeAddresses(pinhole, delegations) {
  const suffix = parseAddress(pinhole.suffix)
  return delegations.map((one) => formatAddress(one.address | (suffix & hostMask(one.length))))
}

/** @param {{ host: string, protocol: 'tcp' | 'udp', port: number }} order @param {{ address: bigint, length: number }[]} delegations @returns {Pinhole | undefined} */
export function pinholeFor(order, delegations) {
  const address = parseAddress(order.host)
  const home = delegations.find((one) => (address & ~hostMask(one.length)) === one.address)
  if (!home) return undefined
  return { ...order, suffix: formatAddress(address & hostMask(home.length)), length: home.length }
}

/**
 * @param {object} want
 * @param {string} want.wan
 * @param {string[]} want.lans
 * @param {{ address: bigint, length: number }[]} want.delegations
 * @param {string[]} want.downstream prefixes that routers on the LAN have
 * @param {boolean} want.open the transparent mode of REC-49
 * @param {Pinhole[]} want.pinholes
 * @param {boolean} want.forget what the LAN has spoken to is no longer let in: the rules have become stricter
 * @param {boolean} want.upstreamUla the line itself gave a ULA: it is then not barred from the WAN
 */
export function firewallRules({ wan, lans, delegations, downstream, open, pinholes, forget, upstreamUla }) {
  const lan = `{ ${lans.join(', ')} }`
  const delegated = delegations.map((one) => formatPrefix(one)).join(', ')
  const holes = pinholes.flatMap((hole) =>
    pinholeAddresses(hole, delegations).map(
      (host) => `    ip6 daddr ${host} ${hole.protocol} dport ${hole.port} accept`,
    ),
  )
  // RFC 8987 R-5: what such a router sends for its own prefix would come back for ever.
  const turns = downstream.map((one) => `    ip6 saddr ${one} ip6 daddr ${one} reject with icmpv6 type reject-route`)
  const bogus = '{ ::/96, ::ffff:0:0/96, fec0::/10, 2001:db8::/32, 3fff::/20, 2001:10::/28, 2001:20::/28 }'
  return `table inet router {
  # What may enter to this host and port, from any source: the LAN has sent from there (REC-17, REC-33).
  set spoken { type ipv6_addr . inet_proto . inet_service; flags dynamic, timeout; size 65535; }
  set delegated { type ipv6_addr; flags interval; }
  chain input { type filter hook input priority 0; policy drop; }
  chain forward { type filter hook forward priority 0; policy drop; }
  chain boundary { }
  chain outbound { }
  chain inbound { }
  chain output { type filter hook output priority 0; policy accept; }
  chain nat4 { type nat hook postrouting priority srcnat; }
  chain mss { type filter hook forward priority mangle; }
}
flush table inet router
flush set inet router delegated
${forget ? 'flush set inet router spoken' : ''}
${delegated ? `add element inet router delegated { ${delegated} }` : ''}
table inet router {
  chain input {
    iifname lo accept
    iifname ${lan} accept
${upstreamUla ? '' : `    iifname ${wan} ip6 saddr fc00::/7 drop\n    iifname ${wan} ip6 daddr fc00::/7 drop`}
    ct state established,related accept
    icmpv6 type { destination-unreachable, packet-too-big, time-exceeded, parameter-problem, echo-request, echo-reply, nd-router-solicit, nd-router-advert, nd-neighbor-solicit, nd-neighbor-advert, mld-listener-query, mld-listener-report, mld-listener-done, mld2-listener-report } accept
    iifname ${wan} ip6 saddr fe80::/10 udp dport 546 accept
    iifname ${wan} udp sport 67 udp dport 68 accept
    iifname ${wan} icmp type echo-request accept
  }
  chain forward {
    meta nfproto ipv6 jump boundary
    iifname ${wan} meta nfproto ipv6 jump inbound
    oifname ${wan} meta nfproto ipv6 jump outbound
    ct state established,related accept
    iifname ${lan} accept
  }
  # Holds in the transparent mode too.
  chain boundary {
    ip6 saddr ff00::/8 drop
    ip6 daddr ff00::/8 drop
    ip6 saddr ${bogus} drop
    ip6 daddr ${bogus} drop
    rt type 0 drop
${turns.join('\n')}
    iifname ${wan} ip6 saddr @delegated drop
${upstreamUla ? '' : `    iifname ${wan} ip6 saddr fc00::/7 drop\n    iifname ${wan} ip6 daddr fc00::/7 drop\n    oifname ${wan} ip6 daddr fc00::/7 reject with icmpv6 type admin-prohibited`}
    # RFC 7084 G-3, L-14, S-2, ULA-4: only what the ISP has delegated goes out; code 5 for the rest.
    oifname ${wan} ip6 saddr != @delegated reject with icmpv6 type policy-fail
  }
  chain outbound {
    ct direction original meta l4proto { tcp, udp } iifname ${lan} update @spoken { ip6 saddr . meta l4proto . th sport timeout 300s }
  }
  chain inbound {
    ip6 daddr != @delegated drop
    ct state established,related accept
${open ? '    accept' : ''}
    meta l4proto { ah, esp, 135, 139 } accept
    udp dport 500 accept
    icmpv6 type echo-request accept
${holes.join('\n')}
    ip6 daddr . meta l4proto . th dport @spoken accept
  }
  chain output {
${upstreamUla ? '' : `    oifname ${wan} ip6 saddr fc00::/7 drop\n    oifname ${wan} ip6 daddr fc00::/7 reject with icmpv6 type admin-prohibited`}
  }
  chain nat4 { oifname ${wan} meta nfproto ipv4 masquerade; }
  chain mss { oifname ${wan} tcp flags syn tcp option maxseg size set rt mtu; }
}
`
}
