// SPDX-License-Identifier: GPL-2.0
/*
 * net.c - nets (include/lguest/net.h): which there are, who has which slot of
 * them, and which address leads to whom.
 *
 * What this file decides is on the net page, but never read from there.  A
 * net lives from the first who joins or listens to the last who leaves; each
 * holds the file that names it, so its inode is a net's name that cannot be
 * taken by another one meanwhile.
 * guide: H:260
 */
#include <linux/etherdevice.h>
#include <linux/file.h>
#include <linux/gfp.h>
#include <linux/pid.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/string.h>
#include "lg.h"
#include "net.h"

static DEFINE_MUTEX(lg_nets_lock);
static LIST_HEAD(lg_nets);

/* --- nets --- */

/* The file that names a net, if it may; with a reference, or an error. */
struct file *lg_net_file(int fd, fmode_t mode)
{
	struct file *file = fget(fd);

	BUILD_BUG_ON(sizeof(struct lguest_net_page) != PAGE_SIZE);
	BUILD_BUG_ON(LG_ROW_BYTES % PAGE_SIZE);
	if (!file)
		return ERR_PTR(-EBADF);
	if ((file->f_mode & mode) != mode) {
		fput(file);
		return ERR_PTR(-EACCES);
	}
	if (!S_ISREG(file_inode(file)->i_mode)) {
		fput(file);
		return ERR_PTR(-EINVAL);
	}
	return file;
}

static struct lg_net *find_net(const struct inode *inode)
{
	struct lg_net *net;

	list_for_each_entry(net, &lg_nets, list)
		if (net->inode == inode)
			return net;
	return NULL;
}

static struct lg_net *new_net(const struct inode *inode)
{
	struct lg_net *net = kzalloc(sizeof(*net), GFP_KERNEL_ACCOUNT);

	if (!net)
		return NULL;
	net->page = (void *)get_zeroed_page(GFP_KERNEL_ACCOUNT);
	if (!net->page) {
		kfree(net);
		return NULL;
	}
	net->inode = inode;
	spin_lock_init(&net->lock);
	INIT_LIST_HEAD(&net->listeners);
	memset(net->first, LGUEST_NET_NOBODY, sizeof(net->first));
	list_add(&net->list, &lg_nets);
	return net;
}

/* Put it back before the file. */
struct lg_net *lg_net_get(struct file *file)
{
	const struct inode *inode = file_inode(file);
	struct lg_net *net;

	mutex_lock(&lg_nets_lock);
	net = find_net(inode) ?: new_net(inode);
	if (net)
		net->users++;
	mutex_unlock(&lg_nets_lock);
	return net ?: ERR_PTR(-ENOMEM);
}

static void free_net(struct lg_net *net)
{
	u32 i;

	list_del(&net->list);
	for (i = 0; i < LGUEST_NET_SLOTS; i++)
		if (net->row[i])
			free_pages_exact(net->row[i], LG_ROW_BYTES);
	free_page((unsigned long)net->page);
	kfree(net->diverted);
	kfree(net);
}

void lg_net_put(struct lg_net *net)
{
	mutex_lock(&lg_nets_lock);
	if (!--net->users)
		free_net(net);
	mutex_unlock(&lg_nets_lock);
}

/* The counters of a sender; they stay for as long as the net does. */
struct lguest_net_pair *lg_net_row(struct lg_net *net, u32 slot)
{
	struct lguest_net_pair *row = READ_ONCE(net->row[slot]);

	if (row)
		return row;
	row = alloc_pages_exact(LG_ROW_BYTES, GFP_KERNEL_ACCOUNT | __GFP_ZERO);
	if (row && cmpxchg(&net->row[slot], NULL, row))
		free_pages_exact(row, LG_ROW_BYTES);
	return READ_ONCE(net->row[slot]);
}

/* Each costs every sender something, with interrupts off: not too many. */
int lg_net_add_listener(struct lg_net *net, struct lg_listener *listener)
{
	int err = -EBUSY;

	mutex_lock(&lg_nets_lock);
	if (net->nlisteners < LGUEST_LISTENERS_MAX) {
		net->nlisteners++;
		list_add_rcu(&listener->list, &net->listeners);
		err = 0;
	}
	mutex_unlock(&lg_nets_lock);
	return err;
}

void lg_net_remove_listener(struct lg_net *net, struct lg_listener *listener)
{
	mutex_lock(&lg_nets_lock);
	net->nlisteners--;
	list_del_rcu(&listener->list);
	mutex_unlock(&lg_nets_lock);
	synchronize_rcu();
}

/* --- addresses: net->lock to write, RCU to read --- */

bool lg_mac_is_station(u64 mac)
{
	return mac && !(mac & 1) && !(mac >> 48);
}

static u32 bucket_of(u64 mac)
{
	return mac >> 40 & (LG_MAC_BUCKETS - 1);
}

/*
 * The first slot that has this address.  Without the lock a change under way
 * can make this miss one that moves, which is no worse than being a moment
 * earlier; it cannot make it go on for ever.
 */
u32 lg_net_find_mac(const struct lg_net *net, u64 mac)
{
	u32 slot = READ_ONCE(net->first[bucket_of(mac)]);
	u32 n;

	for (n = 0; slot < LGUEST_NET_SLOTS && n < LGUEST_NET_SLOTS; n++) {
		if (READ_ONCE(net->mac[slot]) == mac)
			return slot;
		slot = READ_ONCE(net->next[slot]);
	}
	return LGUEST_NET_NOBODY;
}

static void remove_mac(struct lg_net *net, u32 slot)
	__must_hold(&net->lock)
{
	u8 *link = &net->first[bucket_of(net->mac[slot])];

	while (*link < LGUEST_NET_SLOTS && *link != slot)
		link = &net->next[*link];
	if (*link == slot)
		WRITE_ONCE(*link, net->next[slot]);
	WRITE_ONCE(net->mac[slot], 0);
}

/* At the end of its bucket: who had it first keeps it. */
static void insert_mac(struct lg_net *net, u32 slot, u64 mac)
	__must_hold(&net->lock)
{
	u8 *link = &net->first[bucket_of(mac)];

	WRITE_ONCE(net->mac[slot], mac);
	WRITE_ONCE(net->next[slot], LGUEST_NET_NOBODY);
	while (*link < LGUEST_NET_SLOTS)
		link = &net->next[*link];
	WRITE_ONCE(*link, slot);
}

/* --- slots --- */

static struct lguest_net_slot *entry_of(const struct lg_endpoint *ep)
{
	return &ep->net->page->slot[ep->slot];
}

/* Bring bitmaps and page in line with an endpoint's flags. */
static void flags_changed(struct lg_endpoint *ep)
	__must_hold(&ep->net->lock)
{
	struct lg_net *net = ep->net;
	u16 flags = ep->flags | (ep->wants_all ? LGUEST_SLOT_PROMISC : 0);
	bool up = (flags & LGUEST_SLOT_READY) && !(flags & LGUEST_SLOT_DOWN);

	/* It may have left just now, and its slot be another's. */
	if (rcu_access_pointer(net->slot[ep->slot]) != ep)
		return;
	assign_bit(ep->slot, net->up, up);
	assign_bit(ep->slot, net->promisc,
		   up && (flags & LGUEST_SLOT_PROMISC));
	assign_bit(ep->slot, net->uplink,
		   up && (flags & LGUEST_SLOT_UPLINK));
	entry_of(ep)->flags = flags;
	net->page->changes++;
}

static int find_slot(const struct lg_net *net, int wanted)
{
	u32 slot;

	if (wanted >= 0)
		return rcu_access_pointer(net->slot[wanted]) ? -EBUSY : wanted;
	for (slot = 0; slot < LGUEST_NET_SLOTS; slot++)
		if (!rcu_access_pointer(net->slot[slot]))
			return slot;
	return -ENOSPC;
}

static int check_join(const struct lguest_net_join *join)
{
	if (join->slot < -1 || join->slot >= LGUEST_NET_SLOTS)
		return -EINVAL;
	if (join->flags & ~LG_FLAGS_TO_SET)
		return -EINVAL;
	if (!lg_mac_is_station(lg_mac(join->mac)))
		return -EINVAL;
	return 0;
}

static void fill_entry(struct lg_endpoint *ep,
		       const struct lguest_net_join *join)
	__must_hold(&ep->net->lock)
{
	struct lguest_net_slot *entry = entry_of(ep);

	memcpy(entry->mac, join->mac, ETH_ALEN);
	entry->pid = task_tgid_nr(current);
	/* Not strscpy(): it shall not tell what an earlier owner was called. */
	memset(entry->name, 0, sizeof(entry->name));
	memcpy(entry->name, join->name,
	       strnlen(join->name, sizeof(entry->name) - 1));
}

/* Take a slot.  Frames come when the endpoint has been bound. */
static int take_slot(struct lg_endpoint *ep, struct lguest_net_join *join)
{
	u64 mac = lg_mac(join->mac);
	struct lg_net *net = ep->net;
	u32 same;
	int slot;

	spin_lock_irq(&net->lock);
	slot = find_slot(net, join->slot);
	if (slot >= 0) {
		ep->slot = slot;
		same = lg_net_find_mac(net, mac);
		join->same_mac = same == LGUEST_NET_NOBODY ? -1 : (int)same;
		insert_mac(net, slot, mac);
		join->slot = slot;
		if (net->strict_ports && !(ep->flags & LGUEST_SLOT_UPLINK))
			ep->flags |= LGUEST_SLOT_STRICT;
		fill_entry(ep, join);
		rcu_assign_pointer(net->slot[slot], ep);
		flags_changed(ep);
	}
	spin_unlock_irq(&net->lock);
	return slot < 0 ? slot : 0;
}

static void give_slot_back(struct lg_endpoint *ep)
{
	struct lg_net *net = ep->net;

	spin_lock_irq(&net->lock);
	lg_divert_end(ep);
	net->strict_ports -= ep->strict_joiners;
	ep->flags = 0;
	ep->wants_all = false;
	flags_changed(ep);
	RCU_INIT_POINTER(net->slot[ep->slot], NULL);
	remove_mac(net, ep->slot);
	memset(entry_of(ep), 0, sizeof(*entry_of(ep)));
	spin_unlock_irq(&net->lock);
}

static struct lg_endpoint *new_endpoint(const struct lguest_net_join *join,
					struct lg *lg, struct lg_port *port)
{
	struct lg_endpoint *ep = kzalloc(sizeof(*ep), GFP_KERNEL_ACCOUNT);

	if (!ep)
		return ERR_PTR(-ENOMEM);
	spin_lock_init(&ep->lock);
	timer_setup(&ep->stuck_timer, lg_dma_stuck, 0);
	ep->lg = lg;
	ep->device = join->device;
	ep->port = port;
	ep->flags = LGUEST_SLOT_USED | join->flags;
	if (port)
		ep->flags |= LGUEST_SLOT_PORT;
	return ep;
}

/*
 * An endpoint with a slot, of a guest or of a port.  Others find it from here
 * on, even if it gets no frames before it is bound.
 */
struct lg_endpoint *lg_endpoint_join(struct lguest_net_join *join,
				     struct lg *lg, struct lg_port *port)
{
	struct lg_endpoint *ep;
	int err = check_join(join);

	if (err)
		return ERR_PTR(err);
	ep = new_endpoint(join, lg, port);
	if (IS_ERR(ep))
		return ep;
	ep->file = lg_net_file(join->fd, FMODE_READ | FMODE_WRITE);
	if (IS_ERR(ep->file)) {
		err = PTR_ERR(ep->file);
		goto err_free;
	}
	ep->net = lg_net_get(ep->file);
	if (IS_ERR(ep->net)) {
		err = PTR_ERR(ep->net);
		goto err_fput;
	}
	err = take_slot(ep, join);
	if (err)
		goto err_put;
	if (!lg_net_row(ep->net, ep->slot)) {
		give_slot_back(ep);
		synchronize_rcu();
		err = -ENOMEM;
		goto err_put;
	}
	memset(ep->net->row[ep->slot], 0, LG_ROW_BYTES);
	return ep;

err_put:
	lg_net_put(ep->net);
err_fput:
	fput(ep->file);
err_free:
	kfree(ep);
	return ERR_PTR(err);
}

/* From here on it gets nothing, and nobody finds it any more. */
void lg_endpoint_leave(struct lg_endpoint *ep)
{
	lg_endpoint_bind(ep, 0, 0);
	give_slot_back(ep);
	synchronize_rcu();
	del_timer_sync(&ep->stuck_timer);
	/* Who waited for it shall find that it is gone. */
	lg_dma_restock(ep);
}

void lg_endpoint_free(struct lg_endpoint *ep)
{
	lg_net_put(ep->net);
	fput(ep->file);
	kfree(ep);
}

/* Start with new rings, from their beginning; both 0: with none. */
void lg_endpoint_bind(struct lg_endpoint *ep, u32 send, u32 receive)
{
	unsigned long flags;
	bool bound = send || receive;

	spin_lock_irqsave(&ep->lock, flags);
	ep->send_ring = send;
	ep->receive_ring = receive;
	ep->sent = 0;
	ep->received = 0;
	ep->bad = false;
	ep->stuck = false;
	ep->stopped = false;
	ep->credit_at = 0;
	ep->bound = bound;
	spin_lock(&ep->net->lock);
	ep->flags &= ~LGUEST_SLOT_READY;
	if (bound)
		ep->flags |= LGUEST_SLOT_READY;
	flags_changed(ep);
	spin_unlock(&ep->net->lock);
	spin_unlock_irqrestore(&ep->lock, flags);
	/* Who waited for room in the old ring. */
	lg_dma_restock(ep);
}

void lg_endpoint_set_flags(struct lg_endpoint *ep, u16 mask, u16 set)
{
	unsigned long flags;

	mask &= LG_FLAGS_TO_SET;
	spin_lock_irqsave(&ep->lock, flags);
	spin_lock(&ep->net->lock);
	ep->flags = (ep->flags & ~mask) | (set & mask);
	flags_changed(ep);
	spin_unlock(&ep->net->lock);
	if (ep->bound)
		lg_dma_publish_link(ep);
	spin_unlock_irqrestore(&ep->lock, flags);
	/* Nobody is to wait for one that is down. */
	lg_dma_restock(ep);
}

/* Shall those be STRICT that join later, as long as this port is there? */
void lg_endpoint_set_joiners(struct lg_endpoint *ep, bool strict)
{
	struct lg_net *net = ep->net;

	spin_lock_irq(&net->lock);
	net->strict_ports += strict - ep->strict_joiners;
	ep->strict_joiners = strict;
	spin_unlock_irq(&net->lock);
}

/* A guest's own wish for every frame; the host may have the same. */
void lg_endpoint_set_all(struct lg_endpoint *ep, bool all)
{
	unsigned long flags;

	spin_lock_irqsave(&ep->net->lock, flags);
	ep->wants_all = all;
	flags_changed(ep);
	spin_unlock_irqrestore(&ep->net->lock, flags);
}

/* False: it is to stay the one that it is. */
bool lg_endpoint_set_mac(struct lg_endpoint *ep, u64 mac)
{
	struct lg_net *net = ep->net;
	unsigned long flags;
	bool same, may;

	spin_lock_irqsave(&net->lock, flags);
	same = net->mac[ep->slot] == mac;
	may = !(ep->flags & LGUEST_SLOT_STRICT);
	if (!same && may) {
		remove_mac(net, ep->slot);
		insert_mac(net, ep->slot, mac);
		memcpy(entry_of(ep)->mac, &mac, ETH_ALEN);
		net->page->changes++;
	}
	spin_unlock_irqrestore(&net->lock, flags);
	return same || may;
}

/* --- all nets of a guest --- */

void lg_net_leave_all(struct lg *lg)
{
	u32 i;

	for (i = 0; i < LGUEST_DEVICE_MAX; i++)
		if (lg->net[i])
			lg_endpoint_leave(lg->net[i]);
}

/* When its memory notifier is gone, too. */
void lg_net_free_all(struct lg *lg)
{
	u32 i;

	for (i = 0; i < LGUEST_DEVICE_MAX; i++)
		if (lg->net[i])
			lg_endpoint_free(lg->net[i]);
}

/* Whoever copies into the guest's memory now has done so when this returns. */
void lg_net_wait_for_copies(struct lg *lg)
{
	struct lg_endpoint *ep;
	unsigned long flags;
	u32 i;

	for (i = 0; i < LGUEST_DEVICE_MAX; i++) {
		/* Pairs with the release of who joins. */
		ep = smp_load_acquire(&lg->net[i]);
		if (!ep)
			continue;
		spin_lock_irqsave(&ep->lock, flags);
		spin_unlock_irqrestore(&ep->lock, flags);
	}
}

/* The guest's own thread, outside: bring in what its nets need. */
int lg_net_bring_in(struct lg *lg)
{
	u32 i;
	int err;

	for_each_set_bit(i, &lg->net_missing, LGUEST_DEVICE_MAX) {
		clear_bit(i, &lg->net_missing);
		err = lg_dma_bring_in(lg->net[i]);
		if (err) {
			set_bit(i, &lg->net_missing);
			return err;
		}
	}
	return 0;
}
