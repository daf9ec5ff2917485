// SPDX-License-Identifier: GPL-2.0
/*
 * test_netfile.c - the file that stands for a net, and all that it may be
 * instead; MAC addresses, which are made of its name.
 */
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/socket.h>
#include <unistd.h>

#include "mac.h"
#include "netfile.h"
#include "test.h"

#define FOLDER	"/tmp/lguest-test-XXXXXX"

static char folder[sizeof(FOLDER)];
static struct why why;

static const char *path(const char *name)
{
	static char text[4][128];
	static unsigned int next;
	char *p = text[next++ % 4];

	snprintf(p, sizeof(text[0]), "%s/%s", folder, name);
	return p;
}

static int set_up(void **state)
{
	(void)state;
	umask(022);
	strcpy(folder, FOLDER);
	return mkdtemp(folder) ? 0 : -1;
}

static int tear_down(void **state)
{
	char command[64];

	(void)state;
	snprintf(command, sizeof(command), "rm -rf %s", folder);
	return system(command);
}

static bool opens(const char *name, enum netfile_use use)
{
	int fd = netfile_open(path(name), use, &why);

	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

static void joining_creates_it_for_its_owner_alone(void **state)
{
	struct stat st;

	(void)state;
	assert_fails(opens("new", NETFILE_LISTEN), &why, "there is no net");
	assert_good(opens("new", NETFILE_JOIN), &why);
	assert_int_equal(stat(path("new"), &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	assert_int_equal(st.st_size, 0);
	assert_good(opens("new", NETFILE_JOIN), &why);
	assert_good(opens("new", NETFILE_LISTEN), &why);
}

static void what_is_in_it_is_left_alone(void **state)
{
	char text[8] = "";
	int fd = open(path("full"), O_CREAT | O_RDWR, 0644);

	(void)state;
	assert_int_equal(write(fd, "content", 7), 7);
	assert_good(opens("full", NETFILE_JOIN), &why);
	assert_int_equal(pread(fd, text, 7, 0), 7);
	assert_string_equal(text, "content");
	close(fd);
}

static void other_things_are_refused_and_not_waited_for(void **state)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	(void)state;
	mkfifo(path("fifo"), 0600);
	mkdir(path("folder"), 0700);
	snprintf(address.sun_path, sizeof(address.sun_path), "%s",
		 path("socket"));
	assert_int_equal(bind(fd, (void *)&address, sizeof(address)), 0);
	assert_fails(opens("fifo", NETFILE_JOIN), &why, "it is a pipe");
	assert_fails(opens("fifo", NETFILE_LISTEN), &why, "it is a pipe");
	assert_fails(opens("folder", NETFILE_JOIN), &why, "it is a folder");
	assert_fails(opens("folder", NETFILE_LISTEN), &why, "it is a folder");
	assert_fails(opens("socket", NETFILE_JOIN), &why, "socket");
	assert_int_equal(netfile_open("/dev/null", NETFILE_JOIN, &why), -1);
	assert_fails(false, &why, "a device");
	close(fd);
}

static void trouble_with_its_folder_is_explained(void **state)
{
	(void)state;
	assert_fails(opens("none/net", NETFILE_JOIN), &why,
		     "none: No such file or directory (create it");
	assert_good(opens("plain", NETFILE_JOIN), &why);
	assert_fails(opens("plain/net", NETFILE_JOIN), &why,
		     "plain is not a folder");
	assert_int_equal(symlink("nowhere", path("link")), 0);
	assert_fails(opens("link", NETFILE_JOIN), &why, "a link to nothing");
	assert_fails(opens("", NETFILE_JOIN), &why, "a folder");
}

/* Root may do anything, so as somebody else. */
static void missing_permission_is_explained(void **state)
{
	int status = 0;

	(void)state;
	if (geteuid())
		skip();
	chmod(folder, 0755);
	mkdir(path("closed"), 0755);
	mkdir(path("shut"), 0700);
	close(open(path("closed/read"), O_CREAT | O_RDWR, 0644));
	close(open(path("closed/none"), O_CREAT | O_RDWR, 0600));
	assert_int_equal(seteuid(65534), 0);
	status |= opens("closed/read", NETFILE_JOIN);
	status |= !strstr(why.text, "needs read and write permission") << 1;
	status |= !opens("closed/read", NETFILE_LISTEN) << 2;
	status |= opens("closed/none", NETFILE_LISTEN) << 3;
	status |= !strstr(why.text, "needs read permission") << 4;
	status |= opens("closed/new", NETFILE_JOIN) << 5;
	status |= !strstr(why.text, "has to be one that you may write to") << 6;
	status |= opens("shut/net", NETFILE_JOIN) << 7;
	status |= !strstr(why.text, "Permission denied") << 8;
	assert_int_equal(seteuid(0), 0);
	assert_int_equal(status, 0);
}

static void all_its_names_are_one(void **state)
{
	char one[PATH_MAX], two[PATH_MAX];

	(void)state;
	netfile_identity(path("later"), one, sizeof(one));
	assert_good(opens("later", NETFILE_JOIN), &why);
	netfile_identity(path("later"), two, sizeof(two));
	assert_string_equal(one, two);
	assert_int_equal(symlink("later", path("alias")), 0);
	netfile_identity(path("alias"), two, sizeof(two));
	assert_string_equal(one, two);
	netfile_identity("/no/such", two, sizeof(two));
	assert_string_equal(two, "/no/such");
	netfile_identity("/nosuch", two, sizeof(two));
	assert_string_equal(two, "/nosuch");
}

static void a_private_net_can_be_joined(void **state)
{
	int fd = netfile_private(&why);
	struct stat st;

	(void)state;
	assert_true(fd >= 0);
	fstat(fd, &st);
	assert_true(S_ISREG(st.st_mode));
	assert_int_equal(fcntl(fd, F_GETFL) & O_ACCMODE, O_RDWR);
	close(fd);
}

static void addresses_are_parsed(void **state)
{
	uint8_t mac[MAC_BYTES];
	char text[MAC_TEXT];

	(void)state;
	assert_good(mac_parse("02:aB:00:ff:10:9c", mac, &why), &why);
	assert_string_equal(mac_format(mac, text), "02:ab:00:ff:10:9c");
	assert_fails(mac_parse("", mac, &why), &why, "not a MAC address");
	assert_fails(mac_parse("02:00:00:00:00", mac, &why), &why, "not a MAC");
	assert_fails(mac_parse("02:00:00:00:00:", mac, &why), &why, "not a MAC");
	assert_fails(mac_parse("02:00:00:00:00:0", mac, &why), &why, "not a MAC");
	assert_fails(mac_parse("02:00:00:00:00:000", mac, &why), &why, "not a");
	assert_fails(mac_parse("02-00-00-00-00-00", mac, &why), &why, "not a");
	assert_fails(mac_parse("02:00:00:00:00:-1", mac, &why), &why, "not a");
	assert_fails(mac_parse("02:00:00:00:00:+1", mac, &why), &why, "not a");
	assert_fails(mac_parse("00:00:00:00:00:00", mac, &why), &why, "nobody");
	assert_fails(mac_parse("ff:ff:ff:ff:ff:ff", mac, &why), &why, "group");
}

static void made_addresses_are_stable_and_apart(void **state)
{
	static uint8_t made[3000][MAC_BYTES];
	uint8_t again[MAC_BYTES];
	char name[16];
	int i, j;

	(void)state;
	for (i = 0; i < 3000; i++) {
		snprintf(name, sizeof(name), "guest%d", i / 3);
		mac_make(made[i], MAC_GUEST, name, "/run/net", i % 3);
		assert_int_equal(made[i][0], 0x02);
		for (j = 0; j < i; j++)
			assert_memory_not_equal(made[i], made[j], MAC_BYTES);
	}
	mac_make(again, MAC_GUEST, "guest5", "/run/net", 1);
	assert_memory_equal(again, made[16], MAC_BYTES);
	mac_make(again, MAC_GUEST, "guest5", "/run/net2", 1);
	assert_memory_not_equal(again, made[16], MAC_BYTES);
	/* This very one: a guest's must not change with a new release. */
	mac_make(again, MAC_GUEST, "a", "/run/lab/net0", 0);
	assert_memory_equal(again, ((uint8_t[]){ 0x02, 0xac, 0x87, 0x28, 0xfd, 0xe6 }), MAC_BYTES);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(joining_creates_it_for_its_owner_alone),
		cmocka_unit_test(what_is_in_it_is_left_alone),
		cmocka_unit_test(other_things_are_refused_and_not_waited_for),
		cmocka_unit_test(trouble_with_its_folder_is_explained),
		cmocka_unit_test(missing_permission_is_explained),
		cmocka_unit_test(all_its_names_are_one),
		cmocka_unit_test(a_private_net_can_be_joined),
		cmocka_unit_test(addresses_are_parsed),
		cmocka_unit_test(made_addresses_are_stable_and_apart),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
