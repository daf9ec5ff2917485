#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# test: requests that are malformed, huge, slow or many harm neither traffic nor other clients, and leave nothing behind
# timeout: 300
#
#	a (10.0.0.1) -- bra -- lga == sw == lgb -- brb -- b (10.0.0.2)
set -eu
. tests/vm/switch.sh

netns a b
join_netns bra a 10.0.0.1/24
join_netns brb b 10.0.0.2/24
SOCKET=$TMPDIR/sw.sock
switch sw --tap=lga,bridge=bra --tap=lgb,bridge=brb
PID=${SWITCH[sw]}

cat > "$TMPDIR/abuse" << 'END'
import json, os, random, socket, sys, time

PATH = sys.argv[1]
random.seed(4)

def client(patience=60):
    s = socket.socket(socket.AF_UNIX)
    # (One with a timeout would not wait for its turn to connect.)
    s.connect(PATH)
    s.settimeout(patience)
    return s

def lines(s):
    return s.makefile("rb")

def ask(**request):
    s = client()
    try:
        s.sendall(json.dumps(request).encode() + b"\n")
    except BrokenPipeError:
        pass    # refused already, which is to be read
    reply = json.loads(lines(s).readline())
    s.close()
    return reply

def check(what, good):
    if not good:
        sys.exit("FAILED: " + what)

GOOD = [
    {"verb": "ports"}, {"verb": "fdb", "limit": 1}, {"verb": "matrix", "from": 3},
    {"verb": "set", "port": "lga", "change": "vlan=10"}, {"verb": "del", "port": "lgx"},
    {"verb": "add", "word": "tap", "value": "x,addr=1.2.3.4/5"},
    {"verb": "fault", "fault": "lga>lgx,delay=1ms"}, {"verb": "mirror", "mirror": "to=lgx,from=lga"},
    {"verb": "static", "static": "02:00:00:00:00:01,port=lgx"}, {"verb": "down", "end": "lgx:r1"},
    {"verb": "watch", "interval": 1, "request": {"verb": "ports"}},
]
ODD = [None, True, -1, 1 << 62, 1.5, "", "x" * 5000, "*", ",", ">", "<>", "a>b", "lga,", "%n%s",
       "\u00ff\u20ac", "../../etc/passwd", [], [[]], {}, {"verb": {}}]

def spoil(request):
    request = dict(request)
    for name in list(request):
        if name != "verb" and random.random() < 0.5 or random.random() < 0.1:
            request[name] = random.choice(ODD)
    if random.random() < 0.1:
        request[random.choice(["id", "port", "nonsense", ""])] = random.choice(ODD)
    # Nothing that would cut off those who measure.
    if request.get("verb") in ("set", "down") and request.get("port", request.get("end")) in ("lga", "lgb"):
        request["port"] = "lgx"
    return json.dumps(request).encode()

def malform(line):
    line = bytearray(line)
    for _ in range(random.randrange(1, 6)):
        where = random.randrange(len(line))
        kind = random.randrange(3)
        if kind == 0:
            line[where] = random.choice(b"\0\"\\{}[]:,\x80\xff1-e.")
        elif kind == 1:
            del line[where:where + random.randrange(1, 8)]
        else:
            line[where:where] = os.urandom(4)
        line = line or bytearray(b" ")
    return bytes(line).replace(b"\n", b" ")

def malformed(count):
    s = client()
    f = lines(s)
    for i in range(count):
        line = spoil(random.choice(GOOD))
        if i % 2:
            line = malform(line)
        s.sendall(line + b"\n")
        # (Watches that were taken, too.)
        while True:
            reply = json.loads(f.readline())
            if "event" not in reply:
                break
        check("a reply: %r" % reply, isinstance(reply.get("ok"), bool))
        check("a reason: %r" % reply, reply["ok"] or reply["error"])
    s.close()

def huge():
    s = client()
    f = lines(s)
    for _ in range(100):
        s.sendall(b"x" * 100000)
    s.sendall(b"\n{\"id\":1,\"verb\":\"ping\"}\n")
    check("too long", b"longer than 64 KiB" in f.readline())
    check("ping behind it", json.loads(f.readline()) == {"id": 1, "ok": True, "result": {}})
    s.close()

def many(count):
    for i in range(count):
        s = client()
        s.sendall([b"", b"{", b"{\"verb\":\"stats\"}\n", b"{\"verb\":\"ping\"}\n" * 50][i % 4])
        s.close()

def unread():
    clients = []
    for _ in range(20):
        s = client()
        s.setblocking(False)
        try:
            for _ in range(500):
                s.send(b"{\"verb\":\"stats\"}\n" * 20)
        except BlockingIOError:
            pass
        clients.append(s)
    check("others are served", ask(verb="ping")["ok"])
    for s in clients:
        s.close()

def slow():
    clients = [client() for _ in range(64)]
    for s in clients[:32]:
        s.sendall(b"{\"verb\"")
    end = time.monotonic() + 60
    refused = 0
    while True:
        reply = ask(verb="ping")
        if reply["ok"]:
            break
        check("refused with words", "too many clients" in reply["error"])
        refused += 1
        check("there is a place in the end", time.monotonic() < end)
        time.sleep(0.5)
    check("the 65th was refused", refused)
    for s in clients:
        s.close()

for part in sys.argv[3:]:
    begin = time.monotonic()
    {"malformed": lambda: malformed(int(sys.argv[2])), "huge": huge, "many": lambda: many(int(sys.argv[2]) // 2),
     "unread": unread, "slow": slow}[part]()
    print("%s: %.1f s" % (part, time.monotonic() - begin), flush=True)
END

abuse() {
	run timeout 120 python3 "$TMPDIR/abuse" "$SOCKET" "$(soak 300 2000)" "$@"
}

files() {
	find "/proc/$PID/fd" -mindepth 1 | wc -l
}

private_kib() {
	awk '/^Private_Dirty:/ { print $2 }' "/proc/$PID/smaps_rollup"
}

# The first round may grow what is then kept.
abuse malformed huge many unread
before=$(files)
ip netns exec a busybox ping -q -i 0.05 -c 2000 10.0.0.2 > "$TMPDIR/ping" &
PING=$!
at_exit "kill -KILL $PING 2> /dev/null"
no_growth 512 private_kib abuse malformed huge many unread slow
kill -INT $PING
wait $PING || :
cat "$TMPDIR/ping"
# "N packets transmitted, N packets received, L% packet loss"
lost=$(sed -n 's/.* \([0-9]*\)% packet loss.*/\1/p' "$TMPDIR/ping")
[ "$lost" -le 1 ] || fail "traffic has suffered: $lost% lost"
no_more_files() {
	[ "$(files)" -le "$before" ]
}
wait_for 20 no_more_files
ctl sw ping
ctl sw ports
echo "$SAID"
[ "$(grep -cE '^lg[ab] +tap +up' <<< "$SAID")" -eq 2 ] || fail "a port has changed"
end_switch sw
