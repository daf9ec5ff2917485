// SPDX-License-Identifier: GPL-2.0
/*
 * test_install.c - Wireshark's folders, and our link in them.
 */
#include "folder.h"
#include "install.h"

static char found[PATH_MAX];
static struct why why;
static bool changed;

static bool find(const char *said, bool everybody)
{
	FILE *from = fmemopen((void *)said, strlen(said), "r");
	bool good;

	assert_non_null(from);
	good = install_folder(from, everybody, found, sizeof(found), &why);
	fclose(from);
	return good;
}

#define FOLDERS_4_0 \
	"Temp:                \t/tmp\n" \
	"Personal configuration:\t/home/ann/.config/wireshark\n" \
	"Global configuration:\t/usr/share/wireshark\n" \
	"Personal Plugins:    \t/home/ann/.local/lib/wireshark/plugins/4.0\n" \
	"Extcap path:         \t/usr/lib/x86_64-linux-gnu/wireshark/extcap\n" \
	"MaxMind database path:\t/usr/share/GeoIP\n"

#define FOLDERS_4_4 \
	"Personal configuration:\t/home/ann/.config/wireshark\n" \
	"Personal Extcap path:\t/home/ann/.local/lib/wireshark/extcap\n" \
	"Global Extcap path:  \t/usr/lib/x86_64-linux-gnu/wireshark/extcap\n"

static void assert_found(const char *said, bool everybody, const char *want)
{
	assert_good(find(said, everybody), &why);
	assert_string_equal(found, want);
}

static void folders_are_what_tshark_says(void **state)
{
	(void)state;
	assert_found(FOLDERS_4_0, true,
		     "/usr/lib/x86_64-linux-gnu/wireshark/extcap");
	assert_found(FOLDERS_4_0, false, "/home/ann/.config/wireshark/extcap");
	assert_found(FOLDERS_4_4, true,
		     "/usr/lib/x86_64-linux-gnu/wireshark/extcap");
	assert_found(FOLDERS_4_4, false,
		     "/home/ann/.local/lib/wireshark/extcap");
	assert_found("Extcap path: /a folder/with blanks", true,
		     "/a folder/with blanks");
}

static void a_tshark_that_says_nothing_is_an_error(void **state)
{
	static const char *const none[] = {
		"\n", "Extcap path:\n", "Extcap path: extcap\n",
		"Extcap paths: /usr/lib\n", "Old Extcap path: /usr/lib\n",
	};
	char longest[2 * PATH_MAX];
	unsigned int i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(none); i++) {
		assert_fails(find(none[i], true), &why, "is tshark installed");
		assert_fails(find(none[i], false), &why, "is tshark installed");
	}
	memset(longest, 'x', sizeof(longest));
	memcpy(longest, "Extcap path: /", 14);
	longest[sizeof(longest) - 1] = '\0';
	assert_fails(find(longest, true), &why, "is tshark installed");
}

static void assert_link(const char *name, const char *want)
{
	char target[PATH_MAX] = "";

	assert_true(readlink(in_folder(name), target, sizeof(target) - 1) > 0);
	assert_string_equal(target, want);
}

static void a_link_is_made_with_its_folder(void **state)
{
	(void)state;
	assert_good(install_link(in_folder("new/x//extcap"), "/bin/lgnetdump",
				 &changed, &why), &why);
	assert_true(changed);
	assert_link("new/x/extcap/lgnetdump", "/bin/lgnetdump");
	assert_good(install_link(in_folder("new/x/extcap"), "/bin/lgnetdump",
				 &changed, &why), &why);
	assert_false(changed);
}

static void a_link_of_ours_follows_the_program(void **state)
{
	(void)state;
	make_subfolder("moved");
	assert_int_equal(symlink("/old/lgnetdump",
				 in_folder("moved/lgnetdump")), 0);
	assert_good(install_link(in_folder("moved"), "/new/lgnetdump",
				 &changed, &why), &why);
	assert_true(changed);
	assert_link("moved/lgnetdump", "/new/lgnetdump");
}

static void a_link_of_ours_can_be_removed(void **state)
{
	(void)state;
	make_subfolder("gone");
	assert_good(install_link(in_folder("gone"), "/bin/lgnetdump",
				 &changed, &why), &why);
	assert_good(install_unlink(in_folder("gone"), &changed, &why), &why);
	assert_true(changed);
	assert_good(install_unlink(in_folder("gone"), &changed, &why), &why);
	assert_false(changed);
	assert_good(install_unlink(in_folder("nowhere"), &changed, &why),
		    &why);
	assert_false(changed);
}

static void what_is_not_ours_is_left_alone(void **state)
{
	(void)state;
	make_subfolder("others");
	make_file("others/lgnetdump", 10);
	assert_fails(install_link(in_folder("others"), "/bin/lgnetdump",
				  &changed, &why), &why, "whose is it?");
	assert_fails(install_unlink(in_folder("others"), &changed, &why), &why,
		     "whose is it?");
	unlink(in_folder("others/lgnetdump"));
	assert_int_equal(symlink("/bin/sh", in_folder("others/lgnetdump")), 0);
	assert_fails(install_link(in_folder("others"), "/bin/lgnetdump",
				  &changed, &why), &why, "whose is it?");
	assert_link("others/lgnetdump", "/bin/sh");
}

static void folders_that_cannot_be_are_errors(void **state)
{
	char longest[PATH_MAX + 10];

	(void)state;
	make_file("file", 0);
	assert_fails(install_link(in_folder("file/extcap"), "/bin/lgnetdump",
				  &changed, &why), &why,
		     "cannot create folder");
	assert_fails(install_unlink(in_folder("file"), &changed, &why), &why,
		     "Not a directory");
	memset(longest, '/', sizeof(longest));
	longest[sizeof(longest) - 1] = '\0';
	assert_fails(install_link(longest, "/bin/lgnetdump", &changed, &why),
		     &why, "too long");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(folders_are_what_tshark_says),
		cmocka_unit_test(a_tshark_that_says_nothing_is_an_error),
		cmocka_unit_test(a_link_is_made_with_its_folder),
		cmocka_unit_test(a_link_of_ours_follows_the_program),
		cmocka_unit_test(a_link_of_ours_can_be_removed),
		cmocka_unit_test(what_is_not_ours_is_left_alone),
		cmocka_unit_test(folders_that_cannot_be_are_errors),
	};

	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
