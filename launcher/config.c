// SPDX-License-Identifier: GPL-2.0
/*
 * config.c - the launcher's command line: the table of its options, and where
 * memory, kernel and the guest's own arguments stand between them.
 * guide: L:100
 */
#include <string.h>
#include <unistd.h>

#include "config.h"
#include "option.h"

static bool set_initrd(void *config, const char *value, struct why *why)
{
	if (!*value)
		return why_fail(why, "the file's name is empty");
	((struct config *)config)->initrd = value;
	return true;
}

static bool set_console(void *config, const char *value, struct why *why)
{
	return port_parse(value, &((struct config *)config)->console, why);
}

static bool set_name(void *config, const char *value, struct why *why)
{
	if (!text_check_name(value, why))
		return false;
	strcpy(((struct config *)config)->name, value);
	((struct config *)config)->is_named = true;
	return true;
}

/* The next device, for its option to describe; NULL: there are too many. */
static struct config_device *add_device(struct config *config, uint32_t type,
					struct why *why)
{
	struct config_device *device = &config->device[config->devices];

	if (config->devices == CONFIG_DEVICES_MAX) {
		why_fail(why, "these are too many devices: a guest can have %d besides its console",
			 CONFIG_DEVICES_MAX);
		return NULL;
	}
	config->devices++;
	device->type = type;
	return device;
}

static bool set_block(void *config, const char *value, struct why *why)
{
	struct config_device *device = add_device(config, LGUEST_DEVICE_BLOCK,
						  why);

	return device && block_parse(value, &device->block, why);
}

static bool set_sharenet(void *config, const char *value, struct why *why)
{
	struct config_device *device = add_device(config, LGUEST_DEVICE_NET,
						  why);

	return device && netspec_parse_sharenet(value, &device->net, why);
}

static bool set_tunnet(void *config, const char *value, struct why *why)
{
	struct config_device *device = add_device(config, LGUEST_DEVICE_NET,
						  why);

	return device && netspec_parse_tunnet(value, &device->net, why);
}

static bool set_pidfile(void *config, const char *value, struct why *why)
{
	if (!*value)
		return why_fail(why, "the file's name is empty");
	((struct config *)config)->pidfile = value;
	return true;
}

static bool set_restart(void *config, const char *value, struct why *why)
{
	(void)value;
	(void)why;
	((struct config *)config)->restart = true;
	return true;
}

static bool set_verbose(void *config, const char *value, struct why *why)
{
	(void)value;
	(void)why;
	((struct config *)config)->verbose = true;
	return true;
}

static bool set_dry_run(void *config, const char *value, struct why *why)
{
	(void)value;
	(void)why;
	((struct config *)config)->action = CONFIG_DRY_RUN;
	return true;
}

static bool set_help(void *config, const char *value, struct why *why)
{
	(void)value;
	(void)why;
	((struct config *)config)->action = CONFIG_HELP;
	return true;
}

static bool set_version(void *config, const char *value, struct why *why)
{
	(void)value;
	(void)why;
	((struct config *)config)->action = CONFIG_VERSION;
	return true;
}

static const struct option_def options[] = {
	{ "initrd", "FILE",
	  "initial RAM disk for the guest's kernel", set_initrd },
	{ "console", "WHERE",
	  "what the guest's console is connected to:\n"
	  "  stdio      this terminal or pipe (the default)\n"
	  "  pty        a new pseudo-terminal, whose name is shown\n"
	  "  unix:PATH  a socket for one client at a time\n"
	  "  file:PATH  output is appended there, no input\n"
	  "  null       nothing\n"
	  "While nobody is attached to pty or unix, output is lost.",
	  set_console },
	{ "block", "FILE[,ro][,overlay]",
	  "a disk, /dev/lgba and so on: a file or block device of this host.\n"
	  "  ro         it is only read, so several guests can use it\n"
	  "  overlay    so is FILE, and what the guest writes is kept apart,\n"
	  "             in a temporary file in $TMPDIR or /var/tmp that goes\n"
	  "             with the guest",
	  set_block },
	{ "sharenet", "FILE[,mac=MAC][,slot=N][,name=NAME]",
	  "a network device on the net that FILE stands for: an Ethernet\n"
	  "segment of all who name the same file.  It is created if missing\n"
	  "(for you alone, 0600), its permissions say who may join, its\n"
	  "content means nothing.  NAME is shown to others there (default:\n"
	  "the guest's), N is a place on the net (0 to 126, default: any).\n"
	  "MAC stays the same for a guest of the same --name on that net.",
	  set_sharenet },
	{ "tunnet", "IP[/LEN]|bridge:NAME[,mac=MAC][,tap=NAME]",
	  "a network device whose cable ends in a tap device of this host,\n"
	  "which gets that address or becomes a port of that bridge.  It is\n"
	  "a new tap, or the existing one of that NAME.  Needs\n"
	  "CAP_NET_ADMIN, unless a tap of yours is set up already.",
	  set_tunnet },
	{ "name", "NAME",
	  "of the guest, in messages (default: guest-PID)", set_name },
	{ "pidfile", "FILE",
	  "write our process id there while the guest exists", set_pidfile },
	{ "restart", NULL,
	  "start the guest anew when it asks for a restart", set_restart },
	{ "verbose", NULL, "say what is loaded where", set_verbose },
	{ "dry-run", NULL,
	  "only say what would be loaded where; needs no lg.ko",
	  set_dry_run },
	{ "help", NULL, "show this", set_help },
	{ "version", NULL, "show the version", set_version },
	{ 0 }
};

void config_help(FILE *file)
{
	fputs("Usage: lguest [OPTION...] MEMORY KERNEL [OPTION...] [KERNEL-ARGUMENT...]\n"
	      "       lguest doctor [OPTION...]\n"
	      "Run a 32-bit Linux guest with MEMORY (as in 64M; without a letter it is in\n"
	      "MiB). KERNEL is its vmlinux or bzImage. The first word after KERNEL that is\n"
	      "no option, and all after it, is the guest kernel's command line. lguest doctor\n"
	      "looks whether this machine can run guests, and says what it lacks.\n\n",
	      file);
	option_help(options, file);
	fputs("\nExit status: 0 the guest powered off, 1 it could not be started, 2 three ^C\n"
	      "within a second, 3 it panicked or was killed by the host, 4 it asked for a\n"
	      "restart, 128+N signal N.\n\n"
	      "Example: lguest 64M vmlinux --initrd=initrd.gz console=hvc0\n",
	      file);
}

static bool set_ram(const char *text, struct config *config, struct why *why)
{
	if (!text)
		return why_fail(why, "memory and kernel are missing (as in: lguest 64M vmlinux; see lguest --help)");
	if (!text_parse_size(text, MIB, &config->ram, why))
		return false;
	if (config->ram % LGUEST_PAGE_SIZE)
		return why_fail(why, "memory of %s is not whole pages (multiples of 4K)",
				text);
	if (config->ram < LAYOUT_RAM_MIN)
		return why_fail(why, "memory of %s is too little: a kernel and its first page tables take %lluM at least",
				text, LAYOUT_RAM_MIN / MIB);
	if (config->ram > LAYOUT_RAM_MAX)
		return why_fail(why, "memory of %s is too much: a 32-bit guest kernel can use %lluM at most (the fourth GiB of addresses, less what it maps itself)",
				text, LAYOUT_RAM_MAX / MIB);
	return true;
}

static bool set_cmdline(char **words, struct config *config, struct why *why)
{
	size_t used = 0;

	for (; *words; words++) {
		size_t length = strlen(*words);
		size_t blank = used ? 1 : 0;

		if (blank + length >= sizeof(config->cmdline) - used)
			return why_fail(why, "the guest kernel's command line is too long: %d characters is what Linux takes",
					LAYOUT_CMDLINE_MAX - 1);
		if (blank)
			config->cmdline[used++] = ' ';
		memcpy(config->cmdline + used, *words, length);
		used += length;
	}
	return true;
}

static bool is_question(const struct config *config)
{
	return config->action == CONFIG_HELP ||
	       config->action == CONFIG_VERSION;
}

/* Options may stand before, between and behind memory and kernel. */
static bool parse_words(struct option_words *words, struct config *config,
			struct why *why)
{
	const char *ram;

	if (!option_parse(options, words, config, why) || is_question(config))
		return is_question(config);
	ram = *words->word ? *words->word++ : NULL;
	if (!set_ram(ram, config, why))
		return false;
	if (!option_parse(options, words, config, why) || is_question(config))
		return is_question(config);
	if (!*words->word || !**words->word)
		return why_fail(why, "the kernel is missing (as in: lguest 64M vmlinux; see lguest --help)");
	config->kernel = *words->word++;
	return option_parse(options, words, config, why) &&
	       (is_question(config) ||
		set_cmdline(words->word, config, why));
}

bool config_parse(char **argv, struct config *config, struct why *why)
{
	/* Even a program's own name may be missing. */
	struct option_words words = { .word = *argv ? argv + 1 : argv };

	*config = (struct config){ .console = { .kind = &port_stdio } };
	snprintf(config->name, sizeof(config->name), "guest-%d",
		 (int)getpid());
	return parse_words(&words, config, why);
}
