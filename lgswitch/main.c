// SPDX-License-Identifier: GPL-2.0
/*
 * main.c - lgswitch: a switch between nets of guests and network devices of
 * this host.  Start reading here; switch.h goes on.
 */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "log.h"
#include "options.h"
#include "switch.h"
#include "version.h"

enum { ENDED_WELL, FAILED };

/*
 * Whoever starts us with one of the standard files closed would have our own
 * files take its place, and messages written into them.
 */
static void fill_standard_files(void)
{
	int fd;

	do {
		fd = open("/dev/null", O_RDWR);
	} while (fd >= 0 && fd <= STDERR_FILENO);
	if (fd >= 0)
		close(fd);
}

/* Say so if what was asked for could not be printed. */
static int printed(void)
{
	if (!fflush(stdout) && !ferror(stdout))
		return ENDED_WELL;
	log_error("cannot write to standard output: %m");
	return FAILED;
}

static void signal_ready(struct event_file *file, uint32_t events)
{
	struct signalfd_siginfo info;

	(void)events;
	if (read(file->fd, &info, sizeof(info)) == sizeof(info))
		switch_stop(file->context);
}

/* Signals are read from a file, when the switch has time for them. */
static int open_signals(struct why *why)
{
	sigset_t signals;
	int fd;

	sigemptyset(&signals);
	sigaddset(&signals, SIGTERM);
	sigaddset(&signals, SIGINT);
	sigprocmask(SIG_BLOCK, &signals, NULL);
	signal(SIGPIPE, SIG_IGN);
	fd = signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK);
	if (fd < 0)
		why_fail(why, "cannot get signals: %m");
	return fd;
}

static bool run(const struct switch_config *config, struct why *why)
{
	static struct lgswitch sw;
	struct event_file signals = {
		.events = EPOLLIN, .ready = signal_ready, .context = &sw,
	};
	bool good;

	signals.fd = open_signals(why);
	if (signals.fd < 0 || !switch_open(&sw, config, why))
		return false;
	good = events_add(&sw.events, &signals, why);
	if (good) {
		log_notice("%s is ready", sw.name);
		good = switch_run(&sw, why);
	}
	switch_close(&sw);
	return good;
}

static int act(const struct switch_config *config)
{
	struct why why;

	switch (config->action) {
	case CONFIG_HELP:
		options_help(stdout);
		return printed();
	case CONFIG_VERSION:
		printf("lgswitch " LGUEST_VERSION "\n");
		return printed();
	case CONFIG_RUN:
		break;
	}
	log_init("lgswitch", config->verbose);
	if (run(config, &why))
		return ENDED_WELL;
	log_error("%s", why.text);
	return FAILED;
}

int main(int argc, char **argv)
{
	struct switch_config config;
	struct why why;
	int status;

	(void)argc;
	fill_standard_files();
	log_init("lgswitch", false);
	config_init(&config);
	/* Even a program's own name may be missing. */
	if (!options_parse(*argv ? argv + 1 : argv, &config, &why)) {
		log_error("%s", why.text);
		return FAILED;
	}
	status = act(&config);
	config_free(&config);
	return status;
}
