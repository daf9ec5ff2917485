# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
#
# dump.sh - rows of the section "net" that are about lgnetdump: how many frames
# a second it captures, next to tcpdump on a veth, and how much slower guests
# are while it does.
#
#	port --- net --- port		namespaces A --- veth --- B
#	       lgnetdump		          tcpdump
#
# Both captures have a ring of 64 MiB and write files that do not grow without
# end; both are ended while frames still come, so what they have captured until
# then is what they can.

DUMP_NET=$TMP/net-dump
DUMP_SECONDS=2
# The longest that both know: of a net with its header, of a veth by its MTU.
DUMP_LONG=65500
DUMP_VETH_MTU=65500
DUMP_FILE=$TMP/dump.pcapng
# Enough of a frame for whoever looks at headers
DUMP_HEADERS=96

declare -A DUMP_PID

# dump_start WHAT COMMAND...: until it has said something that matches $UNTIL
dump_start() {
	local what=$1
	shift
	"$@" > "$TMP/dump.$what" 2>&1 &
	DUMP_PID[$what]=$!
	until grep -q "$UNTIL" "$TMP/dump.$what"; do
		kill -0 "${DUMP_PID[$what]}" 2> /dev/null ||
			{ trouble "$what did not start: $(tail -n 1 "$TMP/dump.$what")"; return 1; }
		sleep 0.02
	done
}

# dump_stop WHAT SIGNAL
dump_stop() {
	kill "-$2" "${DUMP_PID[$1]}"
	wait "${DUMP_PID[$1]}" || { trouble "$1 failed: $(tail -n 1 "$TMP/dump.$1")"; return 1; }
}

# dump_captured REGEX-OF-COUNT: while it floods; sets $VALUE, ns a frame
dump_captured() {
	local begin=$EPOCHREALTIME end captured status=0
	sleep $DUMP_SECONDS
	end=$EPOCHREALTIME
	dump_stop capture TERM || status=1
	dump_stop flood TERM || status=1
	captured=$(sed -n "s/$1/\1/p" "$TMP/dump.capture" | tail -n 1)
	progress "$(tail -n 3 "$TMP/dump.capture" | tr '\n' ' ')"
	[ "${captured:-0}" -gt 0 ] || { trouble "nothing was captured"; return 1; }
	VALUE=$(calculate "($end - $begin) * 1e9 / $captured")
	return $status
}

# No file shall fill the memory that it is in.
dump_rotation() {
	[ "$1" = /dev/null ] || echo -C 100 -W 2
}

# dump_lgnetdump BYTES FILE
dump_lgnetdump() {
	touch "$DUMP_NET"
	# shellcheck disable=SC2046 # words
	UNTIL='listening on' dump_start capture build/lgnetdump -i "$DUMP_NET" \
		--format=pcap $(dump_rotation "$2") -w "$2" || return
	UNTIL=slots dump_start flood build/tests/ports/pair "$DUMP_NET" 02:00:00:00:00:01 02:00:00:00:00:02 "$1" ||
		return
	dump_captured '.*captured \([0-9]*\).*'
}

# dump_tcpdump BYTES FILE
dump_tcpdump() {
	ip -n A link set eth0 mtu $DUMP_VETH_MTU && ip -n B link set eth0 mtu $DUMP_VETH_MTU || return
	# shellcheck disable=SC2046 # words
	UNTIL='listening on' dump_start capture ip netns exec A tcpdump -i eth0 -n -B 65536 -Z root \
		$(dump_rotation "$2") -w "$2" || return
	UNTIL=flooding dump_start flood ip netns exec B "$TMP/flood" eth0 "$1" || return
	dump_captured '\([0-9]*\) packets captured.*'
	local status=$?
	ip -n A link set eth0 mtu 1500
	ip -n B link set eth0 mtu 1500
	return $status
}

dump_remove_files() {
	rm -f "$DUMP_FILE"*
}

# dump_row ROW BYTES FILE
dump_row() {
	local veth
	dump_tcpdump "$2" "$3" || return
	veth=$VALUE
	dump_remove_files
	dump_lgnetdump "$2" "$3" && compared "$1" "$veth" "$VALUE"
	dump_remove_files
}

row_dump_64() {
	dump_row dump_64 64 /dev/null
}

row_dump_64_file() {
	dump_row dump_64_file 64 "$DUMP_FILE"
}

row_dump_64k() {
	dump_row dump_64k $DUMP_LONG /dev/null
}

row_dump_64k_file() {
	dump_row dump_64k_file $DUMP_LONG "$DUMP_FILE"
}

# --- what it costs guests

# dump_beside [WORD...]: the guests' stream while it is captured
dump_beside() {
	local status=0
	UNTIL='listening on' dump_start capture build/lgnetdump -i "$NET" -C 100 -W 2 \
		-w "$DUMP_FILE" "$@" || return
	stream b a 10.0.0.1 || status=1
	dump_stop capture TERM || status=1
	progress "$(tail -n 1 "$TMP/dump.capture")"
	dump_remove_files
	return $status
}

row_dump_slows() {
	guest_stream && dump_beside -s $DUMP_HEADERS && compared dump_slows "$GUEST_STREAM" "$VALUE"
}

row_dump_slows_all() {
	guest_stream && dump_beside && compared dump_slows_all "$GUEST_STREAM" "$VALUE"
}
