#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# test: whatever is wrong with the file of --sharenet is said, and what becomes of one in use harms nobody
# timeout: 240
set -eu
. tests/vm/guests.sh

PORTS=build/tests/ports
KERNEL=build/tests/guests/start
SAID_BY=$TMPDIR/said

# refused REGEX COMMAND...: status 1, and that is why
refused() {
	local regex=$1
	shift
	expect 1 "$@" > "$SAID_BY" 2>&1 < /dev/null
	cat "$SAID_BY"
	[ "$(grep -c ^lguest: "$SAID_BY")" -eq 1 ] || fail "that is not one message"
	grep -qE -- "^lguest: .*$regex" "$SAID_BY" || fail "that is not why: $regex"
}

# with FILE[,...]...: a launcher with these nets, for a guest that ends at once
AS=()
with() {
	"${AS[@]}" build/lguest --console=null --name=short 16m $KERNEL "${@/#/--sharenet=}" word=7 other
}

as_nobody() {
	local AS=(setpriv --reuid=65534 --regid=65534 --clear-groups)
	"$@"
}

# --- what is no net

mkdir "$TMPDIR/folder"
mkfifo "$TMPDIR/pipe"
touch "$TMPDIR/file"
ln -s nowhere "$TMPDIR/link"
refused 'it is a folder; a net is a file' with "$TMPDIR/folder"
refused 'it is a pipe; a net is a regular file' with "$TMPDIR/pipe"
refused 'a net is a regular file' with /dev/null
refused 'missing/net0: folder .*/missing: No such file .*mkdir -p' with "$TMPDIR/missing/net0"
refused 'file is not a folder' with "$TMPDIR/file/net0"
refused 'a link to nothing' with "$TMPDIR/link"
for name in missing nowhere; do
	[ ! -e "$TMPDIR/$name" ] || fail "$name was created"
done

# --- where nothing may be written

mkdir "$TMPDIR/ro"
run mount -t tmpfs tmpfs "$TMPDIR/ro"
at_exit "umount '$TMPDIR/ro'"
touch "$TMPDIR/ro/there"
run mount -o remount,ro "$TMPDIR/ro"
refused 'cannot create net .*Read-only' with "$TMPDIR/ro/net0"
refused 'Read-only file system \(joining needs write permission\)' with "$TMPDIR/ro/there"

# --- as an ordinary user who may run guests

chmod 666 /dev/lguest
chmod 711 "$TMPDIR"
chmod 755 "$TMPDIR/folder"
chmod 644 "$TMPDIR/file"
refused 'joining needs read and write permission' as_nobody with "$TMPDIR/file"
refused 'cannot create net .*has to be one that you may write to' as_nobody with "$TMPDIR/folder/net0"
chmod 666 "$TMPDIR/file"
run as_nobody with "$TMPDIR/file"
# A folder like /tmp: everybody may create, and use what others let them.
chmod 1777 "$TMPDIR/folder"
run as_nobody with "$TMPDIR/folder/mine"
[ "$(stat -c '%a %u' "$TMPDIR/folder/mine")" = '600 65534' ] || fail "it is $(stat -c '%a %u' "$TMPDIR/folder/mine")"
run with "$TMPDIR/folder/mine"

# --- a full net; a slot that is taken

refused "'128' is no slot" with "$TMPDIR/file,slot=128"
mkfifo "$TMPDIR/hold"
$PORTS/fill "$TMPDIR/file" 127 < "$TMPDIR/hold" > "$TMPDIR/filled" &
FILL=$!
exec 8> "$TMPDIR/hold"
wait_for 20 grep -q '127 slots' "$TMPDIR/filled"
refused 'all slots of the net are taken' with "$TMPDIR/file"
refused 'at slot 99: .*that slot is taken' with "$TMPDIR/file,slot=99"
exec 8>&-
run wait $FILL
run with "$TMPDIR/file,slot=99"

# --- as many devices as there can be, and one more

nets=()
for ((i = 0; i < 31; i++)); do
	nets+=("$TMPDIR/many")
done
expect 1 with "${nets[@]}" 2> "$SAID_BY"
run grep -q 'too many devices: a guest can have 30 besides its console' "$SAID_BY"
init 'echo "interfaces: $(ls /sys/class/net | grep -c eth)"; echo "addresses: $(cat /sys/class/net/eth*/address | sort -u | wc -l)"; poweroff -f'
unset 'nets[30]'
linux 0 60 96m "${nets[@]/#/--sharenet=}" --name=many < /dev/null
seen '^interfaces: 30'
seen '^addresses: 30'

# --- what may happen to the file of a net in use

NET=$TMPDIR/net0
boot a --sharenet="$NET,mac=02:00:00:00:00:0a"
boot b --sharenet="$NET"
ready a b
address a 1
address b 2
ping_all() {
	on a 'ping -i 0.2 -c 2 -W 3 10.0.0.2'
	on b 'ping -i 0.2 -c 2 -W 3 10.0.0.1'
}
ping_all
run truncate -s 1G "$NET"
run truncate -s 0 "$NET"
ping_all
run cp --remove-destination /bin/busybox "$NET"
ping_all
# What has that name now is another net.
boot c --sharenet="$NET"
ready c
address c 3
expect 1 try c 'ping -i 0.2 -c 2 -W 1 10.0.0.1'
run cmp /bin/busybox "$NET"
run rm "$NET"
ping_all
boot d --sharenet="$NET"
ready d
address d 4
expect 1 try d 'ping -i 0.2 -c 2 -W 1 10.0.0.3'
ping_all

# --- an address that is there already is warned of, once

boot e --sharenet="$NET,mac=02:00:00:00:00:0e"
ready e
boot f --sharenet="$NET,mac=02:00:00:00:00:0e"
ready f
[ "$(grep -ac 'has our MAC address 02:00:00:00:00:0e, too' "$TMPDIR/f.out")" -eq 1 ] || fail "it was not warned once"
run grep -aq 'net0: slot 1 has our MAC address' "$TMPDIR/f.out"
! grep -a 'our MAC address' "$TMPDIR"/[a-e].out || fail "others were warned, too"
off a b c d e f
