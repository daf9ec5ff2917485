// SPDX-License-Identifier: GPL-2.0
/*
 * table.c - collects cells, then aligns them.  See table.h.
 */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "table.h"
#include "text.h"

#define GAP	2
#define BOLD	"\033[1m"
#define PLAIN	"\033[0m"

static unsigned int count_columns(const char *columns)
{
	unsigned int count = 0;

	for (; *columns; columns++)
		count += *columns == '<' || *columns == '>';
	return count;
}

void table_begin(struct table *table, const char *columns)
{
	*table = (struct table){ .columns = columns,
				 .count = count_columns(columns) };
}

static char **next_cell(struct table *table)
{
	size_t room = table->room ? 2 * table->room : 64;
	char **cell;

	if (table->cells == table->room) {
		cell = reallocarray(table->cell, room, sizeof(*cell));
		if (!cell)
			return NULL;
		table->cell = cell;
		table->room = room;
	}
	return &table->cell[table->cells];
}

void table_cell(struct table *table, const char *format, ...)
{
	char text[TABLE_CELL], clean[TABLE_CELL];
	char **cell = next_cell(table);
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	text_printable(clean, sizeof(clean), text, sizeof(text));
	if (cell)
		*cell = strdup(clean);
	if (cell && *cell)
		table->cells++;
	else
		table->failed = true;
}

/* The name of a column, and to which side it goes. */
static void get_column(const struct table *table, unsigned int column,
		       char name[TABLE_CELL], bool *right)
{
	const char *at = table->columns;
	size_t length, i;

	for (;; column--) {
		length = strcspn(at, "<>");
		if (!column)
			break;
		at += length + 1;
		at += strspn(at, " ");
	}
	*right = at[length] == '>';
	for (i = 0; i < length; i++)
		name[i] = at[i] == '_' ? ' ' : at[i];
	name[i] = '\0';
}

/* 0: nothing stands in it. */
static size_t column_width(const struct table *table, unsigned int column)
{
	char name[TABLE_CELL];
	size_t width = 0, i;
	bool right;

	for (i = column; i < table->cells; i += table->count)
		if (strlen(table->cell[i]) > width)
			width = strlen(table->cell[i]);
	get_column(table, column, name, &right);
	return width && width < strlen(name) ? strlen(name) : width;
}

struct layout {
	size_t width[TABLE_COLUMNS_MAX];
	bool right[TABLE_COLUMNS_MAX];
};

/* A row, as it is gathered. */
struct line {
	char text[TABLE_COLUMNS_MAX * (TABLE_CELL + GAP) + 1];
	size_t used;
};

static void put(struct line *line, const struct layout *layout,
		unsigned int column, const char *text)
{
	int width = layout->width[column];

	if (!width)
		return;
	line->used += sprintf(line->text + line->used, "%*s%*s",
			      layout->right[column] ? width : -width, text,
			      GAP, "");
}

static void print_line(struct line *line, FILE *file)
{
	while (line->used && line->text[line->used - 1] == ' ')
		line->used--;
	fprintf(file, "%.*s", (int)line->used, line->text);
	line->used = 0;
}

static void print_head(const struct table *table, const struct layout *layout,
		       FILE *file, bool bold)
{
	struct line line = { .used = 0 };
	char name[TABLE_CELL];
	unsigned int i;
	bool right;

	for (i = 0; i < table->count; i++) {
		get_column(table, i, name, &right);
		put(&line, layout, i, name);
	}
	fputs(bold ? BOLD : "", file);
	print_line(&line, file);
	fprintf(file, "%s\n", bold ? PLAIN : "");
}

static void lay_out(const struct table *table, struct layout *layout)
{
	char name[TABLE_CELL];
	unsigned int i;

	*layout = (struct layout){ 0 };
	for (i = 0; i < table->count; i++) {
		layout->width[i] = column_width(table, i);
		get_column(table, i, name, &layout->right[i]);
	}
}

static void print(const struct table *table, FILE *file, bool bold)
{
	struct line line = { .used = 0 };
	struct layout layout;
	size_t i;

	lay_out(table, &layout);
	print_head(table, &layout, file, bold);
	for (i = 0; i < table->cells; i++) {
		put(&line, &layout, i % table->count, table->cell[i]);
		if ((i + 1) % table->count == 0) {
			print_line(&line, file);
			fputc('\n', file);
		}
	}
}

void table_end(struct table *table, FILE *file, bool bold)
{
	size_t i;

	if (table->failed)
		fputs("(there is not enough memory for this table)\n", file);
	else if (table->cells)
		print(table, file, bold);
	for (i = 0; i < table->cells; i++)
		free(table->cell[i]);
	free(table->cell);
	*table = (struct table){ 0 };
}
