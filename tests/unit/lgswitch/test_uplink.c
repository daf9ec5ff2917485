// SPDX-License-Identifier: GPL-2.0
/*
 * test_uplink.c - devices made from words, by the process that is there for
 * it, in a network namespace.
 */
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include "link.h"
#include "netadmin.h"
#include "netns.h"
#include "privilege.h"
#include "test.h"
#include "uplink.h"

static struct why why;
static struct tap tap;
static unsigned int mtu;

static struct link_address address(const char *text)
{
	struct link_address parsed;

	assert_good(link_parse_address(text, &parsed, &why), &why);
	return parsed;
}

static struct port_config tap_config(const char *name)
{
	struct port_config port = { .kind = PORT_TAP, .slot = -1 };

	snprintf(port.name, sizeof(port.name), "%s", name);
	return port;
}

static struct port_config vxlan_config(const char *name, const char *local,
				       const char *remote)
{
	struct port_config port = tap_config(name);

	port.vxlan.is_set = true;
	port.vxlan.vni = 42;
	port.vxlan.port = CONFIG_VXLAN_PORT;
	port.vxlan.local = address(local);
	port.vxlan.remote[0] = address(remote);
	port.vxlan.remotes = 1;
	return port;
}

static void start(const char *name)
{
	struct identity identity;

	assert_good(privilege_find("", &identity, &why), &why);
	identity.user = 0;
	identity.group = 0;
	identity.is_other = false;
	assert_good(uplink_start(name, &identity, &why), &why);
}

static void open_port(const struct port_config *port)
{
	assert_good(uplink_open(port, &tap, &mtu, &why), &why);
	assert_true(tap.fd >= 0);
	assert_string_equal(tap.name, port->name);
}

static void remove_port(const struct port_config *port)
{
	tap_close(&tap);
	assert_good(uplink_remove(port, &why), &why);
}

/* An underlay: v1 is ours, v2 is the other end, with nobody behind it. */
static void add_underlay(const char *mtu_words)
{
	char command[96];

	snprintf(command, sizeof(command), "link add v1 %s type veth peer name v2",
		 mtu_words);
	ip(command);
	ip("addr add 10.0.0.1/24 dev v1");
	ip("link set lo up");
	ip("link set v1 up");
	ip("link set v2 up");
}

static void a_tap_gets_all_that_its_words_say(void **state)
{
	struct port_config port = tap_config("t1");

	(void)state;
	need_namespace();
	start("sw");
	port.address[port.addresses++] = address("10.1.0.1/24");
	port.address[port.addresses++] = address("fd01::1/64");
	port.mtu = 9000;
	port.has_mac = true;
	memcpy(port.mac, "\x02\x00\x00\x00\x00\x07", 6);
	open_port(&port);
	assert_int_equal(mtu, 9000);
	assert_true(tap.is_new);
	assert_true(ip_shows("-o addr show t1", "inet 10.1.0.1/24"));
	assert_true(ip_shows("-o addr show t1", "inet6 fd01::1/64"));
	assert_true(ip_shows("-o link show t1", "mtu 9000"));
	assert_true(ip_shows("-o link show t1", "link/ether 02:00:00:00:00:07"));
	assert_true(ip_shows("-d -o link show t1", "persist on"));
	assert_true(ip_shows("-d -o link show t1", "alias lgswitch sw"));
	assert_true(ip_shows("-o link show t1", ",UP"));
	remove_port(&port);
	assert_int_equal(if_nametoindex("t1"), 0);
	uplink_stop();
}

static void a_tap_without_words_has_an_address_of_its_switch_s(void **state)
{
	struct port_config port = tap_config("t1");

	(void)state;
	need_namespace();
	start("sw");
	open_port(&port);
	assert_true(ip_shows("-o link show t1", "link/ether fe:"));
	assert_int_equal(mtu, 1500);
	remove_port(&port);
	uplink_stop();
}

static void a_tap_outlives_its_switch_and_is_its_own_again(void **state)
{
	struct port_config port = tap_config("t1");
	int index;

	(void)state;
	need_namespace();
	start("sw");
	open_port(&port);
	index = if_nametoindex("t1");
	/* As if killed: nothing is removed. */
	tap_close(&tap);
	uplink_stop();
	assert_int_equal(if_nametoindex("t1"), index);
	start("sw");
	open_port(&port);
	assert_true(tap.is_new);
	assert_int_equal(if_nametoindex("t1"), index);
	tap_close(&tap);
	uplink_stop();
	start("other");
	open_port(&port);
	assert_false(tap.is_new);
	remove_port(&port);
	assert_int_equal(if_nametoindex("t1"), index);
	uplink_stop();
	start("sw");
	open_port(&port);
	remove_port(&port);
	assert_int_equal(if_nametoindex("t1"), 0);
	uplink_stop();
}

static void the_device_of_another_is_used_but_not_removed(void **state)
{
	struct port_config port = tap_config("t1");

	(void)state;
	need_namespace();
	ip("tuntap add dev t1 mode tap");
	start("sw");
	open_port(&port);
	remove_port(&port);
	assert_int_not_equal(if_nametoindex("t1"), 0);
	uplink_stop();
	ip("link del t1");
}

static void nothing_stays_of_what_fails(void **state)
{
	struct port_config port = tap_config("t1");

	(void)state;
	need_namespace();
	start("sw");
	strcpy(port.bridge, "nobr");
	assert_fails(uplink_open(&port, &tap, &mtu, &why), &why,
		     "there is no bridge nobr");
	assert_int_equal(if_nametoindex("t1"), 0);
	*port.bridge = '\0';
	port.mtu = 100000;
	assert_fails(uplink_open(&port, &tap, &mtu, &why), &why,
		     "mtu greater than device maximum");
	assert_int_equal(if_nametoindex("t1"), 0);
	port.mtu = 0;
	strcpy(port.owner, "nobody-of-that-name");
	assert_fails(uplink_open(&port, &tap, &mtu, &why), &why,
		     "there is no user nobody-of-that-name");
	assert_int_equal(if_nametoindex("t1"), 0);
	strcpy(port.name, "lo");
	*port.owner = '\0';
	assert_fails(uplink_open(&port, &tap, &mtu, &why), &why, "is no tap");
	strcpy(port.name, "a/b");
	assert_fails(uplink_open(&port, &tap, &mtu, &why), &why, "cannot be");
	/* Removing what is not there is done already. */
	assert_good(uplink_remove(&(struct port_config){ .name = "none" }, &why), &why);
	uplink_stop();
}

static void a_vxlan_is_a_tap_with_a_bridge_to_others(void **state)
{
	struct port_config port = vxlan_config("seg", "10.0.0.1", "10.0.0.2");

	(void)state;
	need_namespace();
	add_underlay("mtu 1550");
	start("sw");
	open_port(&port);
	assert_int_equal(mtu, 1500);
	assert_true(ip_shows("-d -o link show lgvtep42", "vxlan id 42 local 10.0.0.1"));
	assert_true(ip_shows("-d -o link show lgvtep42", "master lgbr42"));
	assert_true(ip_shows("-d -o link show seg", "master lgbr42"));
	assert_true(ip_shows("-o link show lgbr42", "mtu 1500"));
	assert_true(ip_shows("-o link show lgvtep42", "mtu 1500"));
	assert_true(shows("bridge fdb show dev lgvtep42", "dst 10.0.0.2"));
	/* Nobody of this host speaks on it. */
	assert_false(ip_shows("-6 -o addr show", "lgbr42"));
	assert_false(ip_shows("-6 -o addr show", "seg"));
	remove_port(&port);
	assert_false(ip_shows("-o link show", "lgvtep42"));
	assert_false(ip_shows("-o link show", "lgbr42"));
	assert_false(ip_shows("-o link show", "seg"));
	uplink_stop();
	ip("link del v1");
}

static void a_vxlan_left_behind_is_taken_over_or_set_right(void **state)
{
	struct port_config port = vxlan_config("seg", "10.0.0.1", "10.0.0.2");
	int index;

	(void)state;
	need_namespace();
	add_underlay("");
	start("sw");
	open_port(&port);
	index = if_nametoindex("lgvtep42");
	tap_close(&tap);
	uplink_stop();
	start("sw");
	open_port(&port);
	assert_int_equal(if_nametoindex("lgvtep42"), index);
	tap_close(&tap);
	uplink_stop();
	start("sw");
	port.vxlan.port = 8472;
	port.vxlan.remote[0] = address("10.0.0.3");
	open_port(&port);
	assert_true(ip_shows("-d -o link show lgvtep42", "dstport 8472"));
	assert_false(shows("bridge fdb show dev lgvtep42", "dst 10.0.0.2"));
	assert_true(shows("bridge fdb show dev lgvtep42", "dst 10.0.0.3"));
	tap_close(&tap);
	uplink_stop();
	/* Another switch has no claim to it. */
	start("other");
	assert_fails(uplink_open(&port, &tap, &mtu, &why), &why,
		     "lgvtep42 exists already, and was not made by switch other");
	uplink_stop();
	start("sw");
	assert_good(uplink_remove(&port, &why), &why);
	uplink_stop();
	ip("link del v1");
}

static void a_vxlan_that_cannot_be_is_refused(void **state)
{
	struct port_config port = vxlan_config("seg", "10.0.0.1", "10.0.0.2");

	(void)state;
	need_namespace();
	add_underlay("");
	start("sw");
	port.mtu = 1451;
	assert_fails(uplink_open(&port, &tap, &mtu, &why), &why,
		     "VXLAN 42: an MTU of 1451 does not fit: 10.0.0.2 is reached by v1 with 1500, which leaves 1450 (say mtu=1450, or give v1 and what is behind it 1501)");
	assert_int_equal(if_nametoindex("seg"), 0);
	port.mtu = 1450;
	open_port(&port);
	remove_port(&port);
	port.vxlan.local = address("10.0.0.9");
	assert_fails(uplink_open(&port, &tap, &mtu, &why), &why,
		     "10.0.0.9 is not one of this host's");
	port = vxlan_config("seg", "10.0.0.1", "10.0.0.1");
	assert_fails(uplink_open(&port, &tap, &mtu, &why), &why,
		     "is the local address");
	ip("addr add 10.0.0.7/24 dev v1");
	port = vxlan_config("seg", "10.0.0.1", "10.0.0.7");
	assert_fails(uplink_open(&port, &tap, &mtu, &why), &why,
		     "10.0.0.7 is an address of this very host");
	port = vxlan_config("seg", "10.0.0.1", "10.0.0.2");
	strcpy(port.bridge, "br0");
	assert_fails(uplink_open(&port, &tap, &mtu, &why), &why,
		     "has a bridge of its own");
	*port.bridge = '\0';
	port.address[port.addresses++] = address("10.3.0.1/24");
	assert_fails(uplink_open(&port, &tap, &mtu, &why), &why,
		     "its tap cannot have an address");
	ip("link add lgbr42 type bridge");
	port.addresses = 0;
	assert_fails(uplink_open(&port, &tap, &mtu, &why), &why,
		     "lgbr42 exists already, and was not made by switch sw");
	ip("link del lgbr42");
	/* A host that is nowhere now may come later. */
	port = vxlan_config("seg", "10.0.0.1", "10.99.0.1");
	open_port(&port);
	assert_int_equal(mtu, 1450);
	remove_port(&port);
	uplink_stop();
	ip("link del v1");
}

static bool next_event(struct uplink_event *event)
{
	int i;

	for (i = 0; i < 1500; i++) {
		if (uplink_next(event))
			return true;
		usleep(10000);
	}
	return false;
}

static void a_dead_peer_and_a_cut_underlay_unplug_the_tap(void **state)
{
	struct port_config port = vxlan_config("seg", "10.0.0.1", "10.0.0.2");
	struct uplink_event event;

	(void)state;
	need_namespace();
	add_underlay("");
	/* A neighbour that we have just heard of, and then never again. */
	ip("neigh replace 10.0.0.2 lladdr 02:00:00:00:00:02 dev v1 nud reachable");
	start("sw");
	assert_true(uplink_events() >= 0);
	open_port(&port);
	assert_false(ip_shows("-o link show seg", "NO-CARRIER"));
	assert_true(next_event(&event));
	assert_string_equal(event.tap, "seg");
	assert_false(event.carrier);
	assert_string_equal(event.text, "10.0.0.2 does not answer on v1");
	assert_true(ip_shows("-o link show seg", "NO-CARRIER"));
	/* Somebody knows that it is there. */
	ip("neigh replace 10.0.0.2 lladdr 02:00:00:00:00:02 dev v1 nud permanent");
	assert_true(next_event(&event));
	assert_true(event.carrier);
	assert_false(ip_shows("-o link show seg", "NO-CARRIER"));
	ip("link set v2 down");
	assert_true(next_event(&event));
	assert_false(event.carrier);
	assert_string_equal(event.text, "v1, by which it is reached, is down or unplugged");
	assert_true(ip_shows("-o link show seg", "NO-CARRIER"));
	ip("link set v2 up");
	assert_true(next_event(&event));
	assert_true(event.carrier);
	ip("route del 10.0.0.0/24 dev v1");
	assert_true(next_event(&event));
	assert_false(event.carrier);
	assert_non_null(strstr(event.text, "cannot find a route to 10.0.0.2"));
	ip("route add 10.0.0.0/24 dev v1");
	assert_true(next_event(&event));
	assert_true(event.carrier);
	ip("link del lgvtep42");
	assert_true(next_event(&event));
	assert_false(event.carrier);
	assert_non_null(strstr(event.text, "lgvtep42 or lgbr42 has been removed"));
	remove_port(&port);
	assert_false(uplink_next(&event));
	uplink_stop();
	ip("link del v1");
}

static void after_settling_it_makes_devices_still_but_no_others(void **state)
{
	struct port_config port = tap_config("t1");
	struct port_config other = tap_config("other");

	(void)state;
	need_namespace();
	if (!has_users)
		skip();
	ip("tuntap add dev other mode tap user 1");
	start("sw");
	assert_good(uplink_settle(&why), &why);
	assert_fails(uplink_settle(&why), &why, "given up already");
	port.address[port.addresses++] = address("10.1.0.1/24");
	open_port(&port);
	assert_true(ip_shows("-o addr show t1", "inet 10.1.0.1/24"));
	/* Left over by ourselves: that works, too. */
	tap_close(&tap);
	open_port(&port);
	remove_port(&port);
	assert_fails(uplink_open(&other, &tap, &mtu, &why), &why,
		     "cannot use tap device other: Operation not permitted");
	/* And then its own again. */
	open_port(&port);
	remove_port(&port);
	uplink_stop();
	ip("link del other");
}

static void without_the_process_a_request_fails_at_once(void **state)
{
	struct port_config port = tap_config("t1");
	struct uplink_event event;

	(void)state;
	need_namespace();
	start("sw");
	assert_int_equal(system("kill -KILL $(pgrep -P $PPID lgswitch-links)"), 0);
	assert_fails(uplink_open(&port, &tap, &mtu, &why), &why,
		     "is gone");
	assert_false(uplink_next(&event));
	uplink_stop();
}

static void without_having_been_started_it_works_at_once(void **state)
{
	struct port_config port = tap_config("t1");

	(void)state;
	need_namespace();
	assert_int_equal(uplink_events(), -1);
	open_port(&port);
	remove_port(&port);
	assert_good(uplink_settle(&why), &why);
	assert_int_equal(if_nametoindex("t1"), 0);
}

static bool may_be(const struct netadmin_request *request)
{
	return netadmin_check(request, sizeof(*request), &why);
}

static void requests_that_make_no_sense_are_refused(void **state)
{
	static struct netadmin_request request;

	(void)state;
	request.port = vxlan_config("t1", "10.0.0.1", "10.0.0.2");
	assert_good(may_be(&request), &why);
	assert_false(netadmin_check(&request, 1, &why));
	memset(request.port.name, 'x', sizeof(request.port.name));
	assert_fails(may_be(&request), &why, "makes no sense");
	request.port = tap_config("t1");
	memset(request.port.bridge, 'x', sizeof(request.port.bridge));
	assert_fails(may_be(&request), &why, "makes no sense");
	request.port = tap_config("t1");
	memset(request.port.owner, 'x', sizeof(request.port.owner));
	assert_fails(may_be(&request), &why, "makes no sense");
	request.port = tap_config("../x");
	assert_fails(may_be(&request), &why, "cannot be");
	request.port = tap_config("t1");
	strcpy(request.port.bridge, "a b");
	assert_fails(may_be(&request), &why, "cannot be");
	request.port = tap_config("t1");
	request.port.addresses = CONFIG_ADDRESSES_MAX + 1;
	assert_fails(may_be(&request), &why, "makes no sense");
	request.port.addresses = 1;
	assert_fails(may_be(&request), &why, "makes no sense");
	request.port.address[0] = address("10.0.0.1/24");
	assert_good(may_be(&request), &why);
	request.port.address[0].prefix = 33;
	assert_fails(may_be(&request), &why, "makes no sense");
	request.port = vxlan_config("t1", "10.0.0.1", "10.0.0.2");
	request.port.vxlan.remotes = CONFIG_REMOTES_MAX + 1;
	assert_fails(may_be(&request), &why, "makes no sense");
	request.port.vxlan.remotes = 2;
	assert_fails(may_be(&request), &why, "makes no sense");
}

static int set_up(void **state)
{
	(void)state;
	netns_enter();
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_tap_gets_all_that_its_words_say),
		cmocka_unit_test(a_tap_without_words_has_an_address_of_its_switch_s),
		cmocka_unit_test(a_tap_outlives_its_switch_and_is_its_own_again),
		cmocka_unit_test(the_device_of_another_is_used_but_not_removed),
		cmocka_unit_test(nothing_stays_of_what_fails),
		cmocka_unit_test(a_vxlan_is_a_tap_with_a_bridge_to_others),
		cmocka_unit_test(a_vxlan_left_behind_is_taken_over_or_set_right),
		cmocka_unit_test(a_vxlan_that_cannot_be_is_refused),
		cmocka_unit_test(a_dead_peer_and_a_cut_underlay_unplug_the_tap),
		cmocka_unit_test(after_settling_it_makes_devices_still_but_no_others),
		cmocka_unit_test(without_the_process_a_request_fails_at_once),
		cmocka_unit_test(without_having_been_started_it_works_at_once),
		cmocka_unit_test(requests_that_make_no_sense_are_refused),
	};

	return cmocka_run_group_tests(tests, set_up, NULL);
}
