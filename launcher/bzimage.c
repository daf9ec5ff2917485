// SPDX-License-Identifier: GPL-2.0
/*
 * bzimage.c - reads the setup header of a bzImage as the x86 boot protocol
 * defines it.
 */
#include <asm/bootparam.h>
#include <string.h>

#include "bzimage.h"

#define SECTOR			512
/* What setup_sects means when an ancient image leaves it 0. */
#define SETUP_SECTS_DEFAULT	4
#define BOOT_FLAG		0xaa55
#define HEADER_MAGIC		0x53726448	/* "HdrS" */
/* The first protocol version whose header tells where the payload is. */
#define VERSION_PAYLOAD		0x0208

#define HEADER_OFFSET		offsetof(struct boot_params, hdr)

static bool copy_header(const uint8_t *file, size_t bytes,
			struct setup_header *header)
{
	if (bytes < HEADER_OFFSET + sizeof(*header))
		return false;
	memcpy(header, file + HEADER_OFFSET, sizeof(*header));
	return header->boot_flag == BOOT_FLAG &&
	       header->header == HEADER_MAGIC;
}

bool bzimage_recognize(const uint8_t *file, size_t bytes)
{
	struct setup_header header;

	return copy_header(file, bytes, &header);
}

static bool check_payload(const struct setup_header *header, size_t bytes,
			  struct bzimage *image, struct why *why)
{
	uint64_t sectors = header->setup_sects ? header->setup_sects :
			   SETUP_SECTS_DEFAULT;
	/* The boot sector comes before the setup code. */
	uint64_t offset = (1 + sectors) * SECTOR + header->payload_offset;

	if (!header->payload_length)
		return why_fail(why, "it is a bzImage without a kernel in it");
	if (offset + header->payload_length > bytes)
		return why_fail(why, "it is a bzImage whose kernel goes beyond the end of the file (is it cut off?)");
	image->payload_offset = offset;
	image->payload_bytes = header->payload_length;
	return true;
}

bool bzimage_parse(const uint8_t *file, size_t bytes, struct bzimage *image,
		   struct why *why)
{
	struct setup_header header;

	if (!copy_header(file, bytes, &header))
		return why_fail(why, "it is not a bzImage");
	if (header.version < VERSION_PAYLOAD)
		return why_fail(why, "it is a bzImage of boot protocol %u.%02u; 2.08 (Linux 2.6.26) is the oldest supported",
				header.version >> 8, header.version & 0xff);
	if (header.xloadflags & XLF_KERNEL_64)
		return why_fail(why, "it is a 64-bit bzImage, but guests are 32-bit (build with ARCH=i386)");
	image->initrd_addr_max = header.initrd_addr_max;
	return check_payload(&header, bytes, image, why);
}
