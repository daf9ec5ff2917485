// SPDX-License-Identifier: GPL-2.0
/*
 * test_privilege.c - what is left of a process that has given up privileges,
 * and what it can still do.  Each test does so in a child.
 */
#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cap-ng.h>

#include "privilege.h"
#include "test.h"

static struct why why;

/* Runs it in a child: how that ended, as of wait(). */
static int in_child(int (*what)(void))
{
	int status;
	pid_t pid = fork();

	if (!pid)
		_exit(what());
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return status;
}

#define assert_exits(what, status)					\
	assert_int_equal(in_child(what), (status) << 8)

static void need_root(void)
{
	if (geteuid() || !getpwnam("nobody"))
		skip();
}

/* --- who to be --- */

static void nobody_in_particular_is_who_starts_it_or_lguest(void **state)
{
	const struct passwd *lguest = getpwnam(PRIVILEGE_USER);
	struct identity identity;

	(void)state;
	assert_good(privilege_find("", &identity, &why), &why);
	if (geteuid() || !lguest)
		assert_false(identity.is_other);
	else
		assert_int_equal(identity.user, lguest->pw_uid);
}

static void a_user_is_found_by_name(void **state)
{
	struct identity identity;

	(void)state;
	need_root();
	assert_good(privilege_find("nobody", &identity, &why), &why);
	assert_int_equal(identity.user, getpwnam("nobody")->pw_uid);
	assert_int_equal(identity.group, getpwnam("nobody")->pw_gid);
	assert_true(identity.is_other);
	assert_good(privilege_find("root", &identity, &why), &why);
	assert_false(identity.is_other);
	assert_fails(privilege_find("no-such-user", &identity, &why), &why,
		     "there is no user no-such-user");
}

static int ask_for_root_as_nobody(void)
{
	struct identity identity;

	if (setuid(getpwnam("nobody")->pw_uid))
		return 1;
	if (privilege_find("root", &identity, &why))
		return 2;
	if (!strstr(why.text, "only root can become user root"))
		return 3;
	return privilege_find("nobody", &identity, &why) ? 0 : 4;
}

static void only_root_can_choose(void **state)
{
	(void)state;
	need_root();
	assert_exits(ask_for_root_as_nobody, 0);
}

/* --- giving up --- */

static bool has(const char *line)
{
	FILE *file = fopen("/proc/self/status", "r");
	char text[256];
	bool found = false;

	while (file && fgets(text, sizeof(text), file))
		found |= !strcmp(text, line);
	if (file)
		fclose(file);
	return found;
}

static bool drop_to(const char *user, enum privilege_kept kept)
{
	struct identity identity;

	return privilege_find(user, &identity, &why) &&
	       privilege_drop(&identity, kept, &why);
}

static int drop_all(void)
{
	if (!drop_to("nobody", PRIVILEGE_NONE))
		return 1;
	if (getuid() != getpwnam("nobody")->pw_uid || geteuid() != getuid())
		return 2;
	if (!setuid(0) || !setgid(0))
		return 3;
	if (!has("CapEff:\t0000000000000000\n") ||
	    !has("CapPrm:\t0000000000000000\n") ||
	    !has("CapInh:\t0000000000000000\n") ||
	    !has("CapAmb:\t0000000000000000\n") ||
	    !has("CapBnd:\t0000000000000000\n"))
		return 4;
	return has("NoNewPrivs:\t1\n") ? 0 : 5;
}

static void all_is_given_up_for_good(void **state)
{
	(void)state;
	need_root();
	assert_exits(drop_all, 0);
}

static int drop_as_root(void)
{
	if (!drop_to("root", PRIVILEGE_NONE))
		return 1;
	return has("CapEff:\t0000000000000000\n") &&
	       has("CapBnd:\t0000000000000000\n") ? 0 : 2;
}

static void root_without_another_user_has_no_capability_either(void **state)
{
	(void)state;
	need_root();
	assert_exits(drop_as_root, 0);
}

static int keep_net_admin(void)
{
	if (!drop_to("nobody", PRIVILEGE_NET_ADMIN))
		return 1;
	if (getuid() != getpwnam("nobody")->pw_uid)
		return 2;
	if (!has("CapEff:\t0000000000001000\n") ||
	    !has("CapPrm:\t0000000000001000\n"))
		return 3;
	if (!privilege_use_net_admin(false, &why) ||
	    !has("CapEff:\t0000000000000000\n"))
		return 4;
	return privilege_use_net_admin(true, &why) &&
	       has("CapEff:\t0000000000001000\n") ? 0 : 5;
}

static void net_admin_is_kept_and_put_aside(void **state)
{
	(void)state;
	need_root();
	assert_exits(keep_net_admin, 0);
}

static int drop_what_is_not_there(void)
{
	if (setuid(getpwnam("nobody")->pw_uid))
		return 1;
	return drop_to("", PRIVILEGE_NET_ADMIN) &&
	       privilege_use_net_admin(false, &why) &&
	       privilege_use_net_admin(true, &why) &&
	       has("CapEff:\t0000000000000000\n") ? 0 : 2;
}

static void one_without_privileges_has_none_to_give_up(void **state)
{
	(void)state;
	need_root();
	assert_exits(drop_what_is_not_there, 0);
}

/* --- the filter --- */

static int filter_switch(void)
{
	int pair[2];

	if (pipe(pair) || !privilege_filter(PRIVILEGE_SWITCH, &why))
		return 1;
	if (write(pair[1], "x", 1) != 1 || timerfd_create(CLOCK_MONOTONIC, 0) < 0 ||
	    socket(AF_UNIX, SOCK_DGRAM, 0) < 0)
		return 2;
	if (socket(AF_INET, SOCK_STREAM, 0) >= 0 || errno != EPERM)
		return 3;
	if (socket(AF_PACKET, SOCK_RAW, 0) >= 0 || errno != EPERM)
		return 4;
	if (setgroups(0, NULL) >= 0 || errno != EPERM)
		return 5;
	return 0;
}

static void a_switch_does_its_work_and_nothing_else(void **state)
{
	(void)state;
	assert_exits(filter_switch, 0);
}

static int filter_netadmin(void)
{
	if (!privilege_filter(PRIVILEGE_NETADMIN, &why))
		return 1;
	if (socket(AF_NETLINK, SOCK_RAW, 0) < 0 ||
	    socket(AF_INET, SOCK_DGRAM, 0) < 0)
		return 2;
	if (socket(AF_PACKET, SOCK_RAW, 0) >= 0 || errno != EPERM)
		return 3;
	return unlink("/nowhere") < 0 && errno == EPERM ? 0 : 4;
}

static void who_sets_up_devices_has_netlink_and_no_files(void **state)
{
	(void)state;
	assert_exits(filter_netadmin, 0);
}

static int execute(void)
{
	if (!privilege_filter(PRIVILEGE_SWITCH, &why))
		return 1;
	execl("/bin/true", "true", NULL);
	return 2;
}

static int trace(void)
{
	if (!privilege_filter(PRIVILEGE_NETADMIN, &why))
		return 1;
	ptrace(PTRACE_TRACEME, 0, NULL, NULL);
	return 2;
}

static void whoever_executes_or_traces_is_killed(void **state)
{
	(void)state;
	assert_int_equal(in_child(execute) & 0x7f, SIGSYS);
	assert_int_equal(in_child(trace) & 0x7f, SIGSYS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nobody_in_particular_is_who_starts_it_or_lguest),
		cmocka_unit_test(a_user_is_found_by_name),
		cmocka_unit_test(only_root_can_choose),
		cmocka_unit_test(all_is_given_up_for_good),
		cmocka_unit_test(root_without_another_user_has_no_capability_either),
		cmocka_unit_test(net_admin_is_kept_and_put_aside),
		cmocka_unit_test(one_without_privileges_has_none_to_give_up),
		cmocka_unit_test(a_switch_does_its_work_and_nothing_else),
		cmocka_unit_test(who_sets_up_devices_has_netlink_and_no_files),
		cmocka_unit_test(whoever_executes_or_traces_is_killed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
