#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# test: hundreds of taps and nets are added to a running switch and removed; its memory, its files and the kernel's stay as they were
# timeout: 500
set -eu
. tests/vm/switch.sh

touch "$TMPDIR/net0"
switch sw "$TMPDIR/net0" --tap=lg0,addr=10.0.0.254/24 --user=root
PID=${SWITCH[sw]}

# requests SOCKET FOLDER COUNT: that many taps and as many nets come and go
cat > "$TMPDIR/requests" << 'END'
import json, os, socket, sys
path, folder, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
control = socket.socket(socket.AF_UNIX)
control.connect(path)
lines = control.makefile("rw")

def ask(**request):
    lines.write(json.dumps(request) + "\n")
    lines.flush()
    reply = json.loads(lines.readline())
    if not reply["ok"]:
        sys.exit(f"{request}: {reply['error']}")
    return reply["result"]

for i in range(count):
    open(f"{folder}/n{i}", "w").close()
    ask(verb="add", word="tap", value=f"t{i},vlan={i + 1}")
    ask(verb="add", word="net", value=f"{folder}/n{i},name=n{i},vlan={i + 1}")
assert os.path.exists(f"/sys/class/net/t{count - 1}")
for i in range(count):
    ask(verb="del", port=f"t{i}")
    ask(verb="del", port=f"n{i}")
    os.unlink(f"{folder}/n{i}")
assert not os.path.exists(f"/sys/class/net/t{count - 1}")
END

round() {
	python3 "$TMPDIR/requests" "$TMPDIR/sw.sock" "$TMPDIR" "$1"
}

files() {
	find "/proc/$PID/fd" -mindepth 1 | wc -l
}

private_kib() {
	awk '/^Private_Dirty:/ { print $2 }' "/proc/$PID/smaps_rollup"
}

# (A connection whose end the switch has not seen yet may be among its files;
# the kernel's own count of open files is off by up to 32 per CPU at each look.
# One lost per port would be 120, or 300.)
no_growth 2 files no_growth 100 open_files round "$(soak 60 150)"
# What malloc keeps of that, in pieces, is not lost: it does for all that follows.
run round 30
no_growth 200 private_kib round 30
[ "$(find /sys/class/net -name 't[0-9]*' | wc -l)" -eq 0 ] || fail "some taps stayed"
end_switch sw
