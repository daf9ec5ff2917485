// SPDX-License-Identifier: GPL-2.0
/*
 * micro.c - what the basic services of a kernel cost, in nanoseconds.
 *
 * One small static 32-bit program that runs unchanged on a host and in a
 * guest, so that dividing the one's figures by the other's says what being a
 * guest costs.  Each row is one operation (a system call, a page fault, a
 * fork), done often enough to be timed, several times over.
 *
 * Every system call that is timed goes by int $0x80, which both worlds have;
 * libc would take a faster way on hosts only.  The row libc_syscall takes
 * libc's way, to show the difference.
 *
 * A line of output is: row, median, least and greatest time in nanoseconds,
 * repetitions.  The first line, #clock, tells our clock, for those who want to
 * compare it with another one.
 */
#include <errno.h>
#include <inttypes.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))

#define PAGE_BYTES	4096u
#define LINE_BYTES	64u
#define NS_PER_S	1000000000ull
#define NS_PER_MS	1000000ull

#define REPS_DEFAULT	7
#define REPS_MAX	1000
#define TARGET_MS_DEFAULT	40	/* what one repetition should take */
#define TARGET_MS_MAX	10000
#define COUNT_MAX	(1ul << 30)

#define FAULT_PAGES	1024u		/* 4 MiB: every guest has that to spare */
#define WALK_PAGES	4096u		/* more than the TLBs of today hold */
#define SIEVE_BYTES	32768u		/* fits the first cache */

#define EXIT_USAGE	2

/* The argument with which fork_exec runs this program again. */
#define EXEC_ARGUMENT	"--exit"
#define SELF		"/proc/self/exe"

/* Keeps the compiler from leaving out work whose result nobody needs. */
static volatile uint32_t sink;

/* For messages: the row that is being measured. */
static const char *current = "micro";

static void __attribute__((noreturn, format(printf, 1, 2))) die(const char *format, ...)
{
	va_list args;

	fprintf(stderr, "micro: %s: ", current);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
	exit(EXIT_FAILURE);
}

/* --- system calls, past libc --- */

static long int80(long nr, long arg1, long arg2, long arg3)
{
	long result;

	asm volatile("int $0x80"
		     : "=a" (result)
		     : "a" (nr), "b" (arg1), "c" (arg2), "d" (arg3)
		     : "memory", "cc");
	return result;
}

static long must(const char *what, long result)
{
	if (result < 0)
		die("%s: %s", what, strerror(-result));
	return result;
}

/* --- the stopwatch: each row starts it where its real work does --- */

static uint64_t watch_started, watch_sum;

static uint64_t clock_ns(void)
{
	struct timespec now;

	if (clock_gettime(CLOCK_MONOTONIC, &now))
		die("clock_gettime: %s", strerror(errno));
	return now.tv_sec * NS_PER_S + now.tv_nsec;
}

static void watch_start(void)
{
	watch_started = clock_ns();
}

static void watch_stop(void)
{
	watch_sum += clock_ns() - watch_started;
}

/* --- rows: system calls --- */

static void run_null_syscall(unsigned long n)
{
	watch_start();
	while (n--)
		int80(SYS_getppid, 0, 0, 0);
	watch_stop();
}

/* What libc calls where the kernel offers nothing better. */
static void __attribute__((naked)) plain_entry(void)
{
	asm volatile("int $0x80\n\tret");
}

static const void *libc_entry;

static void prepare_libc_syscall(void)
{
	libc_entry = (const void *)getauxval(AT_SYSINFO);
	if (!libc_entry)
		libc_entry = (const void *)plain_entry;
}

static void run_libc_syscall(unsigned long n)
{
	long result;

	watch_start();
	while (n--) {
		asm volatile("call *%2"
			     : "=a" (result)
			     : "a" (SYS_getppid), "r" (libc_entry)
			     : "memory", "cc");
		sink = result;
	}
	watch_stop();
}

/* --- row: a byte goes to a process that sends it back --- */

static int ping[2], pong[2];
static pid_t echoer;

static void __attribute__((noreturn)) echo_bytes(void)
{
	char byte;

	close(ping[1]);
	while (int80(SYS_read, ping[0], (long)&byte, 1) == 1) {
		if (int80(SYS_write, pong[1], (long)&byte, 1) != 1)
			break;
	}
	_exit(EXIT_SUCCESS);
}

static void prepare_pipe_switch(void)
{
	if (pipe(ping) || pipe(pong))
		die("pipe: %s", strerror(errno));
	echoer = must("fork", int80(SYS_fork, 0, 0, 0));
	if (!echoer)
		echo_bytes();
}

/* A round trip is two switches, so one more may be done than was asked for. */
static void run_pipe_switch(unsigned long n)
{
	unsigned long done;
	char byte = 0;

	watch_start();
	for (done = 0; done < n; done += 2) {
		if (int80(SYS_write, ping[1], (long)&byte, 1) != 1 ||
		    int80(SYS_read, pong[0], (long)&byte, 1) != 1)
			die("the other process does not answer");
	}
	watch_stop();
}

static void finish_pipe_switch(void)
{
	close(ping[1]);
	must("waitpid", int80(SYS_waitpid, echoer, 0, 0));
	close(ping[0]);
	close(pong[0]);
	close(pong[1]);
}

/* --- row: the first touch of anonymous memory --- */

static char *map_pages(unsigned int pages)
{
	char *memory = mmap(NULL, pages * PAGE_BYTES, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (memory == MAP_FAILED)
		die("no memory for %u pages: %s", pages, strerror(errno));
	/* Fails where there are no huge pages to be had: just as well. */
	madvise(memory, pages * PAGE_BYTES, MADV_NOHUGEPAGE);
	return memory;
}

static void touch_pages(unsigned int pages)
{
	char *memory = map_pages(pages);
	unsigned int i;

	watch_start();
	for (i = 0; i < pages; i++)
		((volatile char *)memory)[i * PAGE_BYTES] = 1;
	watch_stop();
	munmap(memory, pages * PAGE_BYTES);
}

static void run_page_fault(unsigned long n)
{
	for (; n > FAULT_PAGES; n -= FAULT_PAGES)
		touch_pages(FAULT_PAGES);
	touch_pages(n);
}

/* --- rows: processes --- */

static void wait_for(pid_t child)
{
	int status;

	must("waitpid", int80(SYS_waitpid, child, (long)&status, 0));
	if (status)
		die("the child ended with wait status %#x", status);
}

static void run_fork_exit(unsigned long n)
{
	watch_start();
	while (n--) {
		pid_t child = must("fork", int80(SYS_fork, 0, 0, 0));

		if (!child)
			int80(SYS_exit_group, EXIT_SUCCESS, 0, 0);
		wait_for(child);
	}
	watch_stop();
}

static void __attribute__((noreturn)) exec_self(void)
{
	static const char *const arguments[] = { SELF, EXEC_ARGUMENT, NULL };
	static const char *const environment[] = { NULL };

	int80(SYS_execve, (long)SELF, (long)arguments, (long)environment);
	_exit(EXIT_FAILURE);
}

static void prepare_fork_exec(void)
{
	if (access(SELF, X_OK))
		die("%s: %s (is /proc mounted?)", SELF, strerror(errno));
}

static void run_fork_exec(unsigned long n)
{
	watch_start();
	while (n--) {
		pid_t child = must("fork", int80(SYS_fork, 0, 0, 0));

		if (!child)
			exec_self();
		wait_for(child);
	}
	watch_stop();
}

/* --- row: a signal to ourselves, its handler, and back --- */

static volatile unsigned long signals;

static void count_signal(int number)
{
	(void)number;
	signals++;
}

static void prepare_signal(void)
{
	struct sigaction action = { .sa_handler = count_signal };

	if (sigaction(SIGUSR1, &action, NULL))
		die("sigaction: %s", strerror(errno));
}

static void run_signal(unsigned long n)
{
	pid_t self = getpid();
	unsigned long i;

	signals = 0;
	watch_start();
	for (i = 0; i < n; i++)
		int80(SYS_kill, self, SIGUSR1, 0);
	watch_stop();
	if (signals != n)
		die("%lu signals sent, %lu arrived", n, signals);
}

static void finish_signal(void)
{
	signal(SIGUSR1, SIG_DFL);
}

/* --- rows: no kernel, or only its page tables --- */

/* One step of a generator of pseudo-random numbers (Marsaglia's xorshift). */
static uint32_t random_step(uint32_t x)
{
	x ^= x << 13;
	x ^= x >> 17;
	x ^= x << 5;
	return x;
}

static void run_cpu_integer(unsigned long n)
{
	uint32_t x = 1;

	watch_start();
	while (n--)
		x = random_step(x);
	watch_stop();
	sink = x;
}

static void sieve(unsigned char *composite)
{
	unsigned int i, multiple;

	memset(composite, 0, SIEVE_BYTES);
	for (i = 2; i * i < SIEVE_BYTES; i++) {
		if (composite[i])
			continue;
		for (multiple = i * i; multiple < SIEVE_BYTES; multiple += i)
			composite[multiple] = 1;
	}
}

static void run_cpu_sieve(unsigned long n)
{
	static unsigned char composite[SIEVE_BYTES];

	watch_start();
	while (n--) {
		sieve(composite);
		sink = composite[SIEVE_BYTES - 1];
	}
	watch_stop();
}

static char *walk_memory;

/* Where in its page the link lies: elsewhere in each, to spread over caches. */
static void **walk_link(uint32_t page)
{
	uint32_t line = page % (PAGE_BYTES / LINE_BYTES);

	return (void **)(walk_memory + page * PAGE_BYTES + line * LINE_BYTES);
}

/* Sattolo's shuffle: one cycle through all pages, in no order. */
static void prepare_memory_walk(void)
{
	static uint32_t order[WALK_PAGES];
	uint32_t i, other, page, random = 1;

	walk_memory = map_pages(WALK_PAGES);
	for (i = 0; i < WALK_PAGES; i++)
		order[i] = i;
	for (i = WALK_PAGES - 1; i > 0; i--) {
		random = random_step(random);
		other = random % i;
		page = order[i];
		order[i] = order[other];
		order[other] = page;
	}
	for (i = 0; i < WALK_PAGES; i++)
		*walk_link(i) = walk_link(order[i]);
}

static void run_memory_walk(unsigned long n)
{
	void **place = walk_link(0);

	watch_start();
	while (n--)
		place = *(void **volatile *)place;
	watch_stop();
	sink = (uint32_t)(uintptr_t)place;
}

static void finish_memory_walk(void)
{
	munmap(walk_memory, WALK_PAGES * PAGE_BYTES);
}

/* --- the rows --- */

static const struct row {
	const char *name;
	const char *what;	/* one operation */
	void (*prepare)(void);
	void (*run)(unsigned long n);
	void (*finish)(void);
} rows[] = {
	{ "null_syscall", "getppid by int 0x80", NULL, run_null_syscall, NULL },
	{ "libc_syscall", "getppid in libc's way", prepare_libc_syscall, run_libc_syscall, NULL },
	{ "pipe_switch", "switch between two processes, by a byte in a pipe",
	  prepare_pipe_switch, run_pipe_switch, finish_pipe_switch },
	{ "page_fault", "first touch of an anonymous page", NULL, run_page_fault, NULL },
	{ "fork_exit", "fork, exit, wait", NULL, run_fork_exit, NULL },
	{ "fork_exec", "fork, exec of a static program, wait",
	  prepare_fork_exec, run_fork_exec, NULL },
	{ "signal", "signal to itself, and back from its handler",
	  prepare_signal, run_signal, finish_signal },
	{ "cpu_integer", "step of integer arithmetic", NULL, run_cpu_integer, NULL },
	{ "cpu_sieve", "sieve of 32 KiB", NULL, run_cpu_sieve, NULL },
	{ "memory_walk", "load from one of 4096 pages, at random",
	  prepare_memory_walk, run_memory_walk, finish_memory_walk },
};

static const struct row *find_row(const char *name)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		if (!strcmp(rows[i].name, name))
			return &rows[i];
	}
	return NULL;
}

/* --- measuring --- */

struct settings {
	unsigned long reps;
	uint64_t target_ns;
};

static uint64_t measure(const struct row *row, unsigned long n)
{
	watch_sum = 0;
	row->run(n);
	return watch_sum ? watch_sum : 1;
}

/* How many operations take about as long as a repetition should. */
static unsigned long calibrate(const struct row *row, uint64_t target_ns)
{
	unsigned long n = 1;
	uint64_t took = measure(row, n), scaled;

	while (took < target_ns / 4 && n < COUNT_MAX) {
		n *= 2;
		took = measure(row, n);
	}
	scaled = n * target_ns / took;
	if (scaled > COUNT_MAX)
		return COUNT_MAX;
	return scaled ? scaled : 1;
}

static int compare_doubles(const void *left, const void *right)
{
	double a = *(const double *)left, b = *(const double *)right;

	return (a > b) - (a < b);
}

static double median(const double *sorted, unsigned long count)
{
	return (sorted[(count - 1) / 2] + sorted[count / 2]) / 2;
}

static void measure_row(const struct row *row, const struct settings *settings)
{
	double times[REPS_MAX];
	unsigned long i, n;

	current = row->name;
	if (row->prepare)
		row->prepare();
	n = calibrate(row, settings->target_ns);
	for (i = 0; i < settings->reps; i++)
		times[i] = (double)measure(row, n) / n;
	if (row->finish)
		row->finish();
	qsort(times, settings->reps, sizeof(times[0]), compare_doubles);
	printf("%s\t%.3f\t%.3f\t%.3f\t%lu\n", row->name, median(times, settings->reps),
	       times[0], times[settings->reps - 1], settings->reps);
	current = "micro";
}

static void print_clock(void)
{
	printf("#clock\t%" PRIu64 "\n", clock_ns());
}

/* All on one CPU, or a switch between processes would be none. */
static void stay_on_one_cpu(void)
{
	cpu_set_t allowed, one;
	int cpu = 0;

	if (sched_getaffinity(0, sizeof(allowed), &allowed))
		die("sched_getaffinity: %s", strerror(errno));
	if (CPU_COUNT(&allowed) == 1)
		return;
	while (!CPU_ISSET(cpu, &allowed))
		cpu++;
	CPU_ZERO(&one);
	CPU_SET(cpu, &one);
	if (sched_setaffinity(0, sizeof(one), &one))
		die("cannot stay on CPU %d: %s", cpu, strerror(errno));
}

/* --- options --- */

static void print_usage(FILE *out)
{
	size_t i;

	fprintf(out, "usage: micro [-r REPETITIONS] [-t MILLISECONDS] [ROW...]\n\n"
		"Measure what operations cost. Each repetition takes about MILLISECONDS\n"
		"(default %d); there are %d of them unless -r says another number.\n\n"
		"A line is: row, median, least, greatest (ns per operation), repetitions.\n"
		"Rows (default: all) and their operation:\n",
		TARGET_MS_DEFAULT, REPS_DEFAULT);
	for (i = 0; i < ARRAY_SIZE(rows); i++)
		fprintf(out, "    %-14s %s\n", rows[i].name, rows[i].what);
}

static void __attribute__((noreturn, format(printf, 1, 2))) bad_usage(const char *format, ...)
{
	va_list args;

	fputs("micro: ", stderr);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputs(" (try -h)\n", stderr);
	exit(EXIT_USAGE);
}

static unsigned long parse_number(int option, const char *text, unsigned long max)
{
	unsigned long value;
	char *end;

	errno = 0;
	value = strtoul(text, &end, 10);
	if (errno || end == text || *end || text[0] == '-' || !value || value > max)
		bad_usage("-%c needs a number from 1 to %lu, not '%s'", option, max, text);
	return value;
}

static void parse_options(int argc, char **argv, struct settings *settings)
{
	int option;

	opterr = 0;
	while ((option = getopt(argc, argv, ":r:t:h")) != -1) {
		switch (option) {
		case 'r':
			settings->reps = parse_number('r', optarg, REPS_MAX);
			break;
		case 't':
			settings->target_ns = NS_PER_MS * parse_number('t', optarg, TARGET_MS_MAX);
			break;
		case 'h':
			print_usage(stdout);
			exit(EXIT_SUCCESS);
		case ':':
			bad_usage("-%c needs a value", optopt);
		default:
			bad_usage("unknown option -%c", optopt);
		}
	}
}

static void check_row_names(char **names)
{
	for (; *names; names++) {
		if (!find_row(*names))
			bad_usage("no row '%s'", *names);
	}
}

static void measure_all(const struct settings *settings)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(rows); i++)
		measure_row(&rows[i], settings);
}

static void measure_named(char **names, const struct settings *settings)
{
	for (; *names; names++)
		measure_row(find_row(*names), settings);
}

int main(int argc, char **argv)
{
	struct settings settings = {
		.reps = REPS_DEFAULT,
		.target_ns = TARGET_MS_DEFAULT * NS_PER_MS,
	};

	if (argc == 2 && !strcmp(argv[1], EXEC_ARGUMENT))
		return EXIT_SUCCESS;
	parse_options(argc, argv, &settings);
	check_row_names(argv + optind);
	/* Rows show as they are done; and a fork must not copy unsaid ones. */
	setvbuf(stdout, NULL, _IOLBF, 0);
	stay_on_one_cpu();
	print_clock();
	if (optind < argc)
		measure_named(argv + optind, &settings);
	else
		measure_all(&settings);
	return EXIT_SUCCESS;
}
