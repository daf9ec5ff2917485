// SPDX-License-Identifier: GPL-2.0
/*
 * test_link.c - network devices that are made and changed, and the ways to
 * other hosts, in a network namespace.
 */
#include <arpa/inet.h>
#include <net/if.h>

#include "bridge.h"
#include "link.h"
#include "netns.h"
#include "route.h"
#include "test.h"
#include "vxlan.h"

static struct why why;
static struct links links;

static struct link_address address(const char *text)
{
	struct link_address parsed;

	assert_good(link_parse_address(text, &parsed, &why), &why);
	return parsed;
}

static void an_mtu_is_set_and_one_that_cannot_be_is_refused(void **state)
{
	unsigned int mtu;

	(void)state;
	need_namespace();
	ip("tuntap add dev t1 mode tap");
	assert_good(link_set_mtu(&links, "t1", 9000, &why), &why);
	assert_good(link_get_mtu(&links, "t1", &mtu, &why), &why);
	assert_int_equal(mtu, 9000);
	assert_good(link_set_mtu(&links, "t1", 9000, &why), &why);
	assert_fails(link_set_mtu(&links, "t1", 70000, &why), &why,
		     "cannot set the MTU to 70000 of network device t1");
	/* In the kernel's own words. */
	assert_fails(false, &why, "mtu greater than device maximum");
	assert_fails(link_set_mtu(&links, "t1", 20, &why), &why,
		     "mtu less than device minimum");
	assert_fails(link_set_mtu(&links, "t2", 1500, &why), &why,
		     "no network device t2");
	assert_fails(link_get_mtu(&links, "t2", &mtu, &why), &why,
		     "no network device t2");
	ip("link del t1");
}

static void a_device_is_marked_found_and_deleted(void **state)
{
	bool has;

	(void)state;
	need_namespace();
	ip("tuntap add dev t1 mode tap");
	assert_good(link_has_mark(&links, "t1", "lgswitch a", &has, &why), &why);
	assert_false(has);
	assert_good(link_set_mark(&links, "t1", "lgswitch a", &why), &why);
	assert_good(link_has_mark(&links, "t1", "lgswitch a", &has, &why), &why);
	assert_true(has);
	assert_good(link_has_mark(&links, "t1", "lgswitch", &has, &why), &why);
	assert_false(has);
	assert_good(link_delete(&links, "t1", &why), &why);
	assert_int_equal(if_nametoindex("t1"), 0);
	assert_fails(link_delete(&links, "t1", &why), &why, "no network device");
	assert_fails(link_delete(&links, "lo", &why), &why,
		     "cannot delete network device lo");
	assert_fails(link_has_mark(&links, "t1", "", &has, &why), &why,
		     "no network device");
}

static void a_silent_device_makes_itself_no_address(void **state)
{
	(void)state;
	need_namespace();
	ip("link add v1 type veth peer name v2");
	assert_good(link_set_silent(&links, "v1", &why), &why);
	ip("link set v1 up");
	ip("link set v2 up");
	assert_false(ip_shows("-6 -o addr show v1", "fe80"));
	assert_true(ip_shows("-6 -o addr show v2", "fe80"));
	ip("link del v1");
}

static void a_bridge_of_ours_is_a_plain_wire(void **state)
{
	(void)state;
	need_namespace();
	ip("tuntap add dev t1 mode tap");
	assert_good(bridge_add(&links, "br7", &why), &why);
	assert_good(bridge_add_wire(&links, "t1", "br7", &why), &why);
	assert_true(ip_shows("-d -o link show br7", "mcast_snooping 0"));
	assert_true(ip_shows("-d -o link show t1", "master br7"));
	assert_true(ip_shows("-d -o link show t1", "learning off flood on"));
	assert_true(ip_shows("-d -o link show t1", "group_fwd_mask 0xfffd"));
	assert_fails(bridge_add(&links, "br7", &why), &why,
		     "cannot add bridge br7: File exists");
	assert_fails(bridge_add_wire(&links, "t1", "br8", &why), &why,
		     "no bridge br8");
	assert_fails(bridge_add_wire(&links, "t9", "br7", &why), &why,
		     "no network device t9");
	ip("link del br7");
	ip("link del t1");
}

/* --- VXLAN --- */

static struct vxlan vxlan(const char *local, const char *first,
			  const char *second)
{
	struct vxlan made = {
		.vni = 42,
		.port = VXLAN_PORT,
		.local = address(local),
		.remotes = 1,
		.remote = { address(first) },
	};

	if (second)
		made.remote[made.remotes++] = address(second);
	return made;
}

static void what_makes_no_vxlan_is_refused(void **state)
{
	struct vxlan v = vxlan("10.0.0.1", "10.0.0.2", "10.0.0.3");

	(void)state;
	assert_good(vxlan_check(&v, &why), &why);
	v.vni = 0;
	assert_fails(vxlan_check(&v, &why), &why, "0 is no number of a VXLAN");
	v.vni = VXLAN_VNI_MAX + 1;
	assert_fails(vxlan_check(&v, &why), &why, "1 to 16777215");
	v.vni = VXLAN_VNI_MAX;
	assert_good(vxlan_check(&v, &why), &why);
	v.port = 0;
	assert_fails(vxlan_check(&v, &why), &why, "0 is no UDP port");
	v.port = 1;
	v.remotes = 0;
	assert_fails(vxlan_check(&v, &why), &why, "1 to 64 addresses");
	v.remotes = VXLAN_REMOTES + 1;
	assert_fails(vxlan_check(&v, &why), &why, "1 to 64 addresses");
	v = vxlan("10.0.0.1", "10.0.0.2", "10.0.0.2");
	assert_fails(vxlan_check(&v, &why), &why, "10.0.0.2 is there twice");
	v = vxlan("10.0.0.1", "10.0.0.2", "10.0.0.1");
	assert_fails(vxlan_check(&v, &why), &why, "is the local address");
	v = vxlan("10.0.0.1", "fd00::2", NULL);
	assert_fails(vxlan_check(&v, &why), &why, "fd00::2 is of another kind");
	v.local = (struct link_address){ 0 };
	assert_fails(vxlan_check(&v, &why), &why, "local=");
}

static void a_vxlan_has_its_remotes_and_no_others(void **state)
{
	struct vxlan v = vxlan("10.0.0.1", "10.0.0.2", "10.0.0.3");
	struct vxlan fewer = vxlan("10.0.0.1", "10.0.0.4", "10.0.0.3");
	static const char table[] = "bridge fdb show dev vx42";

	(void)state;
	need_namespace();
	assert_good(vxlan_add(&links, "vx42", &v, &why), &why);
	assert_true(ip_shows("-d -o link show vx42", "vxlan id 42 local 10.0.0.1"));
	assert_true(ip_shows("-d -o link show vx42", "dstport 4789"));
	assert_good(vxlan_set_remotes(&links, "vx42", &v, &why), &why);
	assert_true(shows(table, "00:00:00:00:00:00 dst 10.0.0.2 self permanent"));
	assert_true(shows(table, "00:00:00:00:00:00 dst 10.0.0.3 self permanent"));
	assert_good(vxlan_set_remotes(&links, "vx42", &v, &why), &why);
	assert_good(vxlan_set_remotes(&links, "vx42", &fewer, &why), &why);
	assert_false(shows(table, "10.0.0.2"));
	assert_true(shows(table, "00:00:00:00:00:00 dst 10.0.0.3 self permanent"));
	assert_true(shows(table, "00:00:00:00:00:00 dst 10.0.0.4 self permanent"));
	assert_fails(vxlan_add(&links, "vx42", &v, &why), &why,
		     "cannot add VXLAN device vx42: File exists");
	assert_fails(vxlan_add(&links, "vx43", &v, &why), &why,
		     "A VXLAN device with the specified VNI already exists");
	ip("link del vx42");
	assert_fails(vxlan_set_remotes(&links, "vx42", &v, &why), &why,
		     "no network device vx42");
}

static void a_vxlan_reaches_by_ipv6_too(void **state)
{
	struct vxlan v = vxlan("fd00::1", "fd00::2", NULL);

	(void)state;
	need_namespace();
	assert_int_equal(vxlan_overhead(&v), 70);
	assert_good(vxlan_add(&links, "vx42", &v, &why), &why);
	assert_good(vxlan_set_remotes(&links, "vx42", &v, &why), &why);
	assert_true(shows("bridge fdb show dev vx42", "dst fd00::2"));
	ip("link del vx42");
	v = vxlan("10.0.0.1", "10.0.0.2", NULL);
	assert_int_equal(vxlan_overhead(&v), 50);
}

static bool is_same(const struct vxlan *v)
{
	bool same;

	assert_good(vxlan_is_same(&links, "vx42", v, &same, &why), &why);
	return same;
}

static void a_vxlan_is_known_again(void **state)
{
	struct vxlan v = vxlan("10.0.0.1", "10.0.0.2", NULL);
	struct vxlan other = v;
	bool same;

	(void)state;
	need_namespace();
	assert_good(vxlan_add(&links, "vx42", &v, &why), &why);
	assert_true(is_same(&v));
	other.vni = 43;
	assert_false(is_same(&other));
	other = v;
	other.port = 8472;
	assert_false(is_same(&other));
	other = vxlan("10.0.0.9", "10.0.0.2", NULL);
	assert_false(is_same(&other));
	other = vxlan("fd00::1", "fd00::2", NULL);
	assert_false(is_same(&other));
	ip("link del vx42");
	ip("link add vx42 type bridge");
	assert_false(is_same(&v));
	ip("link del vx42");
	assert_fails(vxlan_is_same(&links, "vx42", &v, &same, &why), &why,
		     "no network device vx42");
}

/* --- routes --- */

static struct route route(const char *from, const char *to)
{
	struct link_address a = address(from), b = address(to);
	struct route found;

	assert_good(route_find(&links, &a, &b, &found, &why), &why);
	return found;
}

static bool is_hop(const struct route *found, const char *hop)
{
	struct link_address wanted = address(hop);

	return link_same_address(&found->hop, &wanted);
}

static void the_way_to_a_host_tells_device_mtu_and_next_station(void **state)
{
	struct link_address from = address("10.0.0.1"), to = address("10.8.0.1");
	struct route r;

	(void)state;
	need_namespace();
	ip("link add v1 mtu 1400 type veth peer name v2");
	ip("addr add 10.0.0.1/24 dev v1");
	ip("addr add fd00::1/64 dev v1 nodad");
	ip("link set v1 up");
	ip("link set lo up");
	r = route("10.0.0.1", "10.0.0.2");
	assert_string_equal(r.device, "v1");
	assert_int_equal(r.mtu, 1400);
	assert_false(r.is_local);
	assert_true(r.has_neighbours);
	assert_true(is_hop(&r, "10.0.0.2"));
	assert_false(r.carrier);
	ip("link set v2 up");
	assert_true(route("10.0.0.1", "10.0.0.2").carrier);
	assert_true(is_hop((r = route("fd00::1", "fd00::2"), &r), "fd00::2"));
	assert_true(route("10.0.0.1", "10.0.0.1").is_local);
	assert_fails(route_find(&links, &from, &to, &r, &why), &why,
		     "cannot find a route to 10.8.0.1: Network is unreachable");
	ip("route add 10.8.0.0/16 via 10.0.0.254 mtu 1300");
	r = route("10.0.0.1", "10.8.0.1");
	assert_true(is_hop(&r, "10.0.0.254"));
	assert_int_equal(r.mtu, 1300);
	ip("route add 10.9.0.0/16 via inet6 fd00::254");
	assert_true(is_hop((r = route("10.0.0.1", "10.9.0.1"), &r), "fd00::254"));
	ip("link del v1");
	/* An address that is not ours is nowhere to start from. */
	assert_fails(route_find(&links, &to, &from, &r, &why), &why,
		     "cannot find a route to 10.0.0.1");
}

static enum neighbour look(const struct route *found)
{
	enum neighbour neighbour;

	assert_good(route_look(&links, found, &neighbour, &why), &why);
	return neighbour;
}

static void probe(const struct route *found)
{
	assert_good(route_probe(&links, found, look(found), &why), &why);
}

/* Up to 10 s, for which the kernel takes three. */
static bool becomes(const struct route *found, enum neighbour wanted)
{
	int i;

	for (i = 0; i < 1000 && look(found) != wanted; i++)
		usleep(10000);
	return look(found) == wanted;
}

static void a_neighbour_that_does_not_answer_is_noticed(void **state)
{
	struct route r;

	(void)state;
	need_namespace();
	ip("link add v1 type veth peer name v2");
	ip("addr add 10.0.0.1/24 dev v1");
	ip("link set v1 up");
	ip("link set v2 up");
	r = route("10.0.0.1", "10.0.0.2");
	assert_int_equal(look(&r), NEIGHBOUR_UNKNOWN);
	probe(&r);
	assert_int_equal(look(&r), NEIGHBOUR_ASKED);
	assert_true(becomes(&r, NEIGHBOUR_FAILED));
	ip("neigh replace 10.0.0.2 lladdr 02:00:00:00:00:02 dev v1 nud reachable");
	assert_int_equal(look(&r), NEIGHBOUR_THERE);
	probe(&r);
	assert_true(becomes(&r, NEIGHBOUR_FAILED));
	/* Somebody knows better. */
	ip("neigh replace 10.0.0.2 lladdr 02:00:00:00:00:02 dev v1 nud permanent");
	assert_int_equal(look(&r), NEIGHBOUR_FIXED);
	probe(&r);
	assert_int_equal(look(&r), NEIGHBOUR_FIXED);
	ip("link del v1");
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
		cmocka_unit_test(an_mtu_is_set_and_one_that_cannot_be_is_refused),
		cmocka_unit_test(a_device_is_marked_found_and_deleted),
		cmocka_unit_test(a_silent_device_makes_itself_no_address),
		cmocka_unit_test(a_bridge_of_ours_is_a_plain_wire),
		cmocka_unit_test(what_makes_no_vxlan_is_refused),
		cmocka_unit_test(a_vxlan_has_its_remotes_and_no_others),
		cmocka_unit_test(a_vxlan_reaches_by_ipv6_too),
		cmocka_unit_test(a_vxlan_is_known_again),
		cmocka_unit_test(the_way_to_a_host_tells_device_mtu_and_next_station),
		cmocka_unit_test(a_neighbour_that_does_not_answer_is_noticed),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
