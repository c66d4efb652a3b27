# make help lists the targets. Everything built goes to $(BUILD).
include config.mk

GUEST_LAYERS = base tpm parse azure evidence
GUEST_LIB_SRC = $(foreach l,$(GUEST_LAYERS),$(wildcard src/$(l)/*.c))
LIB_SRC = $(GUEST_LIB_SRC) $(wildcard src/verify/*.c)

# tools/barequote: guest_*.c is only in barequote-guest, full_*.c only in barequote.
TOOL_SRC = $(filter-out tools/barequote/guest_%,$(wildcard tools/barequote/*.c))
GUEST_TOOL_SRC = $(filter-out tools/barequote/full_%,$(wildcard tools/barequote/*.c))
GUEST_SRC = $(GUEST_LIB_SRC) $(GUEST_TOOL_SRC)
HCLSIM_SRC = $(wildcard tools/hclsim/*.c)
TEST_SRC = $(wildcard tests/*.c)

obj = $(patsubst %.c,$(BUILD)/obj/%.o,$(1))
guest_obj = $(patsubst %.c,$(BUILD)/guest/%.o,$(1))

CRYPTO_CFLAGS = $(shell $(PKG_CONFIG) --cflags libcrypto)
CRYPTO_LIBS = $(shell $(PKG_CONFIG) --libs libcrypto)
SSL_LIBS = $(shell $(PKG_CONFIG) --libs libssl libcrypto)
CHECK_CFLAGS = $(shell $(PKG_CONFIG) --cflags check)
CHECK_LIBS = $(shell $(PKG_CONFIG) --libs check)

LIB = $(BUILD)/libbarequote.a
GUEST_LIB = $(BUILD)/libbarequote-guest.a
SONAME = libbarequote.so.$(SOVERSION)
SHLIB = $(BUILD)/$(SONAME)
TOOLS = $(BUILD)/barequote $(BUILD)/barequote-guest $(BUILD)/hclsim
CHECK_ALL = $(BUILD)/tests/check_all
VECTORS_GEN = $(BUILD)/tests/vectors-gen

# Of make demo and make check, whatever was given to make itself.
JOBS = $(shell nproc 2>/dev/null || echo 2)

Q = $(if $(V),,@)
say = $(if $(V),,@printf '  %-7s %s\n' $(1) $@)

all: $(LIB) $(GUEST_LIB) $(SHLIB) $(TOOLS)

guest: $(BUILD)/barequote-guest

help:
	@echo 'all      libraries, barequote, barequote-guest, hclsim'
	@echo 'demo     build, then attest and verify a simulated confidential VM'
	@echo 'size     how large the attester is, and what makes it so'
	@echo 'check    build and run the tests; SAN=1 with sanitizers'
	@echo 'prove    that the parsers are safe for any input, with Frama-C'
	@echo 'analyze  static analysis: gcc, clang-tidy, cppcheck, shellcheck'
	@echo 'guest    barequote-guest alone; static: barequote in one file'
	@echo 'check-qemu, check-initramfs, check-stream, check-tsan, check-msan, check-valgrind,'
	@echo '         check-cross, check-diff: what takes longer'
	@echo 'check-planted: bugs put in on purpose, and what finds them; check-size: the attester'
	@echo 'examples tools/examples; vectors: tests/vectors again, from their generator'
	@echo 'check-cvm: on a real confidential VM, as root'
	@echo 'fuzz, fuzz-afl, fuzz-smoke, fuzz-coverage: FUZZ=name for one target, FUZZ_SECONDS=n'
	@echo 'deps     install what building and testing need, or say what it is'
	@echo 'install  to $$(DESTDIR)$$(PREFIX); clean removes $$(BUILD)'

# --- libraries ---------------------------------------------------------------

$(LIB): $(call obj,$(LIB_SRC))
	$(call say,AR)
	$(Q)rm -f $@ && $(AR) rcs $@ $^

$(GUEST_LIB): $(call obj,$(GUEST_LIB_SRC))
	$(call say,AR)
	$(Q)rm -f $@ && $(AR) rcs $@ $^

$(SHLIB): $(call obj,$(LIB_SRC))
	$(call say,LD)
	$(Q)$(CC) $(CFLAGS) $(filter-out -pie,$(LDFLAGS)) -shared -Wl,-soname,$(SONAME) -o $@ $^ $(CRYPTO_LIBS)
	$(Q)ln -sf $(SONAME) $(BUILD)/libbarequote.so

# --- programs ----------------------------------------------------------------

$(BUILD)/barequote: $(call obj,$(TOOL_SRC)) $(LIB)
	$(call say,LD)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(SSL_LIBS) -pthread

# The attester with its symbols, without, and as it is handed out: packed, with what unpacks
# it into memory and starts it (tools/loader). That is written for x86-64.
GUEST_PLAIN = $(BUILD)/barequote-guest.plain
GUEST_PACKS := $(and $(GUEST_MUSL),$(filter x86_64-%,$(shell $(GUEST_CC) -dumpmachine)))

$(BUILD)/barequote-guest.syms: $(call guest_obj,$(GUEST_SRC))
	$(call say,LD)
	$(Q)$(GUEST_CC) $(GUEST_CFLAGS) $(GUEST_LDFLAGS) -o $@ $^

$(GUEST_PLAIN): $(BUILD)/barequote-guest.syms
	$(Q)$(STRIP) -o $@ $<

$(BUILD)/barequote-guest: $(if $(GUEST_PACKS),$(BUILD)/loader/barequote-guest,$(GUEST_PLAIN))
	$(Q)cp $< $@

$(BUILD)/loader/pack: $(call obj,tools/loader/pack.c tools/loader/calls.c)
	@mkdir -p $(@D)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^

$(BUILD)/loader/program.lzma: $(GUEST_PLAIN) $(BUILD)/loader/pack
	$(call say,XZ)
	$(Q)$(BUILD)/loader/pack <$< >$@.calls
	$(Q)xz --format=raw --lzma1=preset=9e,lc=3,lp=0,pb=0 <$@.calls >$@.new && mv $@.new $@

$(BUILD)/loader/barequote-guest: $(BUILD)/loader/program.lzma $(wildcard tools/loader/*) Makefile config.mk
	$(call say,LD)
	$(Q)$(GUEST_CC) $(CPPFLAGS) $(LOADER_CFLAGS) -DPACKED='"$<"' \
		-DPROGRAM_SIZE=$$(wc -c <$(GUEST_PLAIN)) -o $@ $(filter-out %/pack.c,$(filter %.c %.S,$^))

# The whole tool in one file, for a rescue disk: verifies in an empty chroot. What
# the linker says of libcrypto (getaddrinfo and dlopen in a static program) is of
# interest only where it fails: names of servers are all that is lost.
static: $(BUILD)/static/barequote

$(BUILD)/static/barequote: $(call obj,$(TOOL_SRC)) $(LIB)
	$(call say,LD)
	@mkdir -p $(@D)
	$(Q)$(CC) $(CFLAGS) $(filter-out -pie,$(LDFLAGS)) -static -Wl,--gc-sections -s -o $@ $^ \
		$(shell $(PKG_CONFIG) --static --libs libssl libcrypto) -pthread 2>$@.log || \
		{ cat $@.log; false; }

$(BUILD)/hclsim: $(call obj,$(HCLSIM_SRC)) $(LIB)
	$(call say,LD)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(SSL_LIBS) -pthread

EXAMPLES = $(patsubst tools/examples/%.c,$(BUILD)/examples/%,$(wildcard tools/examples/*.c))

examples: $(EXAMPLES)

$(BUILD)/examples/%: $(BUILD)/obj/tools/examples/%.o $(LIB)
	$(call say,LD)
	@mkdir -p $(@D)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(CRYPTO_LIBS) -pthread

# The suites mint certificates and reports with the simulator's own code.
# They also test the command line's option parser, how it confines itself, and how the
# attester is unpacked. What tests/wrapped.c lists fails where a test wants it to.
WRAPPED = $(shell sed -n 's/^WRAP.\([A-Za-z0-9_]*\),.*/-Wl,--wrap=\1/p' tests/wrapped.c)
$(CHECK_ALL): $(call obj,$(TEST_SRC) $(filter-out %/main.c,$(HCLSIM_SRC)) tools/barequote/opt.c \
		tools/barequote/full_confine.c tools/loader/lzma.c tools/loader/calls.c) $(LIB)
	$(call say,LD)
	@mkdir -p $(@D)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) $(WRAPPED) -o $@ $^ $(CHECK_LIBS) $(SSL_LIBS) -pthread

$(VECTORS_GEN): $(call obj,$(wildcard tests/vectors/*.c))
	$(call say,LD)
	@mkdir -p $(@D)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(CRYPTO_LIBS)

$(BUILD)/obj/tests/%.o: CPPFLAGS += -Itools/hclsim -Itests -I$(BUILD)/tests
$(call obj,$(TEST_SRC) $(wildcard tests/diff/*.c)): $(BUILD)/tests/suites.h
$(BUILD)/obj/tests/%.o: CFLAGS += $(CHECK_CFLAGS)
$(BUILD)/obj/tools/%.o: CPPFLAGS += -I$(<D)
$(BUILD)/obj/tools/examples/%.o: CPPFLAGS += -D_GNU_SOURCE
.PRECIOUS: $(BUILD)/obj/tools/examples/%.o
$(BUILD)/obj/tests/check_tool_confine.o: CPPFLAGS += -D_GNU_SOURCE
$(BUILD)/guest/tools/%.o: CPPFLAGS += -I$(<D)

# Every `Suite *suite_NAME(void)` in tests: the prototypes, and the list for main.c.
$(BUILD)/tests/suites.h: $(TEST_SRC) tests Makefile
	@mkdir -p $(@D)
	$(Q)names=$$(sed -n 's/^Suite \*\(suite_[a-z0-9_]*\)(void)$$/\1/p' $(TEST_SRC)); { \
		echo '#include <check.h>'; for n in $$names; do echo "Suite *$$n(void);"; done; \
		echo "#define SUITES $$(echo $$names | tr ' ' ',')"; \
		echo "#define SUITE_NAMES $$(echo $$names | sed 's/suite_\([^ ]*\)/"\1"/g; s/ /,/g')"; } > $@.new
	$(Q)cmp -s $@.new $@ && rm $@.new || mv $@.new $@

$(BUILD)/obj/%.o: %.c Makefile config.mk
	$(call say,CC)
	@mkdir -p $(@D)
	$(Q)$(CC) $(CPPFLAGS) -DBQ_VERSION='"$(VERSION)"' $(CFLAGS) -MMD -MP -c -o $@ $<

# Objects of another compiler or other flags are others: musl may have come since.
$(BUILD)/guest/flags: always
	@mkdir -p $(@D)
	@new=$@.$$$$; echo '$(GUEST_CC) $(filter-out -Werror,$(GUEST_CFLAGS))' >$$new; \
		if cmp -s $$new $@; then rm $$new; else mv $$new $@; fi

$(BUILD)/guest/%.o: %.c $(BUILD)/guest/flags Makefile config.mk
	$(call say,GUESTCC)
	@mkdir -p $(@D)
	$(Q)$(GUEST_CC) $(CPPFLAGS) -DBQ_VERSION='"$(VERSION)"' $(GUEST_CFLAGS) -MMD -MP -c -o $@ $<

size: $(BUILD)/barequote-guest
	@size -A -d $<.syms
	@size -d $(call guest_obj,$(GUEST_SRC)) | awk 'NR > 1 { print $$1 + $$2, $$6 }' | sort -rn
	@wc -c $<.plain $< | sed '$$d'

# --- tests -------------------------------------------------------------------

deps:
	@sh tools/deps.sh

# The recursion makes pkg-config look again once deps has installed things.
demo:
	@sh tools/deps.sh demo
	@$(MAKE) --no-print-directory -j$(JOBS) all
	@BUILD=$(BUILD) sh tools/demo.sh

check:
	@sh tools/deps.sh check
	@$(MAKE) --no-print-directory -j$(JOBS) check-unit check-vectors check-e2e

check-unit: $(CHECK_ALL)
	@$(CHECK_ALL)

# The vectors are kept, so that a change of their generator shows as one.
vectors: $(VECTORS_GEN)
	$(VECTORS_GEN) tests/vectors

check-vectors: $(VECTORS_GEN)
	@rm -rf $(BUILD)/tests/vectors && mkdir -p $(BUILD)/tests/vectors
	@$(VECTORS_GEN) $(BUILD)/tests/vectors
	@diff -r -x '*.[ch]' -x forgeries.txt tests/vectors $(BUILD)/tests/vectors

check-e2e: all examples $(if $(SAN),,static)
	@BUILD=$(BUILD) sh tests/e2e/run.sh

check-size: $(BUILD)/barequote-guest
	@BUILD=$(BUILD) sh tests/e2e/run.sh tests/e2e/t_size.sh

# Many lines through verify --stream; its threads under ThreadSanitizer.
check-stream: all
	@BUILD=$(BUILD) sh tests/stream/run.sh 100000

# The simulator is not what is tested, and ThreadSanitizer holds back its SIGTERM.
check-tsan: all
	@$(MAKE) --no-print-directory -j$(JOBS) all BUILD=$(BUILD)/tsan OPT='-O1 -g -fsanitize=thread'
	@BUILD=$(BUILD)/tsan HCLSIM=$(BUILD)/hclsim KEYS=$(BUILD)/test-keys sh tests/stream/run.sh 1400 4

# Memory that nobody has written to: MemorySanitizer knows each bit of it on the stack.
# Of what libraries write it knows nothing, and would take it for unwritten. Hence the heap,
# which Check has its messages on, is left to valgrind, and so are the suites which read
# OpenSSL's output, or struct stat, which clang 14 does not know glibc 2.33 and on to write.
MSAN = $(BUILD)/san-memory
MSAN_NOT = codec hash pcr_values spki tpm_open tpm_socket
check-msan:
	@sh tools/deps.sh memory
	@$(MAKE) --no-print-directory -j$(JOBS) $(MSAN)/tests/check_all BUILD=$(MSAN) SAN=memory CC=clang \
		OPT='-O1 -g -fsanitize-memory-track-origins'
	@MSAN_OPTIONS=poison_in_malloc=0:poison_in_free=0 CK_FORK=no NOT='$(MSAN_NOT)' \
		sh tests/suites.sh MemorySanitizer $(MSAN)/tests/check_all

# The fuzz targets that nothing of OpenSSL's is in, over their seeds, with the heap as well.
check-msan: check-msan-fuzz
check-msan-fuzz: FUZZ_DIR = $(MSAN)/fuzz
check-msan-fuzz: FUZZ_OPT = -O1 -g -fsanitize=memory -fsanitize-memory-track-origins \
	-fno-sanitize-recover=all -fsanitize=fuzzer-no-link
check-msan-fuzz: FUZZ = hcl snp claims json attest signature pcr_file eventlog command tpm replay
check-msan-fuzz: fuzz-build
	@rm -rf $(FUZZ_DIR)/seeds; for t in $(FUZZ); do \
		sh tests/fuzz/seeds.sh unpack tests/fuzz/seeds/$$t $(FUZZ_DIR)/seeds/$$t && \
		$(FUZZ_DIR)/bin/$$t -runs=0 -artifact_prefix=$(FUZZ_DIR)/ $(FUZZ_DIR)/seeds/$$t >$(FUZZ_DIR)/$$t.log 2>&1 </dev/null || \
			{ tail -n 40 $(FUZZ_DIR)/$$t.log; exit 1; }; done

# That, reads and writes out of bounds, and leaks, in libraries too. Under valgrind
# tool_confine would have it killed: the system calls that it forbids are valgrind's as well.
check-valgrind:
	@sh tools/deps.sh memory
	@$(MAKE) --no-print-directory -j$(JOBS) $(CHECK_ALL)
	@CK_FORK=no NOT=tool_confine sh tests/suites.sh valgrind valgrind -q --error-exitcode=9 \
		--leak-check=full --errors-for-leak-kinds=definite,possible $(CHECK_ALL)

# barequote-guest on a real kernel, in QEMU.
check-qemu:
	@sh tools/deps.sh qemu
	@$(MAKE) --no-print-directory all static $(BUILD)/qemu/init
	@BUILD=$(BUILD) sh tests/qemu/run.sh

# On a real confidential VM, as root: its own TPM and metadata service.
check-cvm: all
	@BQ=$(abspath $(BUILD))/barequote GUEST=$(abspath $(BUILD))/barequote-guest sh tests/cvm/run.sh

# The initramfs hooks, in images that dracut and mkinitramfs make.
check-initramfs:
	@sh tools/deps.sh initramfs
	@$(MAKE) --no-print-directory all
	@BUILD=$(BUILD) tests/initramfs/run.sh

# Bugs put into a copy of the tree, and what catches them.
check-planted:
	@BUILD=$(BUILD) sh tests/planted/run.sh

# Beside tpm2-tss, jansson, openssl asn1parse and tpm2-tools over random and damaged input.
check-diff:
	@sh tools/deps.sh diff
	@$(MAKE) --no-print-directory all $(BUILD)/tests/check_diff
	@$(BUILD)/tests/check_diff
	@BUILD=$(BUILD) SHOW=1 sh tests/e2e/run.sh tests/diff/t_*.sh

$(BUILD)/tests/check_diff: $(call obj,$(wildcard tests/diff/*.c) tests/support.c) $(LIB)
	$(call say,LD)
	@mkdir -p $(@D)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(CHECK_LIBS) \
		$(shell $(PKG_CONFIG) --libs tss2-mu jansson) $(CRYPTO_LIBS)

# As a big-endian and a 32-bit machine run it, under qemu-user; CROSS=arm64 also goes.
CROSS = s390x armhf
check-cross:
	@sh tools/deps.sh cross
	@$(MAKE) --no-print-directory all
	@BUILD=$(BUILD) sh tests/cross/run.sh $(CROSS)

$(BUILD)/qemu/init: $(call guest_obj,tests/qemu/init.c $(GUEST_LIB_SRC))
	$(call say,LD)
	@mkdir -p $(@D)
	$(Q)$(GUEST_CC) $(GUEST_CFLAGS) $(GUEST_LDFLAGS) -o $@ $^

$(BUILD)/guest/tests/qemu/init.o: CPPFLAGS += -D_GNU_SOURCE

# What gcc, clang-tidy (which has clang's analyzer), cppcheck and shellcheck find; what
# they are not asked is in .clang-tidy and .shellcheckrc, and here. Each needs no more than
# to read a file, so each file is a target of its own, for gcc with its headers.
ANALYZED = $(wildcard src/*/*.c tools/*.c tools/*/*.c)
ANALYZED_FLAGS = -std=c11 $(CPPFLAGS) -D_GNU_SOURCE -DBQ_VERSION='"$(VERSION)"' -I$(<D) -Isrc
analyzed = $(patsubst %.c,$(BUILD)/analyze/%.$(1),$(ANALYZED))

analyze:
	@sh tools/deps.sh analyze
	@$(MAKE) --no-print-directory -k -j$(JOBS) $(call analyzed,gcc) $(call analyzed,tidy) \
		analyze-cppcheck analyze-scripts

$(BUILD)/analyze/%.gcc: %.c Makefile config.mk
	$(call say,GCC)
	@mkdir -p $(@D)
	$(Q)gcc $(ANALYZED_FLAGS) -O1 -fanalyzer $(ANALYZER_NOT) -Werror -MMD -MP -MF $@.d -MT $@ -c -o $@ $<

# gcc 12 loses a stream's lines where they are kept in an array of pointers: free_lines()
# frees them, as LeakSanitizer sees.
$(BUILD)/analyze/tools/barequote/full_stream.gcc: ANALYZER_NOT = -Wno-analyzer-malloc-leak

$(BUILD)/analyze/%.tidy: %.c $(BUILD)/analyze/%.gcc .clang-tidy
	$(call say,TIDY)
	$(Q)clang-tidy --quiet --warnings-as-errors='*' $< -- $(ANALYZED_FLAGS) >$@.log 2>&1 || \
		{ cat $@.log; false; }
	@touch $@

# varFuncNullUB: POSIX has NULL be a void *, of the size of the other pointers.
analyze-cppcheck:
	$(Q)cppcheck -q -j$(JOBS) --std=c11 --enable=warning,portability,performance --error-exitcode=1 \
		--suppress=varFuncNullUB -Iinclude -Isrc $(filter -D%,$(CPPFLAGS)) $(ANALYZED)

# Whatever has a shell's first line, or is sourced.
analyze-scripts:
	$(Q)shellcheck $$(git ls-files '*.sh') $$(git grep -lE '^#!.*sh$$' -- .ci tests tools ':!*.sh')

# For any input: see tests/prove/run.sh. PROVE: only these files.
PROVE =

prove:
	@sh tools/deps.sh prove
	@BUILD=$(BUILD) sh tests/prove/run.sh $(PROVE)

# --- fuzzing -----------------------------------------------------------------
# Each tests/fuzz/fuzz_*.c is a program of its own, with libFuzzer.

FUZZ_SECONDS = 60
FUZZ = $(patsubst tests/fuzz/fuzz_%.c,%,$(wildcard tests/fuzz/fuzz_*.c))
FUZZ_CC = clang
FUZZ_DIR = $(BUILD)/fuzz
FUZZ_OPT = -O1 -g $(SAN_FLAGS) -fsanitize=fuzzer-no-link
FUZZ_MAKE = $(MAKE) --no-print-directory BUILD=$(FUZZ_DIR) CC=$(FUZZ_CC) HARDEN= HARDEN_LD=-pie \
	OPT='$(FUZZ_OPT)'
FUZZ_RUN = BUILD=$(BUILD) sh tests/fuzz/run.sh

fuzz-build:
	@sh tools/deps.sh $(if $(findstring afl,$(FUZZ_CC)),afl,fuzz)
	+@$(FUZZ_MAKE) -j$(JOBS) $(addprefix $(FUZZ_DIR)/bin/,$(FUZZ))

fuzz: fuzz-build
	@$(FUZZ_RUN) $(FUZZ_SECONDS) $(FUZZ)

fuzz-smoke: fuzz-build
	@JOBS=2 $(FUZZ_RUN) 20 $(FUZZ)

# The same files for AFL++, which finds other things.
fuzz-afl: FUZZ_CC = afl-clang-fast
fuzz-afl: FUZZ_DIR = $(BUILD)/fuzz-afl
fuzz-afl: fuzz-build
	@ENGINE=afl DIR=$(FUZZ_DIR) $(FUZZ_RUN) $(FUZZ_SECONDS) $(FUZZ)

# Which lines the targets reach: tests/fuzz/README.md. Sanitizers do not change that.
FUZZ_LEAST = 95

fuzz-coverage: FUZZ_DIR = $(BUILD)/fuzz-coverage
fuzz-coverage: FUZZ_OPT = -O1 -g -fsanitize=fuzzer-no-link -fprofile-instr-generate -fcoverage-mapping
fuzz-coverage: fuzz-build
	@BUILD=$(BUILD) sh tests/fuzz/coverage.sh $(FUZZ_LEAST) $(FUZZ)

# What the targets share: among it the tool without its main, and what mints evidence.
FUZZ_SHARED = $(filter-out tests/fuzz/fuzz_%,$(wildcard tests/fuzz/*.c)) tests/quoted.c \
	$(filter-out %/main.c,$(TOOL_SRC)) \
	$(patsubst %,tools/hclsim/%.c,ca cert command leaf hcl_build snp_sign)
$(BUILD)/fuzz-shared.a: $(call obj,$(FUZZ_SHARED))
	$(call say,AR)
	$(Q)rm -f $@ && $(AR) rcs $@ $^

$(BUILD)/bin/%: $(BUILD)/obj/tests/fuzz/fuzz_%.o $(BUILD)/fuzz-shared.a $(LIB)
	$(call say,LD)
	@mkdir -p $(@D)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -fsanitize=fuzzer -o $@ $^ $(SSL_LIBS) -pthread
.PRECIOUS: $(BUILD)/obj/tests/fuzz/%.o
$(BUILD)/obj/tests/fuzz/%.o: CPPFLAGS += -Itools/barequote -Isrc -D_GNU_SOURCE

format:
	clang-format -i $$(find src include tools tests -name '*.[ch]')

check-format:
	clang-format --dry-run -Werror $$(find src include tools tests -name '*.[ch]')

# --- installation ------------------------------------------------------------

install: all
	install -d $(DESTDIR)$(BINDIR) $(DESTDIR)$(LIBDIR)/pkgconfig $(DESTDIR)$(INCLUDEDIR)/barequote
	install -m 755 $(BUILD)/barequote $(BUILD)/barequote-guest $(DESTDIR)$(BINDIR)
	install -m 644 include/barequote/*.h $(DESTDIR)$(INCLUDEDIR)/barequote
	install -m 644 $(LIB) $(GUEST_LIB) $(DESTDIR)$(LIBDIR)
	install -m 755 $(SHLIB) $(DESTDIR)$(LIBDIR)
	ln -sf $(SONAME) $(DESTDIR)$(LIBDIR)/libbarequote.so
	$(call pc,barequote,Azure SEV-SNP attestation and verification,libcrypto)
	$(call pc,barequote-guest,Azure SEV-SNP attestation without OpenSSL,)

# With TPM2_LINKS=1 barequote stands in for tpm2-tools: under their names.
TPM2_VERBS = readpublic nvread nvwrite nvdefine nvundefine nvreadpublic pcrread pcrextend pcrevent \
	quote checkquote eventlog getcap getrandom rc_decode
ifdef TPM2_LINKS
install: install-tpm2-links
endif
install-tpm2-links:
	install -d $(DESTDIR)$(BINDIR)
	for n in tpm2 $(addprefix tpm2_,$(TPM2_VERBS)); do \
		ln -sf barequote $(DESTDIR)$(BINDIR)/$$n || exit 1; done

# Attestation at boot: off until /etc/barequote/attest.conf says otherwise.
DRACUT_MODULE = $(DESTDIR)$(PREFIX)/lib/dracut/modules.d/90barequote
INITRAMFS_TOOLS = $(DESTDIR)$(PREFIX)/share/initramfs-tools
install-initramfs: guest
	install -D -m 755 $(BUILD)/barequote-guest $(DESTDIR)$(BINDIR)/barequote-guest
	install -D -m 755 tools/initramfs/attest-boot $(DESTDIR)/usr/lib/barequote/attest-boot
	install -D -m 755 tools/initramfs/dracut/module-setup.sh $(DRACUT_MODULE)/module-setup.sh
	install -D -m 755 tools/initramfs/dracut/attest-hook.sh $(DRACUT_MODULE)/attest-hook.sh
	install -D -m 755 tools/initramfs/initramfs-tools/hook $(INITRAMFS_TOOLS)/hooks/barequote
	install -D -m 755 tools/initramfs/initramfs-tools/script \
		$(INITRAMFS_TOOLS)/scripts/init-premount/barequote
	test -e $(DESTDIR)/etc/barequote/attest.conf || \
		install -D -m 644 tools/initramfs/attest.conf $(DESTDIR)/etc/barequote/attest.conf

define pc
	printf '%s\n' 'Name: $(1)' 'Description: $(2)' 'Version: $(VERSION)' \
		'Libs: -L$(LIBDIR) -l$(1)' 'Cflags: -I$(INCLUDEDIR)' \
		$(if $(3),'Requires.private: $(3)') > $(DESTDIR)$(LIBDIR)/pkgconfig/$(1).pc
endef

clean:
	rm -rf $(BUILD)

.PHONY: always all guest size static examples help deps demo check check-unit vectors check-vectors check-e2e check-size check-stream check-tsan check-msan check-msan-fuzz check-valgrind check-qemu check-cvm check-initramfs check-cross check-diff prove analyze analyze-cppcheck analyze-scripts install-initramfs install-tpm2-links format check-format install check-planted fuzz fuzz-afl fuzz-build fuzz-coverage fuzz-smoke clean
.DELETE_ON_ERROR:

-include $(shell find $(BUILD) -name '*.d' 2>/dev/null)
