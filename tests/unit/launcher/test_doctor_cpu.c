// SPDX-License-Identifier: GPL-2.0
/*
 * test_doctor_cpu.c - which CPUs, as their kernels show them, the doctor takes.
 */
#include "machine.h"

#define CPU(flags)						\
	"processor\t: 0\nvendor_id\t: GenuineIntel\n"		\
	"model name\t: A CPU of 2026\nflags\t\t: fpu lm " flags "\n"	\
	"bugs\t\t: fred tdx_guest\n"

static void an_ordinary_one_is_well(void **state)
{
	struct doctor doctor = a_machine();

	(void)state;
	put("proc/cpuinfo", CPU("smep smap la57 ibt"));
	found(doctor_cpu, &doctor, DOCTOR_OK,
	      "A CPU of 2026; it has smep smap la57", "");
	put("proc/cpuinfo", CPU("nx"));
	found(doctor_cpu, &doctor, DOCTOR_OK, "A CPU of 2026", "");
	assert_null(strstr(finding.what, "it has"));
}

static void another_kind_of_machine_is_refused(void **state)
{
	struct doctor doctor = a_machine();

	(void)state;
	put("proc/cpuinfo", CPU(""));
	strcpy(doctor.machine, "aarch64");
	found(doctor_cpu, &doctor, DOCTOR_LACK, "of type aarch64",
	      "use an x86-64 machine");
}

static void fred_is_refused(void **state)
{
	struct doctor doctor = a_machine();

	(void)state;
	put("proc/cpuinfo", CPU("smep fred lkgs"));
	found(doctor_cpu, &doctor, DOCTOR_LACK, "uses FRED", "fred=off");
	/* A flag of which that is only a part. */
	put("proc/cpuinfo", CPU("alfred fredx"));
	found(doctor_cpu, &doctor, DOCTOR_OK, "", "");
}

static void confidential_guests_are_refused(void **state)
{
	struct doctor doctor = a_machine();

	(void)state;
	put("proc/cpuinfo", CPU("hypervisor tdx_guest"));
	found(doctor_cpu, &doctor, DOCTOR_LACK, "(TDX)", "ordinary");
	put("proc/cpuinfo", CPU("hypervisor sev sev_es"));
	found(doctor_cpu, &doctor, DOCTOR_LACK, "(SEV-ES)", "ordinary");
	put("proc/cpuinfo", CPU("hypervisor sev sev_es sev_snp"));
	found(doctor_cpu, &doctor, DOCTOR_LACK, "(SEV-SNP)", "ordinary");
	put("proc/cpuinfo", CPU("hypervisor"));
	put("dev/sev-guest", "");
	found(doctor_cpu, &doctor, DOCTOR_LACK, "(SEV-SNP)", "ordinary");
}

static void their_hosts_are_not(void **state)
{
	struct doctor doctor = a_machine();

	(void)state;
	put("proc/cpuinfo", CPU("svm sev sev_es sev_snp"));
	found(doctor_cpu, &doctor, DOCTOR_OK, "", "");
}

static void paravirtual_xen_is_refused(void **state)
{
	struct doctor doctor = a_machine();

	(void)state;
	put("proc/cpuinfo", CPU("hypervisor"));
	put("sys/hypervisor/guest_type", "PV\n");
	found(doctor_cpu, &doctor, DOCTOR_LACK, "Xen", "HVM");
	put("sys/hypervisor/guest_type", "PVH\n");
	found(doctor_cpu, &doctor, DOCTOR_OK, "", "");
}

static void without_proc_nobody_knows(void **state)
{
	struct doctor doctor = a_machine();

	(void)state;
	found(doctor_cpu, &doctor, DOCTOR_WARNING, "does not tell",
	      "mount -t proc");
	put("proc/cpuinfo", "processor : 0\n");
	found(doctor_cpu, &doctor, DOCTOR_WARNING, "does not tell", "mount");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		machine_test(an_ordinary_one_is_well),
		machine_test(another_kind_of_machine_is_refused),
		machine_test(fred_is_refused),
		machine_test(confidential_guests_are_refused),
		machine_test(their_hosts_are_not),
		machine_test(paravirtual_xen_is_refused),
		machine_test(without_proc_nobody_knows),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
