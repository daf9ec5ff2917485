// SPDX-License-Identifier: GPL-2.0
/*
 * test_tap.c - taps, and what is set up on network devices, in a network
 * namespace of its own.  Where this machine lets us have none, that is skipped.
 */
#include <fcntl.h>
#include <linux/if_tun.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <lguest/dma.h>

#include "link.h"
#include "mac.h"
#include "tap.h"
#include "netns.h"
#include "test.h"

static struct why why;
static struct links links;

static struct link_address address(const char *text)
{
	struct link_address parsed;

	assert_good(link_parse_address(text, &parsed, &why), &why);
	return parsed;
}

static void names_are_checked(void **state)
{
	(void)state;
	assert_good(tap_check_name("lg0.5-x_y", &why), &why);
	assert_fails(tap_check_name("", &why), &why, "1 to 15");
	assert_fails(tap_check_name("1234567890123456", &why), &why, "1 to 15");
	assert_fails(tap_check_name("a/b", &why), &why, "cannot be");
	assert_fails(tap_check_name("a:b", &why), &why, "cannot be");
	assert_fails(tap_check_name("a b", &why), &why, "cannot be");
	assert_fails(tap_check_name(".", &why), &why, "cannot be");
}

static void a_new_tap_gets_a_name_and_goes_with_us(void **state)
{
	struct tap tap, other;

	(void)state;
	need_namespace();
	assert_good(tap_open(&tap, "", &why), &why);
	assert_string_equal(tap.name, "lg0");
	assert_true(tap.is_new);
	assert_good(tap_open(&other, "mine", &why), &why);
	assert_string_equal(other.name, "mine");
	assert_int_not_equal(if_nametoindex("mine"), 0);
	tap_close(&tap);
	tap_close(&other);
	assert_int_equal(if_nametoindex("lg0"), 0);
	assert_int_equal(if_nametoindex("mine"), 0);
}

static void a_lasting_tap_is_set_up_as_ours(void **state)
{
	struct tap tap, second;
	int header = 12;
	int fd;

	(void)state;
	need_namespace();
	ip("tuntap add dev last mode tap vnet_hdr");
	assert_good(tap_open(&tap, "last", &why), &why);
	assert_false(tap.is_new);
	assert_fails(tap_open(&second, "last", &why), &why,
		     "another process has it open");
	assert_int_equal(ioctl(tap.fd, TUNSETVNETHDRSZ, &header), 0);
	tap_close(&tap);
	assert_good(tap_open(&tap, "last", &why), &why);
	assert_int_equal(ioctl(tap.fd, TUNGETVNETHDRSZ, &header), 0);
	assert_int_equal(header, LGUEST_FRAME_HEADER);
	fd = tap.fd;
	tap_close(&tap);
	assert_int_equal(tap.fd, -1);
	assert_int_equal(fcntl(fd, F_GETFD), -1);
	ip("link del last");
}

static void other_devices_are_refused(void **state)
{
	struct tap tap;

	(void)state;
	need_namespace();
	assert_fails(tap_open(&tap, "lo", &why), &why, "is no tap");
	ip("tuntap add dev t0 mode tun");
	assert_fails(tap_open(&tap, "t0", &why), &why, "is no tap");
	ip("link del t0");
}

static void devices_get_what_they_are_to_have(void **state)
{
	static const uint8_t mac[] = { 0xfe, 1, 2, 3, 4, 5 };
	struct link_address four = address("10.1.2.3/20");
	struct link_address six = address("fd00::1");
	uint8_t read[MAC_BYTES];
	struct tap tap;

	(void)state;
	need_namespace();
	assert_good(tap_open(&tap, "t1", &why), &why);
	assert_good(tap_set_mac(&tap, mac, &why), &why);
	assert_good(link_get_mac(&links, "t1", read, &why), &why);
	assert_memory_equal(read, mac, sizeof(mac));
	assert_good(link_add_address(&links, "t1", &four, &why), &why);
	assert_good(link_add_address(&links, "t1", &six, &why), &why);
	assert_good(link_set_up(&links, "t1", &why), &why);
	assert_true(ip_shows("-o addr show t1", "inet 10.1.2.3/20"));
	assert_true(ip_shows("-o addr show t1", "inet6 fd00::1/64"));
	assert_true(ip_shows("-o link show t1", ",UP"));
	/* Again: it is so already. */
	assert_good(link_add_address(&links, "t1", &four, &why), &why);
	assert_good(link_set_up(&links, "t1", &why), &why);
	tap_close(&tap);
}

static void an_address_of_another_device_is_refused(void **state)
{
	struct link_address four = address("10.1.2.3/20");
	struct tap one, two;

	(void)state;
	need_namespace();
	assert_good(tap_open(&one, "t1", &why), &why);
	assert_good(tap_open(&two, "t2", &why), &why);
	assert_good(link_add_address(&links, "t1", &four, &why), &why);
	assert_fails(link_add_address(&links, "t2", &four, &why), &why,
		     "10.1.2.3 is already an address of this host, of network device t1");
	tap_close(&one);
	tap_close(&two);
}

static void a_bridge_gets_ports(void **state)
{
	struct tap tap;

	(void)state;
	need_namespace();
	ip("link add br0 type bridge");
	assert_good(tap_open(&tap, "t1", &why), &why);
	assert_good(link_set_bridge(&links, "t1", "br0", &why), &why);
	assert_good(link_set_bridge(&links, "t1", "br0", &why), &why);
	assert_true(ip_shows("-o link show t1", "master br0"));
	assert_fails(link_set_bridge(&links, "t1", "br1", &why), &why,
		     "there is no bridge br1");
	assert_fails(link_set_bridge(&links, "t1", "lo", &why), &why,
		     "lo is not a bridge");
	assert_fails(link_set_bridge(&links, "t9", "br0", &why), &why,
		     "no network device t9");
	/* The kernel tells why: a bridge in a bridge. */
	ip("link add br2 type bridge");
	assert_fails(link_set_bridge(&links, "br2", "br0", &why), &why,
		     "cannot add to bridge br0 device br2: Too many levels of symbolic links");
	assert_fails(false, &why, " (Can not ");
	tap_close(&tap);
	ip("link del br0");
	ip("link del br2");
}

/* A child without privileges has a tap that is its own, all set up. */
static void one_s_own_tap_needs_no_privilege(void **state)
{
	struct link_address four = address("10.9.0.1/24");
	struct link_address other = address("10.9.9.1/24");
	int status, bad = 0;
	struct tap tap;
	pid_t pid;

	(void)state;
	need_namespace();
	ip("tuntap add dev own mode tap user 0");
	ip("addr add 10.9.0.1/24 dev own");
	ip("link set own up");
	pid = fork();
	if (!pid) {
		struct links mine;

		/* A user namespace of its own has no say about our network. */
		bad |= unshare(CLONE_NEWUSER) != 0;
		bad |= !links_open(&mine, &why) << 1;
		bad |= !link_add_address(&mine, "own", &four, &why) << 2;
		bad |= !link_set_up(&mine, "own", &why) << 3;
		bad |= link_add_address(&mine, "own", &other, &why) << 4;
		bad |= !strstr(why.text, "CAP_NET_ADMIN") << 5;
		bad |= tap_open(&tap, "fresh", &why) << 6;
		bad |= !strstr(why.text, "CAP_NET_ADMIN") << 7;
		_exit(bad);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	ip("link del own");
}

static void a_tap_can_outlive_its_user_and_have_an_owner(void **state)
{
	struct tap tap;
	int index;

	(void)state;
	need_namespace();
	assert_good(tap_open(&tap, "keep", &why), &why);
	assert_good(tap_set_owner(&tap, 0, 0, &why), &why);
	assert_good(tap_set_owner(&tap, -1, -1, &why), &why);
	assert_good(tap_set_persistent(&tap, true, &why), &why);
	index = if_nametoindex("keep");
	tap_close(&tap);
	assert_int_equal(if_nametoindex("keep"), index);
	assert_true(ip_shows("-d -o link show keep", "persist on user"));
	assert_good(tap_open(&tap, "keep", &why), &why);
	assert_false(tap.is_new);
	assert_int_equal(if_nametoindex("keep"), index);
	assert_good(tap_set_persistent(&tap, false, &why), &why);
	tap_close(&tap);
	assert_int_equal(if_nametoindex("keep"), 0);
	assert_fails(tap_set_owner(&tap, 0, 0, &why), &why, "an owner");
	assert_fails(tap_set_persistent(&tap, true, &why), &why, "last");
}

static void offloads_are_those_that_its_host_knows(void **state)
{
	struct tap tap;

	(void)state;
	need_namespace();
	assert_good(tap_open(&tap, "t1", &why), &why);
	assert_int_equal(tap.offloads, TAP_CHECKSUMS | TAP_SEGMENTS);
	assert_good(tap_set_offloads(&tap, TAP_CHECKSUMS, &why), &why);
	assert_int_equal(tap.offloads, TAP_CHECKSUMS);
	assert_true(shows("ethtool -k t1", "tx-tcp-segmentation: off"));
	assert_good(tap_set_offloads(&tap, 0, &why), &why);
	assert_int_equal(tap.offloads, 0);
	/* A new kernel has the last one, too; an old one the others. */
	assert_good(tap_set_offloads(&tap, TAP_CHECKSUMS | TAP_SEGMENTS | TAP_DATAGRAMS, &why),
		    &why);
	assert_int_equal(tap.offloads & ~TAP_DATAGRAMS, TAP_CHECKSUMS | TAP_SEGMENTS);
	assert_true(shows("ethtool -k t1", "tx-tcp-segmentation: on"));
	tap_close(&tap);
	assert_fails(tap_set_offloads(&tap, 0, &why), &why, "offloads");
}

static void its_host_sees_whether_it_is_plugged_in(void **state)
{
	struct tap tap;

	(void)state;
	need_namespace();
	assert_good(tap_open(&tap, "t1", &why), &why);
	assert_good(link_set_up(&links, "t1", &why), &why);
	assert_false(ip_shows("-o link show t1", "NO-CARRIER"));
	assert_good(tap_set_carrier(&tap, false, &why), &why);
	assert_true(ip_shows("-o link show t1", "NO-CARRIER"));
	assert_good(link_set_carrier(&links, "t1", true, &why), &why);
	assert_false(ip_shows("-o link show t1", "NO-CARRIER"));
	assert_good(link_set_carrier(&links, "t1", false, &why), &why);
	assert_true(ip_shows("-o link show t1", "NO-CARRIER"));
	tap_close(&tap);
	assert_fails(tap_set_carrier(&tap, true, &why), &why, "connected");
	assert_fails(link_set_carrier(&links, "t1", true, &why), &why,
		     "no network device t1");
}

static int set_up(void **state)
{
	(void)state;
	return !netns_enter() || links_open(&links, &why) ? 0 : -1;
}

static int tear_down(void **state)
{
	(void)state;
	if (has_namespace)
		links_close(&links);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_are_checked),
		cmocka_unit_test(a_new_tap_gets_a_name_and_goes_with_us),
		cmocka_unit_test(a_lasting_tap_is_set_up_as_ours),
		cmocka_unit_test(other_devices_are_refused),
		cmocka_unit_test(a_tap_can_outlive_its_user_and_have_an_owner),
		cmocka_unit_test(offloads_are_those_that_its_host_knows),
		cmocka_unit_test(its_host_sees_whether_it_is_plugged_in),
		cmocka_unit_test(devices_get_what_they_are_to_have),
		cmocka_unit_test(an_address_of_another_device_is_refused),
		cmocka_unit_test(a_bridge_gets_ports),
		cmocka_unit_test(one_s_own_tap_needs_no_privilege),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
