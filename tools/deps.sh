#!/bin/sh
# What building and testing need: installed through apt where this may, named
# otherwise. Usage: deps.sh [demo|check|qemu|initramfs|cross|diff|analyze|prove|fuzz|afl|memory|ci]
set -eu

want=${1:-check}
missing=

need() { # PACKAGE COMMAND...: the command succeeds where the package is there
	pkg=$1
	shift
	"$@" >/dev/null 2>&1 || missing="$missing $pkg"
}

has_header() {
	echo "#include <$1>" | ${CC:-cc} -E -x c -
}

# Whether clang has libFuzzer.
fuzzer_links() {
	echo "int LLVMFuzzerTestOneInput(const char *p, long n); int LLVMFuzzerTestOneInput(const char *p, long n) { return !p && n; }" |
		clang -fsanitize=fuzzer,address -o /dev/null -x c -
}

need gcc command -v "${CC:-cc}"
need libc6-dev has_header stdlib.h
need pkg-config command -v pkg-config
need libssl-dev has_header openssl/evp.h
need swtpm command -v swtpm
command -v musl-gcc >/dev/null && need xz-utils command -v xz
if [ "$want" != demo ]; then
	need check pkg-config --exists check
	need openssl command -v openssl
fi
# The tests that want these are skipped where they are missing.
if [ "$want" != demo ] && [ "$(id -u)" = 0 ]; then
	need tpm2-tools command -v tpm2_nvread
	need curl command -v curl
	need jq command -v jq
	need strace command -v strace
fi
if [ "$want" = qemu ] || [ "$want" = initramfs ]; then
	need musl-tools command -v musl-gcc
	need xz-utils command -v xz
	need qemu-system-x86 command -v qemu-system-x86_64
	need cpio command -v cpio
	need busybox-static command -v busybox
	need ovmf test -f /usr/share/OVMF/OVMF_CODE_4M.fd
fi
if [ "$want" = initramfs ]; then
	need dracut-core command -v dracut
	need initramfs-tools-core command -v mkinitramfs
	need kmod command -v depmod
	need udev command -v udevadm
	need e2fsprogs command -v mke2fs
fi
if [ "$want" = cross ]; then
	need qemu-user command -v qemu-s390x
	need gcc-s390x-linux-gnu command -v s390x-linux-gnu-gcc
	need libc6-dev-s390x-cross test -f /usr/s390x-linux-gnu/lib/libc.a
	need gcc-arm-linux-gnueabihf command -v arm-linux-gnueabihf-gcc
	need libc6-dev-armhf-cross test -f /usr/arm-linux-gnueabihf/lib/libc.a
	need gcc-aarch64-linux-gnu command -v aarch64-linux-gnu-gcc
	need libc6-dev-arm64-cross test -f /usr/aarch64-linux-gnu/lib/libc.a
fi
if [ "$want" = diff ]; then
	need libtss2-dev pkg-config --exists tss2-mu
	need libjansson-dev pkg-config --exists jansson
fi
if [ "$want" = analyze ]; then
	need clang-tidy command -v clang-tidy
	need cppcheck command -v cppcheck
	need shellcheck command -v shellcheck
fi
if [ "$want" = prove ]; then
	need frama-c-base command -v frama-c
	need why3 command -v why3
	need cvc4 command -v cvc4
fi
if [ "$want" = fuzz ] || [ "$want" = memory ]; then
	need clang command -v clang
	need libclang-rt-dev fuzzer_links
fi
if [ "$want" = afl ]; then
	need afl++ command -v afl-clang-fast
fi
if [ "$want" = memory ]; then
	need valgrind command -v valgrind
fi
if [ "$want" = fuzz ]; then
	need llvm command -v llvm-cov
fi
if [ "$want" = ci ]; then
	need clang command -v clang
	need clang-format command -v clang-format
	need musl-tools command -v musl-gcc
fi

[ -n "$missing" ] || exit 0

if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
	echo "installing:$missing"
	export DEBIAN_FRONTEND=noninteractive
	# shellcheck disable=SC2086 # words on purpose
	set -- install -qq -y --no-install-recommends $missing
	apt-get "$@" >/dev/null 2>&1 || { apt-get update -qq && apt-get "$@" >/dev/null; }
else
	echo "missing:$missing" >&2
	echo "install, on Debian or Ubuntu: sudo apt-get install -y --no-install-recommends$missing" >&2
	exit 1
fi
