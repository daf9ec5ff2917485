#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# test: lguest doctor finds nothing where guests run, and says of each thing that is taken away what to do
# timeout: 120
set -eu
. tests/vm/lib.sh

SAID=$TMPDIR/said
AS=()

# doctor STATUS [OPTION...]
doctor() {
	local want=$1 status=0
	shift
	echo "\$ ${AS[*]} lguest doctor $*"
	"${AS[@]}" build/lguest doctor "$@" > "$SAID" || status=$?
	cat "$SAID"
	[ "$status" -eq "$want" ] || fail "status $status, not $want"
}

# finds LEVEL CHECK REGEX [REGEX]: what was found, and on the line below what to do
finds() {
	local line
	line=$(grep -E "^$1 +$2 +" "$SAID") || fail "it says no $1 of $2"
	grep -qE -- "$3" <<< "$line" || fail "it does not say: $3"
	[ $# -lt 4 ] || grep -A1 -E "^$1 +$2 +" "$SAID" | tail -n 1 | grep -qE -- "^ {20,}.*$4" || fail "it does not tell to: $4"
}

as_nobody() {
	local AS=(setpriv --reuid=65534 --regid=65534 "${GROUPS_OF_NOBODY[@]}")
	"$@"
}
GROUPS_OF_NOBODY=(--clear-groups)

# --- all is well

modprobe tun
mkdir -p /var/lg
at_exit 'rmdir /var/lg'
run build/lgnetdump --install-extcap
doctor 0
finds ok cpu .
finds ok kernel 'of a line that is tested'
finds ok signing 'has taken lg.ko'
finds ok module 'is loaded'
finds ok device 'root may open'
finds ok guest 'powered itself off'
finds ok guest-kernel 'build/guest/vmlinux, Linux 6\.1\.[0-9]+-lguest'
[ "$(grep -vc '^ok ' "$SAID")" -eq 2 ] || fail "not all is ok"
run grep -qx 'Guests can run here\.' "$SAID"
! grep -q $'\033' "$SAID" || fail "there are colours in a pipe"
doctor 0 --kernel=build/guest/bzImage
finds ok guest-kernel 'build/guest/bzImage, Linux'

# --- a user, on the way to the group

cp -a /etc/group "$TMPDIR/group"
at_exit 'cp -a "$TMPDIR/group" /etc/group'
sed -i '/^lguest:/d' /etc/group
chmod 600 /dev/lguest
as_nobody doctor 1
finds lack device "is root's \(mode 600\)" 'groupadd --system lguest'
finds lack guest 'without /dev/lguest' 'see device'
finds warning nets 'nobody may not create' 'chgrp lguest'
finds warning tap 'nobody may' 'as root: '
echo 'lguest:x:4242:' >> /etc/group
as_nobody doctor 1
finds lack device 'not open to group lguest' 'udevadm trigger'
chgrp lguest /dev/lguest
chmod 660 /dev/lguest
as_nobody doctor 1
finds lack device 'nobody may not open' 'usermod -aG lguest nobody'
sed -i 's/^lguest:.*/&nobody/' /etc/group
as_nobody doctor 1
finds lack device 'nobody is in group lguest, but' 'log out and in again'
GROUPS_OF_NOBODY=(--groups 4242)
as_nobody doctor 0
finds ok device 'nobody may open'
finds ok guest 'powered itself off'

# --- things that are missing

mv /dev/net/tun /dev/net/gone
doctor 0
mv /dev/net/gone /dev/net/tun
finds warning tap 'is not there' 'modprobe tun'

doctor 1 --kernel="$TMPDIR/nothing"
finds lack guest-kernel "cannot open $TMPDIR/nothing" 'make guest-kernel'
doctor 1 --kernel=build/tests/guests/start
finds lack guest-kernel 'was not built for lguest' 'make guest-kernel'
mkdir "$TMPDIR/bin"
cp build/lguest "$TMPDIR/bin/"
PATH=$TMPDIR/bin:$PATH
expect 1 lguest doctor > "$SAID"
finds lack guest-kernel "no kernel for guests in $TMPDIR/bin/guest" 'make guest-kernel'
finds warning tools 'lgswitch is neither' 'make install'

mv /dev/lguest /dev/gone
doctor 1
mv /dev/gone /dev/lguest
finds lack device 'though lg.ko is loaded' 'mknod'

run rmmod lg
at_exit '[ -e /sys/module/lg ] || insmod "build/kmod/$(uname -r)/lg.ko"'
doctor 1
finds lack module 'is built, but not loaded' "insmod '$PWD/build/(kmod/$(uname -r | sed 's/[.+]/\\&/g')/)?lg\.ko'"
finds lack device 'as lg.ko is not loaded' 'see module'
# What it says is what helps.
run sh -c "$(sed -n "s/.*as root: \(insmod '[^']*'\).*/\1/p" "$SAID")"
doctor 0
finds ok module 'is loaded'

# --- what makes no sense

expect 1 build/lguest doctor --no-such 2> "$SAID"
run grep -q '^lguest doctor: there is no option --no-such' "$SAID"
expect 1 build/lguest doctor 64m 2> "$SAID"
run grep -q "'64m' is no option" "$SAID"
expect 1 sh -c 'build/lguest doctor > /dev/full' 2> "$SAID"
run grep -q 'cannot write to standard output' "$SAID"
