# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
#
# disk.sh - the section "disk" of tests/bench/inside: a file in an ext4 that is
# on a RAM disk, so that only our own way is measured; the host reads and writes
# the file, the guest the disk that the file is to it.  Both go past the page
# cache, and one of them at a time.

DISK_MIB=64
DISK_MS=300	# for a sample

# diskio's arguments; sequential ones are told per KiB
disk_job() {
	case $1 in
	disk_read) echo read seq 262144 ;;
	disk_write) echo write seq 262144 ;;
	disk_read_4k) echo read random 4096 ;;
	disk_write_4k) echo write random 4096 ;;
	esac
}

start_disk() {
	local folder=$TMP/ext4
	DISK_FILE=$folder/image
	modprobe brd rd_nr=1 rd_size=$(((DISK_MIB + 32) * 1024)) && mkfs.ext4 -q /dev/ram0 &&
		mkdir "$folder" && mount /dev/ram0 "$folder" &&
		dd if=/dev/zero of="$DISK_FILE" bs=1M count=$DISK_MIB status=none && sync && return
	trouble "there is no disk to measure"
	return 1
}

stop_disk() {
	umount "$TMP/ext4" && rmmod brd
}

# disk_sample ROW WHERE: from what diskio has said
disk_sample() {
	local ns unit=1
	ns=$(field ns)
	[[ $1 == *_4k ]] || unit=256
	sample "$ROUND" "$1" "$(calculate "$ns / $unit")" "$2"
}

# disk_row ROW
disk_row() {
	local job
	read -ra job < <(disk_job "$1")
	if ! SAID=$("$TMP/diskio" "$DISK_FILE" "${job[@]}" $DISK_MS 2>&1); then
		trouble "diskio failed on the host: $SAID"
		return 1
	fi
	disk_sample "$1" host
	tell disk "diskio /dev/lgba ${job[*]} $DISK_MS" && disk_sample "$1" guest
}

measure_disk() {
	local names row
	mapfile -t names < <(rows disk)
	[ ${#names[@]} -gt 0 ] || return 0
	# shellcheck disable=SC2034 # start_guest's
	INITRD=$IO_INITRD
	start_disk || return
	if start_told disk --block="$DISK_FILE"; then
		for ((ROUND = 1; ROUND <= IO_ROUNDS; ROUND++)); do
			progress "disks, round $ROUND of $IO_ROUNDS"
			for row in "${names[@]}"; do
				disk_row "$row" || break 2
			done
		done
	fi
	stop_told disk
	stop_disk
}
