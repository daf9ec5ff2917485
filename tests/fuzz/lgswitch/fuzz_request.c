// SPDX-License-Identifier: GPL-2.0
/*
 * fuzz_request.c - any bytes as requests at the control socket, a line each, to
 * a switch that is made anew for each input.  Those that would make devices on
 * this machine are only refused, as a watch would.
 */
#include "fuzz.h"
#include "lgswitch/fakeswitch.h"
#include "request.h"

static const char *const seeds[] = {
	"{\"id\":1,\"verb\":\"ping\"}\n{\"verb\":\"version\"}\n{\"verb\":\"show\"}\n",
	"{\"verb\":\"config\"}\n{\"verb\":\"ports\"}\n{\"verb\":\"stats\",\"port\":\"p0\"}\n",
	"{\"verb\":\"fdb\",\"from\":0,\"limit\":10}\n{\"verb\":\"matrix\",\"limit\":1}\n",
	"{\"verb\":\"slots\",\"port\":\"p0\"}\n{\"verb\":\"mirrors\"}\n{\"verb\":\"faults\"}\n",
	"{\"verb\":\"set\",\"ageing\":10,\"fdb-max\":20,\"control-frames\":false}\n",
	"{\"verb\":\"set\",\"port\":\"p1\",\"change\":\"vlan=10,storm=100,isolated\"}\n{\"verb\":\"config\"}\n",
	"{\"verb\":\"fault\",\"fault\":\"p0>p1,delay=10ms,loss=1%\"}\n{\"verb\":\"faults\"}\n{\"verb\":\"fault\",\"remove\":\"p0>p1\"}\n",
	"{\"verb\":\"mirror\",\"mirror\":\"to=p1,from=p0\"}\n{\"verb\":\"mirrors\"}\n{\"verb\":\"mirror\",\"remove\":\"p1\"}\n",
	"{\"verb\":\"static\",\"static\":\"02:00:00:00:00:09,port=p1\"}\n{\"verb\":\"fdb\"}\n{\"verb\":\"flush\"}\n",
	"{\"verb\":\"down\",\"end\":\"p0\"}\n{\"verb\":\"up\",\"end\":\"p0\"}\n{\"verb\":\"del\",\"port\":\"p2\"}\n{\"verb\":\"ports\"}\n",
	"{\"verb\":\"reload\"}\n{\"verb\":\"add\",\"word\":\"tap\",\"value\":\"lg0\"}\n",
};

#include "text_seeds.h"

static bool makes_devices(json_t *request)
{
	const char *verb = json_string_value(json_object_get(request, "verb"));

	return verb && !strcmp(verb, "add");
}

/* Each has a result that can be written, or a reason. */
static void ask(const char *line, size_t bytes)
{
	struct request_target target = { .sw = &sw };
	struct why why = { "" };
	json_t *request, *result;
	char *text;

	request = json_loadb(line, bytes, JSON_REJECT_DUPLICATES, NULL);
	if (!json_is_object(request)) {
		json_decref(request);
		return;
	}
	result = request_answer(&target, request, makes_devices(request), &why);
	if (!result && !why.text[0])
		abort();
	if (result) {
		text = json_dumps(result, JSON_COMPACT);
		if (!text)
			abort();
		free(text);
	}
	json_decref(result);
	json_decref(request);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *line = (const char *)data, *end;

	fake_start(3);
	fake_say(0, 2, 1, FRAME_NO_TAG);
	fake_say(1, 1, 2, FRAME_NO_TAG);
	for (; size; size -= end - line, line = end) {
		end = memchr(line, '\n', size);
		end = end ? end + 1 : line + size;
		ask(line, end - line);
	}
	fake_end();
	return 0;
}
