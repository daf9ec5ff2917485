// SPDX-License-Identifier: GPL-2.0
/*
 * test_netspec.c - --sharenet and --tunnet, from their words to what lg.ko is
 * asked for.
 */
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#include "config.h"
#include "fakenet.h"
#include "log.h"
#include "netdev.h"

static struct why why;
static struct config config;

#define PARSE(...)	config_parse((char *[]){ "lguest", "64", "v",	      \
				     __VA_ARGS__, NULL }, &config, &why)

static void a_sharenet_has_a_file_and_settings(void **state)
{
	const struct netspec *spec = &config.device[0].net;

	(void)state;
	assert_good(PARSE("--sharenet=/a/b"), &why);
	assert_int_equal(config.devices, 1);
	assert_int_equal(config.device[0].type, LGUEST_DEVICE_NET);
	assert_string_equal(spec->net, "/a/b");
	assert_false(spec->is_tunnet);
	assert_false(spec->has_mac);
	assert_int_equal(spec->slot, -1);
	assert_string_equal(spec->name, "");
	assert_good(PARSE("--sharenet=n,mac=02:00:00:00:00:07,slot=126,name=x y"),
		    &why);
	assert_string_equal(spec->net, "n");
	assert_true(spec->has_mac);
	assert_int_equal(spec->mac[5], 7);
	assert_int_equal(spec->slot, 126);
	assert_string_equal(spec->name, "x y");
}

static void a_tunnet_has_an_address_or_a_bridge(void **state)
{
	const struct netspec *spec = &config.device[0].net;

	(void)state;
	assert_good(PARSE("--tunnet=192.168.19.1"), &why);
	assert_true(spec->is_tunnet);
	assert_int_equal(spec->address.family, AF_INET);
	assert_int_equal(spec->address.prefix, 24);
	assert_memory_equal(spec->address.bytes, "\xc0\xa8\x13\x01", 4);
	assert_good(PARSE("--tunnet=10.0.0.1/31,tap=t0,mac=02:00:00:00:00:01"),
		    &why);
	assert_int_equal(spec->address.prefix, 31);
	assert_string_equal(spec->tap, "t0");
	assert_true(spec->has_mac);
	assert_good(PARSE("--tunnet=fd00::1"), &why);
	assert_int_equal(spec->address.family, AF_INET6);
	assert_int_equal(spec->address.prefix, 64);
	assert_good(PARSE("--tunnet=fe80::1/128"), &why);
	assert_good(PARSE("--tunnet=bridge:br0"), &why);
	assert_int_equal(spec->address.family, 0);
	assert_string_equal(spec->bridge, "br0");
}

static void devices_are_in_the_order_of_their_options(void **state)
{
	(void)state;
	assert_good(PARSE("--tunnet=10.0.0.1", "--sharenet=a", "--tunnet",
			  "bridge:b", "--sharenet=a"), &why);
	assert_int_equal(config.devices, 4);
	assert_string_equal(config.device[0].net.net, "10.0.0.1");
	assert_string_equal(config.device[1].net.net, "a");
	assert_string_equal(config.device[2].net.net, "bridge:b");
	assert_string_equal(config.device[3].net.net, "a");
}

static void bad_sharenets_are_refused(void **state)
{
	char text[PATH_MAX + 16] = "--sharenet=";

	(void)state;
	assert_fails(PARSE("--sharenet="), &why, "empty");
	assert_fails(PARSE("--sharenet=,slot=1"), &why, "empty");
	assert_fails(PARSE("--sharenet=a,"), &why, "there is no ''");
	assert_fails(PARSE("--sharenet=a,b"), &why, "there is no 'b'");
	assert_fails(PARSE("--sharenet=a,slo=1"), &why, "there is no 'slo'");
	assert_fails(PARSE("--sharenet=a,tap=b"), &why, "there is no 'tap'");
	assert_fails(PARSE("--sharenet=a,slot"), &why, "slot needs a value");
	assert_fails(PARSE("--sharenet=a,slot="), &why, "no slot");
	assert_fails(PARSE("--sharenet=a,slot=127"), &why, "no slot");
	assert_fails(PARSE("--sharenet=a,slot=-1"), &why, "no slot");
	assert_fails(PARSE("--sharenet=a,slot=1x"), &why, "no slot");
	assert_fails(PARSE("--sharenet=a,slot=99999999999"), &why, "no slot");
	assert_fails(PARSE("--sharenet=a,mac=x"), &why, "mac: 'x' is not");
	assert_fails(PARSE("--sharenet=a,mac=03:00:00:00:00:00"), &why,
		     "group");
	assert_fails(PARSE("--sharenet=a,name="), &why, "name: a name");
	assert_fails(PARSE("--sharenet=a,name=a\nb"), &why, "printable");
	assert_fails(PARSE("--sharenet=a,name=12345678901234567890"), &why,
		     "at most 19 characters, this has 20");
	memset(text + 11, 'x', PATH_MAX);
	assert_fails(PARSE(text), &why, "too long");
	text[11] = 'a';
	text[12] = ',';
	assert_fails(PARSE(text), &why, "'xxxxxxxxxxxxxxxxxxxx...' is too long");
}

static void bad_tunnets_are_refused(void **state)
{
	(void)state;
	assert_fails(PARSE("--tunnet="), &why, "'' is not an IP address");
	assert_fails(PARSE("--tunnet=10.1"), &why, "not an IP address");
	assert_fails(PARSE("--tunnet=10.0.0.256"), &why, "not an IP address");
	assert_fails(PARSE("--tunnet=10.0.0.1 "), &why, "not an IP address");
	assert_fails(PARSE("--tunnet=host"), &why, "not an IP address");
	assert_fails(PARSE("--tunnet=/24"), &why, "not an IP address");
	assert_fails(PARSE("--tunnet=10.0.0.1/"), &why, "'' is not a length");
	assert_fails(PARSE("--tunnet=10.0.0.1/0"), &why, "(1 to 32)");
	assert_fails(PARSE("--tunnet=10.0.0.1/33"), &why, "(1 to 32)");
	assert_fails(PARSE("--tunnet=10.0.0.1/+8"), &why, "(1 to 32)");
	assert_fails(PARSE("--tunnet=10.0.0.1/255.0.0.0"), &why, "(1 to 32)");
	assert_fails(PARSE("--tunnet=fd00::1/129"), &why, "(1 to 128)");
	assert_fails(PARSE("--tunnet=10.0.0.0/24"), &why, "a host can have");
	assert_fails(PARSE("--tunnet=10.0.0.255/24"), &why, "a host can have");
	assert_fails(PARSE("--tunnet=127.0.0.1/8"), &why, "a host can have");
	assert_fails(PARSE("--tunnet=224.0.0.1/4"), &why, "a host can have");
	assert_fails(PARSE("--tunnet=0.0.0.0"), &why, "a host can have");
	assert_fails(PARSE("--tunnet=::"), &why, "a host can have");
	assert_fails(PARSE("--tunnet=ff02::1"), &why, "a host can have");
	assert_fails(PARSE("--tunnet=bridge:"), &why, "1 to 15 characters");
	assert_fails(PARSE("--tunnet=bridge:1234567890123456"), &why,
		     "1 to 15 characters");
	assert_fails(PARSE("--tunnet=bridge:a b"), &why, "cannot be a network");
	assert_fails(PARSE("--tunnet=10.0.0.1,tap=.."), &why, "cannot be");
	assert_fails(PARSE("--tunnet=10.0.0.1,tap=lg%d"), &why, "cannot be");
	assert_fails(PARSE("--tunnet=10.0.0.1,slot=1"), &why, "no 'slot'");
}

static void more_devices_than_there_can_be_are_refused(void **state)
{
	char *words[3 + CONFIG_DEVICES_MAX + 2] = { "lguest", "64", "v" };
	int i;

	(void)state;
	for (i = 0; i < CONFIG_DEVICES_MAX; i++)
		words[3 + i] = "--sharenet=a";
	assert_good(config_parse(words, &config, &why), &why);
	words[3 + i] = "--sharenet=a";
	assert_fails(config_parse(words, &config, &why), &why,
		     "too many devices: a guest can have 30");
}

/* --- the devices that they become --- */

static struct netdev_owner owner;
static struct netdev net[CONFIG_DEVICES_MAX];
static struct device_list list;

static void make_devices(const char *name, bool is_named)
{
	unsigned int i;

	device_list_init(&list);
	netdev_own(&owner, name, is_named);
	for (i = 0; i < config.devices; i++)
		netdev_init(&net[i], &owner, &config.device[i].net, &list);
}

static void addresses_are_of_guest_net_and_number(void **state)
{
	uint8_t mac[3][MAC_BYTES];
	int i;

	(void)state;
	assert_good(PARSE("--sharenet=/tmp/n", "--sharenet=/tmp/../tmp/n",
			  "--tunnet=10.0.0.1"), &why);
	make_devices("a", true);
	for (i = 0; i < 3; i++) {
		memcpy(mac[i], net[i].mac, MAC_BYTES);
		assert_int_equal(mac[i][0], 2);
	}
	assert_memory_not_equal(mac[0], mac[1], MAC_BYTES);
	/* What else there is, and in which order, does not matter. */
	assert_good(PARSE("--tunnet=10.0.0.1", "--sharenet=/tmp/m",
			  "--sharenet=/tmp/n", "--sharenet=/tmp/n"), &why);
	make_devices("a", true);
	assert_memory_equal(net[0].mac, mac[2], MAC_BYTES);
	assert_memory_equal(net[2].mac, mac[0], MAC_BYTES);
	assert_memory_equal(net[3].mac, mac[1], MAC_BYTES);
	make_devices("b", true);
	assert_memory_not_equal(net[2].mac, mac[0], MAC_BYTES);
	/* Two without a name may have the same process id. */
	make_devices("a", false);
	assert_memory_not_equal(net[2].mac, mac[0], MAC_BYTES);
	memcpy(mac[0], net[2].mac, MAC_BYTES);
	make_devices("a", false);
	assert_memory_not_equal(net[2].mac, mac[0], MAC_BYTES);
}

static struct lguest_net_join asked[4];
static unsigned int joins;
static int answer_slot, answer_same, answer_errno;

static int join(struct lguest_net_join *join)
{
	asked[joins++] = *join;
	if (answer_errno && join->slot >= 0) {
		errno = answer_errno;
		return -1;
	}
	join->slot = answer_slot;
	join->same_mac = answer_same;
	return 0;
}

static bool attach(int i)
{
	joins = 0;
	fakenet_join = join;
	net[i].net = 77;
	return net[i].device.attach(net[i].device.context, FAKENET_FD, &why);
}

static void the_guest_s_driver_and_lg_ko_are_told_the_same(void **state)
{
	struct lguest_net_config page = { 0 };

	(void)state;
	answer_errno = 0;
	answer_slot = 9;
	answer_same = -1;
	assert_good(PARSE("--tunnet=10.0.0.1",
			  "--sharenet=/a,mac=02:01:02:03:04:05"), &why);
	make_devices("a-name-that-is-too-long-for-nets", true);
	net[1].device.reset(net[1].device.context, &page);
	net[1].device.reset(net[1].device.context, NULL);
	assert_memory_equal(page.mac, "\x02\x01\x02\x03\x04\x05", 6);
	assert_int_equal(page.mtu, 1500);
	assert_int_equal(page.mtu_max, 65521);
	assert_string_equal(page.net, "/a");
	assert_good(attach(1), &why);
	assert_int_equal(asked[0].fd, 77);
	assert_int_equal(asked[0].device, 1);
	assert_int_equal(asked[0].slot, -1);
	assert_int_equal(asked[0].flags, 0);
	assert_memory_equal(asked[0].mac, page.mac, 6);
	assert_string_equal(asked[0].name, "a-name-that-is-too-");
}

static void a_new_guest_gets_its_slot_again_if_it_is_free(void **state)
{
	(void)state;
	answer_errno = 0;
	answer_slot = 9;
	assert_good(PARSE("--sharenet=/a"), &why);
	make_devices("a", true);
	assert_good(attach(0), &why);
	assert_good(attach(0), &why);
	assert_int_equal(joins, 1);
	assert_int_equal(asked[0].slot, 9);
	answer_errno = EBUSY;
	answer_slot = 3;
	assert_good(attach(0), &why);
	assert_int_equal(joins, 2);
	assert_int_equal(asked[1].slot, -1);
	assert_int_equal(net[0].slot, 3);
}

static void a_slot_that_is_asked_for_is_no_other(void **state)
{
	(void)state;
	answer_errno = EBUSY;
	assert_good(PARSE("--sharenet=/a,slot=4"), &why);
	make_devices("a", true);
	assert_fails(attach(0), &why, "net /a at slot 4: Device or resource busy (that slot is taken");
	assert_int_equal(joins, 1);
}

/* What is said on stderr meanwhile. */
static size_t listen_to(void (*what)(void), char *text, size_t size)
{
	int saved = dup(STDERR_FILENO), pipes[2];
	ssize_t got;

	assert_int_equal(pipe2(pipes, O_NONBLOCK), 0);
	dup2(pipes[1], STDERR_FILENO);
	what();
	dup2(saved, STDERR_FILENO);
	got = read(pipes[0], text, size - 1);
	text[got < 0 ? 0 : got] = '\0';
	close(pipes[0]);
	close(pipes[1]);
	close(saved);
	return got < 0 ? 0 : got;
}

static void attach_first(void)
{
	assert_good(attach(0), &why);
}

static void an_address_that_is_taken_is_warned_of_once(void **state)
{
	char text[512];

	(void)state;
	answer_errno = 0;
	answer_same = 42;
	assert_good(PARSE("--sharenet=/a,mac=02:01:02:03:04:05"), &why);
	make_devices("g", true);
	assert_true(listen_to(attach_first, text, sizeof(text)) > 0);
	assert_non_null(strstr(text, "g: net /a: slot 42 has our MAC address 02:01:02:03:04:05"));
	assert_int_equal(listen_to(attach_first, text, sizeof(text)), 0);
}

static void devices_are_described(void **state)
{
	char text[1024] = "";
	FILE *file = fmemopen(text, sizeof(text), "w");

	(void)state;
	assert_good(PARSE("--sharenet=/a,slot=4,name=x", "--sharenet=/b",
			  "--tunnet=10.0.0.1,tap=t0,mac=02:01:02:03:04:05"),
		    &why);
	make_devices("g", true);
	device_print(&list, file);
	fclose(file);
	assert_non_null(strstr(text, "device 0: network, --sharenet=/a, MAC 02:"));
	assert_non_null(strstr(text, ", slot 4 as x\n"));
	assert_non_null(strstr(text, ", any slot as g\n"));
	assert_non_null(strstr(text, "device 2: network, --tunnet=10.0.0.1, MAC 02:01:02:03:04:05, tap device t0\n"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_sharenet_has_a_file_and_settings),
		cmocka_unit_test(a_tunnet_has_an_address_or_a_bridge),
		cmocka_unit_test(devices_are_in_the_order_of_their_options),
		cmocka_unit_test(bad_sharenets_are_refused),
		cmocka_unit_test(bad_tunnets_are_refused),
		cmocka_unit_test(more_devices_than_there_can_be_are_refused),
		cmocka_unit_test(addresses_are_of_guest_net_and_number),
		cmocka_unit_test(the_guest_s_driver_and_lg_ko_are_told_the_same),
		cmocka_unit_test(a_new_guest_gets_its_slot_again_if_it_is_free),
		cmocka_unit_test(a_slot_that_is_asked_for_is_no_other),
		cmocka_unit_test(an_address_that_is_taken_is_warned_of_once),
		cmocka_unit_test(devices_are_described),
	};

	log_init("lguest", false);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
