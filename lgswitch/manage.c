// SPDX-License-Identifier: GPL-2.0
/*
 * manage.c - opens the control socket of a switch, and reads its configuration
 * again.  See manage.h.
 */
#include <errno.h>
#include <grp.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "configfile.h"
#include "folder.h"
#include "log.h"
#include "manage.h"
#include "notify.h"
#include "reload.h"

/* --- reading the configuration again --- */

static void add_line(json_t *result, const char *list, const char *change,
		     const struct why *why)
{
	json_array_append_new(json_object_get(result, list),
			      json_sprintf("%s%s%s", change, why ? ": " : "",
					   why ? why->text : ""));
}

static void note(struct reload *reload, const char *change,
		 const struct why *why)
{
	if (why)
		log_error("reload: %s: %s", change, why->text);
	else
		log_notice("reload: %s", change);
	add_line(reload->context, why ? "failed" : "done", change, why);
}

static bool read_again(struct manage *manage, struct switch_config *config,
		       struct why *why)
{
	config_init(config);
	if (configfile_read(manage->words, config, why) &&
	    config_check(config, why))
		return true;
	config_free(config);
	return false;
}

static json_t *reload(struct manage *manage, struct why *why)
{
	struct switch_config wanted;
	struct reload reload = { .tell = note };
	json_t *result;

	if (!read_again(manage, &wanted, why))
		return NULL;
	result = json_pack("{s:[],s:[]}", "done", "failed");
	reload.context = result;
	if (result && !reload_apply(&reload, manage->sw, &wanted, why)) {
		json_decref(result);
		result = NULL;
	}
	config_free(&wanted);
	return result;
}

static json_t *answer_reload(void *context, struct why *why)
{
	return reload(context, why);
}

void manage_reload(struct manage *manage)
{
	json_t *result;
	struct why why;

	if (!*manage->sw->settings.file) {
		log_notice("there is no configuration file (--config) to read again");
		return;
	}
	notify_reloading();
	result = reload(manage, &why);
	if (!result)
		log_error("cannot read the configuration again, so all stays as it is: %s",
			  why.text);
	else
		log_notice("%s has been read again: %zu changes, %zu failed",
			   manage->sw->settings.file,
			   json_array_size(json_object_get(result, "done")),
			   json_array_size(json_object_get(result, "failed")));
	json_decref(result);
	notify_ready(manage->sw->name);
}

/* --- what happens --- */

static const char *const event_words[SWITCH_EVENTS] = {
	[SWITCH_PORT_ADDED] = "port-added",
	[SWITCH_PORT_REMOVED] = "port-removed",
	[SWITCH_PORT_CHANGED] = "port-changed",
	[SWITCH_SLOT_CHANGED] = "slot-changed",
	[SWITCH_SAME_MAC] = "same-mac",
	[SWITCH_LOOP] = "loop",
};

static void pass_on(struct lgswitch *sw, enum switch_event event,
		    const struct port *port, const char *text)
{
	struct manage *manage = sw->notify_context;

	control_tell(&manage->control, event_words[event],
		     port ? port->config.name : NULL, text);
}

/* --- the control socket --- */

static void control_ready(struct event_file *file, uint32_t events)
{
	(void)events;
	control_handle(file->context);
}

static bool find_group(const char *name, gid_t *group, struct why *why)
{
	const struct group *found;

	if (!*name)
		return true;
	errno = 0;
	found = getgrnam(name);
	if (!found)
		return why_fail(why, "--control-group: there is no group %s",
				name);
	*group = found->gr_gid;
	return true;
}

static bool open_control(struct manage *manage, const char *path, uid_t owner,
			 gid_t group, struct why *why)
{
	const struct control_answerer answerer = { request_answer,
						   &manage->target };

	if (!control_open(&manage->control, path, group, &answerer, why))
		return false;
	manage->file = (struct event_file){
		.fd = control_fd(&manage->control),
		.events = EPOLLIN,
		.ready = control_ready,
		.context = &manage->control,
	};
	if (owner != geteuid() && chown(path, owner, -1))
		why_fail(why, "cannot give %s to user %u: %m", path, owner);
	else if (events_add(&manage->sw->events, &manage->file, why))
		return true;
	control_close(&manage->control);
	return false;
}

/*
 * Who has no place for a socket, and did not ask for one, can do without: it
 * carries frames all the same.
 */
static bool open_default(struct manage *manage, uid_t owner, gid_t group,
			 struct why *why)
{
	char path[FOLDER_PATH] = "";
	struct folders folders;

	folders_list(&folders);
	if (folders_place(&folders, manage->sw->name, owner, path, why))
		return open_control(manage, path, owner, group, why);
	log_notice("no control socket: %s", why->text);
	return control_open(&manage->control, "", group, NULL, why);
}

bool manage_open(struct manage *manage, struct lgswitch *sw, char **words,
		 uid_t owner, gid_t group, struct why *why)
{
	const struct switch_config *settings = &sw->settings;

	*manage = (struct manage){ .sw = sw, .words = words };
	manage->target.sw = sw;
	if (*settings->file) {
		manage->target.reload = answer_reload;
		manage->target.reload_context = manage;
	}
	if (!find_group(settings->control_group, &group, why) ||
	    !(*settings->control ?
	      open_control(manage, settings->control, owner, group, why) :
	      open_default(manage, owner, group, why)))
		return false;
	sw->notify = pass_on;
	sw->notify_context = manage;
	return true;
}

void manage_close(struct manage *manage)
{
	manage->sw->notify = NULL;
	if (control_fd(&manage->control) < 0)
		return;
	events_remove(&manage->sw->events, &manage->file);
	control_close(&manage->control);
}
