/* SPDX-License-Identifier: GPL-2.0 */
/*
 * table.h - tables for people: each column as wide as its widest cell, words to
 * the left and numbers to the right.  A column in which nothing stands is left
 * out.
 *
 *	struct table table;
 *
 *	table_begin(&table, "NAME< FRAMES>");
 *	table_cell(&table, "%s", "lg0");
 *	table_cell(&table, "%u", 17);
 *	table_end(&table, stdout, false);
 * guide: C:475
 */
#ifndef LGSWITCH_TABLE_H
#define LGSWITCH_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#define TABLE_COLUMNS_MAX	16
/* Of a cell; what is longer is cut off. */
#define TABLE_CELL		256

struct table {
	const char *columns;
	unsigned int count;		/* of columns */
	char **cell;			/* row by row */
	size_t cells, room;
	bool failed;			/* no memory */
};

/*
 * Names of columns with blanks between them, each with < (left) or > (right)
 * behind; _ stands for a blank.
 */
void table_begin(struct table *table, const char *columns);

/* The next cell; whatever could upset a terminal is made harmless. */
void table_cell(struct table *table, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* Print it and free it; with @bold, the head is. */
void table_end(struct table *table, FILE *file, bool bold);

#endif
