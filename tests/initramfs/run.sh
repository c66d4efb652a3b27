#!/bin/sh
# The initramfs hooks, built into images by the real dracut and mkinitramfs and
# booted in QEMU until the evidence comes out, which is verified out here. All of
# it happens in a mount namespace of its own: nothing is installed on the machine.
set -eu

SRC=$(cd "$(dirname "$0")/../.." && pwd)
cd "$SRC"
BUILD=${BUILD:-build}
case $BUILD in /*) ;; *) BUILD=$SRC/$BUILD ;; esac
export BUILD
[ "$(id -u)" = 0 ] || {
	echo 'needs root, for a mount namespace' >&2
	exit 1
}
[ -n "${BQ_PRIVATE:-}" ] || BQ_PRIVATE=1 exec unshare -m "$0" "$@"

. "$SRC/tests/qemu/lib.sh"
trap 'stop_sim; umount -l /usr /etc "$work/ov" 2>/dev/null; rm -rf "$work"' EXIT
passed=0 failed=0

fetch_kernel
[ -d "$cache/modules" ] || fail 'no modules beside the kernel'
version=$(ls "$cache/modules")

# The machine's own files, with ours on top of them.
mkdir -p "$work/ov"
mount -t tmpfs none "$work/ov"
for dir in usr etc; do
	mkdir -p "$work/ov/$dir" "$work/ov/$dir.work"
	mount -t overlay overlay -o "lowerdir=/$dir,upperdir=$work/ov/$dir,workdir=$work/ov/$dir.work" "/$dir"
done
make -s install-initramfs BUILD="$BUILD" PREFIX=/usr
mkdir -p "/usr/lib/modules/$version"
cp -r "$cache/modules/$version/." "/usr/lib/modules/$version"
depmod "$version"

configure() { # LINE...
	printf '%s\n' "$@" >/etc/barequote/attest.conf
}
build_dracut() {
	dracut --quiet --force --no-hostonly --no-hostonly-cmdline --kver "$version" \
		"$work/initrd" 2>"$work/build.log" || {
		cat "$work/build.log"
		fail 'dracut'
	}
}
build_mkinitramfs() {
	mkdir -p "$work/conf"
	cp -r /etc/initramfs-tools/. "$work/conf"
	sed -i 's/^MODULES=.*/MODULES=list/; s/^COMPRESS=.*/COMPRESS=gzip/' "$work/conf/initramfs.conf"
	mkinitramfs -d "$work/conf" -o "$work/initrd" "$version" 2>"$work/build.log" || {
		cat "$work/build.log"
		fail 'mkinitramfs'
	}
}

# Boots the image; ends when the console or the evidence says what it waits for.
boot_image() { # CMDLINE PATTERN
	start_sim
	: >"$work/evidence"
	: >"$work/console"
	# shellcheck disable=SC2046 # words on purpose
	timeout 240 qemu-system-x86_64 -M q35 -accel tcg -cpu max -m 512 -display none -no-reboot \
		-nodefaults -kernel "$cache/vmlinuz" -initrd "$work/initrd" \
		-append "console=ttyS0 panic=-1 rd.shell=0 rd.retry=5 rootdelay=1 root=/dev/vda $1" \
		-serial file:"$work/console" -serial file:"$work/evidence" $(tpm_args crb) &
	qemu=$!
	while kill -0 $qemu 2>/dev/null; do
		grep -qaE "$2" "$work/console" "$work/evidence" && break
		sleep 0.5
	done
	sleep 0.5
	kill $qemu 2>/dev/null || :
	wait $qemu 2>/dev/null || :
	stop_sim
}

check() { # WHAT CONDITION...
	what=$1
	shift
	if "$@"; then result "$what" pass; else result "$what" fail; fi
}
verifies() {
	cat "$cache"/sim/vcek.pem "$cache"/sim/ask.pem "$cache"/sim/ark.pem >"$work/certs.pem"
	verify "$nonce" "$work/evidence" >"$work/verdict" || {
		cat "$work/verdict" >>"$work/console"
		return 1
	}
}
console_says() {
	grep -qaE "$1" "$work/console"
}
lacks_us() {
	! (lsinitramfs "$work/initrd" 2>/dev/null || lsinitrd "$work/initrd") | grep -q barequote
}

for kind in dracut mkinitramfs; do
	began=$(date +%s)
	nonce=$(od -An -N32 -tx1 /dev/urandom | tr -d ' \n')
	cp "$SRC/tools/initramfs/attest.conf" /etc/barequote/attest.conf
	build_$kind
	check "$kind: nothing of ours in the image until it is configured" lacks_us

	configure 'NONCE=cmdline' "EVIDENCE='command:cat >/dev/ttyS1'" 'ON_FAILURE=closed'
	build_$kind
	boot_image "barequote.nonce=$nonce" '^}|"}.?$|not attested|attested'
	check "$kind: attests at boot with a nonce from the command line" console_says 'barequote: attested'
	check "$kind: the evidence verifies outside" verifies
	boot_image '' 'boot stops here|booting on'
	check "$kind: without a nonce, closed stops" console_says 'no nonce from cmdline.*|boot stops here'

	configure "NONCE='command:echo $nonce'" 'EVIDENCE=nowhere' 'ON_FAILURE=open'
	build_$kind
	boot_image '' 'boot stops here|booting on'
	check "$kind: undeliverable evidence, open boots on" console_says 'booting on'
	echo "     $kind: $(($(date +%s) - began)) s"
done
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
