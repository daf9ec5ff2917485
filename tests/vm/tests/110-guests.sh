#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# test: a guest gets the machine that the contract promises, in all its parts
# timeout: 240
#
# The tiny guests that mean well.  tests/guests/expect says how each must end.
set -eu
. tests/vm/lib.sh

run tests/guests/run '[!h]*' hypercalls
