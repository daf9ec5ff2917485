// SPDX-License-Identifier: GPL-2.0
/*
 * fuzz_config.c - any text as a configuration file: what is accepted is
 * printed again, and that is accepted and means the same.
 */
#include <stdio.h>
#include <stdlib.h>

#include "configfile.h"

static const char *const seeds[] = {
	"net=/var/lib/lguest/net0,name=n,vlan=10,isolated,strict,storm=100,slot=3\n",
	"/var/lib/lguest/net0\ntap lg0,addr=192.168.19.1/24,addr=fd00::1/64,mtu=9000\n",
	"tap=lg0,bridge=br0,mac=02:00:00:00:00:01,trunk=1-5+10,native=2,owner=root\n",
	"vxlan=vni=42,local=10.0.0.1,remote=10.0.0.2,remote=10.0.0.3,port=4790,name=v\n",
	"net=/n\ntap=t\nstatic=02:00:00:00:00:02,port=t\nmirror=to=t,from=n\n",
	"net=/n\ntap=t\nfault=n:r1>t,delay=10ms,loss=1%\nfault=*<>n,rate=10m\ndown=n:3\n",
	"# all of it\nnet=/n\nageing=10\nfdb-max=100\nseed=7\nno-control-frames\ncontrol=/run/x\n",
	"net=/n\nname=sw\nuser=nobody\ncontrol-group=root\npersist\nverbose\n",
};

#include "text_seeds.h"

/* @text as a file; it is cut up. */
static bool parse(struct switch_config *config, char *text, size_t bytes)
{
	struct why why;

	config_init(config);
	return configfile_parse("file", text, bytes, config, &why) &&
	       config_check(config, &why);
}

static char *print(const struct switch_config *config, size_t *bytes)
{
	char *text = NULL;
	FILE *file = open_memstream(&text, bytes);

	config_print(config, file);
	fclose(file);
	return text;
}

static void say_again(const struct switch_config *config)
{
	size_t bytes, same_bytes;
	char *text = print(config, &bytes), *same, *cut_up = strdup(text);
	struct switch_config again;

	if (!parse(&again, cut_up, bytes))
		abort();
	same = print(&again, &same_bytes);
	if (strcmp(text, same))
		abort();
	config_free(&again);
	free(cut_up);
	free(text);
	free(same);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = malloc(size + 1);
	struct switch_config config;

	memcpy(text, data, size);
	text[size] = '\0';
	if (parse(&config, text, size))
		say_again(&config);
	config_free(&config);
	free(text);
	return 0;
}
