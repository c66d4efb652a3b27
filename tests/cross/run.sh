#!/bin/sh
# The suites, the attester and the verifier as other machines run them, under
# qemu-user: run.sh ARCH..., Debian's names. BUILD is the native build, which has
# the simulator.
set -eu

BUILD=${BUILD:-build}
case $BUILD in /*) ;; *) BUILD=$PWD/$BUILD ;; esac

# Every layer. Left out: the simulator's own suites, and those that do nothing but
# verify some thousand forgeries and flipped bits with OpenSSL, which is the slow
# part under emulation and no less OpenSSL's here than there.
left_out='hclsim_* verify_flips forgeries tpm2_tools tpm_live'

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
		make -s -j"$(nproc)" BUILD="$x" OPT=-O1 LDFLAGS=-static AR="$triplet-ar" \
		GUEST_CC="$triplet-gcc" PKG_CONFIG='pkg-config --static' \
		CC="$triplet-gcc -isystem $root/usr/include -isystem $root/usr/include/$triplet" \
		"$x/barequote" "$x/barequote-guest" "$x/tests/check_all" >"$x/log" 2>&1 || {
		cat "$x/log"
		die "$1: does not build"
	}
}

left_out() {
	for no in $left_out; do
		# shellcheck disable=SC2254 # a pattern on purpose
		case $1 in $no) return 0 ;; esac
	done
	return 1
}

run_suites() {
	suites=0 checks=0
	# Keys that the native tests have made: RSA takes its time under emulation.
	cp -R "$BUILD"/tests/keys* "$x/tests/" 2>/dev/null || true
	for s in $(sed -n 's/^Suite \*suite_\([a-z0-9_]*\)(void)$/\1/p' tests/*.c); do
		! left_out "$s" || continue
		CK_RUN_SUITE=$s CK_DEFAULT_TIMEOUT=300 "$QEMU" "$x/tests/check_all" >"$x/log" 2>&1 || {
			cat "$x/log"
			die "$1: $s fails"
		}
		suites=$((suites + 1))
		n=$(sed -n 's/^100%: Checks: \([0-9]*\),.*/\1/p' "$x/log" | head -n 1)
		checks=$((checks + ${n:-0}))
	done
	[ $checks -gt 1000 ] || die "$1: only $checks checks"
	echo "$1: $suites suites, $checks checks"
}

for arch in "$@"; do
	x=$BUILD/cross/$arch
	QEMU=$(qemu_of "$arch")
	sh tests/cross/sysroot.sh "$arch" "$x/sysroot"
	build "$arch"
	run_suites "$arch"
	CROSS=$x QEMU=$QEMU BUILD=$BUILD sh tests/e2e/run.sh tests/cross/t_attest.sh
done
