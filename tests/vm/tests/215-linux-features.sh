#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# test: a Linux guest has the network and file system features that labs need
# timeout: 90
set -eu
. tests/vm/linux.sh

# shellcheck disable=SC2016 # for the guest's shell
init '
try() { "$@" > /tmp/out 2>&1 && echo "has: $*" || { echo "LACKS: $*"; cat /tmp/out; }; }
config() { for c; do zcat /proc/config.gz | grep -qE "^CONFIG_$c=y" && echo "has: $c" || echo "LACKS: $c"; done; }

ip link set lo up
try ip link add br0 type bridge
try ip link add v0 type veth peer name v1
try ip link set v0 master br0
try ip link add link br0 name br0.5 type vlan id 5
try ip link add x0 type vxlan id 42 dstport 4789 dev v1
try ip link add wg0 type wireguard
try ip link add d0 type dummy
try ip addr add 10.1.2.3/24 dev d0
try ip link set d0 up
try ip -6 addr add fd00::1/64 dev d0
try ip rule add from 10.1.2.0/24 table 100
try ping -c 1 10.1.2.3
try ping6 -c 1 ::1
try test -c /dev/net/tun
try mount -t tmpfs tmpfs /mnt
mkdir -p /mnt/a /mnt/b /mnt/w /mnt/o /mnt/e
try mount -t overlay -o lowerdir=/mnt/a,upperdir=/mnt/b,workdir=/mnt/w overlay /mnt/o
dd if=/dev/zero of=/mnt/disk bs=1k count=4096 2> /dev/null
try mke2fs -F /mnt/disk
try mount -t ext4 -o loop /mnt/disk /mnt/e
try mount -t cgroup2 cgroup2 /sys/fs/cgroup
try unshare -m -n -p -i -u -f true
try unshare -U true
for fs in squashfs ext4 overlay autofs; do
	grep -qw $fs /proc/filesystems && echo "has: $fs" || echo "LACKS: $fs"
done
config NF_TABLES NFT_CT NFT_NAT NFT_MASQ NFT_REJECT NF_CONNTRACK IP_NF_IPTABLES \
	IP_NF_NAT IP6_NF_IPTABLES NET_SCH_NETEM NET_SCH_HTB NET_SCH_INGRESS PACKET \
	BRIDGE_VLAN_FILTERING SECCOMP FHANDLE CGROUPS NO_HZ_IDLE
[ "$(cat /proc/sys/kernel/random/entropy_avail)" -ge 256 ] && echo "has: entropy" ||
	echo "LACKS: entropy"
poweroff -f
'
linux 0 60 64m < /dev/null
seen 'has: entropy'
unseen '^LACKS'
