// SPDX-License-Identifier: GPL-2.0
/*
 * Disks: /dev/lgba, lgbb and so on, in the order of the launcher's options.
 * blk-mq gives each request a tag; the tag is the request's slot in the pages
 * shared with the launcher (struct lguest_block), which reads and writes our
 * memory by itself.
 * guide: D:070
 */
#define pr_fmt(fmt) "lguest_blk: " fmt

#include <linux/blk-mq.h>
#include <linux/blkdev.h>
#include <linux/err.h>
#include <linux/init.h>
#include <linux/interrupt.h>
#include <linux/lguest_bus.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <asm/barrier.h>
#include <lguest/block.h>

struct lguest_disk {
	struct lguest_device *ldev;
	struct lguest_block *page;
	struct gendisk *gendisk;
	struct blk_mq_tag_set tags;
	spinlock_t lock;		/* of giving requests */
	u32 given;			/* our page->given_head */
	u32 done;			/* what we have seen of page->done[] */
	/* By slot: what the launcher has, so that it can give nothing else */
	struct request *under_way[LGUEST_BLOCK_REQUESTS];
	char serial[LGUEST_BLOCK_SERIAL];
};

/* What blk-mq keeps for us beside each request. */
struct lguest_disk_pdu {
	blk_status_t status;
};

static int op_of(const struct request *rq)
{
	switch (req_op(rq)) {
	case REQ_OP_READ:
		return LGUEST_BLOCK_READ;
	case REQ_OP_WRITE:
		return LGUEST_BLOCK_WRITE;
	case REQ_OP_FLUSH:
		return LGUEST_BLOCK_FLUSH;
	case REQ_OP_DISCARD:
		return LGUEST_BLOCK_DISCARD;
	case REQ_OP_WRITE_ZEROES:
		return LGUEST_BLOCK_ZERO;
	default:
		return -1;
	}
}

/*
 * Name the request's memory, neighbours as one; the number of pieces, or -1
 * if there are too many, which the queue's limits do not let happen.
 */
static int fill_pieces(struct lguest_block_piece *piece, struct request *rq)
{
	struct req_iterator iter;
	struct bio_vec vec;
	int count = 0;
	u32 end = 0;

	rq_for_each_bvec(vec, rq, iter) {
		u32 address = page_to_phys(vec.bv_page) + vec.bv_offset;

		if (!count || address != end) {
			if (count == LGUEST_BLOCK_PIECES)
				return -1;
			piece[count].address = address;
			piece[count++].bytes = 0;
		}
		piece[count - 1].bytes += vec.bv_len;
		end = address + vec.bv_len;
	}
	return count;
}

static bool fill_slot(struct lguest_block_request *slot, struct request *rq)
{
	int op = op_of(rq);
	int pieces = 0;

	if (op == LGUEST_BLOCK_READ || op == LGUEST_BLOCK_WRITE)
		pieces = fill_pieces(slot->piece, rq);
	if (op < 0 || pieces < 0)
		return false;
	slot->sector = op == LGUEST_BLOCK_FLUSH ? 0 : blk_rq_pos(rq);
	slot->sectors = blk_rq_sectors(rq);
	slot->op = op;
	slot->pieces = pieces;
	return true;
}

static void give(struct lguest_disk *disk, u32 slot)
{
	unsigned long flags;

	spin_lock_irqsave(&disk->lock, flags);
	disk->page->given[disk->given % LGUEST_BLOCK_REQUESTS] = slot;
	/* Slot and entry are there before they are announced */
	virt_store_release(&disk->page->given_head, ++disk->given);
	spin_unlock_irqrestore(&disk->lock, flags);
}

static void ring_if_wanted(struct lguest_disk *disk)
{
	/* Our index first, then its wish: it does the reverse to go to sleep */
	virt_mb();
	if (READ_ONCE(disk->page->given_wait)) {
		WRITE_ONCE(disk->page->given_wait, 0);
		lguest_device_notify(disk->ldev);
	}
}

static blk_status_t queue_rq(struct blk_mq_hw_ctx *hctx,
			     const struct blk_mq_queue_data *data)
{
	struct lguest_disk *disk = hctx->queue->queuedata;
	struct request *rq = data->rq;
	u32 slot = rq->tag;

	if (!fill_slot(&disk->page->slot[slot], rq))
		return BLK_STS_IOERR;
	blk_mq_start_request(rq);
	disk->under_way[slot] = rq;
	give(disk, slot);
	if (data->last)
		ring_if_wanted(disk);
	return BLK_STS_OK;
}

/* No more requests come for now, though the last one was not said to be it. */
static void commit_rqs(struct blk_mq_hw_ctx *hctx)
{
	ring_if_wanted(hctx->queue->queuedata);
}

static void end_request(struct request *rq)
{
	struct lguest_disk_pdu *pdu = blk_mq_rq_to_pdu(rq);

	/* Who asked writes zeros instead, and need not ask again */
	if (req_op(rq) == REQ_OP_WRITE_ZEROES && pdu->status == BLK_STS_NOTSUPP)
		blk_queue_max_write_zeroes_sectors(rq->q, 0);
	blk_mq_end_request(rq, pdu->status);
}

static const struct blk_mq_ops lguest_disk_mq_ops = {
	.queue_rq	= queue_rq,
	.commit_rqs	= commit_rqs,
	.complete	= end_request,
};

static blk_status_t status_of(u32 status)
{
	switch (status) {
	case LGUEST_BLOCK_OK:
		return BLK_STS_OK;
	case LGUEST_BLOCK_UNSUPPORTED:
		return BLK_STS_NOTSUPP;
	default:
		return BLK_STS_IOERR;
	}
}

static void take_back(struct lguest_disk *disk,
		      const struct lguest_block_done *done)
{
	u32 slot = READ_ONCE(done->slot);
	struct lguest_disk_pdu *pdu;
	struct request *rq;

	if (slot >= LGUEST_BLOCK_REQUESTS || !disk->under_way[slot]) {
		dev_err_once(&disk->ldev->dev,
			     "the launcher gives back slot %u, which it does not have\n",
			     slot);
		return;
	}
	rq = disk->under_way[slot];
	disk->under_way[slot] = NULL;
	pdu = blk_mq_rq_to_pdu(rq);
	pdu->status = status_of(READ_ONCE(done->status));
	blk_mq_complete_request(rq);
}

static bool take_all_back(struct lguest_disk *disk)
{
	struct lguest_block *page = disk->page;
	/* What is announced is there */
	u32 head = virt_load_acquire(&page->done_head);

	if (disk->done == head)
		return false;
	while (disk->done != head)
		take_back(disk, &page->done[disk->done++ %
					    LGUEST_BLOCK_REQUESTS]);
	return true;
}

/* While we look the launcher need not interrupt. */
static irqreturn_t interrupt(int irq, void *context)
{
	struct lguest_disk *disk = context;
	irqreturn_t ret = IRQ_NONE;

	do {
		WRITE_ONCE(disk->page->done_wait, 0);
		while (take_all_back(disk))
			ret = IRQ_HANDLED;
		WRITE_ONCE(disk->page->done_wait, 1);
		/* What it did before it saw our wish is seen here */
		virt_mb();
	} while (READ_ONCE(disk->page->done_head) != disk->done);
	return ret;
}

static ssize_t serial_show(struct device *dev, struct device_attribute *attr,
			   char *buf)
{
	const struct lguest_disk *disk = dev_to_disk(dev)->private_data;

	return sysfs_emit(buf, "%s\n", disk->serial);
}
static DEVICE_ATTR_RO(serial);

static struct attribute *lguest_disk_attrs[] = {
	&dev_attr_serial.attr,
	NULL,
};
ATTRIBUTE_GROUPS(lguest_disk);

static const struct block_device_operations lguest_disk_ops = {
	.owner	= THIS_MODULE,
};

/* lgba for the first disk on the device page, lgbaa for the 27th. */
static void name_disk(char *name, const struct lguest_device *ldev)
{
	const struct lguest_device_desc *desc = ldev->desc - ldev->index;
	unsigned int number = 0;

	for (; desc < ldev->desc; desc++)
		if (READ_ONCE(desc->type) == LGUEST_DEVICE_BLOCK)
			number++;
	name += sprintf(name, "lgb");
	if (number >= 26)
		*name++ = 'a' + number / 26 - 1;
	*name++ = 'a' + number % 26;
	*name = '\0';
}

static void set_limits(struct request_queue *queue, u32 flags, u32 block)
{
	blk_queue_flag_set(QUEUE_FLAG_NONROT, queue);
	blk_queue_max_hw_sectors(queue,
				 LGUEST_BLOCK_BYTES_MAX / LGUEST_BLOCK_SECTOR);
	blk_queue_max_segments(queue, LGUEST_BLOCK_PIECES);
	/* So that pieces which are neighbours are never counted as two */
	blk_queue_max_segment_size(queue, LGUEST_BLOCK_BYTES_MAX);
	if (is_power_of_2(block) && block >= LGUEST_BLOCK_SECTOR &&
	    block <= LGUEST_BLOCK_BYTES_MAX) {
		blk_queue_physical_block_size(queue, block);
		queue->limits.discard_granularity = block;
	}
	blk_queue_write_cache(queue, flags & LGUEST_BLOCK_CACHED, false);
	if (flags & LGUEST_BLOCK_CAN_DISCARD)
		blk_queue_max_discard_sectors(queue, UINT_MAX >> SECTOR_SHIFT);
	if (flags & LGUEST_BLOCK_CAN_ZERO)
		blk_queue_max_write_zeroes_sectors(queue,
						   UINT_MAX >> SECTOR_SHIFT);
}

static int create_gendisk(struct lguest_disk *disk)
{
	u32 flags = READ_ONCE(disk->page->flags);
	struct gendisk *gendisk;

	gendisk = blk_mq_alloc_disk(&disk->tags, disk);
	if (IS_ERR(gendisk))
		return PTR_ERR(gendisk);
	disk->gendisk = gendisk;
	name_disk(gendisk->disk_name, disk->ldev);
	gendisk->fops = &lguest_disk_ops;
	gendisk->private_data = disk;
	set_limits(gendisk->queue, flags, READ_ONCE(disk->page->block_bytes));
	set_capacity(gendisk, READ_ONCE(disk->page->sectors));
	set_disk_ro(gendisk, flags & LGUEST_BLOCK_READONLY);
	strscpy(disk->serial, disk->page->serial, sizeof(disk->serial));
	return 0;
}

static int alloc_tags(struct lguest_disk *disk)
{
	disk->tags = (struct blk_mq_tag_set){
		.ops		= &lguest_disk_mq_ops,
		.nr_hw_queues	= 1,
		.queue_depth	= LGUEST_BLOCK_REQUESTS,
		.numa_node	= NUMA_NO_NODE,
		.cmd_size	= sizeof(struct lguest_disk_pdu),
		.flags		= BLK_MQ_F_SHOULD_MERGE,
	};
	return blk_mq_alloc_tag_set(&disk->tags);
}

static int map_page(struct lguest_disk *disk)
{
	static_assert(offsetof(struct lguest_block, slot) == PAGE_SIZE);

	if (READ_ONCE(disk->ldev->desc->num_pages) < LGUEST_BLOCK_PAGES)
		return -ENXIO;
	disk->page = lguest_device_map(disk->ldev);
	if (IS_ERR(disk->page))
		return PTR_ERR(disk->page);
	/* A driver before us may have used the rings. */
	disk->given = READ_ONCE(disk->page->given_head);
	disk->done = READ_ONCE(disk->page->done_head);
	WRITE_ONCE(disk->page->done_wait, 1);
	return 0;
}

static int lguest_disk_probe(struct lguest_device *ldev)
{
	struct lguest_disk *disk = kzalloc(sizeof(*disk), GFP_KERNEL);
	int err;

	if (!disk)
		return -ENOMEM;
	disk->ldev = ldev;
	spin_lock_init(&disk->lock);
	err = map_page(disk);
	if (err)
		goto err_free;
	err = alloc_tags(disk);
	if (err)
		goto err_free;
	err = create_gendisk(disk);
	if (err)
		goto err_tags;
	err = request_irq(lguest_device_irq(ldev), interrupt, 0,
			  disk->gendisk->disk_name, disk);
	if (err)
		goto err_disk;
	dev_set_drvdata(&ldev->dev, disk);
	err = device_add_disk(&ldev->dev, disk->gendisk, lguest_disk_groups);
	if (err)
		goto err_irq;
	return 0;

err_irq:
	free_irq(lguest_device_irq(ldev), disk);
err_disk:
	put_disk(disk->gendisk);
err_tags:
	blk_mq_free_tag_set(&disk->tags);
err_free:
	kfree(disk);
	return err;
}

static struct lguest_driver lguest_disk_driver = {
	.driver	= {
		.name			= "lguest_blk",
		/* Somebody may have a disk open, or mounted: they stay. */
		.suppress_bind_attrs	= true,
	},
	.type	= LGUEST_DEVICE_BLOCK,
	.probe	= lguest_disk_probe,
};

static int __init lguest_disk_driver_init(void)
{
	return lguest_driver_register(&lguest_disk_driver);
}
device_initcall(lguest_disk_driver_init);
