// SPDX-License-Identifier: GPL-2.0
/*
 * filter.c - compiles and applies filter expressions.  See filter.h.
 *
 * libpcap says what is wrong with an expression but hardly ever where.  So if
 * it is, its beginnings are tried, each a word longer than the one before: the
 * first that cannot become an expression, whatever follows, ends with the word
 * that is wrong.
 * guide: C:560
 */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "array.h"
#include "filter.h"
#include "options.h"

/* What may follow a good beginning: one of these makes it an expression. */
static const char *const endings[] = {
	"", " 1", " ip", " 10.0.0.1", " = 1", " 1 = 1", "[0] = 1", " 0] = 1",
	"] = 1", " 1] = 1", " 02:00:00:00:00:01", " host 10.0.0.1",
	" host 02:00:00:00:00:01", " port 1", " 10.0.0.0/8", " 255.0.0.0",
	" 1-2",
};

/* Words that libpcap takes, but that can say nothing of a net. */
static const struct {
	const char *word;
	const char *instead;
} refused[] = {
	{ "inbound", "a net has no inside; --dst=SLOT takes what a slot receives" },
	{ "outbound", "a net has no outside; --src=SLOT takes what a slot sends" },
	{ "ifname", "there are no network devices on a net; --slot=SLOT chooses" },
	{ "on", "there are no network devices on a net; --slot=SLOT chooses" },
	{ "ifindex", "there are no network devices on a net; --slot=SLOT chooses" },
	{ "action", "no firewall speaks here; --dropped takes what was not delivered" },
	{ "reason", "no firewall speaks here; --dropped takes what was not delivered" },
};

/* --- words of an expression --- */

static bool is_symbol(char c)
{
	return c && strchr("()[]!&|=<>+*/^%", c);
}

/* Skips blanks to the next word, and tells its length; 0: there is none. */
static size_t next_word(const char **at)
{
	const char *end;

	while (isspace((unsigned char)**at))
		++*at;
	if (is_symbol(**at))
		return strchr("&|=<>!", **at) && (*at)[1] &&
		       strchr("&|=<>", (*at)[1]) ? 2 : 1;
	for (end = *at; *end && !isspace((unsigned char)*end) &&
	     !is_symbol(*end); end++)
		;
	return end - *at;
}

static bool refuse(const char *at, size_t length, const char **instead)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(refused); i++) {
		if (strlen(refused[i].word) != length ||
		    memcmp(refused[i].word, at, length))
			continue;
		*instead = refused[i].instead;
		return true;
	}
	return false;
}

/* --- saying where --- */

/* How much of the expression stands before the word that is shown. */
#define SHOWN_BEFORE	48
#define SHOWN_AFTER	24

/* The expression's part around @at, and a caret below that. */
static bool fail_at(const char *expression, const char *at, const char *what,
		    struct why *why)
{
	size_t before = at - expression, skip = 0;

	if (before > SHOWN_BEFORE)
		skip = before - SHOWN_BEFORE;
	return why_fail(why, "filter: %s\n  %s%.*s\n  %*s^", what,
			skip ? "..." : "",
			(int)(before - skip + SHOWN_AFTER), expression + skip,
			(int)(before - skip + (skip ? 3 : 0)), "");
}

static bool is_syntax(const char *error)
{
	return strstr(error, "syntax error") || strstr(error, "parse error");
}

/* Compile, and forget; false: @error tells. */
static bool try_compile(const char *text, char *error, size_t size)
{
	pcap_t *pcap = pcap_open_dead(DLT_EN10MB, OPTIONS_SNAPLEN_MAX);
	struct bpf_program program;
	bool good;

	snprintf(error, size, "out of memory");
	if (!pcap)
		return false;
	/* Not optimized: that also finds what can never match. */
	good = !pcap_compile(pcap, &program, text, 0, PCAP_NETMASK_UNKNOWN);
	if (good)
		pcap_freecode(&program);
	else
		snprintf(error, size, "%s", pcap_geterr(pcap));
	pcap_close(pcap);
	return good;
}

/* As many as are open. */
static void close_parentheses(char *text, size_t size)
{
	size_t length = strlen(text);
	const char *p;
	int open = 0;

	for (p = text; *p; p++)
		open += (*p == '(') - (*p == ')');
	while (open-- > 0 && length + 1 < size)
		text[length++] = ')';
	text[length] = '\0';
}

/* Is it the last word, from @at to @end, that libpcap complains of by name? */
static bool is_named(const char *error, const char *at, const char *end)
{
	char quoted[128];
	int bytes = snprintf(quoted, sizeof(quoted), "'%.*s'", (int)(end - at),
			     at);

	return bytes < (int)sizeof(quoted) && strstr(error, quoted);
}

/* Can what ends with the word from @at to @end become an expression? */
static bool is_beginning(const char *expression, const char *at,
			 const char *end)
{
	char text[OPTIONS_FILTER_MAX + 64 + OPTIONS_FILTER_MAX];
	char error[PCAP_ERRBUF_SIZE];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(endings); i++) {
		snprintf(text, sizeof(text), "%.*s%s", (int)(end - expression),
			 expression, endings[i]);
		close_parentheses(text, sizeof(text));
		if (try_compile(text, error, sizeof(error)))
			return true;
		/* Nothing that follows helps; and names take time to look up. */
		if (is_named(error, at, end))
			return false;
	}
	return false;
}

/* The word that makes the expression wrong; its end: something is missing. */
static const char *find_culprit(const char *expression)
{
	const char *at = expression;
	size_t length;

	while ((length = next_word(&at))) {
		if (!is_beginning(expression, at, at + length))
			break;
		at += length;
	}
	return at;
}

static bool explain(const char *expression, const char *error,
		    struct why *why)
{
	const char *at = find_culprit(expression);
	const char *colon = strstr(error, "syntax error");

	if (!*at)
		return fail_at(expression, at, is_syntax(error) ?
			       "something is missing at the end" : error, why);
	/* "syntax error in filter expression: syntax error" says it twice. */
	return fail_at(expression, at, colon ? "syntax error" : error, why);
}

/* --- filters --- */

static bool check_words(const char *expression, struct why *why)
{
	const char *at = expression, *instead;
	char what[256];
	size_t length;

	while ((length = next_word(&at))) {
		if (refuse(at, length, &instead)) {
			snprintf(what, sizeof(what),
				 "'%.*s' cannot work here: %s", (int)length,
				 at, instead);
			return fail_at(expression, at, what, why);
		}
		at += length;
	}
	return true;
}

bool filter_compile(struct filter *filter, const char *expression,
		    struct why *why)
{
	char error[PCAP_ERRBUF_SIZE];
	pcap_t *pcap;
	bool good;

	*filter = (struct filter){ .all = !*expression };
	if (filter->all)
		return true;
	if (!check_words(expression, why))
		return false;
	pcap = pcap_open_dead(DLT_EN10MB, OPTIONS_SNAPLEN_MAX);
	if (!pcap)
		return why_fail(why, "cannot compile the filter: %m");
	good = !pcap_compile(pcap, &filter->program, expression, 1,
			     PCAP_NETMASK_UNKNOWN);
	snprintf(error, sizeof(error), "%s", pcap_geterr(pcap));
	pcap_close(pcap);
	return good || explain(expression, error, why);
}

void filter_free(struct filter *filter)
{
	if (!filter->all)
		pcap_freecode(&filter->program);
}

/* --- how far filters look --- */

/* The longest header that BPF_MSH, which is for IPv4's, puts into X. */
#define X_MAX		60
#define ALL_OF_IT	UINT32_MAX

static uint32_t load_bytes(uint16_t code)
{
	switch (BPF_SIZE(code)) {
	case BPF_W:
		return 4;
	case BPF_H:
		return 2;
	default:
		return 1;
	}
}

/* May X be anything behind this instruction? */
static bool sets_x(uint16_t code)
{
	if (BPF_CLASS(code) == BPF_MISC)
		return BPF_MISCOP(code) == BPF_TAX;
	return BPF_CLASS(code) == BPF_LDX && BPF_MODE(code) != BPF_MSH;
}

static uint32_t instruction_reach(const struct bpf_insn *instruction)
{
	uint16_t code = instruction->code;
	uint64_t end = 0;

	if (sets_x(code))
		return ALL_OF_IT;
	if (BPF_CLASS(code) == BPF_LDX)
		end = instruction->k + 1ULL;
	else if (BPF_CLASS(code) != BPF_LD)
		return 0;
	else if (BPF_MODE(code) == BPF_ABS)
		end = (uint64_t)instruction->k + load_bytes(code);
	else if (BPF_MODE(code) == BPF_IND)
		end = (uint64_t)instruction->k + X_MAX + load_bytes(code);
	return end < ALL_OF_IT ? end : ALL_OF_IT;
}

uint32_t filter_reach(const struct filter *filter)
{
	uint32_t reach = 0, here;
	unsigned int i;

	for (i = 0; !filter->all && i < filter->program.bf_len; i++) {
		here = instruction_reach(&filter->program.bf_insns[i]);
		if (here > reach)
			reach = here;
	}
	return reach;
}

bool filter_match(const struct filter *filter, const struct frame *frame)
{
	const struct pcap_pkthdr header = {
		.caplen = frame->captured,
		.len = frame->length,
	};

	return filter->all ||
	       pcap_offline_filter(&filter->program, &header, frame->data);
}
