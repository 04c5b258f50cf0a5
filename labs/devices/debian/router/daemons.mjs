/** The files of the daemons that are written once, at boot. */

/** Reconfigure Accept (RFC 7084 WAA-4) is sent when it is asked for; the others are what the LAN is told of (L-12). */
const dhcp6Options = [
  ...['name_servers', 'domain_search', 'rapid_commit', 'reconfigure_accept'],
  ...['sip_servers_names', 'sip_servers_addresses', 'sntp_servers', 'ntp_server'],
]

/** @param {{ wan: string, lans: string[], ipv6: boolean }} want */
export const dhcpcdConfig = ({ wan, lans, ipv6 }) => `# Written by routerd.
# "-": routerd numbers the LANs. Given the WAN here, dhcpcd 9.4.1 would ask for PD_EXCLUDE (RFC 6603), but then echo it
# without its contents, and a server that checks drops the Request.
# The LANs are listed for their addresses alone: dhcpcd takes a default route when the router has a global address.
allowinterfaces ${[wan, ...lans].join(' ')}
nodev
noipv6rs
noipv4ll
persistent
nohook ntp, hostname, yp, wpa_supplicant
option domain_name_servers, domain_search
# RFC 9915 obsoletes Server Unicast.
nooption dhcp6_unicast
${dhcp6Options.map((name) => `option dhcp6_${name}\n`).join('')}${lans.map((lan) => `interface ${lan}\n  noipv4\n  noipv6rs\n`).join('')}interface ${wan}
  iaid 1
${ipv6 ? '  ipv6rs\n  ia_na 1\n  ia_pd 2/::/56 -\n' : '  noipv6\n'}`

// dnsmasq watches the folder of its resolv-file: not /etc, where the container's own file is only mounted over.
/** @param {{ lans: { name: string, net4: string }[], ula: string }} want */
export const dnsmasqConfig = ({ lans, ula }) => `# Written by routerd.
user=root
no-hosts
bind-dynamic
resolv-file=/run/resolv.conf
domain-needed
bogus-priv
domain=home.arpa
host-record=router.home.arpa,${lans[0]?.net4}.1,${ula}
dhcp-leasefile=/var/lib/misc/dnsmasq.leases
log-facility=/run/log.dnsmasq
pid-file=/run/dnsmasq.pid
${lans.map(({ name, net4 }) => `interface=${name}\ndhcp-range=${net4}.100,${net4}.199,12h\n`).join('')}`

/** dhcpcd runs it instead of dhcpcd-run-hooks. */
export const dhcpcdHook = (/** @type {string} */ socket) => `#!/bin/sh
/usr/lib/dhcpcd/dhcpcd-run-hooks "$@"
{ printf 'FROM=dhcpcd\\0'; env -0; } | socat -u - UNIX-CONNECT:${socket}
`

/** Kea's run_script hook runs it, the hook point as its argument. Kea 2.2 waits for no script, whatever `sync` says. */
export const keaHook = (/** @type {string} */ socket) => `#!/bin/sh
{ printf 'FROM=kea\\0EVENT=%s\\0' "$1"; env -0; } | socat -u - UNIX-CONNECT:${socket}
`
