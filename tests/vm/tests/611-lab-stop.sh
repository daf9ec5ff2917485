#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# test: a lab that is interrupted, ended, or cannot go on says why and leaves nothing behind
# timeout: 400
set -eu
. tests/vm/lib.sh
. tests/vm/examples.sh

OUT=$TMPDIR/out
begin_watch

# at_step WORDS: the lab gets there
at_step() {
	quietly wait_for 150 grep -q "^lab: $1" "$SHOWN" || { cat "$SHOWN"; fail "the lab does not get to: $1"; }
}

echo "^C while guests boot:"
start_it tests/lab/lab "$OUT"
at_step 'four guests boot'
stops INT 130
nothing_left "^C"

echo "SIGTERM in the midst of it:"
start_it tests/lab/lab "$OUT"
at_step 'everybody pings'
stops TERM 143
nothing_left SIGTERM

echo "a guest that dies:"
start_it tests/lab/lab "$OUT"
at_step 'everybody pings'
run pkill -KILL -f 'lguest .*--name=c '
status=0
wait "$STARTED" || status=$?
cat "$SHOWN"
run test $status -eq 1
shown '^lab: everybody pings everybody: .*(guest c has ended|does not reach c)'
shown '^--- the end of c\.log'
nothing_left "a guest's death"
run test ! -e "$OUT"

echo "what cannot be:"
run ip addr add 192.168.19.77/24 dev lo
expect 1 tests/lab/lab "$OUT" > "$SHOWN" 2>&1
run ip addr del 192.168.19.77/24 dev lo
shown 'has a way to 192\.168\.19\.0/24 already'
expect 1 env LAB=foreign tests/lab/run > "$SHOWN" 2>&1
shown "not 'foreign'"
expect 1 tests/lab/run --shell > "$SHOWN" 2>&1 < /dev/null
shown 'needs a terminal'
nothing_left "what cannot be"
