/* SPDX-License-Identifier: GPL-2.0 */
/*
 * request.h - what requests of the control socket (control.h) mean.  A request
 * is a JSON object that comes from anybody who may connect: each member is
 * checked, and one that its verb does not know is an error.
 *
 *	verb		members		result
 *	ping				{}
 *	version				version, name
 *	show				the switch as a whole
 *	config				config: a configuration file that, loaded,
 *					gives the same switch
 *	ports		[port] P	ports: settings, state, counters
 *	stats		[port] P	ports: every counter, and reasons of drops
 *	slots		port		slots: who is on a net
 *	fdb		[port] P	entries: learned and static addresses
 *	matrix		[port] P	pairs: who sent how much to whom
 *	mirrors				mirrors
 *	faults		P		faults, with what they did so far
 *	set		[ageing] [fdb-max] [control-frames]
 *	set		port, change	change: "vlan=10,storm=100"
 *	add		word, value	word: net, tap, vxlan
 *	del		port
 *	mirror		mirror		"to=PORT,from=PORT+PORT"
 *	mirror		remove		PORT[:SLOT], where it goes to
 *	fault		fault		"FROM>TO,delay=10ms"
 *	fault		remove		"FROM>TO"
 *	static		static		"MAC,port=PORT[,vlan=V]"
 *	static		remove		the same
 *	flush		[port]		forgets what was learned
 *	down, up	end		PORT[:SLOT]
 *	reload				applied, failed: see reload.h
 *
 * Verbs with a P give up to 1000 at once.  If there are more, the result has a
 * member "next", and the same request with "from" set to that gives those.
 * (limit: fewer than 1000 at once.)  What changes in between may be missed.
 * guide: C:400
 */
#ifndef LGSWITCH_REQUEST_H
#define LGSWITCH_REQUEST_H

#include <jansson.h>
#include <stdbool.h>

#include "switch.h"
#include "why.h"

#define REQUEST_PAGE_MAX	1000

/* Whom requests are about; the context of control_answerer.answer. */
struct request_target {
	struct lgswitch *sw;
	/* Read the configuration anew: what "reload" does.  Its result. */
	json_t *(*reload)(void *context, struct why *why);
	void *reload_context;
};

/* For struct control_answerer; @context is a struct request_target. */
json_t *request_answer(void *context, json_t *request, bool looking,
		       struct why *why);

/* --- for request_*.c --- */

/* A verb. */
struct request_verb {
	const char *name;
	const char *members;		/* that it takes: " port limit from " */
	bool changes;			/* more than looking */
	json_t *(*answer)(struct request_target *target, json_t *request,
			  struct why *why);
};

/* Both end with one that has no name. */
extern const struct request_verb request_shows[], request_changes[];

/*
 * A member that is a string; *@value is NULL if it is not there, which is an
 * error if it is @needed.
 */
bool request_string(json_t *request, const char *name, bool needed,
		    const char **value, struct why *why);

/* A member that is an integer from 0 to @max; *@there if it is. */
bool request_number(json_t *request, const char *name, json_int_t max,
		    json_int_t *value, bool *there, struct why *why);

/* The port that member "port" names; NULL if there is none of that. */
bool request_port(struct lgswitch *sw, json_t *request, bool needed,
		  struct port **port, struct why *why);

#endif
