// SPDX-License-Identifier: GPL-2.0
/*
 * doctor_cpu.c - can lg.ko work on this CPU, as its kernel uses it?  What it
 * refuses is in kmod/main.c; here the same is told from outside, before there
 * is a module to ask.
 * guide: L:600
 */
#include <stdio.h>
#include <string.h>

#include "array.h"
#include "doctor.h"

/* The first CPU's part of /proc/cpuinfo has its flags within that. */
#define CPUINFO_BYTES	16384

/* What a hypervisor keeps from its own host: its kernel's memory or registers. */
static const char *confidential(const struct doctor *doctor, const char *flags)
{
	/* A host that could have such guests has the flags of SEV, too. */
	bool is_guest = doctor_has_word(flags, "hypervisor");

	if (doctor_has_word(flags, "tdx_guest") ||
	    doctor_has(doctor, "/dev/tdx_guest"))
		return "TDX";
	if (doctor_has(doctor, "/dev/sev-guest") ||
	    (is_guest && doctor_has_word(flags, "sev_snp")))
		return "SEV-SNP";
	if (is_guest && doctor_has_word(flags, "sev_es"))
		return "SEV-ES";
	return NULL;
}

/* A kernel that is itself in a ring of its own cannot give one away. */
static bool is_paravirtual(const struct doctor *doctor)
{
	char type[32];

	doctor_read_line(doctor, "/sys/hypervisor/guest_type", type,
			 sizeof(type));
	return !strcmp(type, "PV");
}

/* What lg.ko has to mind; for whoever reports how it went. */
static void list_features(const char *flags, char *to, size_t size)
{
	static const char *const features[] = {
		"smep", "smap", "umip", "la57", "pti", "pku",
	};
	size_t used = 0, i;

	to[0] = '\0';
	for (i = 0; i < ARRAY_SIZE(features); i++)
		if (doctor_has_word(flags, features[i]) && used < size)
			used += snprintf(to + used, size - used, "%s%s",
					 used ? " " : "; it has ", features[i]);
}

void doctor_cpu(const struct doctor *doctor, struct finding *finding)
{
	char text[CPUINFO_BYTES], flags[8192], model[256], features[128];
	const char *kind;

	if (strcmp(doctor->machine, "x86_64")) {
		finding_lack(finding, "this is a machine of type %s, and lg.ko is for x86_64 alone",
			     doctor->machine);
		finding_to_do(finding, "use an x86-64 machine with a 64-bit kernel");
		return;
	}
	if (!doctor_read(doctor, "/proc/cpuinfo", text, sizeof(text)) ||
	    !doctor_value(text, "flags", flags, sizeof(flags))) {
		finding_warn(finding, "x86-64; /proc/cpuinfo does not tell its features");
		finding_to_do(finding, "as root: mount -t proc none /proc");
		return;
	}
	doctor_value(text, "model name", model, sizeof(model));
	kind = confidential(doctor, flags);
	if (kind) {
		finding_lack(finding, "this is a confidential virtual machine (%s), in which lg.ko cannot work",
			     kind);
		finding_to_do(finding, "use an ordinary virtual machine");
	} else if (is_paravirtual(doctor)) {
		finding_lack(finding, "this kernel is a paravirtual guest of Xen, which does not run in ring 0");
		finding_to_do(finding, "use a virtual machine of type HVM or PVH");
	} else if (doctor_has_word(flags, "fred")) {
		finding_lack(finding, "this kernel uses FRED, by which lg.ko cannot enter guests");
		finding_to_do(finding, "boot it with fred=off");
	} else {
		list_features(flags, features, sizeof(features));
		finding_ok(finding, "%s%s", *model ? model : "x86-64",
			   features);
	}
}
