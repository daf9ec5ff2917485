// SPDX-License-Identifier: GPL-2.0
/*
 * segment.c - splits super-frames.  See segment.h.
 *
 * All headers are copied out of the source first and looked at there, so that
 * nothing depends on how the source is cut into pieces.  Of each frame made,
 * the headers are that copy with a few fields changed, and the checksum is the
 * pseudo header's sum that the source came with (whoever wrote it knows about
 * routing headers and the like), with this frame's length in it.
 * guide: C:145
 */
#include <arpa/inet.h>
#include <string.h>

#include <linux/if_ether.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/tcp.h>
#include <linux/udp.h>
#include <linux/virtio_net.h>

#include "array.h"
#include "iovec.h"
#include "segment.h"

/* Of virtio 1.2; not in the headers of older kernels. */
#ifndef VIRTIO_NET_HDR_GSO_UDP_L4
#define VIRTIO_NET_HDR_GSO_UDP_L4	5
#endif

#define VNET_BYTES	((uint32_t)sizeof(struct virtio_net_hdr))
#define VLAN_TAG	4
/* An extension header's length is in units of that. */
#define EXTENSION_UNIT	8

/* iphdr.frag_off: more fragments, and the offset. */
#define IS_FRAGMENT	0x3fff

/* TCP's flags, in its 14th byte. */
#define TCP_FLAGS	13
#define TCP_FIN		0x01
#define TCP_SYN		0x02
#define TCP_RST		0x04
#define TCP_PSH		0x08
#define TCP_URG		0x20
#define TCP_CWR		0x80

/* What is known while headers are looked at. */
struct parse {
	struct segment *to;
	struct virtio_net_hdr vnet;
	uint32_t bytes;			/* of the whole frame */
	uint32_t have;			/* of it in to->header */
	uint32_t at;			/* the next header */
	uint16_t type;			/* Ethernet's */
};

/* The next header, if @bytes of it are there. */
static const void *header_at(const struct parse *parse, uint32_t bytes)
{
	if (bytes > parse->have || parse->at > parse->have - bytes)
		return NULL;
	return parse->to->header + parse->at;
}

/* What it means that a header is not there. */
static enum segment_verdict missing(const struct parse *parse)
{
	return parse->have < parse->bytes ? SEGMENT_LONG : SEGMENT_SHORT;
}

static bool is_tag(uint16_t type)
{
	return type == ETH_P_8021Q || type == ETH_P_8021AD ||
	       type == ETH_P_QINQ1;
}

static enum segment_verdict parse_ethernet(struct parse *parse)
{
	const struct ethhdr *ether = header_at(parse, ETH_HLEN);
	const uint8_t *tag;

	if (!ether)
		return missing(parse);
	parse->type = ntohs(ether->h_proto);
	parse->at += ETH_HLEN;
	while (is_tag(parse->type)) {
		tag = header_at(parse, VLAN_TAG);
		if (!tag)
			return missing(parse);
		parse->type = tag[2] << 8 | tag[3];
		parse->at += VLAN_TAG;
	}
	parse->to->ip = parse->at;
	return SEGMENT_GOOD;
}

/* The length that IP tells counts; what is behind that is padding. */
static enum segment_verdict set_end(struct parse *parse, uint32_t bytes)
{
	parse->to->end = parse->to->ip + bytes;
	return parse->to->end > parse->bytes ? SEGMENT_SHORT : SEGMENT_GOOD;
}

static enum segment_verdict parse_ipv4(struct parse *parse)
{
	const struct iphdr *ip = header_at(parse, sizeof(*ip));
	uint32_t bytes;

	if (!ip)
		return missing(parse);
	bytes = ip->ihl * 4;
	if (ip->version != 4 || bytes < sizeof(*ip) ||
	    ntohs(ip->tot_len) < bytes)
		return SEGMENT_HEADER;
	if (ntohs(ip->frag_off) & IS_FRAGMENT)
		return SEGMENT_FRAGMENT;
	if (!header_at(parse, bytes))
		return missing(parse);
	parse->at += bytes;
	parse->to->protocol = ip->protocol;
	return set_end(parse, ntohs(ip->tot_len));
}

/* Headers that may stand before the transport's, and be repeated as they are. */
static bool is_extension(uint8_t protocol)
{
	return protocol == IPPROTO_HOPOPTS || protocol == IPPROTO_ROUTING ||
	       protocol == IPPROTO_DSTOPTS;
}

static enum segment_verdict parse_extensions(struct parse *parse,
					     uint8_t protocol)
{
	while (is_extension(protocol)) {
		const uint8_t *extension = header_at(parse, EXTENSION_UNIT);

		if (!extension)
			return missing(parse);
		protocol = extension[0];
		parse->at += (extension[1] + 1) * EXTENSION_UNIT;
	}
	if (protocol == IPPROTO_FRAGMENT || protocol == IPPROTO_ESP ||
	    protocol == IPPROTO_AH)
		return SEGMENT_FRAGMENT;
	parse->to->protocol = protocol;
	return SEGMENT_GOOD;
}

static enum segment_verdict parse_ipv6(struct parse *parse)
{
	const struct ipv6hdr *ip = header_at(parse, sizeof(*ip));
	enum segment_verdict verdict;

	if (!ip)
		return missing(parse);
	/* No length: a jumbogram, longer than any frame here. */
	if (ip->version != 6 || !ip->payload_len)
		return SEGMENT_HEADER;
	parse->to->ipv6 = true;
	parse->at += sizeof(*ip);
	verdict = set_end(parse, sizeof(*ip) + ntohs(ip->payload_len));
	return verdict ? verdict : parse_extensions(parse, ip->nexthdr);
}

static enum segment_verdict parse_ip(struct parse *parse)
{
	switch (parse->type) {
	case ETH_P_IP:
		return parse_ipv4(parse);
	case ETH_P_IPV6:
		return parse_ipv6(parse);
	default:
		return SEGMENT_PROTOCOL;
	}
}

static enum segment_verdict parse_tcp(struct parse *parse)
{
	const struct tcphdr *tcp = header_at(parse, sizeof(*tcp));
	uint32_t bytes;

	if (!tcp)
		return missing(parse);
	bytes = tcp->doff * 4;
	/* Senders do not put those into what is to be split. */
	if (bytes < sizeof(*tcp) || ((const uint8_t *)tcp)[TCP_FLAGS] &
				     (TCP_SYN | TCP_RST | TCP_URG))
		return SEGMENT_HEADER;
	if (!header_at(parse, bytes))
		return missing(parse);
	parse->at += bytes;
	return SEGMENT_GOOD;
}

static enum segment_verdict parse_udp(struct parse *parse)
{
	if (!header_at(parse, sizeof(struct udphdr)))
		return missing(parse);
	parse->at += sizeof(struct udphdr);
	return SEGMENT_GOOD;
}

static enum segment_verdict parse_transport(struct parse *parse)
{
	enum segment_verdict verdict;

	parse->to->transport = parse->at;
	if (parse->to->protocol == IPPROTO_TCP)
		verdict = parse_tcp(parse);
	else
		verdict = parse_udp(parse);
	if (verdict)
		return verdict;
	parse->to->payload = parse->at;
	/* By IP's length the frame ends within its headers. */
	return parse->at > parse->to->end ? SEGMENT_HEADER : SEGMENT_GOOD;
}

/* Is the frame what its gso_type says? */
static enum segment_verdict check_type(const struct parse *parse)
{
	const struct segment *segment = parse->to;
	uint8_t protocol = IPPROTO_TCP;

	switch (parse->vnet.gso_type & ~VIRTIO_NET_HDR_GSO_ECN) {
	case VIRTIO_NET_HDR_GSO_TCPV4:
		if (segment->ipv6)
			return SEGMENT_PROTOCOL;
		break;
	case VIRTIO_NET_HDR_GSO_TCPV6:
		if (!segment->ipv6)
			return SEGMENT_PROTOCOL;
		break;
	case VIRTIO_NET_HDR_GSO_UDP_L4:
		protocol = IPPROTO_UDP;
		break;
	default:
		return SEGMENT_TYPE;
	}
	return segment->protocol == protocol ? SEGMENT_GOOD : SEGMENT_PROTOCOL;
}

/* Where the transport's header has its checksum. */
static uint32_t checksum_offset(const struct segment *segment)
{
	return segment->protocol == IPPROTO_TCP ?
		       offsetof(struct tcphdr, check) :
		       offsetof(struct udphdr, check);
}

static uint16_t get16(const uint8_t *from)
{
	uint16_t value;

	memcpy(&value, from, sizeof(value));
	return value;
}

static void put16(uint8_t *to, uint16_t value)
{
	memcpy(to, &value, sizeof(value));
}

/* The checksum has to be left to us, and to be where the header has it. */
static enum segment_verdict take_pseudo(const struct parse *parse)
{
	struct segment *segment = parse->to;
	uint32_t offset = checksum_offset(segment);
	uint16_t length = htons(segment->end - segment->transport);

	if (!(parse->vnet.flags & VIRTIO_NET_HDR_F_NEEDS_CSUM) ||
	    VNET_BYTES + parse->vnet.csum_start != segment->transport ||
	    parse->vnet.csum_offset != offset)
		return SEGMENT_CHECKSUM;
	segment->pseudo =
		checksum_fold(get16(segment->header + segment->transport +
				    offset) + (uint32_t)(uint16_t)~length);
	return SEGMENT_GOOD;
}

static enum segment_verdict take_size(const struct parse *parse)
{
	struct segment *segment = parse->to;
	uint32_t payload = segment->end - segment->payload;

	uint32_t count;

	segment->size = parse->vnet.gso_size;
	if (segment->size < SEGMENT_SIZE_MIN)
		return SEGMENT_SIZE;
	count = (payload + segment->size - 1) / segment->size;
	if (count > SEGMENT_COUNT_MAX)
		return SEGMENT_SIZE;
	/* Without payload it still is a frame. */
	segment->count = count ? count : 1;
	return SEGMENT_GOOD;
}

static enum segment_verdict parse_super(struct parse *parse)
{
	enum segment_verdict verdict = parse_ethernet(parse);

	if (!verdict)
		verdict = parse_ip(parse);
	if (!verdict)
		verdict = check_type(parse);
	if (!verdict)
		verdict = parse_transport(parse);
	if (!verdict)
		verdict = take_pseudo(parse);
	if (!verdict)
		verdict = take_size(parse);
	return verdict;
}

static enum segment_verdict start_plain(struct segment *segment)
{
	switch (checksum_find(segment->source, segment->parts,
			      &segment->checksum)) {
	case CHECKSUM_BAD:
		return SEGMENT_CHECKSUM;
	case CHECKSUM_DUE:
		segment->has_checksum = true;
		break;
	case CHECKSUM_NONE:
		break;
	}
	segment->count = 1;
	return SEGMENT_GOOD;
}

/* False: too many. */
static bool take_source(struct segment *segment, const struct iovec *iov,
			unsigned int parts)
{
	segment->parts = 0;
	for (; parts--; iov++) {
		if (!iov->iov_len)
			continue;
		if (segment->parts == SEGMENT_SOURCE_PARTS)
			return false;
		segment->source[segment->parts++] = *iov;
	}
	return true;
}

enum segment_verdict segment_start(struct segment *segment,
				   const struct iovec *iov, unsigned int parts)
{
	struct parse parse = { .to = segment, .at = VNET_BYTES };

	segment->ipv6 = false;
	segment->protocol = 0;
	segment->has_checksum = false;
	segment->done = segment->count = segment->index = 0;
	if (!take_source(segment, iov, parts))
		return SEGMENT_LONG;
	parse.bytes = iovec_bytes(segment->source, segment->parts);
	segment->end = parse.bytes;
	if (!iovec_read(segment->source, segment->parts, 0, &parse.vnet,
			VNET_BYTES) || parse.bytes < VNET_BYTES + ETH_HLEN)
		return SEGMENT_SHORT;
	if (parse.vnet.gso_type == VIRTIO_NET_HDR_GSO_NONE)
		return start_plain(segment);
	parse.have = parse.bytes < SEGMENT_HEADERS ? parse.bytes :
						     SEGMENT_HEADERS;
	iovec_read(segment->source, segment->parts, 0, segment->header,
		   parse.have);
	return parse_super(&parse);
}

/* --- making a frame --- */

static void make_ip(const struct segment *segment, uint32_t bytes)
{
	uint8_t *header = (uint8_t *)segment->made + segment->ip;
	struct ipv6hdr *ipv6 = (void *)header;
	struct iphdr *ipv4 = (void *)header;

	bytes += segment->payload - segment->ip;
	if (segment->ipv6) {
		put16((uint8_t *)&ipv6->payload_len,
		      htons(bytes - sizeof(*ipv6)));
		return;
	}
	ipv4->tot_len = htons(bytes);
	ipv4->id = htons(ntohs(ipv4->id) + segment->index);
	ipv4->check = 0;
	ipv4->check = ~checksum_fold(checksum_add(0, header, ipv4->ihl * 4));
}

static void make_tcp(const struct segment *segment, uint8_t *header)
{
	struct tcphdr *tcp = (void *)header;

	tcp->seq = htonl(ntohl(tcp->seq) + segment->done);
	if (segment->index)
		header[TCP_FLAGS] &= ~TCP_CWR;
	if (segment->index + 1 < segment->count)
		header[TCP_FLAGS] &= ~(TCP_FIN | TCP_PSH);
}

static void make_checksum(const struct segment *segment, uint8_t *header,
			  uint32_t bytes)
{
	uint32_t header_bytes = segment->payload - segment->transport;
	uint8_t *field = header + checksum_offset(segment);
	uint64_t sum = segment->pseudo + htons(header_bytes + bytes);
	uint16_t value;

	put16(field, 0);
	/* A multiple of 2 long, so that what follows is where it should be. */
	sum = checksum_add(sum, header, header_bytes);
	sum = checksum_add_iov(sum, segment->source, segment->parts,
			       segment->payload + segment->done, bytes);
	value = ~checksum_fold(sum);
	/* 0 would say that there is none. */
	if (!value && segment->protocol == IPPROTO_UDP)
		value = 0xffff;
	put16(field, value);
}

static void make_transport(const struct segment *segment, uint32_t bytes)
{
	uint8_t *header = (uint8_t *)segment->made + segment->transport;

	if (segment->protocol == IPPROTO_TCP)
		make_tcp(segment, header);
	else
		put16(header + offsetof(struct udphdr, len),
		      htons(sizeof(struct udphdr) + bytes));
	make_checksum(segment, header, bytes);
}

static unsigned int next_of_many(struct segment *segment, struct iovec *piece)
{
	uint32_t left = segment->end - segment->payload - segment->done;
	uint32_t bytes = left < segment->size ? left : segment->size;
	unsigned int count;

	memcpy(segment->made, segment->header, segment->payload);
	memset(segment->made, 0, VNET_BYTES);
	make_ip(segment, bytes);
	make_transport(segment, bytes);
	piece[0].iov_base = segment->made;
	piece[0].iov_len = segment->payload;
	count = iovec_slice(segment->source, segment->parts,
			    segment->payload + segment->done, bytes, piece + 1);
	segment->done += bytes;
	return 1 + count;
}

/* The frame as it is, but with a header of zeros and its checksum. */
static unsigned int next_plain(struct segment *segment, struct iovec *piece)
{
	const struct checksum *checksum = &segment->checksum;
	uint32_t at = VNET_BYTES;
	unsigned int count = 1;

	memset(segment->made, 0, VNET_BYTES);
	piece[0].iov_base = segment->made;
	piece[0].iov_len = VNET_BYTES;
	if (segment->has_checksum) {
		count += iovec_slice(segment->source, segment->parts, at,
				     checksum->offset - at, piece + count);
		piece[count].iov_base = segment->checksum.field;
		piece[count++].iov_len = sizeof(checksum->field);
		at = checksum->offset + sizeof(checksum->field);
	}
	return count + iovec_slice(segment->source, segment->parts, at,
				   segment->end - at, piece + count);
}

unsigned int segment_next(struct segment *segment, struct iovec *piece)
{
	unsigned int count;

	if (segment->index == segment->count)
		return 0;
	if (segment->protocol)
		count = next_of_many(segment, piece);
	else
		count = next_plain(segment, piece);
	segment->index++;
	return count;
}

bool segment_is_due(const struct iovec *iov, unsigned int parts)
{
	struct virtio_net_hdr vnet;

	return iovec_read(iov, parts, 0, &vnet, VNET_BYTES) &&
	       vnet.gso_type != VIRTIO_NET_HDR_GSO_NONE;
}

const char *segment_verdict(enum segment_verdict verdict)
{
	static const char *const text[SEGMENT_VERDICTS] = {
		[SEGMENT_GOOD] = "it can be split",
		[SEGMENT_SHORT] = "it ends within what its headers announce",
		[SEGMENT_LONG] = "its headers are too long, or in too many pieces",
		[SEGMENT_TYPE] = "it is of a kind that is not split here",
		[SEGMENT_PROTOCOL] = "its protocol is not the one that it claims to have",
		[SEGMENT_HEADER] = "lengths or flags in its headers make no sense",
		[SEGMENT_FRAGMENT] = "fragments and encrypted packets cannot be split",
		[SEGMENT_SIZE] = "it would become frames that are too small, or too many",
		[SEGMENT_CHECKSUM] = "it does not leave the checksum to others where that is",
	};

	if (verdict >= SEGMENT_VERDICTS)
		return "for a reason that is not known";
	return text[verdict];
}
