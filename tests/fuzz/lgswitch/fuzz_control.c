// SPDX-License-Identifier: GPL-2.0
/*
 * fuzz_control.c - any bytes from a client of the control socket, in pieces:
 * each line that comes back is a reply or an event, and when the client has
 * left nothing of it stays.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "control.h"
#include "unixsock.h"

static const char *const seeds[] = {
	"{\"id\":1,\"verb\":\"ping\"}\n{\"id\":\"two\",\"verb\":\"bad\"}\n{\"verb\":\"ping\"}",
	"{\"id\":1,\"verb\":\"watch\",\"interval\":0.1,\"request\":{\"verb\":\"ports\"}}\n{\"verb\":\"watch\"}\n",
	"{\"id\":{},\"verb\":1}\n[]\n\n{\"id\":null}\nnull\n",
	"\7{\"id\":12345678901234567890,\"verb\":\"\\u00e9\\ud83d\\ude00\"}\n",
};

#include "text_seeds.h"

static struct control control;
static char path[64];

static json_t *answer(void *context, json_t *request, bool looking,
		      struct why *why)
{
	const char *verb = json_string_value(json_object_get(request, "verb"));

	(void)context;
	(void)looking;
	if (verb && strcmp(verb, "bad"))
		return json_pack("{s:O}", "request", request);
	why_fail(why, "\xff it is bad: %s", verb ? verb : "");
	return NULL;
}

static void remove_all(void)
{
	control_close(&control);
	*strrchr(path, '/') = '\0';
	rmdir(path);
}

/* Once, for all inputs. */
static void open_control(void)
{
	static const struct control_answerer answerer = { answer, NULL };
	char folder[] = "/tmp/lguest-fuzz-XXXXXX";
	struct why why;

	if (!mkdtemp(folder))
		abort();
	snprintf(path, sizeof(path), "%s/socket", folder);
	if (!control_open(&control, path, getgid(), &answerer, &why))
		abort();
	atexit(remove_all);
}

static void check_line(const char *line, size_t bytes)
{
	json_t *reply = json_loadb(line, bytes, 0, NULL);

	if (!json_is_object(reply) || !json_object_get(reply, "id") ||
	    (!json_is_boolean(json_object_get(reply, "ok")) &&
	     !json_is_integer(json_object_get(reply, "event"))))
		abort();
	json_decref(reply);
}

/* Let it work, without its rests, and read; false: it has ended. */
static bool exchange(int fd)
{
	static char text[2 << 20];
	static size_t used;
	char *line = text, *end;
	ssize_t got;

	control.resting = false;
	control_handle(&control);
	got = recv(fd, text + used, sizeof(text) - used, MSG_DONTWAIT);
	if (got > 0)
		used += got;
	for (; (end = memchr(line, '\n', text + used - line)); line = end + 1)
		check_line(line, end - line);
	used -= line - text;
	memmove(text, line, used);
	if (got)
		return true;
	/* No half of a line at the end. */
	if (used)
		abort();
	return false;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	size_t piece = size ? 1 + data[0] * 37 : 1;
	unsigned int rounds;
	struct why why;
	ssize_t sent;
	int fd;

	if (!*path)
		open_control();
	fd = unixsock_connect(path, 1000, &why);
	if (fd < 0)
		abort();
	while (size) {
		sent = send(fd, data, size < piece ? size : piece,
			    MSG_DONTWAIT | MSG_NOSIGNAL);
		exchange(fd);
		if (sent > 0) {
			data += sent;
			size -= sent;
		}
	}
	shutdown(fd, SHUT_WR);
	/* (Who watches stays.) */
	for (rounds = 0; rounds < 20000 && exchange(fd); rounds++)
		if (control.client[0].watch.request && rounds > 100)
			break;
	close(fd);
	for (rounds = 0; rounds < 100 && control.clients; rounds++) {
		control.resting = false;
		control_handle(&control);
	}
	if (control.clients || rounds == 20000)
		abort();
	return 0;
}
