#!/bin/sh
# The first process of the virtual machine: the demo router in a namespace that holds the network cards.
export PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root
mount -t proc proc /proc
mount -t sysfs sys /sys
mount -t tmpfs run /run
mount -t tmpfs tmp /tmp
mkdir -p /dev/pts && mount -t devpts pts /dev/pts
mount -t cgroup2 cgroup /sys/fs/cgroup 2>/dev/null
echo "init: $(cut -d' ' -f1 /proc/uptime) s after the kernel"
hostname router
for module in virtio_net af_packet nf_tables nf_conntrack nft_ct nft_limit nft_reject_inet button evdev ppp_generic pppoe; do
  modprobe "$module" 2>/dev/null
done
ip link set lo up
ip netns add router
# In the order of the cards; the kernel command line names their ports.
names=$(sed -n 's/.*denat\.ports=\([^ ]*\).*/\1/p' /proc/cmdline | tr , ' ')
cards=$(cd /sys/class/net && for card in *; do [ -e "$card/device" ] && echo "$(readlink -f "$card/device") $card"; done | sort | cut -d' ' -f2)
set -- $names
for card in $cards; do
  [ $# -gt 0 ] || break
  ip link set "$card" name "$1" && ip link set "$1" netns router
  shift
done
export DUT_WAN=wan0 DUT_LANS="$(echo "$names" | tr ' ' '\n' | grep -v wan0 | tr '\n' ' ')" DUT_NODE=/usr/bin/node DUT_PATIENCE=300
stop() {
  echo "init: the power button was pressed"
  /opt/router/router.sh halt router
  sync
  poweroff -f 2>/dev/null || echo o >/proc/sysrq-trigger
}
# A press of the power button is an event of the only input device.
for event in /dev/input/event*; do
  [ -e "$event" ] && (head -c 24 "$event" >/dev/null && stop) &
done
/opt/router/router.sh up router && echo "init: the router is up, $(cut -d' ' -f1 /proc/uptime) s after the kernel"
[ -e /run/duts/router.log ] && tail -n +1 -F /run/duts/router.log &
while :; do sleep 1000 & wait $!; done
