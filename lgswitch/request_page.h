/* SPDX-License-Identifier: GPL-2.0 */
/*
 * request_page.h - a table may be long, and the switch shall not stand still
 * while it is shown: each request gives a page of it, which is gathered here.
 * And what results are made of.
 * guide: C:405
 */
#ifndef LGSWITCH_REQUEST_PAGE_H
#define LGSWITCH_REQUEST_PAGE_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "request.h"
#include "why.h"

/* A page of a table: entries from a place on, as many as there may be. */
struct request_page {
	json_t *rows;
	json_int_t from, limit;
	json_int_t place;		/* of the entry that is looked at */
	json_int_t next;		/* where the next page begins; -1 */
};

/* As the members "from" and "limit" of @request say. */
bool request_page_open(struct request_page *page, json_t *request,
		       struct why *why);

/* Shall the entry at @place be on this page?  Places only grow. */
bool request_page_wants(struct request_page *page, json_int_t place);

/* {@name: rows}, and where the next page begins. */
json_t *request_page_result(struct request_page *page, const char *name);

/* Members; text that others have written is made harmless. */
void request_set_text(json_t *object, const char *name, const char *text);
void request_set_count(json_t *object, const char *name, uint64_t count);

/* --- request_tables.c: the verbs of these names --- */

json_t *request_fdb(struct request_target *target, json_t *request,
		    struct why *why);
json_t *request_matrix(struct request_target *target, json_t *request,
		       struct why *why);
json_t *request_mirrors(struct request_target *target, json_t *request,
			struct why *why);
json_t *request_faults(struct request_target *target, json_t *request,
		       struct why *why);

#endif
