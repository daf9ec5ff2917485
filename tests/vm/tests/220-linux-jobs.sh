#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# test: twenty jobs at once compute the same checksum again and again
# timeout: 240
set -eu
. tests/vm/linux.sh

RUNS=$(soak 10 30)
# shellcheck disable=SC2016 # for the guest's shell
init '
dd if=/dev/urandom of=/tmp/data bs=1k count=500 2> /dev/null
want=$(md5sum < /tmp/data)
job() {
	n=0
	while [ $n -lt '"$RUNS"' ]; do
		n=$((n+1))
		[ "$(md5sum < /tmp/data)" = "$want" ] || echo "DIFFERS in job $1 run $n"
	done
	echo "job $1 done"
}
for j in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do job $j & done
wait
echo all jobs done
poweroff -f
'
linux 0 200 64m < /dev/null
unseen DIFFERS
seen 'all jobs done'
run test "$(grep -c '^job .* done' "$OUTPUT")" -eq 20
