/* SPDX-License-Identifier: GPL-2.0 */
/*
 * image.h - builds kernel files for tests, good ones to be damaged at will.
 */
#ifndef TESTS_UNIT_IMAGE_H
#define TESTS_UNIT_IMAGE_H

#include <asm/bootparam.h>
#include <elf.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#define IMAGE_SEGMENTS		40
#define IMAGE_CODE_BYTES	64

/* An ELF file with room for many segments, of which one is filled in. */
struct image {
	Elf32_Ehdr header;
	Elf32_Phdr segment[IMAGE_SEGMENTS];
	uint8_t code[IMAGE_CODE_BYTES];
};

#define IMAGE_PADDR	0x100000
#define IMAGE_DELTA	0xc0000000

static inline void image_set_segment(struct image *image, unsigned int i,
				     uint32_t paddr, uint32_t memory_bytes)
{
	const Elf32_Phdr segment = {
		.p_type = PT_LOAD,
		.p_offset = offsetof(struct image, code),
		.p_vaddr = paddr + IMAGE_DELTA,
		.p_paddr = paddr,
		.p_filesz = IMAGE_CODE_BYTES,
		.p_memsz = memory_bytes,
	};

	image->segment[i] = segment;
}

static inline struct image image_good(void)
{
	struct image image = {
		.header = {
			.e_ident = { ELFMAG0, ELFMAG1, ELFMAG2, ELFMAG3,
				     ELFCLASS32, ELFDATA2LSB, EV_CURRENT },
			.e_type = ET_EXEC,
			.e_machine = EM_386,
			.e_version = EV_CURRENT,
			.e_entry = IMAGE_PADDR,
			.e_phoff = offsetof(struct image, segment),
			.e_phentsize = sizeof(Elf32_Phdr),
			.e_phnum = 1,
			.e_ehsize = sizeof(Elf32_Ehdr),
		},
	};

	memset(image.code, 0x90, sizeof(image.code));
	image_set_segment(&image, 0, IMAGE_PADDR, 0x1000);
	return image;
}

static inline uint8_t *image_copy(const void *data, size_t bytes)
{
	uint8_t *copy = malloc(bytes ? bytes : 1);

	memcpy(copy, data, bytes);
	return copy;
}

/* gzip @data; the caller frees. */
static inline uint8_t *image_gzip(const void *data, size_t bytes,
				  size_t *packed)
{
	z_stream stream = {
		.next_in = (uint8_t *)data,
		.avail_in = bytes,
	};
	uint8_t *to;

	deflateInit2(&stream, Z_BEST_COMPRESSION, Z_DEFLATED, 15 + 16, 8,
		     Z_DEFAULT_STRATEGY);
	*packed = deflateBound(&stream, bytes);
	to = malloc(*packed);
	stream.next_out = to;
	stream.avail_out = *packed;
	deflate(&stream, Z_FINISH);
	*packed = stream.total_out;
	deflateEnd(&stream);
	return to;
}

#define IMAGE_SETUP_SECTS	1
#define IMAGE_PAYLOAD_OFFSET	0x40
#define IMAGE_PAYLOAD		((1 + IMAGE_SETUP_SECTS) * 512 + \
				 IMAGE_PAYLOAD_OFFSET)

static inline struct setup_header *image_bzimage_header(uint8_t *bzimage)
{
	return (void *)(bzimage + offsetof(struct boot_params, hdr));
}

/* A bzImage around @payload; the caller frees. */
static inline uint8_t *image_bzimage(const void *payload, size_t bytes,
				     size_t *size)
{
	struct setup_header header = {
		.setup_sects = IMAGE_SETUP_SECTS,
		.boot_flag = 0xaa55,
		.header = 0x53726448,
		.version = 0x020f,
		.initrd_addr_max = 0x7fffffff,
		.payload_offset = IMAGE_PAYLOAD_OFFSET,
		.payload_length = bytes,
	};
	uint8_t *bzimage;

	*size = IMAGE_PAYLOAD + bytes;
	bzimage = calloc(1, *size);
	memcpy(image_bzimage_header(bzimage), &header, sizeof(header));
	memcpy(bzimage + IMAGE_PAYLOAD, payload, bytes);
	return bzimage;
}

#endif
