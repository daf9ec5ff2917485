// SPDX-License-Identifier: GPL-2.0
/*
 * save.c - writes frames to a file, and when that is full, or old enough, to
 * the next one.  See save.h.
 */
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "format.h"
#include "save.h"

#define NS_PER_S	1000000000ULL

static uint64_t monotonic_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * NS_PER_S + now.tv_nsec;
}

/* Whoever went away has what it wanted, and that is no failure. */
static enum save_state failed(struct save *save)
{
	save->state = save->output.gone ? SAVE_ENDED : SAVE_FAILED;
	return save->state;
}

static bool begin_file(struct save *save, const char *name, struct why *why)
{
	return output_open(&save->output, name, why) &&
	       save->writer->begin(&save->output, save->options, save->source,
				   save->sources, why);
}

static bool next_file(struct save *save, struct why *why)
{
	char name[PATH_MAX];

	if (!strcmp(save->options->write, "-"))
		return begin_file(save, "-", why);
	return files_next(&save->files, time(NULL), name, sizeof(name), why) &&
	       begin_file(save, name, why);
}

/* All that is left is written; the file is closed in any case. */
static bool end_file(struct save *save, struct why *why)
{
	struct why other;
	bool good = save->writer->end(&save->output, save->source,
				      save->sources, why);

	/* Of two failures the first says more. */
	return output_close(&save->output, good ? why : &other) && good;
}

bool save_open(struct save *save, const struct options *options,
	       struct source *source, unsigned int sources, struct why *why)
{
	*save = (struct save){
		.options = options,
		.source = source,
		.sources = sources,
		.writer = format_of(options) == OPTIONS_PCAPNG ?
			  &writer_pcapng : &writer_pcap,
		.begun_ns = monotonic_ns(),
	};
	files_init(&save->files, options);
	if (!output_init(&save->output, format_compressed(options->write), why))
		return false;
	if (next_file(save, why))
		return true;
	save->writer->free();
	output_free(&save->output);
	return false;
}

static enum save_state another_file(struct save *save, struct why *why)
{
	if (!end_file(save, why))
		return failed(save);
	if (files_at_limit(&save->files)) {
		save->state = SAVE_ENDED;
		return save->state;
	}
	if (!next_file(save, why))
		return failed(save);
	return SAVE_GOOD;
}

/* --- frames --- */

static bool is_full(const struct save *save)
{
	return save->options->file_bytes &&
	       output_size(&save->output) >= save->options->file_bytes;
}

enum save_state save_frame(struct save *save, struct source *source,
			   const struct frame *frame, struct why *why)
{
	if (save->state == SAVE_GOOD && is_full(save))
		another_file(save, why);
	if (save->state == SAVE_GOOD &&
	    !save->writer->frame(&save->output, source, frame, why))
		failed(save);
	if (save->state != SAVE_GOOD && !frame->is_segment)
		source->counts.unwritten++;
	return save->state;
}

void save_filtered(struct save *save, const struct source *source,
		   const struct frame *frame)
{
	save->writer->filtered(source, frame);
}

enum save_state save_flush(struct save *save, struct why *why)
{
	if (save->state == SAVE_GOOD && !output_flush(&save->output, why))
		failed(save);
	return save->state;
}

/* --- the next file --- */

int64_t save_due(const struct save *save, uint64_t now_ns)
{
	uint64_t due = save->begun_ns + save->options->file_seconds * NS_PER_S;

	if (!save->options->file_seconds)
		return -1;
	return due > now_ns ? (int64_t)(due - now_ns) : 0;
}

enum save_state save_tick(struct save *save, uint64_t now_ns, struct why *why)
{
	uint64_t interval = save->options->file_seconds * NS_PER_S;

	if (save->state != SAVE_GOOD || save_due(save, now_ns) != 0)
		return save->state;
	/* Those that we have slept through are left out. */
	save->begun_ns += (now_ns - save->begun_ns) / interval * interval;
	return another_file(save, why);
}

/* Has somebody else taken the file away, to keep it under another name? */
static bool was_moved(const struct save *save)
{
	struct stat ours, named;

	return !fstat(save->output.fd, &ours) &&
	       (stat(save->output.name, &named) ||
		named.st_dev != ours.st_dev || named.st_ino != ours.st_ino);
}

enum save_state save_rotate(struct save *save, struct why *why)
{
	char name[PATH_MAX];

	if (save->state != SAVE_GOOD || save->output.is_stdout)
		return save->state;
	if (!was_moved(save))
		return another_file(save, why);
	strcpy(name, save->output.name);
	if (!end_file(save, why) || !begin_file(save, name, why))
		return failed(save);
	return SAVE_GOOD;
}

bool save_close(struct save *save, struct why *why)
{
	struct why ignored;
	bool good = true;

	if (save->state == SAVE_GOOD)
		good = end_file(save, why) || save->output.gone;
	else
		output_close(&save->output, &ignored);
	save->writer->free();
	output_free(&save->output);
	return good;
}
