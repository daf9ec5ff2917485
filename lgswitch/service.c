// SPDX-License-Identifier: GPL-2.0
/*
 * service.c - runs a switch.  See service.h.
 */
#include <signal.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "log.h"
#include "manage.h"
#include "notify.h"
#include "privilege.h"
#include "service.h"
#include "switch.h"
#include "tell.h"
#include "uplink.h"

struct service {
	struct lgswitch sw;
	struct manage manage;
	char **argv;
	struct event_file signals, devices;
	struct event_tick watchdog;
};

/* --- signals --- */

static void signal_ready(struct event_file *file, uint32_t events)
{
	struct service *service = file->context;
	struct signalfd_siginfo info;

	(void)events;
	if (read(file->fd, &info, sizeof(info)) != sizeof(info))
		return;
	if (info.ssi_signo == SIGHUP) {
		manage_reload(&service->manage);
		return;
	}
	log_notice("ending, because of signal %s",
		   sigabbrev_np(info.ssi_signo));
	switch_stop(&service->sw);
}

/* They are read from a file, when the switch has time for them. */
static bool open_signals(struct service *service, struct why *why)
{
	sigset_t signals;
	int fd;

	sigemptyset(&signals);
	sigaddset(&signals, SIGTERM);
	sigaddset(&signals, SIGINT);
	sigaddset(&signals, SIGHUP);
	sigprocmask(SIG_BLOCK, &signals, NULL);
	signal(SIGPIPE, SIG_IGN);
	fd = signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK);
	if (fd < 0)
		return why_fail(why, "cannot get signals: %m");
	service->signals = (struct event_file){
		.fd = fd, .events = EPOLLIN,
		.ready = signal_ready, .context = service,
	};
	return true;
}

/* --- what its devices tell --- */

static void devices_ready(struct event_file *file, uint32_t events)
{
	struct service *service = file->context;
	struct uplink_event event;

	if (events & (EPOLLERR | EPOLLHUP)) {
		events_remove(&service->sw.events, file);
		log_error("the process that sets up network devices has ended: until this switch is started again it can add and remove no taps");
	}
	while (uplink_next(&event))
		tell(&service->sw, SWITCH_PORT_CHANGED,
		     switch_find(&service->sw, event.tap, NULL),
		     "the link of port %s is %s: %s", event.tap,
		     event.carrier ? "up" : "down", event.text);
}

static bool watch_devices(struct service *service, struct why *why)
{
	service->devices = (struct event_file){
		.fd = uplink_events(), .events = EPOLLIN,
		.ready = devices_ready, .context = service,
	};
	return service->devices.fd < 0 ||
	       events_add(&service->sw.events, &service->devices, why);
}

/* --- the service manager --- */

static void alive(struct event_tick *tick, uint64_t now_ns)
{
	(void)tick;
	(void)now_ns;
	notify_alive();
}

static void start_watchdog(struct service *service)
{
	service->watchdog = (struct event_tick){
		.every_ns = notify_watchdog_ns(), .tick = alive,
	};
	if (service->watchdog.every_ns)
		events_add_tick(&service->sw.events, &service->watchdog);
}

/* --- its life --- */

/* All is set up: what is needed for that only is given up. */
static bool give_up_powers(const struct identity *identity, struct why *why)
{
	return uplink_settle(why) &&
	       privilege_drop(identity, PRIVILEGE_NONE, why) &&
	       privilege_filter(PRIVILEGE_SWITCH, why);
}

static bool open_manage(struct service *service,
			const struct identity *identity, struct why *why)
{
	uid_t owner = identity->is_other ? identity->user : geteuid();
	gid_t group = identity->is_other ? identity->group : getegid();

	return manage_open(&service->manage, &service->sw, service->argv,
			   owner, group, why);
}

static bool run_managed(struct service *service,
			const struct identity *identity, struct why *why)
{
	struct lgswitch *sw = &service->sw;

	if (!events_add(&sw->events, &service->signals, why) ||
	    !watch_devices(service, why) || !give_up_powers(identity, why))
		return false;
	start_watchdog(service);
	log_notice("%s is ready", sw->name);
	notify_ready(sw->name);
	if (!switch_run(sw, why))
		return false;
	notify_stopping();
	return true;
}

static bool run_switch(struct service *service,
		       const struct identity *identity, struct why *why)
{
	bool good = open_manage(service, identity, why);

	if (good) {
		good = run_managed(service, identity, why);
		manage_close(&service->manage);
	}
	return good;
}

static bool run(struct service *service, const struct switch_config *config,
		const struct identity *identity, struct why *why)
{
	bool good;

	if (!open_signals(service, why))
		return false;
	good = switch_open(&service->sw, config, why);
	if (good) {
		good = run_switch(service, identity, why);
		switch_close(&service->sw);
	}
	close(service->signals.fd);
	return good;
}

bool service_run(const struct switch_config *config, char **argv,
		 struct why *why)
{
	static struct service service;
	struct identity identity;
	char name[CONFIG_NAME];
	bool good;

	service.argv = argv;
	config_get_name(config, name);
	if (!config_check(config, why) ||
	    !privilege_find(config->user, &identity, why) ||
	    !uplink_start(name, &identity, why))
		return false;
	good = run(&service, config, &identity, why);
	uplink_stop();
	return good;
}
