// SPDX-License-Identifier: GPL-2.0
/*
 * fuzz_forward.c - any bytes as a frame that comes into a switch: one with
 * access ports, trunks, a mirror, and lines that split, damage and hold frames.
 * The first byte says at which port it comes in.
 */
#include "fuzz.h"
#include "lgswitch/fakeswitch.h"

#define PORTS		6
#define MS		1000000ULL

static void set_fault(const char *text)
{
	struct fault_config config;
	struct why why;

	if (!config_parse_fault(text, &config, &why) ||
	    !switch_add_fault(&sw, &config, &why))
		abort();
}

static void set_vlan(unsigned int port, enum vlan_mode mode, uint16_t vlan,
		     const char *trunk)
{
	struct vlan_rule *rule = &sw.port[port]->config.vlan;
	struct why why;

	if (trunk && !vlan_parse_trunk(trunk, rule, &why))
		abort();
	rule->mode = mode;
	rule->vlan = vlan;
}

static void start(void)
{
	struct mirror_config mirror;
	struct why why;

	fake_start(PORTS);
	set_vlan(1, VLAN_ACCESS, 10, NULL);
	set_vlan(2, VLAN_TRUNK, 1, "1+10+20");
	set_vlan(3, VLAN_TRUNK, VLAN_NONE, "10-30");
	if (!config_parse_mirror("to=p5,from=p0+p1", &mirror, &why) ||
	    !switch_add_mirror(&sw, &mirror, &why))
		abort();
	set_fault("p1>*,delay=1ms,jitter=1ms,loss=10%,duplicate=10%,corrupt=50%");
	set_fault("p4<>p0,rate=10m,delay=2ms,reorder=10%,corrupt=100%");
}

static void pass_time(void)
{
	struct event_tick *tick = &sw.parts->lines.tick;
	uint64_t end = sw.now_ns + MS;

	while (tick->due_ns <= end) {
		uint64_t due = tick->due_ns;

		tick->due_ns = UINT64_MAX;
		tick->tick(tick, due);
	}
	sw.now_ns = end;
}

/* In two pieces, as a net would have a frame longer than a page. */
static void give(struct port *port, uint8_t *data, uint32_t bytes)
{
	uint32_t first = bytes < 4096 ? bytes : 4096;
	struct iovec iov[] = {
		{ data, first }, { data + first, bytes - first },
	};
	struct frame frame = {
		.iov = iov, .parts = bytes > first ? 2 : 1, .bytes = bytes,
		.source_slot = FRAME_NO_SLOT,
	};

	forward_frame(&sw, port, &frame);
}

size_t fuzz_seed(unsigned int number, uint8_t *data, size_t max)
{
	static const int tags[] = { -1, 10, 20, 1, 0x2000, -1 };

	if (number >= PORTS || max < 200)
		return 0;
	data[0] = number;
	return 1 + fake_make(data + 1, number % 3 ? number : 0xff, number + 1,
			     tags[number]);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint8_t *copy;

	if (!sw.ports)
		start();
	/* What ports hand on is never longer. */
	if (!size || size - 1 > LGUEST_FRAME_MAX)
		return 0;
	copy = malloc(size);
	memcpy(copy, data + 1, size - 1);
	give(sw.port[data[0] % PORTS], copy, size - 1);
	free(copy);
	pass_time();
	return 0;
}
