#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# test: examples/wireshark: tshark shows what guests say, through a pipe and from a file, and who said it
# timeout: 150
set -eu
. tests/vm/lib.sh
. tests/vm/examples.sh

example wireshark
shown '^ *[0-9]+ .*10\.0\.0\.1 .* 10\.0\.0\.2 .*GET / HTTP'
shown '^ *12 '
shown 'a	Echo \(ping\) request'
shown 'b	Echo \(ping\) reply'
