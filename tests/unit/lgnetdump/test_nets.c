// SPDX-License-Identifier: GPL-2.0
/*
 * test_nets.c - which files are taken for nets.
 */
#include "folder.h"
#include "nets.h"

static struct nets nets;
static char list[4 * PATH_MAX];

static int forget(void **state)
{
	(void)state;
	nets_free(&nets);
	return 0;
}

static void assert_net(unsigned int i, const char *name)
{
	assert_true(i < nets.count);
	assert_string_equal(nets.path[i], in_folder(name));
}

static int fill(void **state)
{
	if (make_folder(state))
		return -1;
	make_subfolder("lg");
	make_subfolder("lg/lab");
	make_subfolder("lg/lab/deep");
	make_subfolder("lg/lab/deep/deeper");
	make_subfolder("other");
	make_file("lg/net1", 0);
	make_file("lg/net0", 4096);
	make_file("lg/disk", 4097);
	make_file("lg/.hidden", 0);
	make_file("lg/lab/net2", 0);
	make_file("lg/lab/deep/net3", 0);
	make_file("lg/lab/deep/deeper/net4", 0);
	make_file("other/net5", 0);
	make_file("large", 1 << 20);
	return symlink(in_folder("lg"), in_folder("lg/lab/loop")) ||
	       symlink("nowhere", in_folder("lg/dangling")) ||
	       mkfifo(in_folder("lg/pipe"), 0600);
}

static void files_below_the_folder_are_nets(void **state)
{
	(void)state;
	nets_find_in(&nets, in_folder("lg"), NULL);
	assert_int_equal(nets.count, 4);
	assert_net(0, "lg/lab/deep/net3");
	assert_net(1, "lg/lab/net2");
	assert_net(2, "lg/net0");
	assert_net(3, "lg/net1");
}

static void files_and_folders_that_are_named_are_nets_too(void **state)
{
	(void)state;
	snprintf(list, sizeof(list), ":%s:/nowhere::%s:", in_folder("other"),
		 in_folder("large"));
	nets_find_in(&nets, in_folder("nowhere"), list);
	assert_int_equal(nets.count, 2);
	assert_net(0, "large");
	assert_net(1, "other/net5");
}

static void each_file_is_one_net_whatever_its_names(void **state)
{
	(void)state;
	snprintf(list, sizeof(list), "%s:%s:%s", in_folder("lg/../lg/net0"),
		 in_folder("lg/net0"), in_folder("lg/lab/loop/net0"));
	nets_find_in(&nets, "/nowhere", list);
	assert_int_equal(nets.count, 1);
	assert_net(0, "lg/net0");
}

static void a_path_that_is_too_long_is_none(void **state)
{
	(void)state;
	memset(list, 'x', sizeof(list) - 1);
	nets_find_in(&nets, list, list);
	assert_int_equal(nets.count, 0);
}

static void there_is_an_end_of_nets(void **state)
{
	char name[32];
	int i;

	(void)state;
	make_subfolder("many");
	for (i = 0; i < NETS_MAX + 10; i++) {
		snprintf(name, sizeof(name), "many/%d", i);
		make_file(name, 0);
	}
	nets_find_in(&nets, in_folder("many"), NULL);
	assert_int_equal(nets.count, NETS_MAX);
}

static void without_the_module_nobody_can_be_seen(void **state)
{
	struct lguest_net_page page;

	(void)state;
	assert_false(nets_look(in_folder("nowhere"), &page));
	if (access("/dev/lguest", F_OK))
		assert_false(nets_look(in_folder("lg/net0"), &page));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_teardown(name, forget)
	const struct CMUnitTest tests[] = {
		TEST(files_below_the_folder_are_nets),
		TEST(files_and_folders_that_are_named_are_nets_too),
		TEST(each_file_is_one_net_whatever_its_names),
		TEST(a_path_that_is_too_long_is_none),
		TEST(there_is_an_end_of_nets),
		TEST(without_the_module_nobody_can_be_seen),
	};

	return cmocka_run_group_tests(tests, fill, remove_folder);
}
