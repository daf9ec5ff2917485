// SPDX-License-Identifier: GPL-2.0
/*
 * test_doctor.c - the doctor's findings as a whole; the guests' kernel, a guest
 * that is tried, and the other programs.
 */
#include <lguest/version.h>

#include "image.h"
#include "machine.h"

static const char *tool_version;

static bool tell_version(const char *program, char *version, size_t size,
			 struct why *why)
{
	(void)program;
	if (!tool_version)
		return why_fail(why, "no answer");
	snprintf(version, size, "%s", tool_version);
	return true;
}

static bool run_well(struct why *why)
{
	(void)why;
	return true;
}

static bool run_badly(struct why *why)
{
	return why_fail(why, "the guest ended otherwise");
}

/* --- the guests' kernel --- */

static void put_kernel(const char *path, const char *banner)
{
	struct image image = image_good();

	snprintf((char *)image.code, sizeof(image.code), "..Linux version %s",
		 banner);
	put_bytes(path, &image, sizeof(image));
}

static void a_kernel_is_found_where_it_is_built(void **state)
{
	struct doctor doctor = a_machine();

	(void)state;
	make_subfolder("programs");
	found(doctor_guest_kernel, &doctor, DOCTOR_LACK, "no kernel for guests",
	      "make guest-kernel");
	put_kernel("usr/lib/lguest/vmlinux", "6.1.2-lguest (gcc)");
	found(doctor_guest_kernel, &doctor, DOCTOR_OK,
	      "/usr/lib/lguest/vmlinux, Linux 6.1.2-lguest", "");
	put_kernel("lib/lguest/vmlinux-0.1", "6.1.3-lguest (gcc)");
	put_kernel("lib/lguest/vmlinux-0.2", "6.1.4-lguest (gcc)");
	found(doctor_guest_kernel, &doctor, DOCTOR_OK,
	      "vmlinux-0.2, Linux 6.1.4-lguest", "");
	put_kernel("programs/guest/vmlinux", "6.1.5-lguest (gcc)");
	found(doctor_guest_kernel, &doctor, DOCTOR_OK, "Linux 6.1.5-lguest", "");
	assert_null(strstr(finding.what, "(gcc)"));
}

static void a_kernel_that_is_named_is_looked_at(void **state)
{
	struct doctor doctor = a_machine();

	(void)state;
	put_kernel("programs/guest/vmlinux", "6.1.5-lguest (gcc)");
	doctor.kernel = "/nowhere/at/all";
	found(doctor_guest_kernel, &doctor, DOCTOR_LACK,
	      "cannot open /nowhere/at/all", "--kernel=FILE");
}

static void a_kernel_of_another_kind_is_refused(void **state)
{
	struct doctor doctor = a_machine();

	(void)state;
	put_kernel("programs/guest/vmlinux", "6.1.0-9-686 (gcc)");
	found(doctor_guest_kernel, &doctor, DOCTOR_LACK,
	      "vmlinux (6.1.0-9-686) was not built for lguest", "make guest-kernel");
	put("programs/guest/vmlinux", "#!/bin/sh");
	found(doctor_guest_kernel, &doctor, DOCTOR_LACK, "neither an ELF file",
	      "--kernel=FILE");
	put_kernel("programs/guest/vmlinux", "");
	found(doctor_guest_kernel, &doctor, DOCTOR_LACK, "was not built for",
	      "make");
}

/* --- a guest --- */

static void a_guest_is_tried_if_it_may_be(void **state)
{
	struct doctor doctor = a_machine();

	(void)state;
	doctor.try_guest = run_badly;
	found(doctor_guest, &doctor, DOCTOR_LACK, "can be tried without",
	      "see device");
	put("dev/lguest", "");
	found(doctor_guest, &doctor, DOCTOR_LACK, "the guest ended otherwise",
	      "same build");
	doctor.try_guest = run_well;
	found(doctor_guest, &doctor, DOCTOR_OK, "ran", "");
	allowed = false;
	found(doctor_guest, &doctor, DOCTOR_LACK, "can be tried without", "see");
}

/* --- programs --- */

static void put_program(const char *path)
{
	put(path, "");
	assert_int_equal(chmod(in_folder(path), 0755), 0);
}

static void tools_are_found_beside_us_and_in_the_path(void **state)
{
	struct doctor doctor = a_machine();
	char path[3 * PATH_MAX];

	(void)state;
	doctor.ask_version = tell_version;
	tool_version = LGUEST_VERSION;
	snprintf(path, sizeof(path), "/nowhere::%s:%s", in_folder("a"),
		 in_folder("b"));
	doctor.path = path;
	found(doctor_tools, &doctor, DOCTOR_WARNING, "lgswitch is neither",
	      "make install");
	put_program("programs/lgswitch");
	found(doctor_tools, &doctor, DOCTOR_WARNING, "lgnetdump is neither",
	      "make install");
	put_program("b/lgnetdump");
	found(doctor_tools, &doctor, DOCTOR_OK, "are there", "");
	tool_version = "0.0";
	found(doctor_tools, &doctor, DOCTOR_WARNING,
	      "lgswitch is of version 0.0, and lguest of", "one tree");
	tool_version = NULL;
	found(doctor_tools, &doctor, DOCTOR_WARNING, "no answer", "--version");
}

static void wireshark_is_to_know_nets(void **state)
{
	struct doctor doctor = a_machine();

	(void)state;
	found(doctor_wireshark, &doctor, DOCTOR_OK, "not here", "");
	put_program("programs/tshark");
	found(doctor_wireshark, &doctor, DOCTOR_WARNING, "does not show nets",
	      "--install-extcap");
	doctor.home = "/home/alice";
	put("home/alice/.local/lib/wireshark/extcap/lgnetdump", "");
	found(doctor_wireshark, &doctor, DOCTOR_OK, "it shows nets", "");
	/* What it led to is gone. */
	assert_int_equal(unlink(in_folder("home/alice/.local/lib/wireshark/extcap/lgnetdump")), 0);
	assert_int_equal(symlink("/nonexistent", in_folder("home/alice/.local/lib/wireshark/extcap/lgnetdump")), 0);
	found(doctor_wireshark, &doctor, DOCTOR_WARNING, "does not show nets",
	      "--install-extcap");
	doctor.home = NULL;
	put("usr/lib/i386-any/wireshark/extcap/lgnetdump", "");
	found(doctor_wireshark, &doctor, DOCTOR_OK, "it shows nets", "");
}

/* --- all of it --- */

static char report[16384];

static bool examine(const struct doctor *doctor, bool colour)
{
	FILE *to = fmemopen(report, sizeof(report), "w");
	bool good = doctor_examine(doctor, colour, to);

	fclose(to);
	return good;
}

/* A machine on which all is well but for warnings. */
static struct doctor a_good_machine(void)
{
	struct doctor doctor = a_machine();

	doctor.try_guest = run_well;
	doctor.ask_version = tell_version;
	tool_version = LGUEST_VERSION;
	put("proc/cpuinfo", "flags : fpu lm\n");
	put("proc/meminfo", "MemAvailable: 1048576 kB\n");
	put("sys/module/lg/version", LGUEST_VERSION "\n");
	put("dev/lguest", "");
	put_kernel("programs/guest/vmlinux", "6.1.5-lguest (gcc)");
	return doctor;
}

static void warnings_do_not_keep_guests_from_running(void **state)
{
	struct doctor doctor = a_good_machine();

	(void)state;
	assert_true(examine(&doctor, false));
	assert_non_null(strstr(report, "\nwarning  tap           /dev/net/tun is"));
	assert_non_null(strstr(report, "\n                       as root: modprobe tun"));
	assert_non_null(strstr(report, "Guests can run here; the warnings"));
	assert_null(strstr(report, "\033"));
}

static void a_lack_does(void **state)
{
	struct doctor doctor = a_good_machine();

	(void)state;
	doctor.try_guest = run_badly;
	assert_false(examine(&doctor, true));
	assert_non_null(strstr(report, "\033[1;31mlack    \033[0m guest         the guest ended"));
	assert_non_null(strstr(report, "No guest can run here: see what is lacking (1)."));
}

static void all_well_is_said_in_one_line_each(void **state)
{
	struct doctor doctor = a_good_machine();
	const char *line = report;
	int lines = 0;

	(void)state;
	doctor.capabilities = UINT64_MAX;
	put("dev/net/tun", "");
	make_subfolder("var");
	make_subfolder("var/lg");
	put_program("programs/lgswitch");
	put_program("programs/lgnetdump");
	assert_true(examine(&doctor, false));
	for (; !strncmp(line, "ok       ", 9); line = strchr(line, '\n') + 1)
		lines++;
	assert_int_equal(lines, 13);
	assert_string_equal(line, "\nGuests can run here.\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		machine_test(a_kernel_is_found_where_it_is_built),
		machine_test(a_kernel_that_is_named_is_looked_at),
		machine_test(a_kernel_of_another_kind_is_refused),
		machine_test(a_guest_is_tried_if_it_may_be),
		machine_test(tools_are_found_beside_us_and_in_the_path),
		machine_test(wireshark_is_to_know_nets),
		machine_test(warnings_do_not_keep_guests_from_running),
		machine_test(a_lack_does),
		machine_test(all_well_is_said_in_one_line_each),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
