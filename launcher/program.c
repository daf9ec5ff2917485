// SPDX-License-Identifier: GPL-2.0
/*
 * program.c - reads a kernel's ELF file.  The file may come from anywhere, so all
 * sums are done in 64 bits, where none of its 32-bit numbers can wrap, and
 * each structure is copied out before use, for it may lie at an odd address.
 * guide: L:160
 */
#include <elf.h>
#include <string.h>

#include "program.h"

bool program_recognize(const uint8_t *file, size_t bytes)
{
	return bytes >= SELFMAG && !memcmp(file, ELFMAG, SELFMAG);
}

static bool check_ident(const uint8_t *file, size_t bytes, struct why *why)
{
	if (!program_recognize(file, bytes))
		return why_fail(why, "it is not an ELF file");
	if (bytes < EI_NIDENT)
		return why_fail(why, "its ELF header is cut off");
	if (file[EI_CLASS] == ELFCLASS64)
		return why_fail(why, "it is a 64-bit ELF file, but guests are 32-bit (for Linux: build with ARCH=i386)");
	if (file[EI_CLASS] != ELFCLASS32 || file[EI_DATA] != ELFDATA2LSB)
		return why_fail(why, "it is not a 32-bit little-endian ELF file");
	return true;
}

static bool check_header(const Elf32_Ehdr *header, size_t bytes,
			 struct why *why)
{
	if (header->e_machine != EM_386)
		return why_fail(why, "it is for another processor (ELF machine %u, i386 is %u)",
				header->e_machine, EM_386);
	if (header->e_type != ET_EXEC)
		return why_fail(why, "it is not an executable with fixed addresses (ELF type %u; a vmlinux has %u)",
				header->e_type, ET_EXEC);
	if (header->e_phentsize != sizeof(Elf32_Phdr))
		return why_fail(why, "its program headers have %u bytes each instead of %zu",
				header->e_phentsize, sizeof(Elf32_Phdr));
	if ((uint64_t)header->e_phoff +
	    (uint64_t)header->e_phnum * sizeof(Elf32_Phdr) > bytes)
		return why_fail(why, "its program headers go beyond the end of the file");
	return true;
}

static bool check_segment(const Elf32_Phdr *ph, size_t bytes, struct why *why)
{
	if (ph->p_filesz > ph->p_memsz)
		return why_fail(why, "the segment for 0x%x has more bytes in the file than in memory",
				ph->p_paddr);
	if ((uint64_t)ph->p_offset + ph->p_filesz > bytes)
		return why_fail(why, "the segment for 0x%x goes beyond the end of the file (is it cut off?)",
				ph->p_paddr);
	if ((uint64_t)ph->p_paddr + ph->p_memsz > UINT32_MAX)
		return why_fail(why, "the segment for 0x%x goes beyond 4 GiB",
				ph->p_paddr);
	return true;
}

static bool add_segment(struct program *program, const Elf32_Phdr *ph, struct why *why)
{
	struct program_segment *segment;

	if (program->count == PROGRAM_SEGMENTS_MAX)
		return why_fail(why, "it has more than %d segments to load",
				PROGRAM_SEGMENTS_MAX);
	segment = &program->segment[program->count++];
	segment->paddr = ph->p_paddr;
	segment->memory_bytes = ph->p_memsz;
	segment->file_bytes = ph->p_filesz;
	segment->file_offset = ph->p_offset;
	if (ph->p_paddr + ph->p_memsz > program->end)
		program->end = ph->p_paddr + ph->p_memsz;
	return true;
}

/*
 * @delta is how far virtual addresses are above physical ones (modulo 4 GiB);
 * the kernel's own page tables assume one for all.
 */
static bool read_segments(const uint8_t *file, size_t bytes,
			  const Elf32_Ehdr *header, struct program *program,
			  uint32_t *delta, struct why *why)
{
	unsigned int i;

	for (i = 0; i < header->e_phnum; i++) {
		Elf32_Phdr ph;

		memcpy(&ph, file + header->e_phoff + i * sizeof(ph),
		       sizeof(ph));
		if (ph.p_type != PT_LOAD || !ph.p_memsz)
			continue;
		if (!check_segment(&ph, bytes, why))
			return false;
		if (program->count && ph.p_vaddr - ph.p_paddr != *delta)
			return why_fail(why, "its segments differ in how far virtual and physical addresses are apart");
		*delta = ph.p_vaddr - ph.p_paddr;
		if (!add_segment(program, &ph, why))
			return false;
	}
	if (!program->count)
		return why_fail(why, "it has no segment to load");
	return true;
}

static bool is_loaded(const struct program *program, uint32_t paddr)
{
	const struct program_segment *segment = program->segment;
	unsigned int i;

	for (i = 0; i < program->count; i++, segment++)
		if (paddr >= segment->paddr &&
		    paddr - segment->paddr < segment->memory_bytes)
			return true;
	return false;
}

bool program_parse(const uint8_t *file, size_t bytes, struct program *program,
	       struct why *why)
{
	Elf32_Ehdr header;
	uint32_t delta = 0;

	memset(program, 0, sizeof(*program));
	if (!check_ident(file, bytes, why))
		return false;
	if (bytes < sizeof(header))
		return why_fail(why, "its ELF header is cut off");
	memcpy(&header, file, sizeof(header));
	if (!check_header(&header, bytes, why) ||
	    !read_segments(file, bytes, &header, program, &delta, why))
		return false;

	/* Some linkers note the virtual entry point; Linux the physical one. */
	program->entry = header.e_entry;
	if (is_loaded(program, header.e_entry - delta))
		program->entry -= delta;
	if (!is_loaded(program, program->entry))
		return why_fail(why, "its entry point 0x%x is in none of its segments",
				header.e_entry);
	return true;
}
