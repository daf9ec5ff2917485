#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# test: eight guests on one net reach each other, all pairs, while all are busy
# timeout: 300
set -eu
. tests/vm/guests.sh

GUESTS=(a b c d e f g h)
MEMORY=32m
PATIENCE=120
for name in "${GUESTS[@]}"; do
	boot "$name" --sharenet="$TMPDIR/net0"
done
ready "${GUESTS[@]}"
number=0
for name in "${GUESTS[@]}"; do
	number=$((number + 1))
	address "$name" $number
done
for name in "${GUESTS[@]}"; do
	# shellcheck disable=SC2016 # for the guest's shell
	later "$name" 'good=0; for n in 1 2 3 4 5 6 7 8; do ping -c 3 -i 0.2 -W 5 10.0.0.$n > /dev/null && good=$((good + 1)); done; test $good = 8'
done
for name in "${GUESTS[@]}"; do
	result "$name" || fail "$name does not reach all"
done
off "${GUESTS[@]}"
