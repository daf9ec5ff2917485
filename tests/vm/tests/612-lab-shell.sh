#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# test: the lab with a shell: tmux has a console for each guest and the host; leaving it ends the lab
# timeout: 400
set -eu
. tests/vm/lib.sh
. tests/vm/examples.sh

OUT=$TMPDIR/out
begin_watch

in_tmux() {
	tmux -S "$SCRATCH"/lguest-lab.*/tmux "$@"
}

# screen WINDOW REGEX: it is shown there
screen() {
	in_tmux capture-pane -p -t "lab:$1" | grep -qE -- "$2"
}

attached() {
	[ -n "$(in_tmux list-clients)" ]
}

start_lab() {
	mkfifo -m 600 "$TMPDIR/keys" 2> /dev/null || :
	exec 8<> "$TMPDIR/keys"
	export TERM=xterm SHELL=/bin/bash
	INPUT=$TMPDIR/keys start_it script -qefc "stty rows 30 cols 100; exec tests/lab/lab '$OUT' --shell" /dev/null
	quietly wait_for 300 attached || { cat "$SHOWN"; fail "there is no tmux"; }
}

start_lab
run test "$(in_tmux list-windows -F '#{window_name}' | sort | xargs)" = 'a b c host r'
for name in a b r c; do
	wait_for 20 screen $name "^$name:/root#"
done
echo "keys get there, and the guest knows how large the screen is:"
run in_tmux send-keys -t lab:a 'ping 192.168.20.2' Enter
wait_for 20 screen a 'seq=2'
run in_tmux send-keys -t lab:a C-c
wait_for 20 screen a 'packet loss'
run in_tmux send-keys -t lab:a 'clear; stty size; echo $((6 * 7))' Enter
wait_for 20 screen a '^29 100$'
wait_for 20 screen a '^42$'
run in_tmux send-keys -t lab:host 'ping -c 1 192.168.20.2' Enter
wait_for 20 screen host ' 1 received'

echo "leaving it:"
printf '\002d' >&8
status=0
wait "$STARTED" || status=$?
run test $status -eq 0
shown 'all is well'
run test -s "$OUT/net0.pcapng"
nothing_left "leaving tmux"
