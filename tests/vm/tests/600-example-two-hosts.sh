#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# test: examples/two-hosts: two guests on one net ping each other, and one has a page from the other
# timeout: 120
set -eu
. tests/vm/lib.sh
. tests/vm/examples.sh

example two-hosts
shown '^3 packets transmitted, 3 packets received'
shown '^hello from b'
shown '\<a\>.*02:'
shown '\<b\>.*02:'

echo "what is wrong is said:"
expect 1 examples/two-hosts --nonsense > "$SHOWN" 2>&1
shown '^two-hosts: .--nonsense.'
expect 1 examples/two-hosts --shell > "$SHOWN" 2>&1 < /dev/null
shown 'standard input is not a terminal'
mkdir -p /var/lg
build/tests/ports/echo /var/lg/two-hosts echo 02:00:00:00:00:01 > "$TMPDIR/echo" &
at_exit "kill $!; wait $!"
quietly wait_for 10 grep -q slot "$TMPDIR/echo" || fail "no echo"
expect 1 examples/two-hosts > "$SHOWN" 2>&1
shown 'somebody is on the net /var/lg/two-hosts already'
run test -e /var/lg/two-hosts
