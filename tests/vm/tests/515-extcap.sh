#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# test: tshark lists nets and slots among its interfaces and captures there, once lgnetdump is installed as an extcap
# timeout: 600
set -eu
. tests/vm/lib.sh
. tests/vm/dump.sh

run mkdir -p /var/lg
at_exit 'rm -rf /var/lg'
NET=/var/lg/net0
OTHER=$TMPDIR/other
ECHO_MAC=02:00:00:00:00:01
# (None but ours, for each is run.)
FOLDER=$(command tshark -G folders 2> /dev/null | sed -n 's/^\(Global \)\?Extcap path: *\t*//p')
run mkdir -p "$FOLDER"
run mount -t tmpfs tmpfs "$FOLDER"
at_exit "umount '$FOLDER'"

interfaces() {
	tshark_quiet -D | sed -n 's/^[0-9]*\. \(lguest.*\)/\1/p' | tee "$TMPDIR/interfaces"
}

# --- there and away

run build/lgnetdump --install-extcap
run test "$(realpath "$FOLDER/lgnetdump")" = "$(realpath build/lgnetdump)"
run build/lgnetdump --install-extcap
run interfaces
run grep -qx 'lguest (lguest: a net by its file)' "$TMPDIR/interfaces"
run test "$(wc -l < "$TMPDIR/interfaces")" -eq 1

# --- interfaces

touch "$NET" "$OTHER"
start_echo "$NET" echo $ECHO_MAC
export LGNETDUMP_NETS=$OTHER
run interfaces
run grep -qx 'lguest-net0 (lguest net0)' "$TMPDIR/interfaces"
run grep -qx 'lguest-net0:echo (lguest net0: echo)' "$TMPDIR/interfaces"
run grep -qF "${OTHER//\//%2F} (lguest $OTHER)" "$TMPDIR/interfaces"
run test "$(wc -l < "$TMPDIR/interfaces")" -eq 4
run grep -q 'EN10MB (Ethernet)' <(tshark_quiet -i lguest-net0 -L)

# --- capturing

# captured INTERFACE FILE WORD...: tshark until its count, while somebody talks
captured() {
	local interface=$1 file=$2 tshark
	shift 2
	echo "\$ tshark -i $interface -w $file $*"
	tshark_quiet -i "$interface" -w "$file" "$@" > "$TMPDIR/tshark" 2>&1 &
	tshark=$!
	at_exit "kill -KILL $tshark 2> /dev/null"
	until ! kill -0 $tshark 2> /dev/null; do
		quietly talk "${TALK_TO-$NET}" $ECHO_MAC 5 100 > /dev/null || fail "nobody talks"
		sleep 0.2
	done
	wait $tshark || { cat "$TMPDIR/tshark"; fail "tshark failed"; }
	capinfos_of "$file"
}

captured lguest-net0 "$TMPDIR/net.pcapng" -c 20
run test "$(frames "$TMPDIR/net.pcapng")" -eq 20
fields "$TMPDIR/net.pcapng" frame.interface_name frame.packet_flags_direction frame.verdict.hw eth.type | sort | uniq -c | tee "$TMPDIR/said"
run grep -qP ' echo\t0x00000002\t00\t0x88b5' "$TMPDIR/said"
# (Who comes and goes between two looks of a capture has no name in it.)
run grep -qP ' (talk|slot 1)\t0x00000002\t00\t0x88b5' "$TMPDIR/said"

echo "one slot, with a filter and a setting:"
captured lguest-net0:echo "$TMPDIR/slot.pcapng" -c 10 -f "ether dst $ECHO_MAC" -o extcap.lguest_net0_echo.snaplen:64
run test "$(fields "$TMPDIR/slot.pcapng" eth.dst frame.cap_len frame.len | sort -u)" = $ECHO_MAC$'\t64\t100'

kill "$ECHO"
wait "$ECHO" 2> /dev/null || :
start_echo "$OTHER" echo $ECHO_MAC
TALK_TO=$OTHER captured lguest "$TMPDIR/other.pcapng" -c 10 -o "extcap.lguest.net:$OTHER"

# --- what cannot be

echo "filters are checked before anything begins:"
run test -z "$("$FOLDER/lgnetdump" --extcap-interface lguest-net0 --extcap-capture-filter 'tcp port 80')"
run test -n "$("$FOLDER/lgnetdump" --extcap-interface lguest-net0 --extcap-capture-filter 'tcp prt 80')"
refused 'there is no interface eth0' "$FOLDER/lgnetdump" --extcap-config --extcap-interface eth0
refused 'which net\?' "$FOLDER/lgnetdump" --capture --extcap-interface lguest --fifo "$TMPDIR/fifo"
rm "$NET"
refused 'there is no net /var/lg/net0' "$FOLDER/lgnetdump" --capture --extcap-interface lguest-net0 --fifo "$TMPDIR/fifo"
mv /dev/lguest /dev/lguest.gone
touch "$NET"
run interfaces
mv /dev/lguest.gone /dev/lguest
run grep -qx 'lguest-net0 (lguest net0)' "$TMPDIR/interfaces"

run build/lgnetdump --uninstall-extcap
run build/lgnetdump --uninstall-extcap
run interfaces
run test ! -s "$TMPDIR/interfaces"
touch "$FOLDER/lgnetdump"
refused 'whose is it' build/lgnetdump --install-extcap
