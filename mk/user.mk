# SPDX-License-Identifier: GPL-2.0
#
# The programs.  Each is a folder of sources, named like its product, that is
# linked with everything in lib/; one without sources yet is left out.
# guide: P:040

NL_CFLAGS := $(shell pkg-config --cflags libnl-route-3.0 2> /dev/null)
TREE_CFLAGS := -std=gnu11 -D_GNU_SOURCE -Wall -Wextra -Werror -Iinclude -Ilib $(NL_CFLAGS) -MMD -MP
# What lib/ itself needs; a program links with as much of it as it uses.
LIB_LIBRARIES := -Wl,--as-needed -lnl-route-3 -lnl-3

# make V=1 shows whole commands.
Q := $(if $(V),,@)
TELL = @$(if $(V),:,echo "  $(1)	$@")

# $(call objects,FOLDER,WHERE): what FOLDER's sources compile to below WHERE
objects = $(patsubst %.c,$(2)/%.o,$(sort $(wildcard $(1)/*.c)))

LIB_OBJECTS := $(call objects,lib,$(B)/obj)

$(B)/obj/%.o: %.c Makefile mk/user.mk
	@mkdir -p $(@D)
	$(call TELL,CC)
	$(Q)$(CC) $(TREE_CFLAGS) $(CPPFLAGS) $(CFLAGS) -c -o $@ $<

# $(call program,PRODUCT,FOLDER,LIBRARIES)
define program
ifneq ($(wildcard $(2)/*.c),)
PROGRAMS += $(B)/$(1)
$(B)/$(1): $(call objects,$(2),$(B)/obj) $(LIB_OBJECTS)
	$$(call TELL,LINK)
	$$(Q)$$(CC) $$(CFLAGS) $$(LDFLAGS) -o $$@ $$^ $(3) $(LIB_LIBRARIES)
endif
endef

# What each needs besides; the unit tests of its parts need the same.
LIBRARIES_launcher := -lz -lpthread
LIBRARIES_lib :=
LIBRARIES_lgswitch := -ljansson -lcap-ng -lseccomp -lsystemd -lm
LIBRARIES_lgnetdump := -lpcap -lz -ljansson

$(eval $(call program,lguest,launcher,$(LIBRARIES_launcher)))
$(eval $(call program,lgswitch,lgswitch,$(LIBRARIES_lgswitch)))
$(eval $(call program,lgnetdump,lgnetdump,$(LIBRARIES_lgnetdump)))

.PHONY: programs
programs: $(PROGRAMS)

-include $(wildcard $(B)/obj/*/*.d)
