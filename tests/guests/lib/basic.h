/* SPDX-License-Identifier: GPL-2.0 */
/*
 * basic.h - the little that a freestanding program must bring along: types,
 * memcpy() and memset() (the compiler calls them), and a printf for messages.
 */
#ifndef _TEST_GUEST_BASIC_H
#define _TEST_GUEST_BASIC_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef uint8_t u8;
typedef uint16_t u16;
typedef uint32_t u32;
typedef uint64_t u64;

#define PAGE_SIZE	4096u
#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))

/* Stops the compiler from moving memory accesses; x86 keeps the rest. */
static inline void barrier(void)
{
	asm volatile("" ::: "memory");
}

/* One access, now, whatever the compiler would like better. */
#define READ(x)		(*(const volatile typeof(x) *)&(x))
#define WRITE(x, v)	(*(volatile typeof(x) *)&(x) = (v))

#define EFLAGS_ONE	0x00000002u	/* always set */
#define EFLAGS_CF	0x00000001u
#define EFLAGS_TF	0x00000100u
#define EFLAGS_IF	0x00000200u
#define EFLAGS_DF	0x00000400u
#define EFLAGS_IOPL	0x00003000u
#define EFLAGS_NT	0x00004000u
#define EFLAGS_VM	0x00020000u
#define EFLAGS_AC	0x00040000u
#define EFLAGS_ID	0x00200000u

__attribute__((used)) void *memset(void *to, int byte, size_t n)
{
	void *at = to;

	asm volatile("rep stosb" : "+D"(at), "+c"(n) : "a"(byte) : "memory");
	return to;
}

__attribute__((used)) void *memcpy(void *to, const void *from, size_t n)
{
	void *at = to;

	asm volatile("rep movsb" : "+D"(at), "+S"(from), "+c"(n) :: "memory");
	return to;
}

static inline bool same_memory(const void *a, const void *b, size_t n)
{
	const u8 *p = a, *q = b;

	while (n--)
		if (*p++ != *q++)
			return false;
	return true;
}

static inline size_t text_length(const char *text)
{
	size_t n = 0;

	while (text[n])
		n++;
	return n;
}

/* Quotient of 64 by 32 bits that fits 32 bits (libgcc is not here). */
static inline u32 divide(u64 dividend, u32 divisor)
{
	u32 quotient, rest;

	asm("divl %4" : "=a"(quotient), "=d"(rest)
	    : "a"((u32)dividend), "d"((u32)(dividend >> 32)), "rm"(divisor));
	return quotient;
}

/* A place to put formatted text; what does not fit is left out. */
struct text {
	char *at;
	const char *end;	/* room for the NUL is kept before it */
};

static inline void put_char(struct text *text, char c)
{
	if (text->at + 1 < text->end)
		*text->at++ = c;
	*text->at = '\0';
}

static inline void put_text(struct text *text, const char *s)
{
	while (*s)
		put_char(text, *s++);
}

static inline void put_number(struct text *text, u32 n, u32 base)
{
	char digits[10];
	int i = 0;

	do {
		digits[i++] = "0123456789abcdef"[n % base];
		n /= base;
	} while (n);
	while (i)
		put_char(text, digits[--i]);
}

/* Knows %s, %u, %x and %%. */
static inline void put_format(struct text *text, const char *fmt, va_list args)
{
	for (; *fmt; fmt++) {
		if (*fmt != '%') {
			put_char(text, *fmt);
			continue;
		}
		switch (*++fmt) {
		case 's':
			put_text(text, va_arg(args, const char *));
			break;
		case 'u':
			put_number(text, va_arg(args, u32), 10);
			break;
		case 'x':
			put_number(text, va_arg(args, u32), 16);
			break;
		default:
			put_char(text, *fmt);
			if (!*fmt)
				return;
		}
	}
}

#endif /* _TEST_GUEST_BASIC_H */
