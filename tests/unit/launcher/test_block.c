// SPDX-License-Identifier: GPL-2.0
/*
 * test_block.c - a disk with its threads, and a guest that uses it: what a
 * driver does is done here by the test, on memory that both have.
 */
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <lguest/chardev.h>

#include "block.h"
#include "test.h"

#define DISK_SECTORS	4096
#define RAM		(1 << 20)
#define SLOT_BYTES	(RAM / LGUEST_BLOCK_REQUESTS)
#define SLOT_SECTORS	(SLOT_BYTES / 512)
#define ROUNDS		4000
#define GARBAGE_ROUNDS	3000
#define PATIENCE_MS	10000

#define TEMPLATE	"/tmp/lguest-test-XXXXXX"

static char image[sizeof(TEMPLATE)];
static struct block_spec spec;
static struct block block;
static struct device_list list;
static struct loop loop;
static struct why why;

static int host[2];			/* the guest's end of it is [1] */
static uint8_t *memory;
static struct lguest_block *page;
static uint32_t done_tail;

/* Where the launcher's requests to lg.ko go. */
static void attach(void)
{
	unsigned int pages = device_pages(&list);

	assert_int_equal(pipe(host), 0);
	memory = calloc(1, RAM + pages * LGUEST_PAGE_SIZE);
	assert_good(device_attach(&list, host[1], memory, RAM, &why), &why);
	page = (void *)(memory + RAM + LGUEST_PAGE_SIZE);
	page->done_wait = 1;
	done_tail = 0;
}

static void detach(void)
{
	device_detach(&list);
	device_release(&list);
	free(memory);
	close(host[0]);
	close(host[1]);
}

static int start(void **state)
{
	int fd;

	(void)state;
	strcpy(image, TEMPLATE);
	fd = mkstemp(image);
	if (fd < 0 || ftruncate(fd, DISK_SECTORS * 512))
		return -1;
	close(fd);
	device_list_init(&list);
	block_init(&block, &list);
	assert_good(loop_open(&loop, &why) &&
		    device_open(&list, &loop, &why) &&
		    block_parse(image, &spec, &why) &&
		    block_open(&block, &spec, &why) &&
		    block_start(&block, &why), &why);
	return 0;
}

static int stop(void **state)
{
	(void)state;
	return unlink(image);
}

static void give(uint32_t slot)
{
	page->given[page->given_head % LGUEST_BLOCK_REQUESTS] = slot;
	__atomic_store_n(&page->given_head, page->given_head + 1,
			 __ATOMIC_RELEASE);
}

static void ring(void)
{
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	if (__atomic_exchange_n(&page->given_wait, 0, __ATOMIC_RELAXED))
		eventfd_write(block.device.doorbell, 1);
}

static bool interrupted(void)
{
	struct pollfd file = { .fd = host[0], .events = POLLIN };
	struct lguest_req_irq irq;

	if (poll(&file, 1, PATIENCE_MS) != 1)
		return false;
	/* The pipe has the eventfd's request in it, too, of another size. */
	assert_int_equal(read(host[0], &irq.type, sizeof(irq.type)), 4);
	if (irq.type == LGUEST_REQ_EVENTFD) {
		struct lguest_req_eventfd rest;

		assert_int_equal(read(host[0], &rest, sizeof(rest) - 4), 12);
		return interrupted();
	}
	assert_int_equal(read(host[0], &irq.irq, sizeof(irq.irq)), 4);
	assert_int_equal(irq.type, LGUEST_REQ_IRQ);
	assert_int_equal(irq.irq, 1);
	return true;
}

static bool is_done(void)
{
	return __atomic_load_n(&page->done_head, __ATOMIC_ACQUIRE) !=
	       done_tail;
}

/* Wait as a driver does, then take one that came back. */
static struct lguest_block_done take(void)
{
	while (!is_done()) {
		__atomic_store_n(&page->done_wait, 1, __ATOMIC_RELAXED);
		__atomic_thread_fence(__ATOMIC_SEQ_CST);
		if (!is_done())
			assert_true(interrupted());
	}
	return page->done[done_tail++ % LGUEST_BLOCK_REQUESTS];
}

static void fill(uint32_t slot, uint16_t op, uint64_t sector)
{
	page->slot[slot] = (struct lguest_block_request){
		.op = op,
		.sector = sector,
		.sectors = SLOT_SECTORS,
		.pieces = 1,
		.piece[0] = { slot * SLOT_BYTES, SLOT_BYTES },
	};
}

static uint8_t *memory_of(uint32_t slot)
{
	return memory + slot * SLOT_BYTES;
}

/* Of the many places of the disk each slot has one in turn, and its pattern. */
static uint64_t place(uint32_t slot, unsigned int turn)
{
	return (slot + turn % 2 * LGUEST_BLOCK_REQUESTS) * SLOT_SECTORS;
}

static void begin(uint32_t slot, unsigned int step)
{
	bool writes = step % 2 == 0;

	fill(slot, writes ? LGUEST_BLOCK_WRITE : LGUEST_BLOCK_READ,
	     place(slot, step / 2));
	memset(memory_of(slot), writes ? (int)(slot + step) : 0xee,
	       SLOT_BYTES);
	give(slot);
}

static void check(uint32_t slot, unsigned int step)
{
	if (step % 2) {
		assert_int_equal(*memory_of(slot),
				 (uint8_t)(slot + step - 1));
		assert_memory_equal(memory_of(slot), memory_of(slot) + 1,
				    SLOT_BYTES - 1);
	}
}

/* Each slot writes and reads back, all slots at the same time. */
static void run_all_slots(unsigned int rounds)
{
	unsigned int step[LGUEST_BLOCK_REQUESTS] = { 0 };
	unsigned int i;

	for (i = 0; i < LGUEST_BLOCK_REQUESTS; i++)
		begin(i, 0);
	ring();
	for (i = 0; i < rounds; i++) {
		struct lguest_block_done done = take();

		assert_in_range(done.slot, 0, LGUEST_BLOCK_REQUESTS - 1);
		assert_int_equal(done.status, LGUEST_BLOCK_OK);
		check(done.slot, step[done.slot]);
		begin(done.slot, ++step[done.slot]);
		ring();
	}
}

static void wait_for_all(void)
{
	while (done_tail != page->given_head)
		take();
}

static void many_requests_come_back_right(void **state)
{
	(void)state;
	attach();
	run_all_slots(ROUNDS);
	wait_for_all();
	detach();
}

static void a_guest_may_end_with_requests_under_way(void **state)
{
	unsigned int i;

	(void)state;
	for (i = 0; i < 50; i++) {
		attach();
		run_all_slots(i);
		detach();
	}
}

static void nonsense_comes_back_as_an_error(void **state)
{
	(void)state;
	attach();
	fill(5, LGUEST_BLOCK_READ, DISK_SECTORS - 1);
	give(5);
	ring();
	assert_int_equal(take().status, LGUEST_BLOCK_IOERR);
	fill(5, LGUEST_BLOCK_READ, 0);
	page->slot[5].piece[0].address = RAM - 512;
	give(5);
	ring();
	assert_int_equal(take().status, LGUEST_BLOCK_IOERR);
	fill(5, LGUEST_BLOCK_READ, 0);
	give(5);
	ring();
	assert_int_equal(take().status, LGUEST_BLOCK_OK);
	detach();
}

/* A guest that writes anything anywhere, and then one that behaves. */
static void garbage_in_the_pages_is_survived(void **state)
{
	unsigned int i, j;

	(void)state;
	srand(1);
	attach();
	for (i = 0; i < GARBAGE_ROUNDS; i++) {
		volatile uint8_t *bytes = (void *)page;

		for (j = 0; j < 64; j++)
			bytes[rand() % sizeof(*page)] = rand();
		page->given_head += rand() % 70;
		eventfd_write(block.device.doorbell, 1);
		/* (the pipe must not fill up) */
		page->done_wait = i % 100 == 0;
	}
	detach();
	attach();
	run_all_slots(200);
	wait_for_all();
	detach();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(many_requests_come_back_right),
		cmocka_unit_test(a_guest_may_end_with_requests_under_way),
		cmocka_unit_test(nonsense_comes_back_as_an_error),
		cmocka_unit_test(garbage_in_the_pages_is_survived),
	};

	return cmocka_run_group_tests(tests, start, stop);
}
