#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# test: Debian's packages install, a member of group lguest runs a guest with what is installed, and purged they leave nothing
# timeout: 1500
#
# With SOAK=yes DKMS builds lg.ko, for this kernel, and that is what guests run
# on: a compiler under emulation takes minutes.  Else it is the tests' own.
set -eu
. tests/vm/linux.sh

need_accounts
VERSION=$(mk/version)
RELEASE=$(uname -r)
DEBS=(build/deb/lguest_"$VERSION"_amd64.deb build/deb/lguest-guest-kernel_"$VERSION"_amd64.deb)
PACKAGES=(lguest lguest-guest-kernel)
DKMS=$(soak no yes)
ACCOUNTS=(/etc/{passwd,group,shadow,gshadow,subuid,subgid})

# What is there that this machine does not have: what the overlay's upper layer
# has and the lower one has not, as only the first process sees them.  Others'
# books are theirs: those of dpkg, DKMS's own key, copies of /etc/passwd.
written() {
	local tree=$PWD file
	cd /proc/1/root/rw/upper
	find . \( -path ./var/lib/dpkg -o -path ./var/log -o -path ./var/cache -o -path ./root \
		-o -path ./tmp -o -path ".$tree" -o -path './etc/*-' -o -name .pwd.lock \
		-o -name 'mok.*' \) -prune -o -print | while read -r file; do
		[ -e "/proc/1/root/lower/$file" ] || [ -L "/proc/1/root/lower/$file" ] || echo "$file"
	done | LC_ALL=C sort
	cd "$tree"
}

# Where DKMS looks for headers.  The tests' own lg.ko makes room for that of the
# packages, and comes back.
if [ "$DKMS" = yes ]; then
	DEBS+=(build/deb/lguest-dkms_"$VERSION"_all.deb)
	PACKAGES+=(lguest-dkms)
	run ln -s "$(tests/vm/host-kernel "$HOST_KERNEL")/build" "/lib/modules/$RELEASE/build"
	at_exit "rm -f /lib/modules/$RELEASE/build"
	run rmmod lg
	at_exit "rmmod lg 2> /dev/null; insmod build/kmod/$RELEASE/lg.ko"
fi
export DEBIAN_FRONTEND=noninteractive
for file in "${ACCOUNTS[@]}"; do
	[ ! -e "$file" ] || cp -a "$file" "$TMPDIR/"
done
at_exit 'for file in "${ACCOUNTS[@]}"; do [ ! -e "$TMPDIR/${file##*/}" ] || cp -a "$TMPDIR/${file##*/}" "$file"; done'
mkdir -p /var/lib/dkms
written > "$TMPDIR/before"

# --- installed (what triggers of others' packages do is theirs)
at_exit 'dpkg --purge "${PACKAGES[@]}" > /dev/null 2>&1'
run dpkg --no-triggers --install "${DEBS[@]}"
run getent group lguest
run test "$(stat -c '%a %U %G' /var/lg)" = '3770 root lguest'

if [ "$DKMS" = yes ]; then
	run grep -q ': installed' <(dkms status -m lguest -v "$VERSION" -k "$RELEASE")
	run modprobe lg
	# (compressed where the kernel's own modules are)
	run test "$(modinfo -F filename lg | sed 's/\.[gx]z$//')" = "/lib/modules/$RELEASE/updates/dkms/lg.ko"
fi
run test "$(cat /sys/module/lg/version)" = "$VERSION"
# There is no udev here: what its rule says is done by hand.
RULE=$(grep -v '^#' /lib/udev/rules.d/70-lguest.rules)
run chgrp "$(sed -n 's/.*GROUP="\([a-z]*\)".*/\1/p' <<< "$RULE")" /dev/lguest
run chmod "$(sed -n 's/.*MODE="\([0-7]*\)".*/\1/p' <<< "$RULE")" /dev/lguest
run test "$(stat -c '%a %G' /dev/lguest)" = '660 lguest'
run test -e /lib/systemd/network/80-lguest-tap.link

for program in lguest lgswitch lgnetdump; do
	run test "$(command -v $program)" = /usr/bin/$program
	run grep -qF " $VERSION" <($program --version)
	run bash -c ". /usr/share/bash-completion/completions/$program && complete -p $program"
	run test -n "$(find /usr/share/man/man[18] -name "$program.*")"
done

# --- who is in the group runs guests; others hear what to do
run useradd --no-create-home --groups lguest alice
run useradd --no-create-home bob

# as USER COMMAND...: with what is installed only
as() {
	local user=$1
	shift
	(cd / && runuser -u "$user" -- timeout 120 "$@") > "$OUTPUT" 2>&1 ||
		{ local status=$?; cat "$OUTPUT"; return $status; }
}

GUEST=(lguest 64m /usr/lib/lguest/vmlinux --initrd=/usr/lib/lguest/initrd.gz
	--sharenet=/var/lg/net0 console=hvc0
	'lg.run="echo address $(cat /sys/class/net/eth0/address)"')
run as alice "${GUEST[@]}"
seen '^address 02:'
unseen "$GUEST_COMPLAINTS"
run test "$(stat -c '%a %U %G' /var/lg/net0)" = '600 alice lguest'
run as alice lguest --dry-run 64m /usr/lib/lguest/bzImage
expect 1 as bob "${GUEST[@]}"
seen 'Permission denied'

# --- an upgrade to the same keeps it working, a net in /var/lg survives a purge
run dpkg --no-triggers --install "${DEBS[0]}"
run test -e /var/lg/net0

# --- removed and purged
[ "$DKMS" = no ] || run rmmod lg
run dpkg --no-triggers --remove "${PACKAGES[@]}"
expect 1 modinfo lg
run test -z "$(compgen -G "/lib/modules/$RELEASE/updates/dkms/lg.ko*")"
# (as systemctl enable lgswitch@net0 would)
WANTED=/etc/systemd/system/multi-user.target.wants/lgswitch@net0.service
run mkdir -p "${WANTED%/*}"
run ln -s /lib/systemd/system/lgswitch@.service "$WANTED"
run dpkg --no-triggers --purge "${PACKAGES[@]}"
run test -e /var/lg/net0
run test ! -L "$WANTED"
run dpkg --no-triggers --install "${DEBS[0]}"
run rm /var/lg/net0
run dpkg --no-triggers --purge lguest
run test ! -e /var/lg
written > "$TMPDIR/after"
diff "$TMPDIR/before" "$TMPDIR/after" || fail "that is what is left of the packages"
