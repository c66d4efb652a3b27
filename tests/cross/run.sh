#!/bin/sh
# The suites, the attester and the verifier as other machines run them, under
# qemu-user: run.sh ARCH..., Debian's names. BUILD is the native build, which has
# the simulator. SUITES: these suites alone, and nothing else.
set -eu

BUILD=${BUILD:-build}
case $BUILD in /*) ;; *) BUILD=$PWD/$BUILD ;; esac

die() {
	echo "$*" >&2
	exit 1
}

triplet_of() {
	case $1 in
	s390x) echo s390x-linux-gnu ;;
	armhf) echo arm-linux-gnueabihf ;;
	arm64) echo aarch64-linux-gnu ;;
	*) die "no cross compiler known for $1" ;;
	esac
}

qemu_of() {
	case $1 in
	s390x) echo qemu-s390x ;;
	armhf) echo qemu-arm ;;
	arm64) echo qemu-aarch64 ;;
	esac
}

# Everything static, so that nothing of the target needs to be installed. What the
# linker says of libcrypto then is of interest only where it fails.
build() {
	triplet=$(triplet_of "$1")
	root=$x/sysroot/root
	PKG_CONFIG_LIBDIR=$root/usr/lib/$triplet/pkgconfig PKG_CONFIG_SYSROOT_DIR=$root \
		make -s -j"$(nproc)" BUILD="$x" OPT=-O1 LDFLAGS=-static AR="$triplet-ar" STRIP="$triplet-strip" \
		GUEST_CC="$triplet-gcc" PKG_CONFIG='pkg-config --static' \
		CC="$triplet-gcc -isystem $root/usr/include -isystem $root/usr/include/$triplet" \
		"$x/barequote" "$x/barequote-guest" "$x/tests/check_all" >"$x/log" 2>&1 || {
		cat "$x/log"
		die "$1: does not build"
	}
}

for arch in "$@"; do
	x=$BUILD/cross/$arch
	QEMU=$(qemu_of "$arch")
	sh tests/cross/sysroot.sh "$arch" "$x/sysroot"
	build "$arch"
	sh tests/suites.sh "$arch" "$QEMU" "$x/tests/check_all"
	[ -n "${SUITES:-}" ] || CROSS=$x QEMU=$QEMU BUILD=$BUILD sh tests/e2e/run.sh tests/cross/t_attest.sh
done
