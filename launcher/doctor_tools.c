// SPDX-License-Identifier: GPL-2.0
/*
 * doctor_tools.c - are the other programs there, of our version, and does
 * Wireshark know nets?
 * guide: L:660
 */
#include <glob.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <lguest/version.h>

#include "array.h"
#include "doctor.h"

/* --- lgswitch, lgnetdump --- */

static const char *const tools[] = { "lgswitch", "lgnetdump" };

/* False: something is wrong with it, and noted. */
static bool check_tool(const struct doctor *doctor, const char *name,
		       struct finding *finding)
{
	char path[PATH_MAX], version[64];
	struct why why;

	if (!doctor_find_program(doctor, name, path)) {
		finding_warn(finding, "%s is neither beside lguest nor in $PATH",
			     name);
		finding_to_do(finding, "in lguest's tree: make && sudo make install; or install the package lguest");
		return false;
	}
	if (!doctor->ask_version(path, version, sizeof(version), &why)) {
		finding_warn(finding, "%s does not tell its version: %s", path,
			     why.text);
		finding_to_do(finding, "see what it says: %s --version", path);
		return false;
	}
	if (!strcmp(version, LGUEST_VERSION))
		return true;
	finding_warn(finding, "%s is of version %s, and lguest of " LGUEST_VERSION,
		     path, version);
	finding_to_do(finding, "install all from one tree or package");
	return false;
}

void doctor_tools(const struct doctor *doctor, struct finding *finding)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(tools); i++)
		if (!check_tool(doctor, tools[i], finding))
			return;
	finding_ok(finding, "lgswitch and lgnetdump are there, of version " LGUEST_VERSION);
}

/* --- Wireshark --- */

/* (The link may be there, and what it leads to gone.) */
static bool leads_somewhere(const char *pattern)
{
	glob_t found;
	bool any = false;
	size_t i;

	if (!glob(pattern, 0, NULL, &found))
		for (i = 0; i < found.gl_pathc && !any; i++)
			any = !access(found.gl_pathv[i], F_OK);
	globfree(&found);
	return any;
}

static bool is_linked(const struct doctor *doctor)
{
	static const char *const everybody[] = {
		"/usr/lib/*/wireshark/extcap/lgnetdump",
		"/usr/lib/wireshark/extcap/lgnetdump",
		"/usr/local/lib/wireshark/extcap/lgnetdump",
	};
	static const char *const own[] = {
		"/.local/lib/wireshark/extcap/lgnetdump",
		"/.config/wireshark/extcap/lgnetdump",
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(everybody); i++)
		if (leads_somewhere(doctor_path(doctor, "%s", everybody[i])))
			return true;
	for (i = 0; doctor->home && i < ARRAY_SIZE(own); i++)
		if (leads_somewhere(doctor_path(doctor, "%s%s", doctor->home, own[i])))
			return true;
	return false;
}

void doctor_wireshark(const struct doctor *doctor, struct finding *finding)
{
	char path[PATH_MAX];

	if (is_linked(doctor)) {
		finding_ok(finding, "it shows nets among its interfaces");
	} else if (doctor_find_program(doctor, "wireshark", path) ||
		   doctor_find_program(doctor, "tshark", path)) {
		finding_warn(finding, "%s does not show nets among its interfaces",
			     path);
		finding_to_do(finding, "lgnetdump --install-extcap (as root: for everybody)");
	} else {
		finding_ok(finding, "it is not here, and not needed");
	}
}
