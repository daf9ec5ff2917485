#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# test: a guest survives fork storms and running out of memory
# timeout: 240
set -eu
. tests/vm/linux.sh

# The second part takes more memory than there is, so that the guest's kernel
# has to kill; init must survive that.  shadow_tables is far below what forty
# processes want, so that tables are thrown out and built anew all the time.
# shellcheck disable=SC2016 # for the guest's shell
init '
echo -1000 > /proc/1/oom_score_adj
n=0
while [ $n -lt 300 ]; do
	n=$((n+1))
	( true & true & true & wait ) &
	[ $((n % 20)) -ne 0 ] || wait
done
wait
echo "forked $n times three"
for j in 1 2 3 4 5 6 7 8; do
	( echo 1000 > /proc/self/oom_score_adj; exec tail -c 100m /dev/zero ) 2> /dev/null &
done
sleep 4
killall -9 tail 2> /dev/null
wait
echo still forking: $(echo yes)
poweroff -f
'
COMPLAINTS_EXPECTED='the kernel tells whom it killed, with a call trace'
linux 0 200 32m < /dev/null
seen 'forked 300 times three'
seen 'still forking: yes'
unseen 'BUG:|WARNING:|Oops|Kernel panic'
