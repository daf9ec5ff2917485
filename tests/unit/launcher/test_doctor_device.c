// SPDX-License-Identifier: GPL-2.0
/*
 * test_doctor_device.c - who may open /dev/lguest and make taps, and which step
 * to that is missing; where there is room for guests and nets.
 */
#include <linux/capability.h>

#include "machine.h"
#include "text.h"

#define NET_ADMIN	(1ULL << CAP_NET_ADMIN)

/* --- /dev/lguest --- */

static void put_device(mode_t mode)
{
	put("dev/lguest", "");
	assert_int_equal(chmod(in_folder("dev/lguest"), mode), 0);
	put("sys/module/lg/refcnt", "0\n");
}

/* Files that we make have our own group: that is lguest's number. */
static void put_group(const char *members)
{
	char text[256];

	snprintf(text, sizeof(text), "root:x:0:\nlguest2:x:5:alice\nlguest:x:%u:%s\nlast:x:77:\n",
		 getegid(), members);
	put("etc/group", text);
}

static void who_may_open_it_is_told(void **state)
{
	struct doctor doctor = a_machine();

	(void)state;
	put_device(0600);
	found(doctor_device, &doctor, DOCTOR_OK, "alice may open /dev/lguest",
	      "");
}

static void it_comes_with_the_module(void **state)
{
	struct doctor doctor = a_machine();

	(void)state;
	found(doctor_device, &doctor, DOCTOR_LACK, "lg.ko is not loaded",
	      "see module");
	put("sys/module/lg/refcnt", "0\n");
	found(doctor_device, &doctor, DOCTOR_LACK, "though lg.ko is loaded",
	      "mknod");
}

static void without_the_group_it_is_roots(void **state)
{
	struct doctor doctor = a_machine();

	(void)state;
	put_device(0600);
	allowed = false;
	found(doctor_device, &doctor, DOCTOR_LACK, "root's (mode 600)",
	      "usermod -aG lguest alice");
	put("etc/group", "root:x:0:\nlguest2:x:5:alice\nlguest\nlguest:x\n");
	found(doctor_device, &doctor, DOCTOR_LACK, "there is no group lguest",
	      "groupadd");
}

static void without_udevs_rule_too(void **state)
{
	struct doctor doctor = a_machine();

	(void)state;
	put_device(0600);
	put_group("alice");
	allowed = false;
	found(doctor_device, &doctor, DOCTOR_LACK, "not open to group lguest (mode 600)",
	      "udevadm trigger");
	put_device(0640);
	found(doctor_device, &doctor, DOCTOR_LACK, "mode 640", "chmod 660");
}

static void who_is_no_member_becomes_one(void **state)
{
	struct doctor doctor = a_machine();

	(void)state;
	put_device(0660);
	allowed = false;
	put_group("");
	found(doctor_device, &doctor, DOCTOR_LACK, "alice may not open",
	      "usermod -aG lguest alice; then log out");
	put_group("alic,aliced,bob");
	found(doctor_device, &doctor, DOCTOR_LACK, "alice may not open",
	      "usermod");
}

static void a_new_member_logs_in_again(void **state)
{
	struct doctor doctor = a_machine();

	(void)state;
	put_device(0660);
	allowed = false;
	doctor.groups[0] = getegid() + 1;
	put_group("bob,alice");
	found(doctor_device, &doctor, DOCTOR_LACK, "since after this session",
	      "newgrp lguest");
	put_group("alice,bob");
	found(doctor_device, &doctor, DOCTOR_LACK, "since after this session",
	      "log out");
	doctor.groups[doctor.groups_count++] = getegid();
	found(doctor_device, &doctor, DOCTOR_LACK, "may not open", "usermod");
}

/* --- taps --- */

static void taps_want_a_capability(void **state)
{
	struct doctor doctor = a_machine();

	(void)state;
	put("dev/net/tun", "");
	found(doctor_tap, &doctor, DOCTOR_WARNING, "not make them",
	      "ip tuntap add dev lg0 mode tap vnet_hdr user alice");
	doctor.capabilities = ~NET_ADMIN;
	found(doctor_tap, &doctor, DOCTOR_WARNING, "not make them", "ip");
	doctor.capabilities = NET_ADMIN;
	found(doctor_tap, &doctor, DOCTOR_OK, "may make taps", "");
}

static void taps_want_their_driver(void **state)
{
	struct doctor doctor = a_machine();

	(void)state;
	doctor.capabilities = NET_ADMIN;
	found(doctor_tap, &doctor, DOCTOR_WARNING, "not there", "modprobe tun");
	put("dev/net/tun", "");
	allowed = false;
	found(doctor_tap, &doctor, DOCTOR_WARNING, "may not open", "chmod");
}

/* --- memory --- */

static void memory_is(unsigned long long mib, enum doctor_level level,
		      const char *what, const char *to_do)
{
	struct doctor doctor = a_machine();
	char text[256];

	snprintf(text, sizeof(text), "MemTotal:       99 kB\nMemFree:   5 kB\nMemAvailable:   %llu kB\n",
		 mib * 1024);
	put("proc/meminfo", text);
	found(doctor_memory, &doctor, level, what, to_do);
}

static void a_guest_wants_some_memory(void **state)
{
	(void)state;
	memory_is(1000, DOCTOR_OK, "this machine has 1000 MiB more", "");
	memory_is(96, DOCTOR_OK, "96 MiB", "");
	memory_is(95, DOCTOR_WARNING, "tight", "lguest 32m");
	memory_is(24, DOCTOR_WARNING, "tight", "lguest 32m");
	memory_is(23, DOCTOR_LACK, "too little", "swap");
}

static void a_control_group_may_have_less(void **state)
{
	struct doctor doctor = a_machine();

	(void)state;
	put("proc/meminfo", "MemAvailable: 1048576 kB\n");
	put("proc/self/cgroup", "0::/a.slice/b\n");
	put("sys/fs/cgroup/a.slice/b/memory.max", "max\n");
	put("sys/fs/cgroup/a.slice/b/memory.current", "4096\n");
	found(doctor_memory, &doctor, DOCTOR_OK, "machine has 1024", "");
	put("sys/fs/cgroup/a.slice/b/memory.max", "104857600\n");
	put("sys/fs/cgroup/a.slice/b/memory.current", "94371840\n");
	found(doctor_memory, &doctor, DOCTOR_LACK,
	      "control group allows 10 MiB more", "end something");
	put("sys/fs/cgroup/a.slice/b/memory.current", "204857600\n");
	found(doctor_memory, &doctor, DOCTOR_LACK, "allows 0 MiB", "end");
	/* Most of it is caches, which it need not keep. */
	put("sys/fs/cgroup/a.slice/b/memory.stat",
	    "anon 1\nfile 104857600\ninactive_file 83886080\n"
	    "active_file 31457280\nslab_reclaimable 41943040\n");
	found(doctor_memory, &doctor, DOCTOR_WARNING, "allows 54 MiB", "");
	/* As a container sees itself. */
	put("proc/self/cgroup", "0::/\n");
	put("sys/fs/cgroup/memory.max", "209715200\n");
	put("sys/fs/cgroup/memory.current", "0\n");
	found(doctor_memory, &doctor, DOCTOR_OK, "allows 200 MiB", "");
}

static void a_shell_may_have_a_limit(void **state)
{
	struct doctor doctor = a_machine();

	(void)state;
	put("proc/meminfo", "MemAvailable: 1048576 kB\n");
	doctor.address_limit = 192 * MIB;
	found(doctor_memory, &doctor, DOCTOR_OK, "", "");
	doctor.address_limit--;
	found(doctor_memory, &doctor, DOCTOR_LACK, "191 MiB", "ulimit");
}

static void without_proc_memory_is_unknown(void **state)
{
	struct doctor doctor = a_machine();

	(void)state;
	found(doctor_memory, &doctor, DOCTOR_WARNING, "does not tell",
	      "mount -t proc");
}

/* --- nets --- */

static void nets_have_a_folder(void **state)
{
	struct doctor doctor = a_machine();

	(void)state;
	found(doctor_nets, &doctor, DOCTOR_WARNING, "is not there",
	      "install -d -m 3770 -g lguest /var/lg");
	put("var/lg", "");
	found(doctor_nets, &doctor, DOCTOR_WARNING, "is no folder", "move it");
	assert_int_equal(unlink(in_folder("var/lg")), 0);
	make_subfolder("var/lg");
	found(doctor_nets, &doctor, DOCTOR_OK, "may create nets", "");
	allowed = false;
	found(doctor_nets, &doctor, DOCTOR_WARNING, "may not create nets",
	      "chgrp lguest");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		machine_test(who_may_open_it_is_told),
		machine_test(it_comes_with_the_module),
		machine_test(without_the_group_it_is_roots),
		machine_test(without_udevs_rule_too),
		machine_test(who_is_no_member_becomes_one),
		machine_test(a_new_member_logs_in_again),
		machine_test(taps_want_a_capability),
		machine_test(taps_want_their_driver),
		machine_test(a_guest_wants_some_memory),
		machine_test(a_control_group_may_have_less),
		machine_test(a_shell_may_have_a_limit),
		machine_test(without_proc_memory_is_unknown),
		machine_test(nets_have_a_folder),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
