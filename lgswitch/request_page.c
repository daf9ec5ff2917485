// SPDX-License-Identifier: GPL-2.0
/*
 * request_page.c - pages of long tables, and members of results.  See
 * request_page.h.
 */
#include <limits.h>

#include "request_page.h"
#include "text.h"

bool request_page_open(struct request_page *page, json_t *request,
		       struct why *why)
{
	bool there;

	*page = (struct request_page){ .limit = REQUEST_PAGE_MAX, .next = -1 };
	if (!request_number(request, "from", INT64_MAX, &page->from, &there,
			    why) ||
	    !request_number(request, "limit", REQUEST_PAGE_MAX, &page->limit,
			    &there, why))
		return false;
	if (!page->limit)
		return why_fail(why, "'limit' must not be 0");
	page->rows = json_array();
	return page->rows;
}

bool request_page_wants(struct request_page *page, json_int_t place)
{
	if (place < page->from || page->next >= 0)
		return false;
	if ((json_int_t)json_array_size(page->rows) < page->limit)
		return true;
	page->next = place;
	return false;
}

json_t *request_page_result(struct request_page *page, const char *name)
{
	json_t *result = json_pack("{s:o}", name, page->rows);

	if (result && page->next >= 0)
		json_object_set_new(result, "next", json_integer(page->next));
	return result;
}

void request_set_text(json_t *object, const char *name, const char *text)
{
	char clean[PATH_MAX];

	text_printable(clean, sizeof(clean), text, sizeof(clean));
	json_object_set_new(object, name, json_string(clean));
}

void request_set_count(json_t *object, const char *name, uint64_t count)
{
	json_object_set_new(object, name, json_integer(count));
}
