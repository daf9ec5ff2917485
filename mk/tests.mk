# SPDX-License-Identifier: GPL-2.0
#
# Tests: unit tests (here and now, under sanitizers), style, and whatever needs
# a kernel (in the host VM, by tests/vm/run).
# guide: P:080

# --- unit tests: tests/unit/PROGRAM/test_X.c is a cmocka program that has all of
# lib/ and of PROGRAM's folder but main()

SAN_FLAGS := -O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all \
	-fno-omit-frame-pointer
SAN_LIB_OBJECTS := $(call objects,lib,$(B)/san)

$(B)/san/%.o: %.c Makefile mk/user.mk mk/tests.mk
	@mkdir -p $(@D)
	$(call TELL,CC)
	$(Q)$(CC) $(SAN_FLAGS) $(TREE_CFLAGS) -Itests/unit $(SAN_INCLUDES) -c -o $@ $<

# $(call unit_tests,FOLDER): of the program whose sources are there
define unit_tests
SAN_OBJECTS_$(1) := $$(filter-out %/main.o,$$(call objects,$(1),$$(B)/san))
UNIT_TESTS_$(1) := $$(patsubst %.c,$$(B)/%,$$(sort $$(wildcard tests/unit/$(1)/test_*.c)))
UNIT_TESTS += $$(UNIT_TESTS_$(1))

$$(B)/san/tests/unit/$(1)/%.o: SAN_INCLUDES := -I$(1)

$$(UNIT_TESTS_$(1)): $$(B)/tests/unit/$(1)/%: $$(B)/san/tests/unit/$(1)/%.o $$(SAN_OBJECTS_$(1)) $$(SAN_LIB_OBJECTS)
	@mkdir -p $$(@D)
	$$(call TELL,LINK)
	$$(Q)$$(CC) $$(SAN_FLAGS) -o $$@ $$^ -lcmocka $$(LIBRARIES_$(1)) $$(LIB_LIBRARIES)
endef

$(foreach folder,lib launcher lgswitch lgnetdump,$(eval $(call unit_tests,$(folder))))

.PHONY: check-unit
check-unit: $(UNIT_TESTS) programs ## unit tests, under address and undefined sanitizers
	@tests/unit-tests $(UNIT_TESTS)

# --- installation and completion, here and now

.PHONY: check-install
check-install: programs guest-products guide ## make install and uninstall, and what bash completes
	@tests/completion
	@tests/install

# --- fuzzing: tests/fuzz/PROGRAM/fuzz_X.c (see fuzz.h there) is linked as a unit
# test is, and with a driver

# $(call fuzz_targets,FOLDER)
define fuzz_targets
FUZZ_TARGETS_$(1) := $$(patsubst %.c,$$(B)/%,$$(sort $$(wildcard tests/fuzz/$(1)/fuzz_*.c)))
FUZZ_TARGETS += $$(FUZZ_TARGETS_$(1))

$$(B)/san/tests/fuzz/$(1)/%.o: SAN_INCLUDES := -I$(1) -Itests/fuzz

$$(FUZZ_TARGETS_$(1)): $$(B)/tests/fuzz/$(1)/%: $$(B)/san/tests/fuzz/$(1)/%.o $$(B)/san/tests/fuzz/driver.o $$(SAN_OBJECTS_$(1)) $$(SAN_LIB_OBJECTS)
	@mkdir -p $$(@D)
	$$(call TELL,LINK)
	$$(Q)$$(CC) $$(SAN_FLAGS) -o $$@ $$^ -lcmocka $$(LIBRARIES_$(1)) $$(LIB_LIBRARIES)
endef

$(foreach folder,lib launcher lgswitch lgnetdump,$(eval $(call fuzz_targets,$(folder))))

# Time for each target, and inputs at most.
FUZZ_SECONDS ?= 1
FUZZ_RUNS ?= 20000

.PHONY: check-fuzz
check-fuzz: $(FUZZ_TARGETS) ## changed inputs for every parser, briefly (FUZZ_SECONDS, FUZZ_RUNS)
	@failed=; \
	for target in $(FUZZ_TARGETS); do \
		$$target --runs $(FUZZ_RUNS) --seconds $(FUZZ_SECONDS) 2> $$target.log || \
			{ failed="$$failed $${target##*/}"; tail -n 60 $$target.log; }; \
	done; \
	echo "fuzz: $(words $(FUZZ_TARGETS)) targets, failed:$${failed:- none}"; \
	[ -z "$$failed" ]

# The same target in clang's libFuzzer, which learns from what it sees; what it
# has found out so far stays in build/fuzz/PROGRAM/X.
FUZZ_FOLDER = $(patsubst %/,%,$(dir $(FUZZ)))
FUZZ_SOURCES = tests/fuzz/$(FUZZ_FOLDER)/fuzz_$(notdir $(FUZZ)).c \
	$(sort $(wildcard lib/*.c) $(filter-out %/main.c,$(wildcard $(FUZZ_FOLDER)/*.c)))

.PHONY: fuzz
fuzz: $(if $(FUZZ),$(B)/tests/fuzz/$(FUZZ_FOLDER)/fuzz_$(notdir $(FUZZ))) ## one target in libFuzzer, until it fails (FUZZ=lib/segment; needs clang)
	@[ -n "$(FUZZ)" ] || { echo "fuzz: say which by FUZZ=, of: $(patsubst $(B)/tests/fuzz/%,%,$(subst fuzz_,,$(FUZZ_TARGETS)))"; exit 1; }
	@mkdir -p $(B)/fuzz/$(FUZZ)
	$(call TELL,CLANG)
	$(Q)clang -O1 -g -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=all \
		$(filter-out -Werror -MMD -MP,$(TREE_CFLAGS)) -Itests/unit -Itests/fuzz -I$(FUZZ_FOLDER) \
		-o $(B)/fuzz/$(FUZZ).libfuzzer $(FUZZ_SOURCES) -lcmocka $(LIBRARIES_$(FUZZ_FOLDER)) $(LIB_LIBRARIES)
	$(Q)$< --write $(B)/fuzz/$(FUZZ)
	$(Q)$(B)/fuzz/$(FUZZ).libfuzzer -artifact_prefix=$(B)/fuzz/$(FUZZ). $(B)/fuzz/$(FUZZ) $(FUZZ_OPTIONS)

# Programs of one source are made in one step; make wants to hear of headers
# that the program, rather than an object, depends on.
HERE_DEPS = -MMD -MP -MT $@ -MF $@.d

# --- tiny guests: tests/guests/X.c is a whole guest, see guest.h there

GUEST_FLAGS := -m32 -march=i686 -std=gnu11 -O2 -g -ffreestanding -fno-pic -fno-pie -no-pie \
	-nostdlib -static -fno-stack-protector -fcf-protection=none -mno-sse \
	-fno-asynchronous-unwind-tables -Wl,--build-id=none \
	-Wall -Wextra -Werror -Iinclude
GUESTS := $(patsubst %.c,$(B)/%,$(sort $(wildcard tests/guests/*.c)))

$(GUESTS): $(B)/%: %.c tests/guests/guest.ld Makefile mk/tests.mk
	@mkdir -p $(@D)
	$(call TELL,CC)
	$(Q)$(CC) $(GUEST_FLAGS) $(HERE_DEPS) -T tests/guests/guest.ld -o $@ $<

# --- programs of tests: for the host (tests/vm/X.c), for Linux guests (32-bit:
# tests/vm/progs/X.c), for both (32-bit too: tests/bench/X.c)

HOST_PROGS := $(patsubst %.c,$(B)/%,$(sort $(wildcard tests/vm/*.c)))
GUEST_PROGS := $(patsubst tests/vm/progs/%.c,$(B)/tests/progs/%,$(sort $(wildcard tests/vm/progs/*.c)))
BENCH_PROGS := $(patsubst %.c,$(B)/%,$(sort $(wildcard tests/bench/*.c)))

define build_prog
@mkdir -p $(@D)
$(call TELL,CC)
$(Q)$(CC) $(1) $(CFLAGS) $(TREE_CFLAGS) $(HERE_DEPS) -static -o $@ $< -lpthread -lm
endef

$(HOST_PROGS): $(B)/%: %.c Makefile mk/tests.mk
	$(call build_prog)

$(GUEST_PROGS): $(B)/tests/progs/%: tests/vm/progs/%.c Makefile mk/tests.mk
	$(call build_prog,-m32)

$(BENCH_PROGS): $(B)/%: %.c Makefile mk/tests.mk
	$(call build_prog,-m32)

# --- programs that are ports of nets or listen there: tests/ports/X.c, with lib/

PORT_PROGS := $(patsubst %.c,$(B)/%,$(sort $(wildcard tests/ports/*.c)))

$(PORT_PROGS): $(B)/%: %.c $(LIB_OBJECTS) Makefile mk/user.mk mk/tests.mk
	@mkdir -p $(@D)
	$(call TELL,CC)
	$(Q)$(CC) $(CFLAGS) $(TREE_CFLAGS) $(HERE_DEPS) -o $@ $< $(LIB_OBJECTS) $(LIB_LIBRARIES)

-include $(wildcard $(B)/san/*/*.d $(B)/san/tests/*/*.d $(B)/san/tests/*/*/*.d $(B)/tests/*/*.d)

# --- in the VM

.PHONY: vm-programs
vm-programs: $(GUESTS) $(HOST_PROGS) $(PORT_PROGS) $(GUEST_PROGS) $(BENCH_PROGS)

.PHONY: check-vm
check-vm: programs vm-programs module guest-products guide deb ## tests in a VM (HOST_KERNEL, TESTS="110 hostile", JOBS, SOAK=yes)
	@tests/vm/debian-image > /dev/null || echo "no Debian image: what boots it will be skipped"
	@JOBS=$(JOBS) SOAK=$(SOAK) tests/vm/check $(TESTS)

.PHONY: vm-shell
vm-shell: programs vm-programs module ## a root shell in that VM, lg.ko loaded
	@tests/vm/run --timeout 0 --tty -- bash -i || [ $$? -ne 125 ]

.PHONY: bench
bench: programs vm-programs module guest-kernel ## measure, in that VM (ROWS="null_syscall signal")
	@tests/bench/run $(ROWS)

# --- all

.PHONY: check-newcomer
check-newcomer: ## paths with blanks, ordinary users, no network and the like
	@tests/newcomer

.PHONY: check-style
check-style: ## sparse, checkpatch, shellcheck
	@tests/style

# All that tests run, so that they themselves build nothing
.PHONY: check-build
check-build: programs vm-programs $(UNIT_TESTS) $(FUZZ_TARGETS) module guest-products guide deb

.PHONY: check
check: ## everything: style, unit tests, installation, odd places, fuzz targets, VM tests
	+@tests/all "HOST_KERNEL=$(HOST_KERNEL)"

.PHONY: check-all
check-all: ## that and longer soaks, on 6.1, 6.12 and a debug kernel too (hours)
	+@tests/all "HOST_KERNEL=6.1 SOAK=yes" HOST_KERNEL=6.12 HOST_KERNEL=6.1-debug
