#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# test: signals arrive, and no return from one with bad registers harms the guest
# timeout: 120
set -eu
. tests/vm/linux.sh

PROGS=(build/tests/progs/signals)
init '
signals && echo signals good
echo still here
poweroff -f
'
linux 0 100 32m < /dev/null
seen 'signals good'
seen 'still here'
unseen 'HANGS|NO SIGNAL'
