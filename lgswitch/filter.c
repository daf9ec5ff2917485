// SPDX-License-Identifier: GPL-2.0
/*
 * filter.c - which system calls each of our processes may make: a seccomp
 * filter.  See privilege.h.
 *
 * The lists are of what the code here, libc, libnl and sd_notify() use.  A
 * call that is missing shows as EPERM and in the kernel's log (audit), with its
 * number.
 * guide: C:100
 */
#include <errno.h>
#include <linux/sched.h>
#include <sys/socket.h>
#include <unistd.h>

#include <seccomp.h>

#include "array.h"
#include "privilege.h"

/* Memory, time, signals and the end: everybody needs those. */
static const int common[] = {
	SCMP_SYS(brk), SCMP_SYS(clock_getres), SCMP_SYS(clock_gettime),
	SCMP_SYS(clock_nanosleep), SCMP_SYS(close), SCMP_SYS(exit),
	SCMP_SYS(exit_group), SCMP_SYS(fcntl), SCMP_SYS(fstat),
	SCMP_SYS(futex), SCMP_SYS(getegid), SCMP_SYS(geteuid),
	SCMP_SYS(getgid), SCMP_SYS(getpid), SCMP_SYS(getppid),
	SCMP_SYS(getrandom), SCMP_SYS(gettid), SCMP_SYS(gettimeofday),
	SCMP_SYS(getuid), SCMP_SYS(ioctl), SCMP_SYS(lseek),
	SCMP_SYS(madvise), SCMP_SYS(mmap), SCMP_SYS(mprotect),
	SCMP_SYS(mremap), SCMP_SYS(munmap), SCMP_SYS(nanosleep),
	SCMP_SYS(newfstatat), SCMP_SYS(openat), SCMP_SYS(poll),
	SCMP_SYS(ppoll), SCMP_SYS(read), SCMP_SYS(readv),
	SCMP_SYS(recvfrom), SCMP_SYS(recvmsg), SCMP_SYS(restart_syscall),
	SCMP_SYS(rt_sigaction), SCMP_SYS(rt_sigprocmask),
	SCMP_SYS(rt_sigreturn), SCMP_SYS(sched_yield), SCMP_SYS(sendmsg),
	SCMP_SYS(sendto), SCMP_SYS(sigaltstack), SCMP_SYS(statx),
	SCMP_SYS(tgkill), SCMP_SYS(time), SCMP_SYS(uname),
	SCMP_SYS(write), SCMP_SYS(writev),
};

/* Waiting, the control socket, files of configurations and of nets. */
static const int of_switch[] = {
	SCMP_SYS(accept4), SCMP_SYS(access), SCMP_SYS(bind),
	SCMP_SYS(chmod), SCMP_SYS(chown), SCMP_SYS(connect),
	SCMP_SYS(dup), SCMP_SYS(dup2), SCMP_SYS(dup3),
	SCMP_SYS(epoll_create1), SCMP_SYS(epoll_ctl),
	SCMP_SYS(epoll_pwait), SCMP_SYS(epoll_pwait2),
	SCMP_SYS(epoll_wait), SCMP_SYS(eventfd2), SCMP_SYS(faccessat),
	SCMP_SYS(faccessat2), SCMP_SYS(fchmod), SCMP_SYS(fchmodat),
	SCMP_SYS(fchown), SCMP_SYS(fchownat), SCMP_SYS(flock),
	SCMP_SYS(ftruncate), SCMP_SYS(getcwd), SCMP_SYS(getdents64),
	SCMP_SYS(getpeername), SCMP_SYS(getsockname),
	SCMP_SYS(getsockopt), SCMP_SYS(listen), SCMP_SYS(lstat),
	SCMP_SYS(memfd_create), SCMP_SYS(open), SCMP_SYS(pipe2),
	SCMP_SYS(pread64), SCMP_SYS(pwrite64), SCMP_SYS(readlink),
	SCMP_SYS(readlinkat), SCMP_SYS(recvmmsg), SCMP_SYS(sendmmsg),
	SCMP_SYS(setsockopt), SCMP_SYS(shutdown), SCMP_SYS(signalfd4),
	SCMP_SYS(stat), SCMP_SYS(timerfd_create),
	SCMP_SYS(timerfd_gettime), SCMP_SYS(timerfd_settime),
	SCMP_SYS(umask), SCMP_SYS(unlink), SCMP_SYS(unlinkat),
	SCMP_SYS(wait4), SCMP_SYS(waitid),
};

/* Netlink; capabilities, which it uses or puts aside; names of users. */
static const int of_netadmin[] = {
	SCMP_SYS(access), SCMP_SYS(bind), SCMP_SYS(capget),
	SCMP_SYS(capset), SCMP_SYS(connect), SCMP_SYS(faccessat),
	SCMP_SYS(faccessat2), SCMP_SYS(getsockname),
	SCMP_SYS(getsockopt), SCMP_SYS(open), SCMP_SYS(pread64),
	SCMP_SYS(prctl), SCMP_SYS(setsockopt),
};

/* Whoever calls these is not us any more. */
static const int deadly[] = {
	SCMP_SYS(execve), SCMP_SYS(execveat), SCMP_SYS(fork),
	SCMP_SYS(vfork), SCMP_SYS(ptrace), SCMP_SYS(process_vm_readv),
	SCMP_SYS(process_vm_writev), SCMP_SYS(kexec_load),
	SCMP_SYS(init_module), SCMP_SYS(finit_module), SCMP_SYS(bpf),
	SCMP_SYS(mount), SCMP_SYS(setns), SCMP_SYS(unshare),
	SCMP_SYS(pivot_root), SCMP_SYS(chroot), SCMP_SYS(reboot),
};

static int allow(scmp_filter_ctx filter, const int *calls, size_t count)
{
	int status = 0;
	size_t i;

	for (i = 0; i < count && !status; i++)
		status = seccomp_rule_add(filter, SCMP_ACT_ALLOW, calls[i], 0);
	return status;
}

static int deny_deadly(scmp_filter_ctx filter)
{
	int status = 0;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(deadly) && !status; i++)
		status = seccomp_rule_add(filter, SCMP_ACT_KILL_PROCESS,
					  deadly[i], 0);
	return status;
}

/* Sockets of one kind: no network of our own, in particular no raw one. */
static int allow_sockets(scmp_filter_ctx filter, int family)
{
	return seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(socket), 1,
				SCMP_A0(SCMP_CMP_EQ, family));
}

static int fill(scmp_filter_ctx filter, enum privilege_role role)
{
	int status = allow(filter, common, ARRAY_SIZE(common));

	if (!status)
		status = deny_deadly(filter);
	/* The service manager's, and the control socket's. */
	if (!status)
		status = allow_sockets(filter, AF_UNIX);
	if (status || role == PRIVILEGE_SWITCH)
		return status ? status : allow(filter, of_switch,
					       ARRAY_SIZE(of_switch));
	status = allow_sockets(filter, AF_NETLINK);
	/* (For the ioctls that turn a device's name into its number.) */
	if (!status)
		status = allow_sockets(filter, AF_INET);
	return status ? status : allow(filter, of_netadmin,
				       ARRAY_SIZE(of_netadmin));
}

bool privilege_filter(enum privilege_role role, struct why *why)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(EPERM));
	int status = -ENOMEM;

	if (filter) {
		/* Kernels before 4.14 cannot log; then they do not. */
		seccomp_attr_set(filter, SCMP_FLTATR_CTL_LOG, 1);
		/* Optimized for the many calls that carry frames. */
		seccomp_attr_set(filter, SCMP_FLTATR_CTL_OPTIMIZE, 2);
		status = fill(filter, role);
		if (!status)
			status = seccomp_load(filter);
		seccomp_release(filter);
	}
	errno = -status;
	return !status ||
	       why_fail(why, "cannot restrict our system calls: %m");
}
