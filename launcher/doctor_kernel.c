// SPDX-License-Identifier: GPL-2.0
/*
 * doctor_kernel.c - is the host's kernel one that lg.ko is made for, and does
 * it take a module that its makers have not signed?
 * guide: L:610
 */
#include <stdlib.h>
#include <string.h>

#include "doctor.h"

/* --- which kernel --- */

/* Tested are 6.1 and 6.12; between them it is known to compile. */
#define TESTED		"6.1 and 6.12"
#define OLDEST		1
#define NEWEST		12

static void judge_release(const struct doctor *doctor, unsigned long major,
			  unsigned long minor, struct finding *finding)
{
	if (major == 6 && (minor == OLDEST || minor == NEWEST)) {
		finding_ok(finding, "%s, of a line that is tested",
			   doctor->release);
		return;
	}
	if (major == 6 && minor > OLDEST && minor < NEWEST) {
		finding_warn(finding, "%s is not tested, but lies between those that are (" TESTED ")",
			     doctor->release);
		finding_to_do(finding, "nothing, if lg.ko can be built for it");
		return;
	}
	finding_warn(finding, "%s is not tested (" TESTED " are): lg.ko may not compile for it",
		     doctor->release);
	finding_to_do(finding, "should lg.ko not do, boot a kernel 6.1 or 6.12 (Debian: linux-image-amd64)");
}

void doctor_kernel(const struct doctor *doctor, struct finding *finding)
{
	unsigned long major, minor;
	char *end;

	if (strstr(doctor->version, "PREEMPT_RT")) {
		finding_lack(finding, "%s is a real-time kernel (PREEMPT_RT), for which lg.ko cannot be built",
			     doctor->release);
		finding_to_do(finding, "boot a kernel without PREEMPT_RT");
		return;
	}
	major = strtoul(doctor->release, &end, 10);
	minor = *end == '.' ? strtoul(end + 1, NULL, 10) : 0;
	judge_release(doctor, major, minor, finding);
}

/* --- which modules it takes --- */

/* "none [integrity] confidentiality": the one in use is marked. */
static bool is_locked_down(const struct doctor *doctor)
{
	char text[128], cmdline[4096];

	if (doctor_read(doctor, "/sys/kernel/security/lockdown", text,
			sizeof(text)) && *text)
		return !strstr(text, "[none]");
	/* That file may be out of reach; what was asked for is not. */
	doctor_read(doctor, "/proc/cmdline", cmdline, sizeof(cmdline));
	return doctor_has_word(cmdline, "lockdown=integrity") ||
	       doctor_has_word(cmdline, "lockdown=confidentiality");
}

static bool says_yes(const struct doctor *doctor, const char *path)
{
	char text[8];

	doctor_read_line(doctor, path, text, sizeof(text));
	return !strcmp(text, "Y") || !strcmp(text, "1");
}

/* Four bytes of attributes, then whether it is on. */
static bool is_secure_boot(const struct doctor *doctor)
{
	char text[8] = "";

	return doctor_read(doctor, "/sys/firmware/efi/efivars/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c",
			   text, sizeof(text)) && text[4] == 1;
}

#define SIGN_IT	"sign it by a key that the firmware knows (dkms makes one; then as root: mokutil --import /var/lib/dkms/mok.pub, and reboot), or turn Secure Boot off"

void doctor_signing(const struct doctor *doctor, struct finding *finding)
{
	bool is_loaded = doctor_has(doctor, "/sys/module/lg");
	const char *why = NULL;

	if (is_locked_down(doctor))
		why = "is locked down";
	else if (says_yes(doctor, "/sys/module/module/parameters/sig_enforce"))
		why = "enforces signatures";
	if (is_loaded) {
		finding_ok(finding, "this kernel has taken lg.ko");
	} else if (says_yes(doctor, "/proc/sys/kernel/modules_disabled")) {
		finding_lack(finding, "this kernel takes no modules any more (kernel.modules_disabled)");
		finding_to_do(finding, "reboot, and load lg.ko before that is set (as root: echo lg > /etc/modules-load.d/lguest.conf)");
	} else if (why) {
		finding_warn(finding, "this kernel %s: it refuses lg.ko if that is not signed",
			     why);
		finding_to_do(finding, SIGN_IT);
	} else if (is_secure_boot(doctor)) {
		finding_ok(finding, "Secure Boot is on, but this kernel takes modules that are not signed");
	} else {
		finding_ok(finding, "this kernel takes modules that are not signed");
	}
}
