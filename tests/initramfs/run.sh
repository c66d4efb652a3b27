#!/bin/sh
# The initramfs hooks, built into images by the real dracut and mkinitramfs and
# booted in QEMU up to a root file system, or up to where boot stops as configured.
# Evidence that comes out is verified out here. All of it happens in a mount
# namespace of its own: nothing is installed on the machine. Usage: run.sh [KIND...]
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
[ -n "${BQ_PRIVATE:-}" ] || BQ_PRIVATE=1 exec unshare -m sh "$0" "$@"

. "$SRC/tests/qemu/lib.sh"
ends="$ends umount -l /usr /etc /boot $work/ov 2>/dev/null;"
passed=0 failed=0
conf=/etc/barequote/attest.conf

fetch_kernel
version=$(ls "$cache/modules")

# The machine's own directories, with ours on top of them.
mkdir "$work/ov"
mount -t tmpfs none "$work/ov"
for dir in usr etc boot; do
	mkdir "$work/ov/$dir" "$work/ov/$dir.work"
	mount -t overlay overlay -o "lowerdir=/$dir,upperdir=$work/ov/$dir,workdir=$work/ov/$dir.work" "/$dir"
done
make -s install-initramfs BUILD="$BUILD" PREFIX=/usr >/dev/null
mkdir -p "/usr/lib/modules/$version"
mount --bind "$cache/modules/$version" "/usr/lib/modules/$version"
cp "$cache/config" "/boot/config-$version"
depmod "$version"

# A root file system: its init says that it was reached, and passes on what the
# initramfs left in /run.
make_root() {
	mkdir -p "$work/root/bin" "$work/root/sbin" "$work/root/etc" "$work/root/usr/lib"
	(cd "$work/root" && mkdir dev proc sys run tmp)
	cp "$(command -v busybox)" "$work/root/bin/busybox"
	echo 'ID=test' >"$work/root/etc/os-release"
	cat >"$work/root/sbin/init" <<-'END'
		#!/bin/busybox sh
		echo 'ROOT REACHED' >/dev/console
		[ ! -s /run/barequote/evidence.json ] || /bin/busybox cat /run/barequote/evidence.json >/dev/ttyS1
		/bin/busybox sleep 0.2
		/bin/busybox poweroff -f
	END
	chmod 755 "$work/root/sbin/init"
	truncate -s 8M "$work/disk"
	mke2fs -q -t ext4 -d "$work/root" "$work/disk"
}

build_dracut() {
	build_dracut_systemd --omit systemd
}
build_dracut_systemd() {
	dracut --quiet --force --no-hostonly --no-hostonly-cmdline --no-compress "$@" \
		--drivers 'ext4 virtio_blk virtio_pci' --kver "$version" "$work/initrd" >"$work/log" 2>&1
}
build_mkinitramfs() {
	rm -rf "$work/conf"
	cp -r /etc/initramfs-tools "$work/conf"
	sed -i 's/^MODULES=.*/MODULES=list/; s/^COMPRESS=.*/COMPRESS=gzip/' "$work/conf/initramfs.conf"
	printf '%s\n' ext4 virtio_blk virtio_pci >"$work/conf/modules"
	mkinitramfs -d "$work/conf" -o "$work/initrd" "$version" >"$work/log" 2>&1
}
build() { # LINE-OF-CONFIGURATION...
	printf '%s\n' "$@" >$conf
	"build_$kind" || {
		cat "$work/log"
		fail "$kind"
	}
	truncate -s %4 "$work/initrd"
}

# The image with another configuration: a second archive, which the kernel unpacks
# over the first.
reconfigure() { # LINE...
	mkdir -p "$work/more/etc/barequote"
	printf '%s\n' "$@" >"$work/more/$conf"
	echo "$nonce" >"$work/more/etc/barequote/nonce"
	(cd "$work/more" && find etc | cpio --quiet -o -H newc) | cat "$work/initrd" - >"$work/image"
}

# A machine that has powered off or halted, and its console.
boot_image() { # CMDLINE
	start_sim
	# shellcheck disable=SC2046 # words on purpose
	run_image "$1" $(tpm_args crb)
	stop_sim
}
run_image() { # CMDLINE ARGUMENT...
	words=$1
	shift
	: >"$work/evidence"
	: >"$work/console"
	qemu-system-x86_64 -M q35 -accel tcg -cpu max -m 512 -display none -no-reboot \
		-nodefaults -kernel "$cache/vmlinuz" -initrd "$work/image" \
		-append "console=ttyS0 panic=-1 rd.shell=0 root=/dev/vda ro $words" \
		-drive file="$work/disk",format=raw,if=virtio,snapshot=on \
		-serial file:"$work/console" -serial file:"$work/evidence" "$@" \
		2>"$work/qemu.err" &
	qemu=$!
	polls=0
	while kill -0 $qemu 2>/dev/null && [ $polls -lt 600 ] &&
		! grep -qa 'System halted' "$work/console"; do
		sleep 0.3
		polls=$((polls + 1))
	done
	kill $qemu 2>/dev/null || :
	wait $qemu || :
	qemu=
}

check() { # WHAT CONDITION...
	what=$1
	shift
	if "$@"; then result "$kind: $what" pass; else result "$kind: $what" fail; fi
}
verifies() {
	cat "$cache"/sim/vcek.pem "$cache"/sim/ask.pem "$cache"/sim/ark.pem >"$work/certs.pem"
	verify "$nonce" "$work/evidence" >"$work/verdict" || {
		cat "$work/verdict" >>"$work/console"
		return 1
	}
}
console_says() {
	grep -qa "$1" "$work/console"
}
attested() {
	console_says 'barequote: attested' && console_says 'ROOT REACHED' && verifies
}
stopped() { # WHY
	console_says "$1" && console_says 'boot stops here' && ! console_says 'ROOT REACHED'
}
booted_on() { # EVIDENCE
	console_says "barequote: the evidence could not be handed to $1" &&
		console_says 'barequote: not attested: booting on' && console_says 'ROOT REACHED' && verifies
}
lacks_us() {
	! contents | grep -q barequote
}
contents() {
	if [ "$kind" = mkinitramfs ]; then lsinitramfs "$work/initrd"; else lsinitrd "$work/initrd"; fi
}

# Everything that can be configured.
thorough() {
	build "$(cat "$SRC/tools/initramfs/attest.conf")"
	check 'nothing of ours in the image until it is configured' lacks_us
	brief
	reconfigure 'NONCE=file:/etc/barequote/nonce' 'EVIDENCE=file:/run/barequote/evidence.json'
	boot_image ''
	check 'a nonce from a file, evidence in a file for the system; it verifies' attested
	out='command:cat >/dev/ttyS1; false'
	reconfigure "NONCE='command:echo $nonce'" "EVIDENCE='$out'" 'ON_FAILURE=open'
	boot_image ''
	check 'a nonce from a command, evidence, which verifies, to one that fails, open: boots on' booted_on "$out"
	reconfigure "NONCE='command:echo $nonce'" "EVIDENCE='$out'" 'ON_FAILURE=closed' 'WAIT=1'
	run_image ''
	check 'no TPM, closed: boot stops' stopped 'barequote-guest attest: .*: no TPM there'
}
# What depends on who runs the hook.
brief() {
	build 'NONCE=cmdline' "EVIDENCE='command:cat >/dev/ttyS1'" 'ON_FAILURE=closed'
	cp "$work/initrd" "$work/image"
	boot_image "barequote.nonce=$nonce"
	check 'a nonce from the command line, evidence to a command; it verifies' attested
	boot_image 'barequote.nonce=@/etc/barequote/attest.conf'
	check 'a nonce that is no hex, closed: boot stops' stopped 'is not hex'
}

make_root
[ $# -gt 0 ] || set -- mkinitramfs dracut dracut_systemd
for kind in "$@"; do
	began=$(date +%s)
	nonce=$(od -An -N32 -tx1 /dev/urandom | tr -d ' \n')
	if [ "$kind" = dracut_systemd ]; then brief; else thorough; fi
	echo "     $kind: $(($(date +%s) - began)) s"
done
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
