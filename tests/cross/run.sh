#!/bin/sh
# The suites, the attester and the verifier as other machines run them, under
# qemu-user: run.sh ARCH..., Debian's names. BUILD is the native build, which has
# the simulator. SUITES: these suites alone.
set -eu

BUILD=${BUILD:-build}
case $BUILD in /*) ;; *) BUILD=$PWD/$BUILD ;; esac

only=${SUITES:-}
# Every layer. Not here: the simulator's own suites, and those that for the most
# part have OpenSSL make keys and check signatures, which is slow under emulation and
# no other OpenSSL than here.
: "${SUITES:=bytes codec error hash json json_string json_value json_write json_suite net text
	pcr pcr_values pcr_file attest claims eventlog hcl public signature snp snp_reports spki
	http azure_fresh azure_imds azure_quote azure_report evidence_write
	tpm_nv tpm_open tpm_pcr tpm_rc tpm_replay tpm_retry tpm_socket tpm_wire
	tool_confine tool_opt policy_read}"

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

run_suites() {
	suites=0 checks=0
	for s in $SUITES; do
		CK_RUN_SUITE=$s CK_DEFAULT_TIMEOUT=300 "$QEMU" "$x/tests/check_all" >"$x/log" 2>&1 || {
			cat "$x/log"
			die "$1: $s fails"
		}
		suites=$((suites + 1))
		n=$(sed -n 's/^100%: Checks: \([0-9]*\),.*/\1/p' "$x/log" | head -n 1)
		[ "${n:-0}" -gt 0 ] || die "$1: no suite $s"
		checks=$((checks + n))
	done
	echo "$1: $suites suites, $checks checks"
}

for arch in "$@"; do
	x=$BUILD/cross/$arch
	QEMU=$(qemu_of "$arch")
	sh tests/cross/sysroot.sh "$arch" "$x/sysroot"
	build "$arch"
	run_suites "$arch"
	[ -n "$only" ] || CROSS=$x QEMU=$QEMU BUILD=$BUILD sh tests/e2e/run.sh tests/cross/t_attest.sh
done
