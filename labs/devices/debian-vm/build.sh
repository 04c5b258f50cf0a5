#!/bin/sh
# Builds the demo router as a virtual machine out of Debian packages of this machine: a kernel, and a disk with the same
# software as ../debian, ppp and PPPoE as well.
#
#   build.sh FOLDER    leaves vmlinuz, initrd and disk.img there; all three are whole or not there
#
# Needs the packages of `../debian/router.sh pkgs`, and: e2fsprogs kmod ppp
set -eu

HERE=$(dirname "$(readlink -f "$0")")
ROUTER=$HERE/../debian
OUT=$(readlink -f "$1")
NODE=${DUT_NODE:-$(command -v node)}
WORK=$(mktemp -d)
trap 'rm -rf "$WORK"' EXIT INT TERM
ROOT=$WORK/root
mkdir -p "$OUT" "$ROOT"

die() { echo "$0: $*" >&2; exit 1; }
for command in mke2fs depmod dpkg-deb apt-get; do
  command -v "$command" >/dev/null || PATH=$PATH:/usr/sbin:/sbin command -v "$command" >/dev/null || die "$command is missing; apt-get install e2fsprogs kmod"
done
PATH=$PATH:/usr/sbin:/sbin

# ---- packages that are not installed here ---------------------------------------------------------------------------
cd "$WORK"
kernel=$(apt-cache depends linux-image-amd64 | sed -n 's/^ *Depends: \(linux-image-[0-9].*\)/\1/p' | head -1)
[ -n "$kernel" ] || die "apt knows no kernel: apt-get update"
apt-get -qq -o APT::Sandbox::User=root download "$kernel" busybox-static >/dev/null
for package in *.deb; do dpkg-deb -x "$package" packages; done
busybox=$(find packages -type f -path "*bin/busybox")
version=${kernel#linux-image-}
modules=$(find packages -type d -path "*/modules/$version" | head -1)

# ---- the disk -------------------------------------------------------------------------------------------------------
mkdir -p "$ROOT/usr/bin" "$ROOT/usr/sbin" "$ROOT/usr/lib" "$ROOT/usr/lib64"
for folder in bin sbin lib lib64; do ln -s "usr/$folder" "$ROOT/$folder"; done
wanted="$("$ROUTER/router.sh" pkgs x) base-files base-passwd bash coreutils dash findutils gawk grep sed hostname kmod ppp login mount tar tzdata libc-bin"
closure=$(apt-cache depends --recurse --no-recommends --no-suggests --no-conflicts --no-breaks --no-replaces --no-enhances $wanted |
  grep '^[a-z0-9]' | sort -u)
for package in $closure; do dpkg -L "$package" 2>/dev/null || :; done | sort -u |
  grep -vE '^/\.$|^/(usr/share/(doc|man|locale|info|lintian|bash-completion|perl|zoneinfo|i18n)|usr/lib/x86_64-linux-gnu/perl|boot|usr/include|run|proc|sys|dev|tmp)(/|$)' |
  while read -r file; do if [ -e "$file" ]; then echo "${file#/}"; fi; done >files
tar -C / -c --no-recursion -T files 2>/dev/null | tar -C "$ROOT" -x --keep-directory-symlink
for file in etc/passwd etc/group etc/shadow etc/alternatives etc/ld.so.conf etc/ld.so.conf.d; do
  if [ -e "/$file" ]; then cp -a "/$file" "$ROOT/etc/"; fi
done
[ -e "$ROOT/usr/bin/awk" ] || ln -s gawk "$ROOT/usr/bin/awk"

copy_program() {
  install -D -m 755 "$(readlink -f "$1")" "$ROOT$2"
  ldd "$(readlink -f "$1")" | grep -o '/[^ )]*' | while read -r library; do
    [ -e "$ROOT$library" ] || install -D -m 755 "$(readlink -f "$library")" "$ROOT$library"
  done
}
copy_program "$NODE" /usr/bin/node
ldconfig -r "$ROOT"

mkdir -p "$ROOT/lib/modules/$version/kernel"
for part in net drivers/net/ppp drivers/net/virtio_net.ko drivers/net/net_failover.ko drivers/net/veth.ko drivers/net/tun.ko \
  drivers/net/ethernet/intel/e1000 drivers/net/ethernet/intel/e1000e drivers/virtio drivers/char/hw_random drivers/acpi/button.ko \
  drivers/input/evdev.ko drivers/block/virtio_blk.ko fs/ext4 fs/jbd2 fs/mbcache.ko lib crypto arch/x86/crypto; do
  [ -e "$modules/kernel/$part" ] || continue
  mkdir -p "$ROOT/lib/modules/$version/kernel/$(dirname "$part")"
  cp -a "$modules/kernel/$part" "$ROOT/lib/modules/$version/kernel/$part"
done
rm -rf "$ROOT/lib/modules/$version/kernel/net/wireless" "$ROOT/lib/modules/$version/kernel/net/mac80211"
cp "$modules"/modules.builtin* "$modules"/modules.order "$ROOT/lib/modules/$version/"
depmod -b "$ROOT" "$version"

mkdir -p "$ROOT/opt/router" "$ROOT/proc" "$ROOT/sys" "$ROOT/dev" "$ROOT/run" "$ROOT/tmp" "$ROOT/root"
cp -a "$ROUTER/router.sh" "$ROUTER/router" "$ROOT/opt/router/"
: >"$ROOT/etc/resolv.conf"
install -m 755 "$HERE/init.sh" "$ROOT/usr/sbin/init"

# ---- what finds the disk --------------------------------------------------------------------------------------------
SMALL=$WORK/small
mkdir -p "$SMALL/bin" "$SMALL/proc" "$SMALL/dev" "$SMALL/sys" "$SMALL/disk"
install -m 755 "$busybox" "$SMALL/bin/busybox"
needed=$(for module in virtio_pci virtio_blk ext4 crc32c_generic crc32c-intel; do
  modprobe -d "$ROOT" -S "$version" --show-depends "$module" 2>/dev/null | sed -n 's/^insmod \([^ ]*\).*/\1/p'
done | awk '!seen[$0]++')
for module in $needed; do
  cp "$module" "$SMALL/$(basename "$module")"
  echo "/bin/busybox insmod /$(basename "$module")"
done >load
cat >"$SMALL/init" <<END
#!/bin/busybox sh
/bin/busybox mount -t proc proc /proc
/bin/busybox mount -t devtmpfs dev /dev
$(cat load)
for i in 1 2 3 4 5 6 7 8 9 10; do [ -b /dev/vda ] && break; /bin/busybox sleep 0.1; done
/bin/busybox mount -t ext4 -o noatime /dev/vda /disk || exec /bin/busybox poweroff -f
/bin/busybox umount /proc
/bin/busybox mount -o move /dev /disk/dev
exec /bin/busybox switch_root /disk /sbin/init
END
chmod 755 "$SMALL/init"

# ---- three files ----------------------------------------------------------------------------------------------------
(cd "$SMALL" && find . | "$WORK/$busybox" cpio -o -H newc 2>/dev/null | gzip -1) >initrd
size=$(du -sm "$ROOT" | cut -f1)
mke2fs -q -t ext4 -O ^metadata_csum,^has_journal -E root_owner=0:0 -d "$ROOT" disk.img "$((size * 5 / 4 + 64))M" >/dev/null
cp "$(find packages -name "vmlinuz-$version" | head -1)" vmlinuz
for file in initrd vmlinuz disk.img; do
  cp --sparse=always "$file" "$OUT/$file.new"
  mv "$OUT/$file.new" "$OUT/$file"
done
echo "$version: $(du -sm "$OUT" | cut -f1) MB in $OUT"
