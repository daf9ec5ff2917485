#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# test: Debian's packages install, DKMS builds lg.ko, a member of group lguest runs a guest with what is installed, and purged they leave nothing
# timeout: 900
set -eu
. tests/vm/linux.sh

VERSION=$(mk/version)
RELEASE=$(uname -r)
DEBS=(build/deb/lguest_"$VERSION"_amd64.deb build/deb/lguest-dkms_"$VERSION"_all.deb
	build/deb/lguest-guest-kernel_"$VERSION"_amd64.deb)
PACKAGES=(lguest lguest-dkms lguest-guest-kernel)
ACCOUNTS=(/etc/{passwd,group,shadow,gshadow,subuid,subgid})

# What was written since the VM has booted, but for what is others' books: the
# overlay's upper layer, where only the first process sees it.
written() {
	local tree=$PWD
	(cd /proc/1/root/rw/upper && find . \( -path ./var/lib/dpkg -o -path ./var/log -o -path ./var/cache \
		-o -path ./root -o -path ./tmp -o -path ".$tree" \) -prune -o -print) | LC_ALL=C sort
}

# A Debian's kernel is where its headers are found.  The tests' own lg.ko makes
# room for the packages', and comes back.
run ln -s "$(tests/vm/host-kernel "$HOST_KERNEL")/build" "/lib/modules/$RELEASE/build"
at_exit "rm -f /lib/modules/$RELEASE/build"
run rmmod lg
at_exit "rmmod lg 2> /dev/null; insmod build/kmod/$RELEASE/lg.ko"
for file in "${ACCOUNTS[@]}"; do
	[ ! -e "$file" ] || cp -a "$file" "$TMPDIR/"
	[ ! -e "$file" ] || cp -a "$TMPDIR/${file##*/}" "$file"
done
at_exit 'for file in "${ACCOUNTS[@]}"; do [ ! -e "$TMPDIR/${file##*/}" ] || cp -a "$TMPDIR/${file##*/}" "$file"; done'
mkdir -p /var/lib/dkms
written > "$TMPDIR/before"

# There is no service manager here, but devices get their groups by udev.
run systemd-udevd --daemon
at_exit 'kill "$(pgrep -o -x systemd-udevd)"; rm -rf /run/udev'

# --- installed (what triggers of others' packages do is theirs)
at_exit 'dpkg --purge "${PACKAGES[@]}" > /dev/null 2>&1'
run dpkg --no-triggers --install "${DEBS[@]}"
run dkms status
dkms status -m lguest -v "$VERSION" -k "$RELEASE" | grep -q ': installed' || fail "DKMS has not built lg.ko"
run getent group lguest
run test "$(stat -c '%a %U %G' /var/lg)" = '3770 root lguest'

run modprobe lg
run test "$(modinfo -F filename lg)" = "/lib/modules/$RELEASE/updates/dkms/lg.ko"
run test "$(cat /sys/module/lg/version)" = "$VERSION"
run udevadm settle --timeout=30
run test "$(stat -c '%a %G' /dev/lguest)" = '660 lguest'

for program in lguest lgswitch lgnetdump; do
	run test "$(command -v $program)" = /usr/bin/$program
	run grep -qF " $VERSION" <($program --version)
	run bash -c ". /usr/share/bash-completion/completions/$program && complete -p $program"
	run test -n "$(find /usr/share/man/man[18] -name "$program.*")"
done

# --- taps keep their address, though udev is here
run ip tuntap add dev lg7 mode tap
at_exit 'ip link del lg7 2> /dev/null'
MAC=$(< /sys/class/net/lg7/address)
run udevadm settle --timeout=30
run test "$(udevadm info -q property -p /sys/class/net/lg7 | sed -n 's/^ID_NET_LINK_FILE=//p')" = \
	/lib/systemd/network/80-lguest-tap.link
run test "$(< /sys/class/net/lg7/address)" = "$MAC"
run ip link del lg7

# --- who is in the group runs guests; others hear what to do
run useradd --no-create-home --groups lguest alice
run useradd --no-create-home bob
init 'echo "address $(cat /sys/class/net/eth0/address)"
poweroff -f'
chmod 755 "$TMPDIR"
chmod 644 "$INITRD"

# as USER COMMAND...: with what is installed only
as() {
	local user=$1
	shift
	(cd / && runuser -u "$user" -- timeout 120 "$@") > "$OUTPUT" 2>&1
}

GUEST=(lguest 64m /usr/lib/lguest/vmlinux --initrd="$INITRD" --sharenet=/var/lg/net0 console=hvc0)
run as alice "${GUEST[@]}"
seen '^address 02:'
unseen "$GUEST_COMPLAINTS"
run test "$(stat -c '%a %U %G' /var/lg/net0)" = '600 alice lguest'
run as alice lguest --dry-run 64m /usr/lib/lguest/bzImage
expect 1 as bob "${GUEST[@]}"
seen 'Permission denied'
cat "$OUTPUT"

# --- an upgrade to the same keeps it working, a net in /var/lg survives a purge
run dpkg --no-triggers --install "${DEBS[0]}"
run test -e /var/lg/net0

# --- removed and purged
run rmmod lg
run dpkg --no-triggers --remove "${PACKAGES[@]}"
expect 1 modinfo lg
run test ! -e "/lib/modules/$RELEASE/updates/dkms/lg.ko"
run dpkg --no-triggers --purge "${PACKAGES[@]}"
run test -e /var/lg/net0
run dpkg --no-triggers --install "${DEBS[0]}"
run rm /var/lg/net0
run dpkg --no-triggers --purge lguest
run test ! -e /var/lg
written > "$TMPDIR/after"
diff "$TMPDIR/before" "$TMPDIR/after" || fail "that is what is left of the packages"
