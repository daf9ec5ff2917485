// SPDX-License-Identifier: GPL-2.0
/*
 * doctor.c - "lguest doctor": who asks, the table of checks, and the findings
 * as lines for people.  See doctor.h.
 */
#include <fcntl.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <linux/capability.h>

#include "array.h"
#include "doctor.h"
#include "log.h"
#include "option.h"
#include "run.h"
#include "standard.h"

/* --- the checks --- */

/* In the order in which people would get things done. */
static const struct {
	const char *name;
	doctor_check check;
} checks[] = {
	{ "cpu", doctor_cpu },
	{ "kernel", doctor_kernel },
	{ "signing", doctor_signing },
	{ "headers", doctor_headers },
	{ "module", doctor_module },
	{ "device", doctor_device },
	{ "guest", doctor_guest },
	{ "guest-kernel", doctor_guest_kernel },
	{ "memory", doctor_memory },
	{ "nets", doctor_nets },
	{ "tap", doctor_tap },
	{ "tools", doctor_tools },
	{ "wireshark", doctor_wireshark },
};

/* What to do stands below what was found. */
#define WHAT_COLUMN	23

static const struct {
	const char *word;
	const char *colour;
} levels[DOCTOR_LEVELS] = {
	[DOCTOR_OK] = { "ok", "\033[32m" },
	[DOCTOR_WARNING] = { "warning", "\033[33m" },
	[DOCTOR_LACK] = { "lack", "\033[1;31m" },
};

static void show(const char *name, const struct finding *finding, bool colour,
		 FILE *to)
{
	fprintf(to, "%s%-8s%s %-13s %s\n",
		colour ? levels[finding->level].colour : "",
		levels[finding->level].word, colour ? "\033[0m" : "", name,
		finding->what);
	if (*finding->to_do)
		fprintf(to, "%*s%s\n", WHAT_COLUMN, "", finding->to_do);
	fflush(to);
}

bool doctor_examine(const struct doctor *doctor, bool colour, FILE *to)
{
	unsigned int count[DOCTOR_LEVELS] = { 0 };
	struct finding finding;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(checks); i++) {
		finding = (struct finding){ 0 };
		checks[i].check(doctor, &finding);
		show(checks[i].name, &finding, colour, to);
		count[finding.level]++;
	}
	if (count[DOCTOR_LACK])
		fprintf(to, "\nNo guest can run here: see what is lacking (%u).\n",
			count[DOCTOR_LACK]);
	else if (count[DOCTOR_WARNING])
		fputs("\nGuests can run here; the warnings are about what some want besides.\n",
		      to);
	else
		fputs("\nGuests can run here.\n", to);
	return !count[DOCTOR_LACK];
}

/* --- this machine, and who asks --- */

static bool may(const char *path, int mode)
{
	return !faccessat(AT_FDCWD, path, mode, AT_EACCESS);
}

/* "lgswitch 0.1": the second word of what it prints */
static bool ask_version(const char *program, char *version, size_t size,
			struct why *why)
{
	char command[PATH_MAX + 32], line[128];
	bool answered;
	FILE *from;

	/* (A path with a quote in it would end ours.) */
	if (strchr(program, '\'') ||
	    snprintf(command, sizeof(command), "'%s' --version 2> /dev/null",
		     program) >= (int)sizeof(command))
		return why_fail(why, "its path cannot be given to a shell");
	from = popen(command, "re");
	if (!from)
		return why_fail(why, "%m");
	answered = fgets(line, sizeof(line), from);
	pclose(from);
	if (!answered || !strchr(line, ' '))
		return why_fail(why, "no answer");
	line[strcspn(line, "\n")] = '\0';
	snprintf(version, size, "%s", strchr(line, ' ') + 1);
	return true;
}

/* Without libcap: of all that it knows we want one number. */
static uint64_t effective_capabilities(void)
{
	struct __user_cap_header_struct header = {
		.version = _LINUX_CAPABILITY_VERSION_3,
	};
	struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3] = { 0 };

	if (syscall(SYS_capget, &header, data))
		return 0;
	return data[0].effective | (uint64_t)data[1].effective << 32;
}

static uint64_t address_limit(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_AS, &limit) || limit.rlim_cur == RLIM_INFINITY)
		return UINT64_MAX;
	return limit.rlim_cur;
}

static void look_at_user(struct doctor *doctor)
{
	const struct passwd *entry = getpwuid(geteuid());

	if (entry)
		snprintf(doctor->user, sizeof(doctor->user), "%s",
			 entry->pw_name);
	else
		snprintf(doctor->user, sizeof(doctor->user), "user %u",
			 geteuid());
	doctor->groups_count = getgroups(ARRAY_SIZE(doctor->groups) - 1,
					 doctor->groups);
	if (doctor->groups_count < 0)
		doctor->groups_count = 0;
	doctor->groups[doctor->groups_count++] = getegid();
}

static void look_at_kernel(struct doctor *doctor)
{
	struct utsname name;

	if (uname(&name))
		return;
	snprintf(doctor->release, sizeof(doctor->release), "%s", name.release);
	snprintf(doctor->version, sizeof(doctor->version), "%s", name.version);
	snprintf(doctor->machine, sizeof(doctor->machine), "%s", name.machine);
}

/* Where are we? */
static const char *find_folder(char path[PATH_MAX])
{
	ssize_t length = readlink("/proc/self/exe", path, PATH_MAX - 1);
	char *slash;

	path[length < 0 ? 0 : length] = '\0';
	slash = strrchr(path, '/');
	if (!slash)
		return ".";
	*slash = '\0';
	return path;
}

/* --- the command --- */

enum action { EXAMINE, HELP };

struct request {
	enum action action;
	const char *kernel;
};

static bool set_kernel(void *context, const char *value, struct why *why)
{
	if (!*value)
		return why_fail(why, "the file's name is empty");
	((struct request *)context)->kernel = value;
	return true;
}

static bool set_help(void *context, const char *value, struct why *why)
{
	(void)value;
	(void)why;
	((struct request *)context)->action = HELP;
	return true;
}

static const struct option_def options[] = {
	{ "kernel", "FILE", "the guests' kernel (default: the one that is built or\n"
	  "installed with this program)", set_kernel },
	{ "help", NULL, "show this", set_help },
	{ 0 }
};

static void help(void)
{
	puts("Usage: lguest doctor [OPTION...]\n"
	     "Look at all that guests need of this machine, and say for each lack what to do.\n");
	option_help(options, stdout);
	puts("\nExit status: 0 guests can run here, 1 they cannot.");
}

static bool examine(const struct request *request)
{
	static struct doctor doctor;
	char folder[PATH_MAX];

	doctor = (struct doctor){
		.root = "",
		.program = find_folder(folder),
		.kernel = request->kernel,
		.home = getenv("HOME"),
		.path = getenv("PATH"),
		.capabilities = effective_capabilities(),
		.address_limit = address_limit(),
		.may = may,
		.ask_version = ask_version,
		.try_guest = doctor_try_guest,
	};
	look_at_kernel(&doctor);
	look_at_user(&doctor);
	return doctor_examine(&doctor, standard_is_colourful(), stdout);
}

int doctor_main(char **argv)
{
	struct option_words words = { .word = argv + 1 };
	struct request request = { 0 };
	struct why why;
	bool good = true;

	log_init("lguest doctor", false);
	if (!option_parse(options, &words, &request, &why)) {
		log_error("%s", why.text);
		return RUN_FAILED;
	}
	if (request.action == EXAMINE && *words.word) {
		log_error("'%s' is no option (see lguest doctor --help)",
			  *words.word);
		return RUN_FAILED;
	}
	if (request.action == HELP)
		help();
	else
		good = examine(&request);
	if (!standard_printed(&why)) {
		log_error("%s", why.text);
		return RUN_FAILED;
	}
	return good ? RUN_POWEROFF : RUN_FAILED;
}
