// SPDX-License-Identifier: GPL-2.0
/*
 * config_format.c - writes what config.h holds as the words that it came from.
 * guide: C:070
 */
#include <arpa/inet.h>
#include <stdarg.h>
#include <string.h>

#include "config.h"

/* Text that grows; what does not fit is cut off. */
struct text {
	char *at;
	size_t left;
};

static void add(struct text *text, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static void add(struct text *text, const char *format, ...)
{
	va_list args;
	int length;

	va_start(args, format);
	length = vsnprintf(text->at, text->left, format, args);
	va_end(args);
	if (length < 0)
		return;
	if ((size_t)length >= text->left)
		length = text->left ? text->left - 1 : 0;
	text->at += length;
	text->left -= length;
}

static void add_ip(struct text *text, const struct link_address *address)
{
	char ip[INET6_ADDRSTRLEN];

	add(text, "%s", inet_ntop(address->family, address->bytes, ip,
				  sizeof(ip)));
}

/* --- ports --- */

static void add_any(struct text *text, const struct port_config *port)
{
	char trunk[CONFIG_WORD_MAX];

	if (port->vlan.mode == VLAN_ACCESS)
		add(text, ",vlan=%u", port->vlan.vlan);
	if (port->vlan.mode == VLAN_TRUNK) {
		vlan_format_trunk(&port->vlan, trunk, sizeof(trunk));
		add(text, ",trunk=%s", trunk);
		if (port->vlan.vlan)
			add(text, ",native=%u", port->vlan.vlan);
	}
	if (port->isolated)
		add(text, ",isolated");
	if (port->storm)
		add(text, ",storm=%u", port->storm);
}

static void add_net(struct text *text, const struct port_config *port)
{
	add(text, "net=%s,name=%s", port->file, port->name);
	if (port->slot >= 0)
		add(text, ",slot=%d", port->slot);
	if (port->strict)
		add(text, ",strict");
}

static void add_vxlan(struct text *text, const struct port_config *port)
{
	const struct vxlan_config *vxlan = &port->vxlan;
	unsigned int i;

	add(text, "vxlan=vni=%u,local=", vxlan->vni);
	add_ip(text, &vxlan->local);
	for (i = 0; i < vxlan->remotes; i++) {
		add(text, ",remote=");
		add_ip(text, &vxlan->remote[i]);
	}
	if (vxlan->port != CONFIG_VXLAN_PORT)
		add(text, ",port=%u", vxlan->port);
	add(text, ",name=%s", port->name);
}

static void add_tap(struct text *text, const struct port_config *port)
{
	char mac[MAC_TEXT];
	unsigned int i;

	if (port->vxlan.is_set)
		add_vxlan(text, port);
	else
		add(text, "tap=%s", port->name);
	for (i = 0; i < port->addresses; i++) {
		add(text, ",addr=");
		add_ip(text, &port->address[i]);
		add(text, "/%u", port->address[i].prefix);
	}
	if (port->mtu)
		add(text, ",mtu=%u", port->mtu);
	if (*port->bridge)
		add(text, ",bridge=%s", port->bridge);
	if (port->has_mac)
		add(text, ",mac=%s", mac_format(port->mac, mac));
	if (*port->owner)
		add(text, ",owner=%s", port->owner);
}

void config_format_port(const struct port_config *port, char *to, size_t size)
{
	struct text text = { to, size };

	if (port->kind == PORT_NET)
		add_net(&text, port);
	else
		add_tap(&text, port);
	add_any(&text, port);
}

/* --- rules --- */

void config_format_static(const struct static_config *fixed, char *to,
			  size_t size)
{
	struct text text = { to, size };
	char mac[MAC_TEXT];

	add(&text, "static=%s,port=%s", mac_format(fixed->mac, mac),
	    fixed->port);
	if (fixed->vlan != VLAN_NONE)
		add(&text, ",vlan=%u", fixed->vlan);
}

static void add_endpoint(struct text *text, const struct endpoint *end)
{
	add(text, "%s%s%s", end->port, *end->slot ? ":" : "", end->slot);
}

void config_format_endpoint(const struct endpoint *end, char *to, size_t size)
{
	struct text text = { to, size };

	add_endpoint(&text, end);
}

void config_format_mirror(const struct mirror_config *mirror, char *to,
			  size_t size)
{
	struct text text = { to, size };
	unsigned int i;

	add(&text, "mirror=to=");
	add_endpoint(&text, &mirror->to);
	for (i = 0; i < mirror->sources; i++)
		add(&text, "%s%s", i ? "+" : ",from=", mirror->from[i]);
}

void config_format_fault(const struct fault_config *fault, char *to,
			 size_t size)
{
	struct text text = { to, size };
	char spec[FAULT_TEXT];

	fault_format(&fault->spec, spec);
	add(&text, "fault=");
	add_endpoint(&text, &fault->from);
	add(&text, fault->both ? "<>" : ">");
	add_endpoint(&text, &fault->to);
	add(&text, ",%s", spec);
}

/* --- all --- */

static void print_lists(const struct switch_config *config, FILE *file)
{
	char text[CONFIG_WORD_MAX];
	unsigned int i;

	for (i = 0; i < config->ports; i++) {
		config_format_port(&config->port[i], text, sizeof(text));
		fprintf(file, "%s\n", text);
	}
	for (i = 0; i < config->fixeds; i++) {
		config_format_static(&config->fixed[i], text, sizeof(text));
		fprintf(file, "%s\n", text);
	}
	for (i = 0; i < config->mirrors; i++) {
		config_format_mirror(&config->mirror[i], text, sizeof(text));
		fprintf(file, "%s\n", text);
	}
	for (i = 0; i < config->faults; i++) {
		config_format_fault(&config->fault[i], text, sizeof(text));
		fprintf(file, "%s\n", text);
	}
	for (i = 0; i < config->downs; i++) {
		config_format_endpoint(&config->down[i], text, sizeof(text));
		fprintf(file, "down=%s\n", text);
	}
}

static void print_text(FILE *file, const char *word, const char *value)
{
	if (*value)
		fprintf(file, "%s=%s\n", word, value);
}

void config_print(const struct switch_config *config, FILE *file)
{
	print_text(file, "name", config->name);
	print_lists(config, file);
	if (config->ageing_s != CONFIG_AGEING_S)
		fprintf(file, "ageing=%u\n", config->ageing_s);
	if (config->fdb_max != CONFIG_FDB_MAX)
		fprintf(file, "fdb-max=%u\n", config->fdb_max);
	if (config->has_seed)
		fprintf(file, "seed=%llu\n", (unsigned long long)config->seed);
	if (config->no_control_frames)
		fprintf(file, "no-control-frames\n");
	print_text(file, "control", config->control);
	print_text(file, "control-group", config->control_group);
	print_text(file, "user", config->user);
	if (config->persist)
		fprintf(file, "persist\n");
	if (config->verbose)
		fprintf(file, "verbose\n");
}
