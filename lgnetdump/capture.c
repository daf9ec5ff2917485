// SPDX-License-Identifier: GPL-2.0
/*
 * capture.c - reads capture files through libpcap, and through zlib below it.
 * See capture.h.
 *
 * libpcap knows both formats, either order of bytes, and what their times
 * mean.  It wants a FILE: ours hands it what zlib makes of the file, which is
 * the same bytes if they are not compressed.
 * guide: C:680
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "capture.h"

#define NS_PER_SECOND	1000000000ULL

/* Of one read: more than anybody asks for. */
#define READ_MAX	(1U << 30)

/* --- the file --- */

/* zlib puts what it calls the file before its words: "<fd:5>: ". */
static void note_trouble(struct capture *capture, const char *text)
{
	const char *behind = strstr(text, ">: ");

	snprintf(capture->trouble, sizeof(capture->trouble), "%s",
		 behind ? behind + strlen(">: ") : text);
}

static ssize_t read_zip(void *cookie, char *to, size_t bytes)
{
	struct capture *capture = cookie;
	const char *text;
	int error, got;

	/* An unsigned int is what zlib counts with. */
	if (bytes > READ_MAX)
		bytes = READ_MAX;
	got = gzread(capture->zip, to, bytes);
	if (got > 0)
		return got;
	/* Also at the end: it may be too early for what was compressed. */
	text = gzerror(capture->zip, &error);
	if (error == Z_OK || error == Z_STREAM_END)
		return 0;
	note_trouble(capture, text);
	errno = EIO;
	return -1;
}

static int close_zip(void *cookie)
{
	struct capture *capture = cookie;

	gzclose_r(capture->zip);
	capture->zip = NULL;
	return 0;
}

/* Reads a copy of our descriptor, which is closed with it; NULL: no memory. */
static FILE *open_stream(struct capture *capture)
{
	static const cookie_io_functions_t functions = {
		.read = read_zip, .close = close_zip,
	};
	int fd = dup(capture->fd);
	FILE *file;

	if (fd < 0)
		return NULL;
	capture->zip = gzdopen(fd, "rb");
	if (!capture->zip) {
		close(fd);
		return NULL;
	}
	file = fopencookie(capture, "rb", functions);
	if (!file)
		close_zip(capture);
	return file;
}

/* --- what is in it --- */

/* What went wrong, in zlib's words rather than libpcap's of an I/O error. */
static const char *words(const struct capture *capture, const char *libpcap)
{
	return *capture->trouble ? capture->trouble : libpcap;
}

static bool check_link_type(struct capture *capture, struct why *why)
{
	int type = pcap_datalink(capture->pcap);
	const char *name = pcap_datalink_val_to_name(type);

	if (type == DLT_EN10MB)
		return true;
	return why_fail(why, "%s does not hold Ethernet frames but those of link type %d%s%s%s (capture on one network device, not on \"any\")",
			capture->path, type, name ? " (" : "", name ? name : "",
			name ? ")" : "");
}

static bool start(struct capture *capture, struct why *why)
{
	char error[PCAP_ERRBUF_SIZE] = "";
	FILE *file;

	*capture->trouble = '\0';
	capture->frames = 0;
	file = open_stream(capture);
	if (!file)
		return why_fail(why, "cannot read %s: %m", capture->path);
	capture->pcap = pcap_fopen_offline_with_tstamp_precision(file,
			PCAP_TSTAMP_PRECISION_NANO, error);
	if (!capture->pcap) {
		fclose(file);
		return why_fail(why, "cannot read %s as a capture: %s",
				capture->path, words(capture, error));
	}
	return check_link_type(capture, why);
}

bool capture_open(struct capture *capture, const char *path, struct why *why)
{
	*capture = (struct capture){ .path = path };
	if (!strcmp(path, "-")) {
		capture->path = "the standard input";
		capture->fd = dup(STDIN_FILENO);
	} else {
		capture->fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	}
	if (capture->fd < 0)
		return why_fail(why, "cannot open %s: %m", capture->path);
	if (start(capture, why))
		return true;
	capture_close(capture);
	return false;
}

/* Files can say anything: what is before 1970 or beyond us stays in order. */
static uint64_t time_of(const struct timeval *ts)
{
	uint64_t time;

	if (ts->tv_sec < 0 || ts->tv_usec < 0)
		return 0;
	if (__builtin_mul_overflow((uint64_t)ts->tv_sec, NS_PER_SECOND, &time) ||
	    __builtin_add_overflow(time, (uint64_t)ts->tv_usec, &time))
		return UINT64_MAX;
	return time;
}

enum capture_result capture_next(struct capture *capture,
				 struct capture_frame *frame, struct why *why)
{
	struct pcap_pkthdr *head;
	const u_char *data;
	int status = pcap_next_ex(capture->pcap, &head, &data);

	if (status == PCAP_ERROR_BREAK)
		return CAPTURE_END;
	if (status != 1) {
		why_fail(why, "%s cannot be read beyond its frame %llu: %s",
			 capture->path, (unsigned long long)capture->frames,
			 words(capture, pcap_geterr(capture->pcap)));
		return CAPTURE_FAILED;
	}
	capture->frames++;
	*frame = (struct capture_frame){
		.time_ns = time_of(&head->ts),
		.data = data,
		.bytes = head->caplen,
		/* One that was shorter than what is here of it: a lie. */
		.length = head->len > head->caplen ? head->len : head->caplen,
	};
	return CAPTURE_FRAME;
}

bool capture_rewind(struct capture *capture, struct why *why)
{
	pcap_close(capture->pcap);
	capture->pcap = NULL;
	if (lseek(capture->fd, 0, SEEK_SET))
		return why_fail(why, "cannot read %s once more: %m",
				capture->path);
	return start(capture, why);
}

void capture_close(struct capture *capture)
{
	/* (libpcap closes the FILE, and that what is below it.) */
	if (capture->pcap)
		pcap_close(capture->pcap);
	if (capture->fd >= 0)
		close(capture->fd);
	*capture = (struct capture){ .fd = -1 };
}
