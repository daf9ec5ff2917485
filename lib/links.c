// SPDX-License-Identifier: GPL-2.0
/*
 * links.c - a way to the kernel's network devices.  See links.h.
 */
#include <errno.h>
#include <linux/netlink.h>
#include <string.h>
#include <sys/socket.h>

#include <netlink/errno.h>
#include <netlink/msg.h>
#include <netlink/netlink.h>
#include <netlink/socket.h>

#include "links.h"
#include "text.h"

/* Its reason, if it gives one: an attribute behind the error. */
static void note_reason(struct links *links, const struct nlmsghdr *answer,
			const struct nlmsgerr *error)
{
	int skip = sizeof(*error);
	struct nlattr *text;

	if (!(answer->nlmsg_flags & NLM_F_ACK_TLVS))
		return;
	if (!(answer->nlmsg_flags & NLM_F_CAPPED))
		skip += error->msg.nlmsg_len - sizeof(error->msg);
	text = nlmsg_find_attr((struct nlmsghdr *)answer, skip,
			       NLMSGERR_ATTR_MSG);
	if (text)
		text_printable(links->said, sizeof(links->said),
			       nla_data(text), nla_len(text));
}

static int refused(struct sockaddr_nl *who, struct nlmsgerr *error,
		   void *context)
{
	struct links *links = context;
	const struct nlmsghdr *answer = (void *)((char *)error - NLMSG_HDRLEN);

	(void)who;
	links->error = -error->error;
	note_reason(links, answer, error);
	return -nl_syserr2nlerr(error->error);
}

bool links_fail(struct links *links, int status, const char *what,
		const char *device, struct why *why)
{
	const char *text = links->error ? strerror(links->error) :
					  nl_geterror(status);
	bool denied = links->error == EPERM || links->error == EACCES;

	return why_fail(why, "cannot %s %s: %s%s%s%s%s", what, device, text,
			*links->said ? " (" : "", links->said,
			*links->said ? ")" : "",
			denied ? " (that needs CAP_NET_ADMIN)" : "");
}

void links_begin(struct links *links)
{
	links->error = 0;
	links->said[0] = '\0';
}

bool links_open(struct links *links, struct why *why)
{
	int on = 1;
	int status;

	*links = (struct links){ .sock = nl_socket_alloc() };
	if (!links->sock)
		return why_fail(why, "cannot create a netlink socket: %m");
	nl_socket_modify_err_cb(links->sock, NL_CB_CUSTOM, refused, links);
	status = nl_connect(links->sock, NETLINK_ROUTE);
	if (status) {
		why_fail(why, "cannot create a netlink socket: %s",
			 nl_geterror(status));
		links_close(links);
		return false;
	}
	/* An old kernel has no more to say, then. */
	setsockopt(nl_socket_get_fd(links->sock), SOL_NETLINK, NETLINK_EXT_ACK,
		   &on, sizeof(on));
	return true;
}

void links_close(struct links *links)
{
	nl_socket_free(links->sock);
	links->sock = NULL;
}

int links_send(struct links *links, struct nl_msg *message)
{
	links_begin(links);
	/* That lets go of the message, and waits for the answer. */
	return message ? nl_send_sync(links->sock, message) : -NLE_NOMEM;
}

int links_ask(struct links *links, struct nl_msg *message,
	      int (*take)(struct nl_msg *answer, void *context), void *context)
{
	int status = -NLE_NOMEM;

	links_begin(links);
	if (!message)
		return status;
	nl_socket_modify_cb(links->sock, NL_CB_VALID, NL_CB_CUSTOM, take,
			    context);
	status = nl_send_auto(links->sock, message);
	if (status >= 0)
		status = nl_recvmsgs_default(links->sock);
	/* A refusal is all that comes; an answer is acknowledged, too. */
	if (status >= 0)
		status = nl_wait_for_ack(links->sock);
	nl_socket_modify_cb(links->sock, NL_CB_VALID, NL_CB_DEFAULT, NULL,
			    NULL);
	nlmsg_free(message);
	return status;
}
