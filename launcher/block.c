// SPDX-License-Identifier: GPL-2.0
/*
 * block.c - the threads of a disk.  One of them listens for the guest.  When it
 * takes a request it leaves listening to another one and does the request by
 * itself; so the data's way is never longer than from one thread to the host's
 * disk, and while all of them are busy the guest need not ring.
 * guide: L:390
 */
#include <errno.h>
#include <string.h>
#include <sys/eventfd.h>

#include "block.h"

/* Deep enough for a request, its copies and the C library. */
#define STACK_BYTES	(256 << 10)

static void *worker(void *context);

static int add_worker(struct block *block)
{
	pthread_attr_t attributes;
	pthread_t thread;
	int error;

	pthread_attr_init(&attributes);
	pthread_attr_setstacksize(&attributes, STACK_BYTES);
	pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
	error = pthread_create(&thread, &attributes, worker, block);
	pthread_attr_destroy(&attributes);
	if (error)
		return error;
	pthread_setname_np(thread, "disk");
	block->workers++;
	return 0;
}

/* We are about to be busy: another one is to listen. */
static void hand_over(struct block *block)
{
	if (block->listening)
		return;
	if (block->resting)
		pthread_cond_signal(&block->work);
	else if (block->workers < BLOCK_WORKERS)
		/* If there can be no more threads, we look again later. */
		add_worker(block);
}

static void unlocked_do(struct block *block, uint32_t slot)
{
	struct block_request request;
	uint32_t status = LGUEST_BLOCK_IOERR;
	bool wakes;

	if (block_ring_read(&block->ring, slot, &request))
		status = block_disk_do(&block->disk, &request);
	pthread_mutex_lock(&block->lock);
	wakes = block_ring_put(&block->ring, slot, status);
	pthread_mutex_unlock(&block->lock);
	if (wakes)
		device_interrupt(&block->device);
}

/* The ring's pages stay until nobody is busy, so unlocked_do() may use them. */
static void serve(struct block *block, uint32_t slot)
{
	block->busy++;
	hand_over(block);
	pthread_mutex_unlock(&block->lock);
	unlocked_do(block, slot);
	pthread_mutex_lock(&block->lock);
	if (!--block->busy)
		pthread_cond_signal(&block->idle);
}

static void listen(struct block *block)
{
	eventfd_t count;

	block->listening = true;
	pthread_mutex_unlock(&block->lock);
	eventfd_read(block->device.doorbell, &count);
	pthread_mutex_lock(&block->lock);
	block->listening = false;
}

static void rest(struct block *block)
{
	block->resting++;
	pthread_cond_wait(&block->work, &block->lock);
	block->resting--;
}

/*
 * A thread's whole life: work if there is some, rest if another one listens,
 * else listen.  block_ring_wait() is false if a request came just now.
 * guide: L:400 code
 */
static void *worker(void *context)
{
	struct block *block = context;
	uint32_t slot;

	pthread_mutex_lock(&block->lock);
	for (;;) {
		if (block->serving && block_ring_take(&block->ring, &slot))
			serve(block, slot);
		else if (block->listening)
			rest(block);
		else if (!block->serving || block_ring_wait(&block->ring))
			listen(block);
	}
	return NULL;
}

/* What is under way is finished first, in the memory that it is about. */
static void stop_guest(struct block *block)
{
	block->serving = false;
	while (block->busy)
		pthread_cond_wait(&block->idle, &block->lock);
}

static void start_guest(struct block *block, struct lguest_block *page)
{
	const struct device_list *list = block->device.list;

	block_disk_describe(&block->disk, page);
	block_ring_init(&block->ring, page, list->memory, list->ram);
	block->serving = true;
}

static void reset(void *context, void *pages)
{
	struct block *block = context;

	pthread_mutex_lock(&block->lock);
	stop_guest(block);
	if (pages)
		start_guest(block, pages);
	pthread_mutex_unlock(&block->lock);
}

void block_init(struct block *block, struct device_list *list)
{
	*block = (struct block){
		.device = {
			.type = LGUEST_DEVICE_BLOCK,
			.pages = LGUEST_BLOCK_PAGES,
			.reset = reset,
			.context = block,
		},
	};
	pthread_mutex_init(&block->lock, NULL);
	pthread_cond_init(&block->work, NULL);
	pthread_cond_init(&block->idle, NULL);
	device_add(list, &block->device);
}

bool block_open(struct block *block, const struct block_spec *spec,
		struct why *why)
{
	return block_disk_open(&block->disk, spec, why);
}

bool block_start(struct block *block, struct why *why)
{
	int error;

	pthread_mutex_lock(&block->lock);
	error = add_worker(block);
	pthread_mutex_unlock(&block->lock);
	if (!error)
		return true;
	return why_fail(why, "cannot create a thread for the disk %s: %s",
			block->disk.spec->path, strerror(error));
}
