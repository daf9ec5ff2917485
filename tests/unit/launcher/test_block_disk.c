// SPDX-License-Identifier: GPL-2.0
/*
 * test_block_disk.c - disks: what --block says of them, the files that they are
 * made of, overlays.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "block_disk.h"
#include "test.h"

#define CLUSTERS	40
#define BYTES		(CLUSTERS * BLOCK_CLUSTER + 512)
#define SECTORS		(BYTES / 512)
#define RANDOM_ROUNDS	3000

#define TEMPLATE	"/tmp/lguest-test-XXXXXX"

static char folder[sizeof(TEMPLATE)];
static char image[64];
static struct block_spec spec;
static struct block_disk disk;
static struct why why;
static uint8_t expected[BYTES];		/* what the disk should hold */

static void fill(uint8_t *data, size_t bytes)
{
	while (bytes--)
		*data++ = rand();
}

static void write_image(size_t bytes)
{
	FILE *file = fopen(image, "w");

	fill(expected, sizeof(expected));
	assert_int_equal(fwrite(expected, 1, bytes, file), bytes);
	assert_int_equal(fclose(file), 0);
}

static int new_image(void **state)
{
	(void)state;
	srand(1);
	write_image(BYTES);
	return 0;
}

static int make_folder(void **state)
{
	(void)state;
	strcpy(folder, TEMPLATE);
	if (!mkdtemp(folder))
		return -1;
	snprintf(image, sizeof(image), "%s/image", folder);
	return setenv("TMPDIR", folder, 1);
}

static int remove_folder(void **state)
{
	(void)state;
	unlink(image);
	return rmdir(folder);
}

static void open_disk(const char *words)
{
	char text[128];

	snprintf(text, sizeof(text), "%s%s", image, words);
	assert_good(block_parse(text, &spec, &why), &why);
	memset(&disk, 0, sizeof(disk));
	assert_good(block_disk_open(&disk, &spec, &why), &why);
}

static bool can_open(const char *text, struct block_disk *other)
{
	static struct block_spec other_spec;

	assert_good(block_parse(text, &other_spec, &why), &why);
	return block_disk_open(other, &other_spec, &why);
}

static void assert_cannot_open(const char *text, const char *words)
{
	static struct block_disk other;

	assert_fails(can_open(text, &other), &why, words);
}

static uint32_t request(uint16_t op, uint64_t sector, uint32_t sectors,
			void *data)
{
	struct block_request r = {
		.op = op,
		.offset = sector * 512,
		.bytes = (uint64_t)sectors * 512,
		.memory = {
			.count = data ? 1 : 0,
			.iov[0] = { data, (size_t)sectors * 512 },
		},
	};

	return block_disk_do(&disk, &r);
}

static void assert_as_expected(void)
{
	uint8_t *data = malloc(BYTES);

	assert_int_equal(request(LGUEST_BLOCK_READ, 0, SECTORS, data),
			 LGUEST_BLOCK_OK);
	assert_memory_equal(data, expected, BYTES);
	free(data);
}

static void assert_image_holds(const uint8_t *data)
{
	uint8_t *got = malloc(BYTES);
	FILE *file = fopen(image, "r");

	assert_int_equal(fread(got, 1, BYTES, file), BYTES);
	assert_memory_equal(got, data, BYTES);
	fclose(file);
	free(got);
}

static void options_are_told_apart(void **state)
{
	(void)state;
	assert_good(block_parse("a/b.img", &spec, &why), &why);
	assert_string_equal(spec.path, "a/b.img");
	assert_false(spec.readonly);
	assert_false(spec.overlay);
	assert_good(block_parse("x,ro", &spec, &why), &why);
	assert_string_equal(spec.path, "x");
	assert_true(spec.readonly);
	assert_good(block_parse("x,overlay", &spec, &why), &why);
	assert_true(spec.overlay);
	assert_false(spec.readonly);
	assert_fails(block_parse("", &spec, &why), &why, "empty");
	assert_fails(block_parse(",ro", &spec, &why), &why, "empty");
	assert_fails(block_parse("x,", &spec, &why), &why, "no ''");
	assert_fails(block_parse("x,rw", &spec, &why), &why, "no 'rw'");
	assert_fails(block_parse("x,ro,", &spec, &why), &why, "no ''");
	assert_fails(block_parse("x,r", &spec, &why), &why, "no 'r'");
	assert_fails(block_parse("x,ro=1", &spec, &why), &why, "no value");
	assert_fails(block_parse("x,ro,overlay", &spec, &why), &why,
		     "exclude each other");
}

static void names_have_an_end(void **state)
{
	char name[PATH_MAX + 1];

	(void)state;
	memset(name, 'x', sizeof(name));
	name[PATH_MAX] = '\0';
	assert_fails(block_parse(name, &spec, &why), &why, "too long");
	name[PATH_MAX - 1] = '\0';
	assert_good(block_parse(name, &spec, &why), &why);
	assert_string_equal(spec.path, name);
}

static void what_is_no_disk_is_refused(void **state)
{
	char text[128];

	(void)state;
	assert_cannot_open("/no/such/file", "No such file");
	assert_cannot_open("/tmp,ro", "is a directory");
	assert_cannot_open("/tmp", "directory");
	assert_cannot_open("/dev/null", "neither a regular file nor");
	assert_int_equal(truncate(image, 0), 0);
	assert_cannot_open(image, "it has 0 bytes");
	assert_int_equal(truncate(image, 511), 0);
	assert_cannot_open(image, "it has 511 bytes");
	unlink(image);
	assert_int_equal(mkfifo(image, 0600), 0);
	snprintf(text, sizeof(text), "%s,ro", image);
	assert_cannot_open(text, "neither a regular file nor");
	unlink(image);
}

static void a_part_of_a_sector_does_not_count(void **state)
{
	(void)state;
	write_image(1500);
	open_disk("");
	assert_int_equal(disk.file.bytes, 1024);
	block_disk_close(&disk);
}

static void one_writes_or_several_read(void **state)
{
	static struct block_disk other;
	char text[128];

	(void)state;
	open_disk("");
	assert_cannot_open(image, "in use already");
	snprintf(text, sizeof(text), "%s,ro", image);
	assert_cannot_open(text, "a guest writes to it");
	block_disk_close(&disk);

	open_disk(",overlay");
	assert_cannot_open(image, "in use already");
	assert_good(can_open(text, &other), &why);
	block_disk_close(&other);
	block_disk_close(&disk);
}

static void data_goes_to_the_file_and_back(void **state)
{
	uint8_t data[3 * 512];

	(void)state;
	open_disk("");
	assert_as_expected();
	fill(data, sizeof(data));
	memcpy(expected + 7 * 512, data, sizeof(data));
	assert_int_equal(request(LGUEST_BLOCK_WRITE, 7, 3, data),
			 LGUEST_BLOCK_OK);
	assert_int_equal(request(LGUEST_BLOCK_FLUSH, 0, 0, NULL),
			 LGUEST_BLOCK_OK);
	assert_as_expected();
	block_disk_close(&disk);
	assert_image_holds(expected);
}

static void memory_may_be_in_odd_pieces(void **state)
{
	uint8_t *memory = malloc(8192);
	struct block_request r = {
		.op = LGUEST_BLOCK_WRITE,
		.offset = 512,
		.bytes = 1024,
		.memory = {
			.count = 3,
			.iov = { { memory + 3, 100 }, { memory + 4097, 900 },
				 { memory + 1, 24 } },
		},
	};

	(void)state;
	fill(memory, 8192);
	memcpy(expected + 512, memory + 3, 100);
	memcpy(expected + 612, memory + 4097, 900);
	memcpy(expected + 1512, memory + 1, 24);
	open_disk("");
	assert_int_equal(block_disk_do(&disk, &r), LGUEST_BLOCK_OK);
	assert_as_expected();
	r.op = LGUEST_BLOCK_READ;
	memset(memory, 0, 8192);
	assert_int_equal(block_disk_do(&disk, &r), LGUEST_BLOCK_OK);
	assert_memory_equal(memory + 3, expected + 512, 1);
	assert_memory_equal(memory + 4097, expected + 612, 900);
	assert_memory_equal(memory + 1, expected + 1512, 24);
	block_disk_close(&disk);
	free(memory);
}

static void discarded_and_zeroed_blocks_are_zeros(void **state)
{
	(void)state;
	open_disk("");
	assert_int_equal(request(LGUEST_BLOCK_DISCARD, 8, 16, NULL),
			 LGUEST_BLOCK_OK);
	assert_int_equal(request(LGUEST_BLOCK_ZERO, 33, 3, NULL),
			 LGUEST_BLOCK_OK);
	memset(expected + 8 * 512, 0, 16 * 512);
	memset(expected + 33 * 512, 0, 3 * 512);
	assert_as_expected();
	block_disk_close(&disk);
	assert_image_holds(expected);
}

static void read_only_is_read_only(void **state)
{
	static const uint16_t op[] = {
		LGUEST_BLOCK_WRITE, LGUEST_BLOCK_DISCARD, LGUEST_BLOCK_ZERO, 99,
	};
	uint8_t data[512] = { 0 };
	struct lguest_block page;
	size_t i;

	(void)state;
	open_disk(",ro");
	block_disk_describe(&disk, &page);
	assert_int_equal(page.flags, LGUEST_BLOCK_READONLY);
	assert_int_equal(page.sectors, SECTORS);
	assert_string_equal(page.serial, "image");
	for (i = 0; i < ARRAY_SIZE(op); i++)
		assert_int_equal(request(op[i], 1, 1, data),
				 LGUEST_BLOCK_IOERR);
	assert_as_expected();
	block_disk_close(&disk);
}

static void unknown_requests_are_told_so(void **state)
{
	(void)state;
	open_disk("");
	assert_int_equal(request(5, 0, 1, NULL), LGUEST_BLOCK_UNSUPPORTED);
	assert_int_equal(request(0xffff, 0, 1, NULL),
			 LGUEST_BLOCK_UNSUPPORTED);
	block_disk_close(&disk);
}

static void a_file_that_shrinks_gives_errors_and_stays_short(void **state)
{
	static const uint16_t op[] = {
		LGUEST_BLOCK_READ, LGUEST_BLOCK_WRITE, LGUEST_BLOCK_DISCARD,
		LGUEST_BLOCK_ZERO,
	};
	uint8_t data[4 * 512] = { 0 };
	struct stat st;
	size_t i;

	(void)state;
	open_disk("");
	assert_int_equal(truncate(image, 10 * 512), 0);
	for (i = 0; i < ARRAY_SIZE(op); i++) {
		assert_int_equal(request(op[i], 8, 4, data),
				 LGUEST_BLOCK_IOERR);
		assert_int_equal(request(op[i], 50, 4, data),
				 LGUEST_BLOCK_IOERR);
	}
	assert_int_equal(request(LGUEST_BLOCK_WRITE, 6, 4, data),
			 LGUEST_BLOCK_OK);
	assert_int_equal(request(LGUEST_BLOCK_FLUSH, 0, 0, NULL),
			 LGUEST_BLOCK_OK);
	assert_int_equal(stat(image, &st), 0);
	assert_int_equal(st.st_size, 10 * 512);
	block_disk_close(&disk);
}

static void random_change(void)
{
	uint32_t sector = rand() % SECTORS;
	uint32_t sectors = rand() % (SECTORS - sector) + 1;
	uint16_t op = rand() % 3 ? LGUEST_BLOCK_WRITE : LGUEST_BLOCK_ZERO;
	uint8_t data[32 * 512];

	if (sectors > 32)
		sectors = rand() % 32 + 1;
	fill(data, sectors * 512);
	assert_int_equal(request(op, sector, sectors,
				 op == LGUEST_BLOCK_WRITE ? data : NULL),
			 LGUEST_BLOCK_OK);
	if (op == LGUEST_BLOCK_ZERO)
		memset(data, 0, sizeof(data));
	memcpy(expected + sector * 512, data, sectors * 512);
}

static void an_overlay_holds_what_is_written(void **state)
{
	uint8_t *original = malloc(BYTES);
	unsigned int i;

	(void)state;
	memcpy(original, expected, BYTES);
	open_disk(",overlay");
	assert_as_expected();
	for (i = 0; i < RANDOM_ROUNDS; i++) {
		random_change();
		if (i < 100 || i % 100 == 0)
			assert_as_expected();
		/* Anew, while much of it is in the base still. */
		if (i % 50 == 49) {
			block_disk_close(&disk);
			assert_image_holds(original);
			memcpy(expected, original, BYTES);
			open_disk(",overlay");
		}
	}
	block_disk_close(&disk);
	assert_image_holds(original);
	free(original);
}

static void an_overlay_discards_whole_clusters(void **state)
{
	uint8_t data[512];

	(void)state;
	open_disk(",overlay");
	/* Nothing whole in it. */
	assert_int_equal(request(LGUEST_BLOCK_DISCARD, 1, 10, NULL),
			 LGUEST_BLOCK_OK);
	assert_as_expected();
	/* Clusters 1 and 2. */
	assert_int_equal(request(LGUEST_BLOCK_DISCARD, 7, 20, NULL),
			 LGUEST_BLOCK_OK);
	memset(expected + BLOCK_CLUSTER, 0, 2 * BLOCK_CLUSTER);
	assert_as_expected();
	fill(data, sizeof(data));
	assert_int_equal(request(LGUEST_BLOCK_WRITE, 9, 1, data),
			 LGUEST_BLOCK_OK);
	memcpy(expected + 9 * 512, data, 512);
	assert_as_expected();
	block_disk_close(&disk);
}

static void an_overlay_needs_a_folder(void **state)
{
	char text[128];

	(void)state;
	snprintf(text, sizeof(text), "%s,overlay", image);
	setenv("TMPDIR", "/no/such/folder", 1);
	assert_cannot_open(text, "cannot create an overlay");
	setenv("TMPDIR", folder, 1);
}

#define TEST(name)	cmocka_unit_test_setup(name, new_image)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(options_are_told_apart),
		TEST(names_have_an_end),
		TEST(what_is_no_disk_is_refused),
		TEST(a_part_of_a_sector_does_not_count),
		TEST(one_writes_or_several_read),
		TEST(data_goes_to_the_file_and_back),
		TEST(memory_may_be_in_odd_pieces),
		TEST(discarded_and_zeroed_blocks_are_zeros),
		TEST(read_only_is_read_only),
		TEST(unknown_requests_are_told_so),
		TEST(a_file_that_shrinks_gives_errors_and_stays_short),
		TEST(an_overlay_holds_what_is_written),
		TEST(an_overlay_discards_whole_clusters),
		TEST(an_overlay_needs_a_folder),
	};

	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
