# Variables only; each can be set on make's command line.
VERSION = 0.1.0
SOVERSION = 0

PREFIX = /usr/local
BINDIR = $(PREFIX)/bin
LIBDIR = $(PREFIX)/lib
INCLUDEDIR = $(PREFIX)/include
DESTDIR =

CC = cc
AR = ar
STRIP = strip
PKG_CONFIG = pkg-config

# The attester is built on its own: musl makes it small, glibc does where musl is missing;
# the sanitizers know only glibc.
GUEST_CC = $(if $(SAN),$(CC),$(shell command -v musl-gcc || echo $(CC)))
GUEST_MUSL := $(findstring musl-gcc,$(GUEST_CC))

# Where everything built goes. SAN=1 (ASan and UBSan) has a place of its own, as has
# SAN=memory or whatever else the compiler knows.
BUILD = build$(if $(SAN),/san)$(addprefix -,$(SAN:1=))

# WERROR=1 makes warnings errors; CI sets it.
WARN = -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wcast-qual \
	-Wcast-align -Wwrite-strings -Wstrict-prototypes -Wmissing-prototypes -Wold-style-definition \
	-Wundef -Wvla -Wformat=2 -Wswitch-enum -Wimplicit-fallthrough -Wnull-dereference \
	$(if $(WERROR),-Werror)

SANITIZERS = address,undefined
SAN_FLAGS = -fsanitize=$(or $(SAN:1=),$(SANITIZERS)) -fno-sanitize-recover=all -fno-omit-frame-pointer
HARDEN = -fstack-protector-strong -fstack-clash-protection -D_FORTIFY_SOURCE=2
HARDEN_LD = -pie -Wl,-z,relro,-z,now -Wl,-z,noexecstack

OPT = -O2 -g
# On 32-bit machines too, inodes and offsets have 64 bits. Not so time: OpenSSL takes
# time_t, and has to have been built with the same.
CPPFLAGS = -Iinclude -D_POSIX_C_SOURCE=200809L -D_FILE_OFFSET_BITS=64 -DOPENSSL_NO_DEPRECATED \
	-DOPENSSL_API_COMPAT=30000
CFLAGS = -std=c11 $(OPT) $(WARN) -fPIC $(if $(SAN),$(SAN_FLAGS),$(HARDEN))
LDFLAGS = $(if $(SAN),$(SAN_FLAGS) -pie,$(HARDEN_LD))

# barequote-guest, in bytes, at most: make check-size.
GUEST_MAX = 65536

# Static at a fixed address: there is nothing for relro to protect.
GUEST_CFLAGS = -std=c11 -Os $(WARN) $(if $(SAN),$(SAN_FLAGS),$(HARDEN) -fno-pic -fno-pie -ffunction-sections \
	-fdata-sections -fno-asynchronous-unwind-tables)
GUEST_LDFLAGS = $(if $(SAN),$(SAN_FLAGS),-static -no-pie -Wl,--gc-sections -Wl,-z,noexecstack -Wl,-z,norelro \
	-Wl,--build-id=none)

# What unpacks it: without libc's start, and where the program is not.
LOADER_CFLAGS = -std=c11 -Os $(WARN) -fno-pic -fno-pie -fno-asynchronous-unwind-tables -fno-stack-protector \
	-nostartfiles -static -no-pie -s -Wl,-Ttext-segment=0x10000000 -Wl,-z,noexecstack \
	-Wl,-z,noseparate-code -Wl,--build-id=none
