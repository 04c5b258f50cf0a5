#!/bin/bash
# Makes the captures of this folder again, in network namespaces of its own: capture.sh FOLDER [NAME...]
# Needs root. `npm run golden -- capture` installs what is missing before, and thins out the raw captures in FOLDER after.
set -euo pipefail
# Of this machine, not of the npm packages that `npm run` puts in front.
PATH=/usr/sbin:/usr/bin:/sbin:/bin

OUT=$(realpath "$1")
shift
TMP=$(mktemp -d "${TMPDIR:-/tmp}/golden-XXXXXX")
# dhcpd and Kea drop their privileges.
chmod 755 "$TMP"
NS=golden-$$
A=$NS-a B=$NS-b C=$NS-c

down() {
  local ns pid
  for ns in $A $B $C; do
    [ -e /run/netns/$ns ] || continue
    for pid in $(ip netns pids $ns); do kill "$pid" 2>/dev/null || true; done
    sleep 0.3
    for pid in $(ip netns pids $ns); do kill -9 "$pid" 2>/dev/null || true; done
    ip netns delete $ns
  done
}
trap 'cp "$TMP/log" "$OUT/log.txt" || true; down; rm -rf "$TMP"' EXIT
trap 'exit 1' INT TERM

a() { timeout -k 2 40 ip netns exec $A "$@"; }
b() { timeout -k 2 40 ip netns exec $B "$@"; }
c() { timeout -k 2 40 ip netns exec $C "$@"; }
# In the background, with what it says kept for whoever looks for a fault.
in_back() {
  local ns=$1
  shift
  timeout -k 2 60 ip netns exec "$ns" "$@" >>"$TMP/log" 2>&1 &
}

# signal NS COMMAND SIGNAL
signal() {
  local pid
  for pid in $(ip netns pids $1); do
    ! grep -q $2 /proc/$pid/comm || kill -$3 $pid
  done
}

# cable NS MAC NS MAC [NAME]: checksums are computed before a frame is captured.
cable() {
  local name=${5:-p0}
  ip link add name $name netns $1 address $2 type veth peer name $name netns $3 address $4
  local ns
  for ns in $1 $3; do
    ip netns exec $ns ethtool -K $name tx off rx off tso off gso off gro off >/dev/null
    ip -n $ns link set lo up
  done
}

up() {
  ip -n $1 link set ${2:-p0} up
}

# Two hosts on a cable.
two() {
  ip netns add $A
  ip netns add $B
  cable $A 02:de:4a:00:00:0a $B 02:de:4a:00:00:0b
  capture $A p0 "$1"
  up $B
}

# tcpdump wants its interface up; as nothing else is, it is there before the first frame.
capture() {
  up $1 $2
  in_back $1 tcpdump -i $2 -p -s 0 -U --immediate-mode -Z root -w "$OUT/$3.raw.pcap"
  for _ in $(seq 50); do [ -s "$OUT/$3.raw.pcap" ] && return; sleep 0.1; done
  echo "$3: tcpdump does not start, see the log" >&3
  exit 1
}

# DAD takes a second.
wait_up() { sleep 2.2; }

isc_dhcp() {
  two isc-dhcp
  ip -n $B address add 2001:db8:1::1/64 dev p0 nodad
  ip -n $B address add 192.0.2.1/24 dev p0
  wait_up
  cat >"$TMP/dhcpd6.conf" <<'CONF'
default-lease-time 12;
preferred-lifetime 10;
option dhcp-renewal-time 3;
option dhcp-rebinding-time 5;
option dhcp6.name-servers 2001:db8:1::53, 2001:db8:1::54;
option dhcp6.domain-search "home.example", "example.com";
option dhcp6.sntp-servers 2001:db8:1::7b;
option dhcp6.sip-servers-names "sip.example.com";
option dhcp6.sip-servers-addresses 2001:db8:1::5060;
option dhcp6.info-refresh-time 7200;
option dhcp6.aftr-name aftr.example.com;
option dhcp6.preference 255;
subnet6 2001:db8:1::/64 {
  range6 2001:db8:1::1000 2001:db8:1::1fff;
  prefix6 2001:db8:100:: 2001:db8:1ff:: /56;
}
CONF
  cat >"$TMP/dhcpd4.conf" <<'CONF'
default-lease-time 12;
max-lease-time 12;
option dhcp-renewal-time 3;
option dhcp-rebinding-time 5;
authoritative;
subnet 192.0.2.0 netmask 255.255.255.0 {
  range 192.0.2.100 192.0.2.120;
  option routers 192.0.2.1;
  option domain-name-servers 192.0.2.53, 192.0.2.54;
  option domain-name "home.example";
  option ntp-servers 192.0.2.123;
  option subnet-mask 255.255.255.0;
}
CONF
  # Sets the address, so that renewing has something to renew; leaves the machine's resolv.conf alone.
  cat >"$TMP/dhclient-script" <<'CONF'
#!/bin/sh
case $reason in
  BOUND | RENEW | REBIND) ip address replace $new_ip_address/24 dev $interface ;;
  BOUND6 | RENEW6 | REBIND6) [ -z "$new_ip6_address" ] || ip address replace $new_ip6_address/64 dev $interface ;;
esac
exit 0
CONF
  chmod 755 "$TMP/dhclient-script"
  touch "$TMP/dhcpd6.leases" "$TMP/dhcpd4.leases"
  in_back $B dhcpd -6 -f -cf "$TMP/dhcpd6.conf" -lf "$TMP/dhcpd6.leases" -pf "$TMP/dhcpd6.pid" -user root -group root p0
  local server=$!
  in_back $B dhcpd -4 -f -cf "$TMP/dhcpd4.conf" -lf "$TMP/dhcpd4.leases" -pf "$TMP/dhcpd4.pid" -user root -group root p0
  sleep 1
  cat >"$TMP/dhclient.conf" <<'CONF'
also request dhcp6.sntp-servers, dhcp6.sip-servers-names, dhcp6.sip-servers-addresses, dhcp6.info-refresh-time,
  dhcp6.aftr-name;
CONF
  # A lease of another time: the server refuses its address.
  cat >"$TMP/dhclient4.leases" <<'CONF'
lease {
  interface "p0";
  fixed-address 203.0.113.9;
  renew never;
  rebind never;
  expire never;
}
CONF
  local client=(dhclient -sf "$TMP/dhclient-script" -cf "$TMP/dhclient.conf")
  a "${client[@]}" -6 -S -1 -lf "$TMP/info.leases" -pf "$TMP/info.pid" p0 || true
  local six=(-6 -N -P -D LL -lf "$TMP/dhclient6.leases" -pf "$TMP/dhclient6.pid" p0)
  local four=(-4 -lf "$TMP/dhclient4.leases" -pf "$TMP/dhclient4.pid" p0)
  in_back $A "${client[@]}" -d "${four[@]}"
  in_back $A "${client[@]}" -d "${six[@]}"
  sleep 7
  # A client that starts with a lease asks whether it still holds.
  a "${client[@]}" -x "${six[@]}" || true
  sleep 0.5
  in_back $A "${client[@]}" -d "${six[@]}"
  sleep 4
  # And one whose server is gone turns to all of them.
  kill $server || true
  sleep 4
  a "${client[@]}" -r "${six[@]}" || true
  a "${client[@]}" -r "${four[@]}" || true
  sleep 0.5
}

isc_relay() {
  ip netns add $A
  ip netns add $B
  ip netns add $C
  cable $A 02:de:4a:00:00:0a $C 02:de:4a:00:00:0c
  cable $C 02:de:4a:00:00:1c $B 02:de:4a:00:00:0b p1
  capture $C p1 isc-relay
  up $A && up $C && up $B p1
  ip -n $C address add 2001:db8:1::2/64 dev p0 nodad
  ip -n $C address add 2001:db8:2::2/64 dev p1 nodad
  ip -n $B address add 2001:db8:2::1/64 dev p1 nodad
  ip -n $B route add 2001:db8:1::/64 via 2001:db8:2::2
  wait_up
  cat >"$TMP/relayed.conf" <<'CONF'
subnet6 2001:db8:1::/64 { range6 2001:db8:1::1000 2001:db8:1::1fff; }
subnet6 2001:db8:2::/64 { }
CONF
  touch "$TMP/relayed.leases"
  in_back $B dhcpd -6 -f -cf "$TMP/relayed.conf" -lf "$TMP/relayed.leases" -pf "$TMP/relayed.pid" -user root -group root p1
  in_back $C dhcrelay -6 -d -I -l p0 -u 2001:db8:2::1%p1 -pf "$TMP/relay.pid"
  sleep 1.5
  a dhclient -6 -1 -sf /bin/true -cf /dev/null -lf "$TMP/behind.leases" -pf "$TMP/behind.pid" p0 || true
  sleep 0.5
}

kea6() {
  cat >"$TMP/kea6.conf" <<CONF
{ "Dhcp6": {
  "interfaces-config": { "interfaces": [ "p0" ] },
  "lease-database": { "type": "memfile", "persist": false },
  "server-id": { "type": "EN", "enterprise-id": 2495, "identifier": "0123456789" , "persist": false },
  "renew-timer": 4, "rebind-timer": 7, "preferred-lifetime": 10, "valid-lifetime": 14,
  "option-data": [
    { "name": "dns-servers", "data": "2001:db8:1::53" },
    { "name": "domain-search", "data": "home.example, example.com" },
    { "name": "aftr-name", "data": "aftr.example.com", "csv-format": true, "code": 64, "space": "dhcp6" },
    { "code": 82, "space": "dhcp6", "csv-format": false, "data": "00000E10", "always-send": true },
    { "code": 83, "space": "dhcp6", "csv-format": false, "data": "00001C20", "always-send": true },
    { "code": 56, "space": "dhcp6", "csv-format": false, "data": "0001001020010DB800010000000000000000007B" }
  ],
  "subnet6": [ { "id": 1, "subnet": "2001:db8:1::/64", "interface": "p0", "rapid-commit": true,
    "pools": [ { "pool": "2001:db8:1::2000-2001:db8:1::2fff" } ],
    "pd-pools": [ { "prefix": "2001:db8:100::", "prefix-len": 40, "delegated-len": 56,
      "excluded-prefix": "2001:db8:100::", "excluded-prefix-len": 72 } ] } ],
  "loggers": [ { "name": "kea-dhcp6", "output_options": [ { "output": "stdout" } ], "severity": "INFO" } ] } }
CONF
  in_back $B env KEA_LOCKFILE_DIR=none KEA_PIDFILE_DIR="$TMP" kea-dhcp6 -c "$TMP/kea6.conf"
}

kea4() {
  cat >"$TMP/kea4.conf" <<CONF
{ "Dhcp4": {
  "interfaces-config": { "interfaces": [ "p0" ], "dhcp-socket-type": "raw" },
  "lease-database": { "type": "memfile", "persist": false },
  "renew-timer": 4, "rebind-timer": 7, "valid-lifetime": 14,
  "option-data": [
    { "name": "domain-name-servers", "data": "192.0.2.53" }, { "name": "routers", "data": "192.0.2.1" },
    { "name": "ntp-servers", "data": "192.0.2.123" }, { "name": "domain-name", "data": "home.example" },
    { "code": 108, "space": "dhcp4", "csv-format": false, "data": "00000708", "always-send": true }
  ],
  "subnet4": [ { "id": 1, "subnet": "192.0.2.0/24", "interface": "p0",
    "pools": [ { "pool": "192.0.2.130-192.0.2.140" } ] } ],
  "loggers": [ { "name": "kea-dhcp4", "output_options": [ { "output": "stdout" } ], "severity": "INFO" } ] } }
CONF
  in_back $B env KEA_LOCKFILE_DIR=none KEA_PIDFILE_DIR="$TMP" kea-dhcp4 -c "$TMP/kea4.conf"
}

wide_kea() {
  two wide-kea
  ip -n $B address add 2001:db8:1::1/64 dev p0 nodad
  wait_up
  kea6
  cat >"$TMP/dhcp6c.conf" <<'CONF'
interface p0 {
  send ia-pd 7, ia-na 8, rapid-commit;
  request domain-name-servers, domain-name, ntp-servers;
};
id-assoc pd 7 { prefix-interface lo { sla-len 8; sla-id 1; }; };
id-assoc na 8 { };
CONF
  sed '/rapid-commit/s/, rapid-commit//' "$TMP/dhcp6c.conf" >"$TMP/four.conf"
  printf 'interface p0 { information-only; request domain-name-servers; };\n' >"$TMP/info.conf"
  sleep 1.5
  local conf
  for conf in dhcp6c four info; do
    in_back $A sh -c "mount -t tmpfs none /var/lib/dhcpv6; exec dhcp6c -f -D -c $TMP/$conf.conf -p $TMP/$conf.pid p0"
    sleep 6
    # Its own signal: it releases before it goes.
    kill -TERM $(cat "$TMP/$conf.pid") 2>/dev/null || true
    sleep 1.5
  done
}

dhcpcd_dnsmasq() {
  two dhcpcd-dnsmasq
  ip -n $B address add 2001:db8:1::1/64 dev p0 nodad
  ip -n $B address add 192.0.2.1/24 dev p0
  wait_up
  in_back $B dnsmasq --keep-in-foreground --conf-file=/dev/null --no-resolv --no-hosts --user=root --pid-file= \
    --interface=p0 --bind-interfaces --dhcp-leasefile="$TMP/dnsmasq.leases" --enable-ra --ra-param=p0,mtu:1400,high,10,1200 \
    --dhcp-range=192.0.2.150,192.0.2.160,120 --dhcp-range=2001:db8:1::5000,2001:db8:1::5fff,64,120 \
    --dhcp-option=option6:dns-server,[2001:db8:1::1] --dhcp-option=option6:domain-search,home.example \
    --dhcp-option=option6:information-refresh-time,900 --dhcp-option=option:ntp-server,192.0.2.1 --domain=home.example
  sleep 1
  cat >"$TMP/dhcpcd.conf" <<'CONF'
duid
hostname golden
option ntp_servers, domain_name_servers, domain_name, domain_search, rapid_commit, classless_static_routes
option dhcp6_name_servers, dhcp6_domain_search, dhcp6_sol_max_rt
slaac hwaddr
fqdn both
ia_na 1
CONF
  # Its files lie in mounts of its own; ALRM tells it to release.
  in_back $A sh -c "mkdir -p /run/dhcpcd; mount -t tmpfs none /run/dhcpcd; mount -t tmpfs none /var/lib/dhcpcd
    exec dhcpcd -B -d -f $TMP/dhcpcd.conf -c /bin/true --vendorclassid golden p0"
  sleep 14
  signal $A dhcpcd ALRM
  sleep 2
}

networkd_kea() {
  two networkd-kea
  ip -n $B address add 2001:db8:1::1/64 dev p0 nodad
  ip -n $B address add 192.0.2.1/24 dev p0
  b sysctl -qw net.ipv6.conf.all.forwarding=1
  wait_up
  kea6
  kea4
  cat >"$TMP/radvd.conf" <<'CONF'
interface p0 {
  AdvSendAdvert on; MinRtrAdvInterval 3; MaxRtrAdvInterval 6; AdvManagedFlag on; AdvOtherConfigFlag on;
  AdvLinkMTU 1492; AdvDefaultPreference low; AdvReachableTime 30000; AdvRetransTimer 1000; AdvHomeAgentFlag on;
  AdvHomeAgentInfo on; HomeAgentLifetime 1000; HomeAgentPreference 3; AdvIntervalOpt on;
  prefix 2001:db8:1::/64 { AdvOnLink on; AdvAutonomous on; AdvRouterAddr on; AdvValidLifetime 600; AdvPreferredLifetime 300; };
  route 2001:db8:5000::/40 { AdvRoutePreference high; AdvRouteLifetime infinity; };
  route ::/0 { AdvRoutePreference low; AdvRouteLifetime 60; };
  RDNSS 2001:db8:1::53 2001:db8:1::54 { AdvRDNSSLifetime infinity; };
  DNSSL home.example corp.example.com { AdvDNSSLLifetime 0; };
  abro fe80::10 { AdvVersionLow 10; AdvVersionHigh 2; AdvValidLifeTime 2; };
};
CONF
  in_back $B radvd -n -C "$TMP/radvd.conf" -p "$TMP/radvd.pid" -m stderr -u root
  mkdir "$TMP/network"
  cat >"$TMP/network/p0.network" <<'CONF'
[Match]
Name=p0
[Network]
DHCP=yes
IPv6AcceptRA=yes
LinkLocalAddressing=ipv6
[DHCPv4]
Hostname=golden
SendRelease=yes
[DHCPv6]
PrefixDelegationHint=::/56
UseDelegatedPrefix=yes
SendRelease=yes
CONF
  # Else it is made from what identifies this machine.
  cat >"$TMP/network/networkd.conf" <<'CONF'
[DHCPv4]
DUIDType=vendor
DUIDRawData=00:00:ab:11:01:02:03:04:05:06:07:08
[DHCPv6]
DUIDType=vendor
DUIDRawData=00:00:ab:11:01:02:03:04:05:06:07:08
CONF
  sleep 1
  # Without udev it takes interfaces as they are where /sys can't be written, as in a container.
  in_back $A sh -c "mount -o bind,ro /sys /sys; mount -t tmpfs none /run/systemd; mkdir -p /run/systemd/network \
    /run/systemd/netif; cp $TMP/network/p0.network /run/systemd/network/; \
    mkdir /run/systemd/networkd.conf.d; cp $TMP/network/networkd.conf /run/systemd/networkd.conf.d/; chown -R systemd-network /run/systemd/netif; \
    SYSTEMD_LOG_LEVEL=info exec /lib/systemd/systemd-networkd"
  sleep 12
  signal $A systemd-network TERM
  sleep 1
}

bird_ndisc6() {
  two bird-ndisc6
  ip -n $B address add 2001:db8:1::1/64 dev p0
  b sysctl -qw net.ipv6.conf.all.forwarding=1
  wait_up
  cat >"$TMP/bird.conf" <<'CONF'
router id 192.0.2.1;
protocol device { }
protocol radv {
  propagate routes yes;
  ipv6 { export all; };
  interface "p0" {
    min ra interval 3; max ra interval 4; managed yes; other config yes; link mtu 1480; reachable time 15000;
    retrans timer 900; current hop limit 63; default lifetime 1800; default preference high;
    route lifetime 700; route preference low;
    prefix 2001:db8:1::/64 { onlink yes; autonomous yes; valid lifetime 1000; preferred lifetime 500; };
    prefix 2001:db8:2::/64 { onlink no; autonomous no; };
    rdnss { lifetime 1200; ns 2001:db8:1::53; ns 2001:db8:1::54; };
    dnssl { lifetime 1200; domain "home.example"; domain "a.very.long.name.in.the.example.com"; };
  };
}
protocol static { ipv6; route 2001:db8:aa00::/40 unreachable; route 2001:db8:7:8::/64 unreachable; route 2001:db8:7::1/128 unreachable; }
CONF
  in_back $B bird -f -c "$TMP/bird.conf" -s "$TMP/bird.ctl" -P "$TMP/bird.pid"
  sleep 1
  a rdisc6 -1 p0 || true
  a ndisc6 2001:db8:1::1 p0 || true
  sleep 4
  # The last RA of a router that goes has lifetime 0.
  signal $B bird TERM
  sleep 1
}

# Option bytes for an ancillary header: socat sets what `setsockopt` is told (41 is IPPROTO_IPV6).
linux_errors() {
  ip netns add $A
  ip netns add $B
  ip netns add $C
  # B is the router, with A and C on one link behind it, and C again on another.
  cable $A 02:de:4a:00:00:0a $B 02:de:4a:00:00:0b
  cable $B 02:de:4a:00:00:1b $C 02:de:4a:00:00:0c p1
  cable $B 02:de:4a:00:00:2b $C 02:de:4a:00:00:2c p2
  b sysctl -qw net.ipv6.conf.all.forwarding=1 net.ipv4.ip_forward=1 net.ipv6.icmp.ratelimit=0 net.ipv4.icmp_ratelimit=0
  a sysctl -qw net.ipv4.conf.all.accept_redirects=1 net.ipv6.icmp.ratelimit=0
  ip -n $B link add name br0 address 02:de:4a:00:00:3b type bridge mcast_snooping 1 mcast_querier 1 mcast_query_interval 300 mcast_startup_query_interval 200
  b ethtool -K br0 tx off >/dev/null
  ip -n $B link set p0 master br0
  ip -n $B link set p1 master br0
  capture $A p0 linux-errors
  up $C p1 && up $C p2 && up $B p0 && up $B p1 && up $B p2 && up $B br0
  ip -n $A address add 2001:db8:1::a/64 dev p0
  ip -n $B address add 2001:db8:1::b/64 dev br0
  ip -n $C address add 2001:db8:1::c/64 dev p1
  ip -n $B address add 2001:db8:2::b/64 dev p2
  ip -n $C address add 2001:db8:2::c/64 dev p2
  ip -n $A address add 192.0.2.10/25 dev p0
  ip -n $B address add 192.0.2.11/25 dev br0
  ip -n $C address add 192.0.2.12/25 dev p1
  ip -n $B address add 192.0.2.211/25 dev p2
  ip -n $C address add 192.0.2.212/25 dev p2
  ip -n $B link set p2 mtu 1280
  wait_up
  ip -n $A route add default via 2001:db8:1::b
  ip -n $C route add 2001:db8:1::a/128 via 2001:db8:2::b dev p2
  ip -n $A route add default via 192.0.2.11
  ip -n $C route add 192.0.2.10/32 via 192.0.2.211
  ip -n $B route add 2001:db8:9::/64 via fe80::de:4aff:fe00:c dev br0
  ip -n $B route add 198.51.100.0/25 via 192.0.2.12
  ip -n $B route add prohibit 2001:db8:8::/64
  ip -n $B route add prohibit 198.51.100.128/26
  b nft -f - <<'CONF'
table inet golden {
  chain forward {
    type filter hook forward priority 0;
    ip6 daddr 2001:db8:2::1 reject with icmpv6 type addr-unreachable
    ip6 daddr 2001:db8:2::2 reject with icmpv6 type policy-fail
    ip6 daddr 2001:db8:2::3 reject with icmpv6 type reject-route
    ip6 daddr 2001:db8:2::4 tcp dport 80 reject with tcp reset
  }
}
CONF
  local host
  # Time exceeded, too big, no route, prohibited, nobody there, three reasons of a filter.
  a ping -6 -c 1 -W 1 -t 1 2001:db8:2::c || true
  a ping -6 -c 1 -W 1 -s 1400 -M do 2001:db8:2::c || true
  for host in 2001:db8:7::1 2001:db8:8::1 2001:db8:2::d 2001:db8:2::1 2001:db8:2::2 2001:db8:2::3; do
    a ping -6 -c 1 -W 4 $host || true
  done
  # Redirects are limited to one a second together with errors.
  sleep 1.2
  a ping -6 -c 1 -W 1 2001:db8:9::1 || true
  a curl -sm 1 'http://[2001:db8:2::4]/' || true
  for host in 198.51.100.1 198.51.100.129 203.0.113.1 192.0.2.250; do a ping -4 -c 1 -W 4 $host || true; done
  a ping -4 -c 1 -W 1 -t 1 192.0.2.212 || true
  a ping -4 -c 1 -W 1 -s 1400 -M do 192.0.2.212 || true
  # Record route and timestamps: options of IPv4.
  a ping -4 -c 1 -W 1 -R 192.0.2.11 || true
  a ping -4 -c 1 -W 1 -T tsonly 192.0.2.11 || true
  # Traffic class and flow label.
  a ping -6 -c 1 -W 1 -Q 0xb8 -F 0xabcde 2001:db8:1::b || true
  a ping -6 -c 1 -W 1 -N name 2001:db8:1::b || true
  # Fragments.
  a ping -6 -c 1 -W 1 -s 3000 2001:db8:1::b || true
  a ping -4 -c 1 -W 1 -s 3000 192.0.2.11 || true
  # Closed ports, an unknown next header, options.
  echo x | a socat -t 0.3 - UDP6-SENDTO:[2001:db8:1::b]:9 || true
  echo x | a socat -t 0.3 - UDP4-SENDTO:192.0.2.11:9 || true
  a curl -sm 1 'http://[2001:db8:1::b]:9/' || true
  a curl -sm 1 'http://192.0.2.11:9/' || true
  echo x | a socat -t 0.3 - IP6-SENDTO:[2001:db8:1::b]:253 || true
  echo x | a socat -t 0.3 - IP4-SENDTO:192.0.2.11:253 || true
  echo x | a socat -t 0.3 - UDP6-SENDTO:[2001:db8:1::b]:9,setsockopt=41:59:x0000be0400000000 || true
  echo x | a socat -t 0.3 - UDP6-SENDTO:[2001:db8:1::b]:9,setsockopt=41:54:x0000050200000100 || true
  # A Segment Routing header, which this kernel puts into what it sends.
  ip -n $A route add 2001:db8:1::c/128 encap seg6 mode inline segs 2001:db8:1::b dev p0
  a ping -6 -c 1 -W 1 2001:db8:1::c || true
  # Multicast listeners of both versions, with sources; the bridge asks.
  a socat -u UDP6-RECV:5001,ipv6-join-group=[ff05::1234]:p0 - &
  a sh -c 'sleep 3; sysctl -qw net.ipv6.conf.p0.force_mld_version=1 net.ipv4.conf.p0.force_igmp_version=2'
  a timeout 2 python3 - <<'CODE' || true
import socket, struct, time
s = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
index = socket.if_nametoindex('p0')
s.setsockopt(socket.IPPROTO_IPV6, 20, struct.pack('16sI', socket.inet_pton(socket.AF_INET6, 'ff05::4321'), index))
time.sleep(1)
s.setsockopt(socket.IPPROTO_IPV6, 21, struct.pack('16sI', socket.inet_pton(socket.AF_INET6, 'ff05::4321'), index))
time.sleep(0.3)
CODE
  a sysctl -qw net.ipv6.conf.p0.force_mld_version=2 net.ipv4.conf.p0.force_igmp_version=3
  ip -n $B link set br0 type bridge mcast_mld_version 2 mcast_igmp_version 3
  a timeout 3 python3 - <<'CODE' || true
import socket, struct, time
s = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
index = socket.if_nametoindex('p0')
def storage(address): return struct.pack('HHI16sI100x', socket.AF_INET6, 0, 0, socket.inet_pton(socket.AF_INET6, address), 0)
# MCAST_JOIN_SOURCE_GROUP
for source in ('2001:db8:1::b', '2001:db8:1::c'):
    s.setsockopt(socket.IPPROTO_IPV6, 46, struct.pack('I4x', index) + storage('ff35::9999') + storage(source))
time.sleep(2.2)
CODE
  sleep 0.5
}

chromium_web() {
  two chromium-web
  ip -n $B address add 2001:db8:1::1/64 dev p0 nodad
  ip -n $A address add 2001:db8:1::a/64 dev p0 nodad
  ip -n $B address add 192.0.2.1/24 dev p0
  ip -n $A address add 192.0.2.10/24 dev p0
  wait_up
  # Only a browser with a route asks for AAAA.
  ip -n $A route add default via 2001:db8:1::1
  in_back $B dnsmasq --keep-in-foreground --conf-file=/dev/null --no-resolv --no-hosts --user=root --pid-file= \
    --interface=p0 --bind-interfaces --address=/golden.example/2001:db8:1::1 --address=/golden.example/192.0.2.1 \
    --host-record=host.golden.example,192.0.2.1,2001:db8:1::1 --cname=www.golden.example,host.golden.example \
    --mx-host=golden.example,mail.golden.example,10 --txt-record=txt.golden.example,v=golden,second \
    --srv-host=_http._tcp.golden.example,host.golden.example,80,1,2 --ptr-record=1.2.0.192.in-addr.arpa,host.golden.example \
    --local=/example/
  mkdir "$TMP/web"
  printf '<!doctype html><title>golden</title><p>golden' >"$TMP/web/index.html"
  in_back $B python3 -m http.server --bind :: --directory "$TMP/web" 80
  sleep 1
  printf 'nameserver 2001:db8:1::1\n' >"$TMP/resolv.conf"
  a sh -c "mount --bind $TMP/resolv.conf /etc/resolv.conf; exec timeout 20 chromium --headless --no-sandbox --disable-gpu \
    --host-resolver-rules='MAP * ~NOTFOUND, EXCLUDE *.golden.example' --user-data-dir=$TMP/profile --dump-dom http://host.golden.example/" >"$TMP/dom" 2>>"$TMP/log" || true
  grep -q golden "$TMP/dom" || echo "chromium-web: the browser saw no page" >&3
  local type
  for type in A AAAA TXT MX SRV CNAME; do
    local name=golden.example
    [ $type = TXT ] && name=txt.golden.example
    [ $type = SRV ] && name=_http._tcp.golden.example
    [ $type = CNAME ] && name=www.golden.example
    a dig +tries=1 +time=1 @2001:db8:1::1 $name $type || true
  done
  a dig +tries=1 +time=1 +noedns @192.0.2.1 www.golden.example A || true
  a dig +tries=1 +time=1 +dnssec +cdflag @192.0.2.1 -x 192.0.2.1 || true
  a dig +tries=1 +time=1 +bufsize=1232 @192.0.2.1 nothing.example AAAA || true
  a dig +tries=1 +time=1 @192.0.2.1 outside.test A || true
  a curl -4 -sm 2 http://192.0.2.1/ >/dev/null || true
}

# Discovery alone: PPP itself takes a kernel that has it.
rp_pppoe() {
  two rp-pppoe
  for name in $A $B; do ip netns exec $name sysctl -qw net.ipv6.conf.all.disable_ipv6=1; done
  # In place of pppd, for the server to have something to start.
  printf '#!/bin/sh\nexec sleep 2\n' >"$TMP/pppd"
  chmod 755 "$TMP/pppd"
  in_back $B pppoe-server -F -I p0 -C golden-ac -S internet -S telephone -N 1 -q "$TMP/pppd" -Q /usr/sbin/pppoe
  sleep 1
  a pppoe-discovery -I p0 || true
  a pppoe-discovery -I p0 -S telephone -U || true
  # A service that the server does not have; then a session that ends with its input.
  a pppoe-discovery -I p0 -S nothing -t 1 -a 1 || true
  a pppoe -I p0 -U -S internet -T 2 </dev/null || true
  # A second session is one too many.
  (sleep 1.5 | a pppoe -I p0 -U -S internet) >/dev/null &
  sleep 0.3
  (sleep 1 | a pppoe -I p0 -U -S internet) >/dev/null || true
  sleep 2.5
}

# A switch that needs no kernel: its access port tags, and its tunnel port tags what bears a tag.
openvswitch() {
  ip netns add $A
  ip netns add $B
  ip netns add $C
  cable $A 02:de:4a:00:00:0a $B 02:de:4a:00:00:0b
  cable $C 02:de:4a:00:00:0c $B 02:de:4a:00:00:0d p1
  for name in $B $C; do ip netns exec $name sysctl -qw net.ipv6.conf.all.disable_ipv6=1; done
  capture $C p1 openvswitch
  up $B
  up $B p1
  ovsdb-tool create "$TMP/conf.db" /usr/share/openvswitch/vswitch.ovsschema
  in_back $B ovsdb-server --remote="punix:$TMP/db.sock" --unixctl="$TMP/db.ctl" "$TMP/conf.db"
  sleep 1
  local set=(ovs-vsctl --db="unix:$TMP/db.sock" --timeout=5)
  b "${set[@]}" --no-wait init -- set Open_vSwitch . other_config:vlan-limit=2
  in_back $B env OVS_RUNDIR="$TMP" ovs-vswitchd --unixctl="$TMP/switch.ctl" "unix:$TMP/db.sock"
  b "${set[@]}" add-br s0 -- set bridge s0 datapath_type=netdev \
    -- add-port s0 p0 tag=35 -- add-port s0 p1 trunks=35
  up $A
  wait_up
  ip -n $A address add 2001:db8:1::a/64 dev p0 nodad
  ip -n $A address add 192.0.2.10/24 dev p0
  traffic_to_nobody
  b "${set[@]}" del-port s0 p1 -- add-br s1 -- set bridge s1 datapath_type=netdev \
    -- add-port s0 to-s1 trunks=35 -- set interface to-s1 type=patch options:peer=to-s0 \
    -- add-port s1 to-s0 tag=100 vlan_mode=dot1q-tunnel other_config:qinq-ethtype=802.1ad \
    -- set interface to-s0 type=patch options:peer=to-s1 -- add-port s1 p1 trunks=100
  sleep 1
  traffic_to_nobody
}

# What a host sends without an answer: to a group, for an address, and UDP to all.
traffic_to_nobody() {
  a ping -c 1 -W 1 ff02::1%p0 || true
  a ping -c 1 -W 1 2001:db8:1::b || true
  a ping -c 1 -W 1 -b -Q 0xb8 192.0.2.255 || true
  a ping -c 1 -W 1 192.0.2.11 || true
  a ping -c 1 -W 1 -s 1452 ff02::1%p0 || true
}

exec 3>&2
mkdir -p "$OUT"
[ $# -gt 0 ] || set -- isc-dhcp isc-relay wide-kea dhcpcd-dnsmasq networkd-kea bird-ndisc6 linux-errors chromium-web rp-pppoe openvswitch
for name in "$@"; do
  echo "$name ..." >&2
  "${name//-/_}" >>"$TMP/log" 2>&1 || echo "$name: ended early" >&2
  sleep 0.3
  down
done
