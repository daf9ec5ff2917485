// SPDX-License-Identifier: GPL-2.0
/*
 * test_doctor_module.c - what the doctor says of kernels, of what they take for
 * modules, and of lg.ko, wherever it is.
 */
#include <lguest/version.h>

#include "machine.h"

#define MODULES		"lib/modules/" RELEASE "/"
#define LOCKDOWN	"sys/kernel/security/lockdown"
#define ENFORCE		"sys/module/module/parameters/sig_enforce"
#define SECURE_BOOT	"sys/firmware/efi/efivars/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c"

/* --- which kernel --- */

static void release_is(const char *release, enum doctor_level level,
		       const char *what)
{
	struct doctor doctor = a_machine();

	strcpy(doctor.release, release);
	found(doctor_kernel, &doctor, level, what, "");
}

static void tested_kernels_are_well(void **state)
{
	(void)state;
	release_is("6.1.0-99-amd64", DOCTOR_OK, "of a line that is tested");
	release_is("6.12.117+deb12-cloud-amd64", DOCTOR_OK, "tested");
}

static void others_are_warned_of(void **state)
{
	(void)state;
	release_is("6.6.9", DOCTOR_WARNING, "lies between");
	release_is("6.13.0", DOCTOR_WARNING, "may not compile");
	release_is("6.0.1", DOCTOR_WARNING, "may not compile");
	release_is("5.10.0", DOCTOR_WARNING, "may not compile");
	release_is("7.1.0", DOCTOR_WARNING, "may not compile");
	release_is("odd", DOCTOR_WARNING, "may not compile");
}

static void real_time_kernels_are_refused(void **state)
{
	struct doctor doctor = a_machine();

	(void)state;
	strcpy(doctor.version, "#1 SMP PREEMPT_RT Debian 6.1.0");
	found(doctor_kernel, &doctor, DOCTOR_LACK, "real-time", "without");
}

/* --- what it takes for modules --- */

static void most_kernels_take_any_module(void **state)
{
	struct doctor doctor = a_machine();

	(void)state;
	found(doctor_signing, &doctor, DOCTOR_OK, "takes modules", "");
	put(LOCKDOWN, "[none] integrity confidentiality\n");
	put(ENFORCE, "N\n");
	put_bytes(SECURE_BOOT, "\6\0\0\0\0", 5);
	found(doctor_signing, &doctor, DOCTOR_OK, "this kernel takes modules", "");
	put_bytes(SECURE_BOOT, "\6\0\0\0\1", 5);
	found(doctor_signing, &doctor, DOCTOR_OK, "Secure Boot is on", "");
}

static void some_want_a_signature(void **state)
{
	struct doctor doctor = a_machine();

	(void)state;
	put(LOCKDOWN, "none [integrity] confidentiality\n");
	found(doctor_signing, &doctor, DOCTOR_WARNING, "is locked down",
	      "mokutil");
	put(LOCKDOWN, "[none] integrity confidentiality\n");
	put(ENFORCE, "Y\n");
	found(doctor_signing, &doctor, DOCTOR_WARNING, "enforces signatures",
	      "Secure Boot");
}

static void lockdown_is_known_by_the_command_line(void **state)
{
	struct doctor doctor = a_machine();

	(void)state;
	put("proc/cmdline", "root=/dev/sda1 lockdown=confidentiality\n");
	found(doctor_signing, &doctor, DOCTOR_WARNING, "is locked down",
	      "mokutil");
}

static void some_take_none_at_all(void **state)
{
	struct doctor doctor = a_machine();

	(void)state;
	put("proc/sys/kernel/modules_disabled", "1\n");
	found(doctor_signing, &doctor, DOCTOR_LACK, "no modules any more",
	      "reboot");
}

static void what_is_loaded_has_been_taken(void **state)
{
	struct doctor doctor = a_machine();

	(void)state;
	put("proc/sys/kernel/modules_disabled", "1\n");
	put(LOCKDOWN, "none [integrity] confidentiality\n");
	put("sys/module/lg/version", LGUEST_VERSION "\n");
	found(doctor_signing, &doctor, DOCTOR_OK, "has taken lg.ko", "");
}

/* --- lg.ko --- */

static void one_that_is_loaded_has_our_version(void **state)
{
	struct doctor doctor = a_machine();

	(void)state;
	put("sys/module/lg/version", LGUEST_VERSION "\n");
	found(doctor_module, &doctor, DOCTOR_OK, LGUEST_VERSION " is loaded", "");
	put("sys/module/lg/version", LGUEST_VERSION ".1\n");
	found(doctor_module, &doctor, DOCTOR_LACK,
	      "of version " LGUEST_VERSION ".1, and lguest of " LGUEST_VERSION, "rmmod lg");
}

static void one_without_a_version_is_not_ours(void **state)
{
	struct doctor doctor = a_machine();

	(void)state;
	put("sys/module/lg/refcnt", "0\n");
	found(doctor_module, &doctor, DOCTOR_LACK, "of version unknown",
	      "rmmod lg");
}

static void one_that_modprobe_knows_is_to_be_loaded(void **state)
{
	struct doctor doctor = a_machine();

	(void)state;
	put(MODULES "modules.dep", "kernel/a.ko:\nextra/lg.ko:\n");
	found(doctor_module, &doctor, DOCTOR_LACK, "installed, but not loaded",
	      "modprobe lg");
	put(MODULES "modules.dep", "updates/dkms/lg.ko.xz:\n");
	found(doctor_module, &doctor, DOCTOR_LACK, "installed, but not loaded",
	      "modprobe lg");
}

static void one_that_it_does_not_know_wants_depmod(void **state)
{
	struct doctor doctor = a_machine();

	(void)state;
	put(MODULES "modules.dep", "kernel/blg.ko:\nkernel/lg.c:\n");
	put(MODULES "updates/dkms/lg.ko", "");
	found(doctor_module, &doctor, DOCTOR_LACK, "does not know it yet",
	      "depmod && modprobe lg");
}

#define FIELD(text)	"ELF...\0" text "\0name=lg\0"

static void one_in_the_build_folder_fits_the_kernel(void **state)
{
	static const char other[] = FIELD("vermagic=6.1.0-1-amd64 SMP preempt");
	static const char fits[] = FIELD("vermagic=" RELEASE " SMP preempt");
	struct doctor doctor = a_machine();

	(void)state;
	put_bytes("programs/lg.ko", other, sizeof(other));
	found(doctor_module, &doctor, DOCTOR_LACK, "no lg.ko for " RELEASE,
	      "make");
	put_bytes("programs/kmod/" RELEASE "/lg.ko", fits, sizeof(fits));
	found(doctor_module, &doctor, DOCTOR_LACK, "built, but not loaded",
	      "/programs/kmod/" RELEASE "/lg.ko'");
	put_bytes("programs/lg.ko", fits, sizeof(fits));
	found(doctor_module, &doctor, DOCTOR_LACK, "built, but not loaded",
	      "/programs/lg.ko' (");
	put("programs/kmod/" RELEASE "/lg.ko", "");
	put("programs/lg.ko", "vermagic=" RELEASE " SMP");
	found(doctor_module, &doctor, DOCTOR_LACK, "no lg.ko", "make");
}

/* --- headers --- */

static void headers_are_wanted_to_build_it(void **state)
{
	struct doctor doctor = a_machine();

	(void)state;
	found(doctor_headers, &doctor, DOCTOR_WARNING, "none for " RELEASE,
	      "apt-get install linux-headers-" RELEASE);
	put(MODULES "build/include/generated/utsrelease.h", "");
	found(doctor_headers, &doctor, DOCTOR_OK, "to build lg.ko", "");
}

static void headers_are_not_wanted_if_it_is_there(void **state)
{
	struct doctor doctor = a_machine();

	(void)state;
	put(MODULES "modules.dep", "extra/lg.ko:\n");
	found(doctor_headers, &doctor, DOCTOR_OK, "not needed", "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		machine_test(tested_kernels_are_well),
		machine_test(others_are_warned_of),
		machine_test(real_time_kernels_are_refused),
		machine_test(most_kernels_take_any_module),
		machine_test(some_want_a_signature),
		machine_test(lockdown_is_known_by_the_command_line),
		machine_test(some_take_none_at_all),
		machine_test(what_is_loaded_has_been_taken),
		machine_test(one_that_is_loaded_has_our_version),
		machine_test(one_without_a_version_is_not_ours),
		machine_test(one_that_modprobe_knows_is_to_be_loaded),
		machine_test(one_that_it_does_not_know_wants_depmod),
		machine_test(one_in_the_build_folder_fits_the_kernel),
		machine_test(headers_are_wanted_to_build_it),
		machine_test(headers_are_not_wanted_if_it_is_there),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
