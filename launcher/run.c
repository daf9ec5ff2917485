// SPDX-License-Identifier: GPL-2.0
/*
 * run.c - the launcher's main thread: it creates the guest, serves its devices
 * while another thread runs it, notices how it ends and cleans up.
 *
 * Leaving while the guest runs needs no agreement with that thread: the
 * process exits, and the kernel takes guest and thread away.
 * guide: L:110
 */
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/signalfd.h>
#include <time.h>
#include <unistd.h>

#include "array.h"
#include "block.h"
#include "console.h"
#include "device.h"
#include "guest.h"
#include "log.h"
#include "netdev.h"
#include "pidfile.h"
#include "run.h"

/* How long output may take that is left when we are told to go. */
#define GRACE_MS	1000

/* What tells us to go; the guest's terminal is to be restored then. */
static const int go_signals[] = {
	SIGTERM, SIGHUP, SIGINT, SIGQUIT, SIGUSR1, SIGUSR2, SIGALRM,
	SIGVTALRM, SIGPROF, SIGXCPU,
};

struct run {
	const struct config *config;
	int (*open_host)(struct why *why);
	struct loop loop;
	struct device_list devices;
	struct console console;
	/* As in config->device: */
	struct block block[CONFIG_DEVICES_MAX];
	struct netdev net[CONFIG_DEVICES_MAX];
	struct netdev_owner net_owner;
	struct guest guest;
	bool console_is_open;
	struct pidfile pidfile;
	struct watch signals;
	int signal;			/* the first that told us to go, or 0 */
};

static void signalled(void *context)
{
	struct run *run = context;
	struct signalfd_siginfo info;

	while (read(run->signals.fd, &info, sizeof(info)) == sizeof(info))
		if (!run->signal)
			run->signal = info.ssi_signo;
}

/* Whoever started us may have chosen to ignore some, as nohup does. */
static void choose_signals(sigset_t *set)
{
	struct sigaction action;
	size_t i;

	sigemptyset(set);
	for (i = 0; i < ARRAY_SIZE(go_signals); i++)
		if (!sigaction(go_signals[i], NULL, &action) &&
		    action.sa_handler != SIG_IGN)
			sigaddset(set, go_signals[i]);
}

/* Blocked here, so in every thread: they arrive by the loop only. */
static bool watch_signals(struct run *run, struct why *why)
{
	sigset_t set;

	choose_signals(&set);
	pthread_sigmask(SIG_BLOCK, &set, NULL);
	/* A write() that cannot be shall say so instead. */
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN);
	run->signals = (struct watch){
		.fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK),
		.events = EPOLLIN,
		.changed = signalled,
		.context = run,
	};
	if (run->signals.fd < 0)
		return why_fail(why, "cannot create a signalfd: %m");
	return loop_add(&run->loop, &run->signals, why);
}

/* What the guest will have, in the order of the options; nothing is opened. */
static void list_devices(struct run *run)
{
	unsigned int i;

	device_list_init(&run->devices);
	console_init(&run->console, &run->devices);
	netdev_own(&run->net_owner, run->config->name, run->config->is_named);
	for (i = 0; i < run->config->devices; i++)
		if (run->config->device[i].type == LGUEST_DEVICE_BLOCK)
			block_init(&run->block[i], &run->devices);
		else
			netdev_init(&run->net[i], &run->net_owner,
				    &run->config->device[i].net,
				    &run->devices);
}

static bool open_disks(struct run *run, struct why *why)
{
	unsigned int i;

	for (i = 0; i < run->config->devices; i++)
		if (run->config->device[i].type == LGUEST_DEVICE_BLOCK &&
		    !(block_open(&run->block[i], &run->config->device[i].block,
				 why) &&
		      block_start(&run->block[i], why)))
			return false;
	return true;
}

static bool prepare(struct run *run, struct why *why)
{
	list_devices(run);
	return loop_open(&run->loop, why) && watch_signals(run, why) &&
	       device_open(&run->devices, &run->loop, why) &&
	       open_disks(run, why);
}

/* Those that are open already stay so for the next guest. */
static bool open_nets(struct run *run, struct why *why)
{
	unsigned int i;

	for (i = 0; i < run->config->devices; i++)
		if (run->config->device[i].type == LGUEST_DEVICE_NET &&
		    !netdev_open(&run->net[i], why))
			return false;
	return true;
}

static bool create(struct run *run, struct why *why)
{
	int fd = run->open_host(why);

	if (fd < 0)
		return false;
	if (!open_nets(run, why)) {
		close(fd);
		return false;
	}
	return guest_create(&run->guest, fd, run->config, &run->devices, why);
}

/*
 * The outside world hears of us only once there is a guest, and of a guest
 * that is started anew it hears nothing.
 */
static bool go_public(struct run *run, struct why *why)
{
	if (run->console_is_open)
		return true;
	run->console_is_open = true;
	return console_open(&run->console, &run->config->console,
			    run->config->name, &run->loop, why) &&
	       pidfile_create(&run->pidfile, run->config->pidfile, why);
}

static bool start(struct run *run, struct why *why)
{
	if (!create(run, why))
		return false;
	if (go_public(run, why) && guest_start(&run->guest, &run->loop, why)) {
		console_pump(&run->console);
		return true;
	}
	guest_destroy(&run->guest);
	return false;
}

static bool must_go(const struct run *run)
{
	return run->signal || run->console.user_leaves;
}

static int64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000LL + now.tv_nsec / 1000000;
}

/*
 * Let the console's reader have all that the guest wrote.  A reader who is
 * slow is waited for, unless we have to go.
 */
static void drain(struct run *run)
{
	int64_t deadline = 0;

	console_finish(&run->console);
	while (!console_is_drained(&run->console)) {
		int64_t left = -1;

		if (must_go(run)) {
			if (!deadline)
				deadline = now_ms() + GRACE_MS;
			left = deadline - now_ms();
			if (left <= 0)
				return;
		}
		loop_once(&run->loop, left);
	}
}

/*
 * The guest runs now: in a read() of /dev/lguest, on a thread that does
 * nothing else.  The main thread waits in this loop for what its devices need,
 * unless they have threads of their own.
 * guide: L:230
 */
static void serve(struct run *run)
{
	while (!run->guest.has_ended && !must_go(run))
		loop_once(&run->loop, -1);
	drain(run);
}

static bool wants_restart(const struct run *run)
{
	return run->config->restart && !must_go(run) && !run->guest.error &&
	       run->guest.exit.reason == LGUEST_EXIT_RESTART;
}

/* Guest after guest, until one does not want to be started anew. */
static bool run_guests(struct run *run, struct why *why)
{
	if (!start(run, why))
		return false;
	for (serve(run); wants_restart(run); serve(run)) {
		log_info("%s: the guest restarts", run->config->name);
		guest_destroy(&run->guest);
		if (!start(run, why))
			return false;
	}
	return true;
}

/* Give back what others could see; all else goes with the process. */
static void leave_public(struct run *run)
{
	pidfile_remove(&run->pidfile);
	if (run->console_is_open)
		console_close(&run->console);
}

/* Tell people how the guest ended, and whoever called us by the status. */
static int report_end(const struct guest *guest)
{
	const char *name = guest->name;
	char message[LGUEST_MESSAGE_MAX];

	/* It may be the guest's own words. */
	text_printable(message, sizeof(message), guest->exit.message,
		       sizeof(guest->exit.message));
	switch (guest->exit.reason) {
	case LGUEST_EXIT_POWEROFF:
		log_info("%s: guest powered off: %s", name, message);
		return RUN_POWEROFF;
	case LGUEST_EXIT_RESTART:
		log_notice("%s: guest asked for a restart (--restart would give it one)",
			   name);
		return RUN_RESTART;
	case LGUEST_EXIT_PANIC:
		log_error("%s: guest panicked: %s", name, message);
		return RUN_DIED;
	case LGUEST_EXIT_KILLED:
		log_error("%s: guest was killed by the host: %s", name,
			  message);
		return RUN_DIED;
	default:
		log_error("%s: guest ended for an unknown reason %u: %s (is lg.ko of the same build as lguest?)",
			  name, guest->exit.reason, message);
		return RUN_DIED;
	}
}

static int report(const struct run *run)
{
	if (!run->guest.has_ended && run->signal) {
		log_info("%s: ended by signal %d", run->config->name,
			 run->signal);
		return RUN_SIGNAL + run->signal;
	}
	if (!run->guest.has_ended) {
		log_info("%s: left by three ^C", run->config->name);
		return RUN_ESCAPED;
	}
	if (run->guest.error) {
		log_error("%s: cannot run the guest: %s", run->config->name,
			  strerror(run->guest.error));
		return RUN_FAILED;
	}
	return report_end(&run->guest);
}

int run(const struct config *config, int (*open_host)(struct why *why))
{
	/*
	 * Not on the stack: as we leave, the guest may end just then, and its
	 * thread still notes that here.
	 */
	static struct run run;
	struct why why;
	bool good;

	run = (struct run){ .config = config, .open_host = open_host };
	good = prepare(&run, &why) && run_guests(&run, &why);
	leave_public(&run);
	if (good)
		return report(&run);
	log_error("%s", why.text);
	return RUN_FAILED;
}

int run_dry(const struct config *config)
{
	static struct run run;
	struct plan plan;
	struct why why;

	run = (struct run){ .config = config };
	list_devices(&run);
	if (!plan_make(&plan, config, device_pages(&run.devices), &why)) {
		log_error("%s", why.text);
		return RUN_FAILED;
	}
	plan_print(&plan, stdout);
	device_print(&run.devices, stdout);
	plan_free(&plan);
	return RUN_POWEROFF;
}
