// SPDX-License-Identifier: GPL-2.0
/*
 * A network device on a net of the host (lguest/dma.h): two rings that the
 * host reads and writes, one page per buffer to receive into.
 *
 * Sending is synchronous: the hypercall returns when the host has copied the
 * frames, so there is no completion to wait for, unless a receiver has no
 * room.  Then frames stay in the ring and an interrupt tells when to ask
 * again.  A received frame that is short is copied out of its page, which
 * is given back at once; of a longer one the pages become the skb's own.
 *
 * An interrupt per frame would leave a guest that is flooded no time for
 * anything else, so that whoever reads the frames never gets to it.  When
 * frames come fast, a timer takes the interrupts' place.
 * guide: D:100
 */
#include <linux/etherdevice.h>
#include <linux/ethtool.h>
#include <linux/hrtimer.h>
#include <linux/if_vlan.h>
#include <linux/interrupt.h>
#include <linux/lguest_bus.h>
#include <linux/netdevice.h>
#include <linux/slab.h>
#include <linux/timer.h>
#include <linux/virtio_net.h>
#include <lguest/dma.h>

#define DRIVER_NAME	"lguest_net"

/* Frames up to this are copied, and this much of the others' headers. */
#define COPY_MAX	256
#define PULL_BYTES	128
/* Room in the send ring for whatever frame may come next. */
#define SEND_ROOM	LGUEST_FRAME_PARTS
/* How long to wait when there is no memory for buffers. */
#define REFILL_RETRY	(HZ / 10)
/*
 * More frames than this in a time are a flood, for that time and the next.  A
 * conversation of one frame at a time stays below it.
 */
#define FLOOD_TIME	msecs_to_jiffies(20)
#define FLOOD_FRAMES	150
/* How often the timer looks, then. */
#define FLOOD_POLL_NS	(400 * NSEC_PER_USEC)
/* Not meant as a limit, but bonding and others want to know one. */
#define LINK_SPEED	SPEED_10000

static_assert(sizeof(struct virtio_net_hdr) == LGUEST_FRAME_HEADER);
static_assert(MAX_SKB_FRAGS + 2 <= LGUEST_FRAME_PARTS);

/* What ethtool -S shows. */
struct lguest_net_counts {
	u64 interrupts;
	u64 timer_polls;
	u64 send_calls;
	u64 send_stops;
	u64 restock_calls;
	u64 rx_copied;
	u64 rx_no_memory;
};

static const char lguest_net_count_names[][ETH_GSTRING_LEN] = {
	"interrupts",
	"timer_polls",
	"send_calls",
	"send_stops",
	"restock_calls",
	"rx_copied",
	"rx_no_memory",
};

struct lguest_net {
	struct net_device *dev;
	struct lguest_device *ldev;
	const struct lguest_net_config *config;
	struct napi_struct napi;
	struct timer_list refill_timer;
	struct lguest_net_counts counts;
	/* the transmit lock's */
	struct lguest_dma_ring *send;
	u32 send_given, send_taken;
	bool send_stopped;	/* an interrupt will come */
	struct sk_buff *skb[LGUEST_DMA_RING];	/* at a frame's last part */
	struct virtio_net_hdr *header;		/* one per descriptor */
	/* NAPI's */
	struct lguest_dma_ring *receive;
	u32 receive_given, receive_next;
	struct page *page[LGUEST_DMA_RING];
	unsigned long flood_since;
	u32 flood_frames;	/* since then */
	bool was_flooded;	/* before that */
	struct hrtimer flood_timer;
};

static u32 device_call(struct lguest_net *net, u32 call)
{
	return lguest_hypercall(call, net->ldev->index, 0, 0);
}

/* --- sending; under the transmit lock --- */

static u32 send_room(const struct lguest_net *net)
{
	return LGUEST_DMA_RING - (net->send_given - net->send_taken);
}

static void add_part(struct lguest_net *net, u32 address, u32 bytes, bool more)
{
	struct lguest_dma_desc *desc =
		&net->send->desc[net->send_given % LGUEST_DMA_RING];

	desc->address = address;
	desc->bytes = bytes;
	desc->flags = more ? LGUEST_DMA_MORE : 0;
	net->send_given++;
}

/* The header goes in front of the data if there is room, else before it. */
static void add_head(struct lguest_net *net, struct sk_buff *skb,
		     const struct virtio_net_hdr *header, bool more)
{
	struct virtio_net_hdr *apart;
	u32 bytes = skb_headlen(skb);
	u8 *data = skb->data;

	if (!skb_header_cloned(skb) && skb_headroom(skb) >= sizeof(*header)) {
		data -= sizeof(*header);
		bytes += sizeof(*header);
		memcpy(data, header, sizeof(*header));
	} else {
		apart = &net->header[net->send_given % LGUEST_DMA_RING];
		*apart = *header;
		add_part(net, __pa(apart), sizeof(*apart), true);
	}
	add_part(net, __pa(data), bytes, more);
}

static void add_frame(struct lguest_net *net, struct sk_buff *skb,
		      const struct virtio_net_hdr *header)
{
	u32 i, frags = skb_shinfo(skb)->nr_frags;

	add_head(net, skb, header, frags);
	for (i = 0; i < frags; i++) {
		const skb_frag_t *frag = &skb_shinfo(skb)->frags[i];

		add_part(net, page_to_phys(skb_frag_page(frag)) +
			 skb_frag_off(frag), skb_frag_size(frag),
			 i + 1 < frags);
	}
	net->skb[(net->send_given - 1) % LGUEST_DMA_RING] = skb;
}

/* Let go of the frames that the host has taken. */
static void reclaim(struct lguest_net *net)
{
	/* The host has read them before they are ours again */
	u32 taken = smp_load_acquire(&net->send->taken);
	u32 frames = 0, bytes = 0;

	for (; net->send_taken != taken; net->send_taken++) {
		u32 i = net->send_taken % LGUEST_DMA_RING;
		struct sk_buff *skb = net->skb[i];

		if (!skb)
			continue;
		net->skb[i] = NULL;
		frames++;
		bytes += skb->len;
		dev_consume_skb_any(skb);
	}
	if (frames)
		dev_sw_netstats_tx_add(net->dev, frames, bytes);
}

static void send_given(struct lguest_net *net)
{
	/* Descriptors before their number */
	smp_store_release(&net->send->given, net->send_given);
	net->counts.send_calls++;
	net->send_stopped = device_call(net, LHCALL_SEND_DMA) &
			    LGUEST_DMA_STOPPED;
	net->counts.send_stops += net->send_stopped;
	reclaim(net);
}

static netdev_tx_t lguest_net_xmit(struct sk_buff *skb, struct net_device *dev)
{
	struct lguest_net *net = netdev_priv(dev);
	struct virtio_net_hdr header = { };

	if (virtio_net_hdr_from_skb(skb, &header, true, false, 0)) {
		dev->stats.tx_dropped++;
		dev_kfree_skb_any(skb);
	} else {
		skb_tx_timestamp(skb);
		add_frame(net, skb, &header);
	}
	/* When it is stopped, the interrupt makes the call. */
	if (!net->send_stopped &&
	    (!netdev_xmit_more() || send_room(net) < SEND_ROOM))
		send_given(net);
	if (send_room(net) < SEND_ROOM)
		netif_stop_queue(dev);
	return NETDEV_TX_OK;
}

/* An interrupt came: maybe it is that there is room for our frames. */
static void send_again(struct lguest_net *net)
{
	if (!READ_ONCE(net->send_stopped))
		return;
	netif_tx_lock(net->dev);
	send_given(net);
	if (send_room(net) >= SEND_ROOM)
		netif_wake_queue(net->dev);
	netif_tx_unlock(net->dev);
}

/* --- receiving; NAPI --- */

static struct lguest_dma_desc *receive_desc(struct lguest_net *net, u32 n)
{
	return &net->receive->desc[n % LGUEST_DMA_RING];
}

static struct page *new_buffer(void)
{
	struct page *page = dev_alloc_page();

	/* The host has it at hand only once we have touched it. */
	if (page)
		WRITE_ONCE(*(u8 *)page_address(page), 0);
	return page;
}

/*
 * Give buffers if there are pages; false: too few for whatever may come.
 *
 * The second barrier is the pattern that we meet wherever two sides share
 * memory and may sleep: I write what I did, then read what you wish; you write
 * what you wish, then read what I did.  So one of us sees the other.
 * guide: D:110 code
 */
static bool refill(struct lguest_net *net)
{
	while (net->receive_given - net->receive_next < LGUEST_DMA_RING) {
		struct lguest_dma_desc *desc =
			receive_desc(net, net->receive_given);
		struct page **page =
			&net->page[net->receive_given % LGUEST_DMA_RING];

		if (!*page)
			*page = new_buffer();
		if (!*page) {
			net->counts.rx_no_memory++;
			break;
		}
		desc->address = page_to_phys(*page);
		desc->bytes = PAGE_SIZE;
		desc->used = 0;
		net->receive_given++;
	}
	/* Descriptors before their number, and that before we look */
	smp_store_release(&net->receive->given, net->receive_given);
	smp_mb();	/* as the host does it the other way round */
	if (READ_ONCE(net->receive->wanted)) {
		net->counts.restock_calls++;
		device_call(net, LHCALL_RESTOCK_DMA);
	}
	return net->receive_given - net->receive_next >= LGUEST_FRAME_PARTS;
}

static void refill_or_retry(struct lguest_net *net)
{
	if (!refill(net))
		mod_timer(&net->refill_timer, jiffies + REFILL_RETRY);
}

static void refill_timer_expired(struct timer_list *timer)
{
	struct lguest_net *net = from_timer(net, timer, refill_timer);

	napi_schedule(&net->napi);
}

/* Bytes in a buffer that the host filled; 0: it has not. */
static u32 used_bytes(const struct lguest_dma_desc *desc)
{
	/* The bytes are there before they are announced */
	return min_t(u32, smp_load_acquire(&desc->used), PAGE_SIZE);
}

static struct sk_buff *copy_short(struct lguest_net *net, const u8 *data,
				  u32 bytes)
{
	struct sk_buff *skb = napi_alloc_skb(&net->napi, bytes);

	if (skb)
		skb_put_data(skb, data, bytes);
	net->counts.rx_copied++;
	return skb;
}

/* The page of a buffer changes hands: the next refill brings a new one. */
static void attach(struct lguest_net *net, struct sk_buff *skb, u32 n,
		   u32 offset, u32 bytes)
{
	struct page **page = &net->page[n % LGUEST_DMA_RING];

	skb_add_rx_frag(skb, skb_shinfo(skb)->nr_frags, *page, offset, bytes,
			PAGE_SIZE);
	*page = NULL;
}

/* A frame that begins in a buffer and is too long to be copied. */
static struct sk_buff *attach_first(struct lguest_net *net, u32 n, u8 *data,
				    u32 bytes)
{
	struct sk_buff *skb = napi_alloc_skb(&net->napi, PULL_BYTES);
	u32 pull = min_t(u32, bytes, PULL_BYTES);

	if (!skb)
		return NULL;
	skb_put_data(skb, data, pull);
	if (bytes > pull)
		attach(net, skb, n, LGUEST_FRAME_HEADER + pull, bytes - pull);
	return skb;
}

/*
 * The next frame, NULL if it has to be dropped.  Whatever happens, as many
 * buffers are used up as it has.
 */
static struct sk_buff *receive_frame(struct lguest_net *net,
				     struct virtio_net_hdr *header)
{
	u32 n = net->receive_next;
	struct lguest_dma_desc *desc = receive_desc(net, n);
	u8 *data = page_address(net->page[n % LGUEST_DMA_RING]);
	u32 bytes = used_bytes(desc);
	struct sk_buff *skb = NULL;

	net->receive_next++;
	if (bytes > LGUEST_FRAME_HEADER) {
		memcpy(header, data, sizeof(*header));
		data += LGUEST_FRAME_HEADER;
		bytes -= LGUEST_FRAME_HEADER;
		if (!(desc->flags & LGUEST_DMA_MORE) && bytes <= COPY_MAX)
			skb = copy_short(net, data, bytes);
		else
			skb = attach_first(net, n, data, bytes);
	}
	while (desc->flags & LGUEST_DMA_MORE &&
	       net->receive_next != net->receive_given) {
		n = net->receive_next++;
		desc = receive_desc(net, n);
		bytes = used_bytes(desc);
		if (skb && bytes && skb_shinfo(skb)->nr_frags < MAX_SKB_FRAGS)
			attach(net, skb, n, 0, bytes);
	}
	return skb;
}

static bool hand_up(struct lguest_net *net, struct sk_buff *skb,
		    const struct virtio_net_hdr *header)
{
	u32 bytes = skb->len;

	if (header->flags & VIRTIO_NET_HDR_F_DATA_VALID)
		skb->ip_summed = CHECKSUM_UNNECESSARY;
	if (bytes < ETH_HLEN || virtio_net_hdr_to_skb(skb, header, true)) {
		net->dev->stats.rx_frame_errors++;
		net->dev->stats.rx_errors++;
		dev_kfree_skb_any(skb);
		return false;
	}
	skb->protocol = eth_type_trans(skb, net->dev);
	dev_sw_netstats_rx_add(net->dev, bytes);
	napi_gro_receive(&net->napi, skb);
	return true;
}

static bool has_frame(struct lguest_net *net)
{
	return net->receive_next != net->receive_given &&
	       used_bytes(receive_desc(net, net->receive_next));
}

static int receive_frames(struct lguest_net *net, int budget)
{
	int done;

	for (done = 0; done < budget && has_frame(net); done++) {
		struct virtio_net_hdr header;
		struct sk_buff *skb = receive_frame(net, &header);

		if (skb)
			hand_up(net, skb, &header);
		else
			net->dev->stats.rx_dropped++;
		/* Not too late for those who wait for room. */
		if (net->receive_given - net->receive_next <
		    LGUEST_DMA_RING / 2)
			refill(net);
	}
	return done;
}

static void follow_link(struct lguest_net *net)
{
	if (READ_ONCE(net->receive->link))
		netif_carrier_on(net->dev);
	else
		netif_carrier_off(net->dev);
}

static void listen_again(struct lguest_net *net)
{
	WRITE_ONCE(net->receive->quiet, 0);
	/* What came before the host saw that is seen here */
	smp_mb();
	if (has_frame(net) && napi_schedule_prep(&net->napi)) {
		WRITE_ONCE(net->receive->quiet, 1);
		__napi_schedule(&net->napi);
	}
}

static enum hrtimer_restart flood_timer_expired(struct hrtimer *timer)
{
	struct lguest_net *net = container_of(timer, struct lguest_net,
					      flood_timer);

	net->counts.timer_polls++;
	napi_schedule(&net->napi);
	return HRTIMER_NORESTART;
}

/* Is it, with these frames? */
static bool is_flooded(struct lguest_net *net, int frames)
{
	if (time_after(jiffies, net->flood_since + FLOOD_TIME)) {
		net->was_flooded = net->flood_frames > FLOOD_FRAMES;
		net->flood_since = jiffies;
		net->flood_frames = 0;
	}
	net->flood_frames += frames;
	return net->was_flooded || net->flood_frames > FLOOD_FRAMES;
}

static int lguest_net_poll(struct napi_struct *napi, int budget)
{
	struct lguest_net *net = container_of(napi, struct lguest_net, napi);
	bool flooded;
	int done;

	follow_link(net);
	send_again(net);
	done = receive_frames(net, budget);
	refill_or_retry(net);
	flooded = is_flooded(net, done);
	if (done == budget || !napi_complete_done(napi, done))
		return done;
	if (done && flooded)
		hrtimer_start(&net->flood_timer, ns_to_ktime(FLOOD_POLL_NS),
			      HRTIMER_MODE_REL);
	else
		listen_again(net);
	return done;
}

static irqreturn_t lguest_net_interrupt(int irq, void *data)
{
	struct lguest_net *net = data;

	net->counts.interrupts++;
	WRITE_ONCE(net->receive->quiet, 1);
	napi_schedule(&net->napi);
	return IRQ_HANDLED;
}

/* --- up and down --- */

static void drop_buffers(struct lguest_net *net)
{
	u32 i;

	for (i = 0; i < LGUEST_DMA_RING; i++) {
		if (net->page[i])
			__free_page(net->page[i]);
		net->page[i] = NULL;
		dev_kfree_skb_any(net->skb[i]);
		net->skb[i] = NULL;
	}
}

static void reset_rings(struct lguest_net *net)
{
	memset(net->send, 0, sizeof(*net->send));
	memset(net->receive, 0, sizeof(*net->receive));
	net->send_given = 0;
	net->send_taken = 0;
	net->send_stopped = false;
	net->receive_given = 0;
	net->receive_next = 0;
}

static int lguest_net_open(struct net_device *dev)
{
	struct lguest_net *net = netdev_priv(dev);

	reset_rings(net);
	if (!refill(net))
		return -ENOMEM;
	napi_enable(&net->napi);
	/* The link comes up when the host is ready, by an interrupt. */
	lguest_hypercall(LHCALL_BIND_DMA, net->ldev->index, __pa(net->send),
			 __pa(net->receive));
	netif_start_queue(dev);
	return 0;
}

static int lguest_net_stop(struct net_device *dev)
{
	struct lguest_net *net = netdev_priv(dev);

	netif_tx_disable(dev);
	napi_disable(&net->napi);
	hrtimer_cancel(&net->flood_timer);
	del_timer_sync(&net->refill_timer);
	lguest_hypercall(LHCALL_BIND_DMA, net->ldev->index, 0, 0);
	netif_carrier_off(dev);
	drop_buffers(net);
	return 0;
}

/* --- what the host knows of us --- */

static int tell_host(struct net_device *dev, const u8 *mac)
{
	struct lguest_net *net = netdev_priv(dev);
	u32 low = mac[0] | mac[1] << 8 | mac[2] << 16 | (u32)mac[3] << 24;
	u32 high = mac[4] | mac[5] << 8;

	if (dev->flags & IFF_PROMISC)
		high |= LGUEST_NET_PROMISC;
	return lguest_hypercall(LHCALL_SET_NET, net->ldev->index, low, high) ?
	       -EADDRNOTAVAIL : 0;
}

static int lguest_net_set_mac(struct net_device *dev, void *address)
{
	const struct sockaddr *sa = address;
	int err = eth_prepare_mac_addr_change(dev, address);

	if (!err)
		err = tell_host(dev, sa->sa_data);
	if (!err)
		eth_commit_mac_addr_change(dev, address);
	return err;
}

static void lguest_net_set_rx_mode(struct net_device *dev)
{
	tell_host(dev, dev->dev_addr);
}

static const struct net_device_ops lguest_net_ops = {
	.ndo_open		= lguest_net_open,
	.ndo_stop		= lguest_net_stop,
	.ndo_start_xmit		= lguest_net_xmit,
	.ndo_set_mac_address	= lguest_net_set_mac,
	.ndo_set_rx_mode	= lguest_net_set_rx_mode,
	.ndo_validate_addr	= eth_validate_addr,
	.ndo_get_stats64	= dev_get_tstats64,
};

/* --- ethtool --- */

static void get_drvinfo(struct net_device *dev, struct ethtool_drvinfo *info)
{
	struct lguest_net *net = netdev_priv(dev);

	strscpy(info->driver, DRIVER_NAME, sizeof(info->driver));
	strscpy(info->bus_info, dev_name(&net->ldev->dev),
		sizeof(info->bus_info));
}

static int get_sset_count(struct net_device *dev, int set)
{
	return set == ETH_SS_STATS ? ARRAY_SIZE(lguest_net_count_names) :
				     -EOPNOTSUPP;
}

static void get_strings(struct net_device *dev, u32 set, u8 *data)
{
	if (set == ETH_SS_STATS)
		memcpy(data, lguest_net_count_names,
		       sizeof(lguest_net_count_names));
}

static void get_ethtool_stats(struct net_device *dev,
			      struct ethtool_stats *stats, u64 *data)
{
	struct lguest_net *net = netdev_priv(dev);

	static_assert(sizeof(net->counts) ==
		      ARRAY_SIZE(lguest_net_count_names) * sizeof(u64));
	memcpy(data, &net->counts, sizeof(net->counts));
}

static int get_link_ksettings(struct net_device *dev,
			      struct ethtool_link_ksettings *settings)
{
	settings->base.speed = LINK_SPEED;
	settings->base.duplex = DUPLEX_FULL;
	settings->base.port = PORT_OTHER;
	return 0;
}

static const struct ethtool_ops lguest_net_ethtool_ops = {
	.get_drvinfo		= get_drvinfo,
	.get_link		= ethtool_op_get_link,
	.get_sset_count		= get_sset_count,
	.get_strings		= get_strings,
	.get_ethtool_stats	= get_ethtool_stats,
	.get_link_ksettings	= get_link_ksettings,
	.get_ts_info		= ethtool_op_get_ts_info,
};

/* --- coming and going --- */

static void set_features(struct net_device *dev)
{
	dev->hw_features = NETIF_F_SG | NETIF_F_HW_CSUM | NETIF_F_TSO |
			   NETIF_F_TSO6 | NETIF_F_TSO_ECN | NETIF_F_RXCSUM;
	dev->features = dev->hw_features | NETIF_F_GSO_ROBUST;
	dev->vlan_features = dev->features;
	dev->needed_headroom = LGUEST_FRAME_HEADER;
}

static void read_config(struct net_device *dev,
			const struct lguest_net_config *config)
{
	u32 mtu_max = READ_ONCE(config->mtu_max);
	u32 mtu = READ_ONCE(config->mtu);
	u8 mac[ETH_ALEN];

	memcpy(mac, config->mac, sizeof(mac));
	if (is_valid_ether_addr(mac))
		eth_hw_addr_set(dev, mac);
	else
		eth_hw_addr_random(dev);
	dev->min_mtu = ETH_MIN_MTU;
	dev->max_mtu = clamp_t(u32, mtu_max, ETH_DATA_LEN,
			       ETH_MAX_MTU - ETH_HLEN);
	dev->mtu = clamp_t(u32, mtu, dev->min_mtu, dev->max_mtu);
}

/* Which net it is on, for people who look at "ip link". */
static void name_net(struct net_device *dev,
		     const struct lguest_net_config *config)
{
	char name[sizeof(config->net)];

	memcpy(name, config->net, sizeof(name));
	dev_set_alias(dev, name, strnlen(name, sizeof(name) - 1));
}

static int set_up(struct net_device *dev, struct lguest_device *ldev)
{
	struct lguest_net *net = netdev_priv(dev);

	net->dev = dev;
	net->ldev = ldev;
	net->config = lguest_device_map(ldev);
	if (IS_ERR(net->config))
		return PTR_ERR(net->config);
	net->send = (void *)devm_get_free_pages(&ldev->dev,
		GFP_KERNEL | __GFP_ZERO, get_order(sizeof(*net->send)));
	net->receive = (void *)devm_get_free_pages(&ldev->dev,
		GFP_KERNEL | __GFP_ZERO, get_order(sizeof(*net->receive)));
	/* Not within our own struct, which may be vmalloc's: it has no __pa() */
	net->header = devm_kcalloc(&ldev->dev, LGUEST_DMA_RING,
				   sizeof(*net->header), GFP_KERNEL);
	if (!net->send || !net->receive || !net->header)
		return -ENOMEM;
	dev->tstats = devm_netdev_alloc_pcpu_stats(&ldev->dev,
						   struct pcpu_sw_netstats);
	if (!dev->tstats)
		return -ENOMEM;
	timer_setup(&net->refill_timer, refill_timer_expired, 0);
	hrtimer_init(&net->flood_timer, CLOCK_MONOTONIC, HRTIMER_MODE_REL);
	net->flood_timer.function = flood_timer_expired;
	netif_napi_add(dev, &net->napi, lguest_net_poll);
	return devm_request_irq(&ldev->dev, lguest_device_irq(ldev),
				lguest_net_interrupt, 0, dev_name(&ldev->dev),
				net);
}

static int lguest_net_probe(struct lguest_device *ldev)
{
	struct net_device *dev;
	struct lguest_net *net;
	int err;

	dev = devm_alloc_etherdev(&ldev->dev, sizeof(*net));
	if (!dev)
		return -ENOMEM;
	SET_NETDEV_DEV(dev, &ldev->dev);
	err = set_up(dev, ldev);
	if (err)
		return err;
	net = netdev_priv(dev);
	dev->netdev_ops = &lguest_net_ops;
	dev->ethtool_ops = &lguest_net_ethtool_ops;
	set_features(dev);
	read_config(dev, net->config);
	netif_carrier_off(dev);
	err = register_netdev(dev);
	if (err)
		return err;
	name_net(dev, net->config);
	dev_set_drvdata(&ldev->dev, dev);
	return 0;
}

static void lguest_net_remove(struct lguest_device *ldev)
{
	unregister_netdev(dev_get_drvdata(&ldev->dev));
}

static struct lguest_driver lguest_net_driver = {
	.driver	= {
		.name	= DRIVER_NAME,
	},
	.type	= LGUEST_DEVICE_NET,
	.probe	= lguest_net_probe,
	.remove	= lguest_net_remove,
};

static int __init lguest_net_init(void)
{
	return lguest_driver_register(&lguest_net_driver);
}
device_initcall(lguest_net_init);
