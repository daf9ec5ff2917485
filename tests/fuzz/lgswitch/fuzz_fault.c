// SPDX-License-Identifier: GPL-2.0
/*
 * fuzz_fault.c - any text as the words of a fault: what is accepted has to be
 * said again in words that mean the same, and to do sensible things to frames.
 */
#include <stdlib.h>
#include <string.h>

#include "fault.h"

static const char *const seeds[] = {
	"delay=10ms,jitter=2ms,loss=1%,duplicate=1%,reorder=1%,corrupt=0.1%,rate=10m,limit=128K,flap=1s/1ms",
	"delay=1.5s,rate=9600,limit=1500", "down", "loss=100%", "rate=1000g",
	"delay=1ns,jitter=0", "flap=5s/500ms",
};

#include "text_seeds.h"

static void use(const struct fault_spec *spec)
{
	struct fault_plan plan;
	struct fault fault;
	uint64_t now, longest;
	unsigned int i;

	fault_init(&fault, spec, 1, 1);
	longest = spec->delay_ns + spec->jitter_ns;
	for (now = 1; now < 1000; now += 100) {
		fault_apply(&fault, now, 1514, &plan);
		if (plan.copies > FAULT_COPIES ||
		    !plan.copies != (plan.drop != FAULT_KEPT))
			abort();
		for (i = 0; i < plan.copies; i++)
			if (plan.when[i] < now ||
			    (!spec->rate && plan.when[i] > now + longest))
				abort();
	}
}

static void say_again(const struct fault_spec *spec)
{
	char text[FAULT_TEXT], again[FAULT_TEXT];
	struct fault_spec same;
	struct why why;

	fault_format(spec, text);
	if (!fault_parse(text, &same, &why))
		abort();
	fault_format(&same, again);
	if (strcmp(text, again) || fault_is_none(spec) != fault_is_none(&same))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = malloc(size + 1);
	struct fault_spec spec;
	struct why why;

	memcpy(text, data, size);
	text[size] = '\0';
	if (fault_parse(text, &spec, &why)) {
		use(&spec);
		say_again(&spec);
	}
	free(text);
	return 0;
}
