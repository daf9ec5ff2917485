#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# test: loss is what was asked for within its confidence, delay neither early nor much late, idle and under load; one way only; also between guests of one file
# timeout: 500
set -eu
. tests/vm/switch.sh

PROGS=("$TRAFFIC")
PATIENCE=120
touch "$TMPDIR/net0"
switch sw "$TMPDIR/net0" --tap=lg0,addr=10.0.0.254/24 --seed=1
boot a --sharenet="$TMPDIR/net0" --name=a
boot b --sharenet="$TMPDIR/net0" --name=b
ready a b
address a 1
address b 2
on a 'ping -c 1 -W 5 10.0.0.254'
on a 'ping -c 1 -W 5 10.0.0.2'

# receiver WHAT PORT [WORD...]: of datagrams, here; what is sent from now on arrives
receiver() {
	here "$1" - $TRAFFIC "$@"
	wait_for 10 is_served - "$2" -u
}

# counted: of the one fault that there is, $FRAMES and of these $LOST (from one
# answer, as frames may still come)
counted() {
	local said
	said=$(build/lgswitch ctl --control="$TMPDIR/sw.sock" --json faults)
	FRAMES=$(sed -n 's/.*"frames": *\([0-9]*\).*/\1/p' <<< "$said")
	LOST=$(sed -n 's/.*"lost": *\([0-9]*\).*/\1/p' <<< "$said")
}

# loss_is PERCENT FRAMES LOST: within 4 standard deviations of a binomial?
loss_is() {
	awk -v p="$1" -v frames="$2" -v lost="$3" 'BEGIN {
		p /= 100
		slack = 4 * sqrt(p * (1 - p) / frames)
		printf "%d frames, lost %.4f, asked for %.4f +- %.4f\n", frames, lost / frames, p, slack
		exit !(frames > 2000 && lost / frames > p - slack && lost / frames < p + slack)
	}' || fail "loss is not as asked for"
}

# measured_loss PERCENT: from the host to guest a, to which no more comes than
# what the switch has not lost (its own queues may lose some more)
measured_loss() {
	local frames lost
	# (A fault that is changed counts on.)
	counted
	frames=$FRAMES lost=$LOST
	later a 'traffic count 5001 2'
	run $TRAFFIC blast 10.0.0.1 5001 64 $(($(soak 2 4) * SLOW))
	result a
	counted
	frames=$((FRAMES - frames)) lost=$((LOST - lost))
	loss_is "$1" "$frames" "$lost"
	[ "$(field got)" -le $((frames - lost)) ] || fail "more came than was let through"
	[ "$(field got)" -gt 0 ] || fail "nothing came"
}

ctl sw fault lg0 '*' loss=10%
measured_loss 10
# One way: nothing is lost from the guest.
receiver count 5001 2
counted
frames=$FRAMES
on a 'traffic blast 10.0.0.254 5001 64 2 1000'
sent=$(field sent)
result_here count
[ "$(field got)" -eq "$sent" ] || fail "some were lost in the other direction"
counted
[ $((FRAMES - frames)) -lt 10 ] || fail "the other direction was counted"
ctl sw fault lg0 '*' loss=50%
measured_loss 50
ctl sw fault lg0 '*' loss=0.5%
measured_loss 0.5
ctl sw fault del lg0 '*'

# --- delay: round trips from the guest to an echo of the host
receiver echo 5002
rtt() {
	on a "traffic rtt 10.0.0.254 5002 $1"
	MIN=$(field min_us) MEDIAN=$(field median_us)
	[ "$(field lost)" -eq 0 ] || fail "some were lost"
}

# within LOW HIGH: in us, the least is not below LOW and not above HIGH; what a
# busy machine adds to others may be as much as it added without any delay
within() {
	awk -v min="$MIN" -v median="$MEDIAN" -v worst="$worst" -v low="$1" -v high="$2" 'BEGIN {
		printf "least %d us, median %d us: asked for %d to %d\n", min, median, low, high
		exit !(min >= low && min <= high && median <= high + worst)
	}' || fail "delay is not as asked for"
}

rtt 100
plain=${MEDIAN%.*}
worst=$(field p99_us)
ctl sw fault lg0 '*' delay=20ms
ctl sw fault '*' lg0 delay=20ms
rtt 30
within 40000 $((40000 + 3 * plain + 5000))
# Under load, from the other guest.
receiver count 5001 3
later b 'traffic blast 10.0.0.254 5001 64 6 100'
rtt 30
within 40000 $((40000 + 10 * plain + 10000))
result b
result_here count
ctl sw fault del lg0 '*'
ctl sw fault del '*' lg0
rtt 50

# --- between two guests of one file, and only there
ctl sw fault net0:a net0:b delay=30ms
later b 'traffic echo 5002'
on a 'traffic rtt 10.0.0.2 5002 20'
MIN=$(field min_us) MEDIAN=$(field median_us)
within 30000 $((30000 + 10 * plain + 10000))
rtt 20
within 0 $((10 * plain + 10000))
ctl sw fault net0:a net0:b loss=100%
try a 'ping -i 0.2 -c 2 -W 1 10.0.0.2' && fail "all should be lost"
ctl sw fault del net0:a net0:b
on a 'ping -i 0.2 -c 2 -W 5 10.0.0.2'
kill_guest b
off a
end_switch sw
