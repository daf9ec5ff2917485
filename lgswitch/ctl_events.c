// SPDX-License-Identifier: GPL-2.0
/*
 * ctl_events.c - what happens to a switch, line by line as it happens.
 * guide: C:465
 */
#include <time.h>

#include "ctl.h"
#include "session.h"
#include "text.h"

/* There may be nothing for days; a dead switch shows at once. */
#define PATIENCE_MS	INT32_MAX

static void print_people(const struct ctl *ctl, json_t *news)
{
	time_t now = time(NULL);
	char text[1024], clock[16];
	struct tm local;

	localtime_r(&now, &local);
	strftime(clock, sizeof(clock), "%H:%M:%S", &local);
	text_printable(text, sizeof(text), ctl_text(news, "text"),
		       sizeof(text));
	fprintf(ctl->out, "%s %s\n", clock, text);
}

static void print(const struct ctl *ctl, json_t *news, json_int_t *missed)
{
	json_int_t all = ctl_number(news, "missed");

	if (ctl->json) {
		json_object_del(news, "id");
		json_dumpf(news, ctl->out, SESSION_JSON);
		fputc('\n', ctl->out);
		return;
	}
	if (all > *missed)
		fprintf(ctl->out, "(%lld before this were missed)\n",
			(long long)(all - *missed));
	*missed = all;
	print_people(ctl, news);
}

bool ctl_events(struct ctl *ctl, unsigned long count, struct why *why)
{
	json_t *news = ctl_link_call(&ctl->link,
				     json_pack("{s:s}", "verb", "events"),
				     why);
	json_int_t missed = 0;
	unsigned long shown;

	if (!news)
		return false;
	json_decref(news);
	for (shown = 0; !count || shown < count; shown++) {
		news = ctl_link_next(&ctl->link, PATIENCE_MS, why);
		if (!news)
			return false;
		print(ctl, news, &missed);
		json_decref(news);
		if (fflush(ctl->out))
			return why_fail(why, "cannot write to standard output: %m");
	}
	return true;
}
