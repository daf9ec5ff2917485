// SPDX-License-Identifier: GPL-2.0
/*
 * tap.c - opens tap devices.  See tap.h.
 */
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/if_tun.h>
#include <net/if_arp.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <lguest/dma.h>

#include "array.h"
#include "mac.h"
#include "tap.h"

#define TUN		"/dev/net/tun"
#define NEW_NAME	"lg%d"		/* the kernel puts a number there */

bool tap_check_name(const char *name, struct why *why)
{
	const char *p;

	if (!*name || strlen(name) >= IFNAMSIZ)
		return why_fail(why, "a network device's name has 1 to %d characters, '%.32s' has not",
				IFNAMSIZ - 1, name);
	for (p = name; *p; p++)
		if (!isgraph((unsigned char)*p) || strchr("/:%", *p))
			return why_fail(why, "'%s' cannot be a network device's name",
					name);
	if (!strcmp(name, ".") || !strcmp(name, ".."))
		return why_fail(why, "'%s' cannot be a network device's name",
				name);
	return true;
}

static bool open_tun(struct tap *tap, struct why *why)
{
	tap->fd = open(TUN, O_RDWR | O_CLOEXEC | O_NONBLOCK);
	if (tap->fd >= 0)
		return true;
	if (errno == ENOENT || errno == ENODEV || errno == ENXIO)
		return why_fail(why, "cannot open " TUN ": %m (is the driver loaded? as root: modprobe tun)");
	return why_fail(why, "cannot open " TUN ": %m");
}

static const char *hint(void)
{
	switch (errno) {
	case EPERM:
	case EACCES:
		return " (that needs CAP_NET_ADMIN, or an existing tap of your own; as root: ip tuntap add dev NAME mode tap user USER)";
	case EBUSY:
		return " (another process has it open)";
	case EINVAL:
		return " (a device of that name exists, but is no tap, or one with several queues)";
	default:
		return "";
	}
}

static bool attach(struct tap *tap, const char *name, struct why *why)
{
	struct ifreq request = {
		.ifr_flags = IFF_TAP | IFF_NO_PI | IFF_VNET_HDR,
	};

	strcpy(request.ifr_name, *name ? name : NEW_NAME);
	tap->is_new = !if_nametoindex(name);
	if (ioctl(tap->fd, TUNSETIFF, &request))
		return why_fail(why, "cannot use %s%s: %m%s",
				*name ? "tap device " : "a new tap device",
				name, hint());
	memcpy(tap->name, request.ifr_name, sizeof(tap->name));
	tap->name[sizeof(tap->name) - 1] = '\0';
	return true;
}

/* (Headers may be older than the kernel.) */
#ifndef TUN_F_USO4
#define TUN_F_USO4	0x20
#define TUN_F_USO6	0x40
#endif

static const struct {
	unsigned int ours;
	unsigned int kernel;
} offloads[] = {
	{ TAP_CHECKSUMS, TUN_F_CSUM },
	{ TAP_SEGMENTS, TUN_F_TSO4 | TUN_F_TSO6 },
	{ TAP_DATAGRAMS, TUN_F_USO4 | TUN_F_USO6 },
};

/*
 * A kernel refuses all if it does not know one; each is tried on top of those
 * that it took.
 */
bool tap_set_offloads(struct tap *tap, unsigned int wanted, struct why *why)
{
	unsigned int taken = 0;
	size_t i;

	tap->offloads = 0;
	if (ioctl(tap->fd, TUNSETOFFLOAD, 0))
		return why_fail(why, "cannot choose offloads of tap device %s: %m",
				tap->name);
	for (i = 0; i < ARRAY_SIZE(offloads); i++) {
		if (!(wanted & offloads[i].ours) ||
		    ioctl(tap->fd, TUNSETOFFLOAD, taken | offloads[i].kernel))
			continue;
		taken |= offloads[i].kernel;
		tap->offloads |= offloads[i].ours;
	}
	return true;
}

/* A tap that lasts has what its last user asked for, so all is said anew. */
static bool set_header(const struct tap *tap, struct why *why)
{
	int header = LGUEST_FRAME_HEADER;

	if (!ioctl(tap->fd, TUNSETVNETHDRSZ, &header))
		return true;
	return why_fail(why, "tap device %s has no header of %d bytes: %m",
			tap->name, header);
}

bool tap_open(struct tap *tap, const char *name, struct why *why)
{
	if (!open_tun(tap, why))
		return false;
	if (attach(tap, name, why) && set_header(tap, why) &&
	    tap_set_offloads(tap, TAP_CHECKSUMS | TAP_SEGMENTS, why))
		return true;
	tap_close(tap);
	return false;
}

void tap_close(struct tap *tap)
{
	if (tap->fd >= 0)
		close(tap->fd);
	tap->fd = -1;
}

bool tap_set_mac(const struct tap *tap, const uint8_t *mac, struct why *why)
{
	struct ifreq request = { 0 };
	char text[MAC_TEXT];

	memcpy(request.ifr_name, tap->name, sizeof(request.ifr_name));
	request.ifr_hwaddr.sa_family = ARPHRD_ETHER;
	memcpy(request.ifr_hwaddr.sa_data, mac, MAC_BYTES);
	if (!ioctl(tap->fd, SIOCSIFHWADDR, &request))
		return true;
	return why_fail(why, "cannot give tap device %s the MAC address %s: %m",
			tap->name, mac_format(mac, text));
}

bool tap_set_persistent(struct tap *tap, bool persistent, struct why *why)
{
	if (!ioctl(tap->fd, TUNSETPERSIST, persistent))
		return true;
	return why_fail(why, "cannot make tap device %s %s: %m", tap->name,
			persistent ? "last" : "go with its user");
}

bool tap_set_owner(const struct tap *tap, uid_t user, gid_t group,
		   struct why *why)
{
	if ((user == (uid_t)-1 || !ioctl(tap->fd, TUNSETOWNER, (unsigned long)user)) &&
	    (group == (gid_t)-1 || !ioctl(tap->fd, TUNSETGROUP, (unsigned long)group)))
		return true;
	return why_fail(why, "cannot give tap device %s an owner: %m",
			tap->name);
}

bool tap_set_carrier(const struct tap *tap, bool carrier, struct why *why)
{
	int on = carrier;

	if (!ioctl(tap->fd, TUNSETCARRIER, &on))
		return true;
	return why_fail(why, "cannot tell tap device %s whether it is connected: %m",
			tap->name);
}
