// SPDX-License-Identifier: GPL-2.0
/*
 * privilege.c - gives up privileges.  See privilege.h.
 */
#include <errno.h>
#include <pwd.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <cap-ng.h>

#include "privilege.h"

bool privilege_find(const char *user, struct identity *identity,
		    struct why *why)
{
	bool is_root = !geteuid();
	const struct passwd *entry;

	*identity = (struct identity){ .user = geteuid(), .group = getegid() };
	if (!*user && !is_root)
		return true;
	errno = 0;
	entry = getpwnam(*user ? user : PRIVILEGE_USER);
	if (!entry && !*user)
		return true;
	if (!entry)
		return why_fail(why, "there is no user %s%s%s", user,
				errno ? ": " : "", errno ? strerror(errno) : "");
	if (!is_root && entry->pw_uid != geteuid())
		return why_fail(why, "only root can become user %s (start it as that user, without --user)",
				user);
	identity->user = entry->pw_uid;
	identity->group = entry->pw_gid;
	identity->is_other = entry->pw_uid != geteuid();
	return true;
}

static bool has_net_admin(void)
{
	return capng_have_capability(CAPNG_PERMITTED, CAP_NET_ADMIN);
}

/* Those that may be used, and may be taken: @kept, of what we have. */
static void choose(enum privilege_kept kept)
{
	bool keep = kept == PRIVILEGE_NET_ADMIN && has_net_admin();

	capng_clear(CAPNG_SELECT_BOTH);
	if (keep)
		capng_update(CAPNG_ADD, CAPNG_EFFECTIVE | CAPNG_PERMITTED,
			     CAP_NET_ADMIN);
}

/*
 * The bounding set can be emptied only by who has CAP_SETPCAP; for others
 * "no new privileges" says the same: executing a file gives none.
 */
static int apply(const struct identity *identity, bool may_bound)
{
	if (identity->is_other)
		return capng_change_id(identity->user, identity->group,
				       CAPNG_INIT_SUPP_GRP |
				       CAPNG_CLEAR_BOUNDING |
				       CAPNG_CLEAR_AMBIENT);
	return capng_apply(may_bound ? CAPNG_SELECT_ALL : CAPNG_SELECT_CAPS);
}

bool privilege_drop(const struct identity *identity, enum privilege_kept kept,
		    struct why *why)
{
	bool may_bound;
	int status;

	capng_get_caps_process();
	may_bound = capng_have_capability(CAPNG_EFFECTIVE, CAP_SETPCAP);
	choose(kept);
	status = apply(identity, may_bound);
	if (status)
		return why_fail(why, "cannot give up privileges (step %d of libcap-ng's): %m",
				-status);
	prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) ||
	    prctl(PR_SET_DUMPABLE, 0, 0, 0, 0))
		return why_fail(why, "cannot rule out new privileges: %m");
	return true;
}

bool privilege_use_net_admin(bool use, struct why *why)
{
	capng_get_caps_process();
	if (!has_net_admin())
		return true;
	capng_update(use ? CAPNG_ADD : CAPNG_DROP, CAPNG_EFFECTIVE,
		     CAP_NET_ADMIN);
	if (!capng_apply(CAPNG_SELECT_CAPS))
		return true;
	return why_fail(why, "cannot %s CAP_NET_ADMIN: %m",
			use ? "use" : "put aside");
}
