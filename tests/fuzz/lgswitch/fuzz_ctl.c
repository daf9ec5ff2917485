// SPDX-License-Identifier: GPL-2.0
/*
 * fuzz_ctl.c - any bytes from whoever listens where lgswitch ctl believes a
 * switch: they are shown as tables, without anything that could upset a
 * terminal, or refused.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "ctl.h"

static const char *const seeds[] = {
	"{\"id\":1,\"ok\":true,\"result\":{\"ports\":[{\"name\":\"a\",\"kind\":\"tap\",\"state\":\"up\",\"vlan\":5,\"trunk\":\"1+2\",\"native\":3,\"received\":5,\"received-bytes\":700,\"sent\":1,\"sent-bytes\":99999999,\"dropped\":1,\"isolated\":true,\"storm\":7,\"why\":\"x\",\"drops\":[{\"text\":\"t\",\"count\":1}]}],\"next\":1}}\n{\"id\":2,\"ok\":true,\"result\":{\"ports\":[{}]}}\n",
	"{\"id\":1,\"ok\":true,\"result\":{\"entries\":[{\"mac\":\"02:00:00:00:00:01\",\"port\":\"a\",\"static\":false,\"vlan\":1,\"age\":7.5}]}}\n",
	"{\"id\":1,\"ok\":true,\"result\":{\"pairs\":[{\"from\":{\"port\":\"a\",\"slot\":1,\"name\":\"n\"},\"to\":{\"port\":\"b\"},\"frames\":1,\"bytes\":2,\"dropped\":3}]}}\n",
	"{\"id\":1,\"ok\":true,\"result\":{\"slots\":[{\"slot\":1,\"name\":\"n\",\"guest\":true,\"uplink\":true,\"up\":false}],\"mirrors\":[{\"to\":\"a\",\"from\":[\"b\",\"c\"],\"there\":true}],\"faults\":[{\"from\":\"a\",\"to\":\"b\",\"spec\":\"loss=1%\",\"frames\":1}]}}\n",
	"{\"id\":1,\"ok\":true,\"result\":{\"name\":\"s\",\"uptime\":1e5,\"nets\":1,\"fdb\":{\"entries\":1,\"ageing\":300},\"version\":\"1\",\"config\":\"tap=a\\n\",\"done\":[\"x\"],\"failed\":[\"y\"]}}\n",
	"{\"id\":1,\"ok\":false,\"error\":\"no\"}\n", "{\"id\":1,\"event\":1}\n",
};

#include "text_seeds.h"

static void check(const char *text, size_t bytes)
{
	size_t i;

	for (i = 0; i < bytes; i++)
		if (text[i] != '\n' && (text[i] < ' ' || text[i] > '~'))
			abort();
}

static void show(json_t *result)
{
	const struct ctl_verb *lists[] = { ctl_shows, ctl_changes }, *verb;
	struct ctl ctl = { .colour = false };
	unsigned int i;
	char *text;
	size_t bytes;

	for (i = 0; i < 2; i++)
		for (verb = lists[i]; verb->name; verb++) {
			if (!verb->print)
				continue;
			ctl.out = open_memstream(&text, &bytes);
			verb->print(&ctl, result);
			fclose(ctl.out);
			check(text, bytes);
			free(text);
		}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct ctl_link link;
	struct why why = { "" };
	json_t *result;
	int fd[2];

	if (socketpair(AF_UNIX, SOCK_STREAM, 0, fd))
		abort();
	ctl_link_use(&link, fd[0], 1000);
	if (size && send(fd[1], data, size, MSG_DONTWAIT) < 0)
		abort();
	shutdown(fd[1], SHUT_WR);
	result = ctl_link_call_pages(&link, json_pack("{s:s}", "verb", "x"),
				     "ports", &why);
	if (result)
		show(result);
	else if (!*why.text)
		abort();
	check(why.text, strlen(why.text));
	json_decref(result);
	ctl_link_close(&link);
	close(fd[1]);
	return 0;
}
