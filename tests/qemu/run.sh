#!/bin/sh
# barequote-guest on a real kernel: Debian's cloud kernel in QEMU without KVM,
# its TPM an hclsim that stands between QEMU and swtpm. Evidence comes out over
# a serial port and is verified out here. Usage: run.sh [BOOT...]
set -eu

SRC=$(cd "$(dirname "$0")/../.." && pwd)
cd "$SRC"
BUILD=${BUILD:-build}
case $BUILD in /*) ;; *) BUILD=$SRC/$BUILD ;; esac
passed=0 failed=0
. "$SRC/tests/qemu/lib.sh"

pack_initramfs() {
	mkdir "$work/root"
	cp "$cache/init" "$BUILD/barequote-guest" "$work/root"
	(cd "$work/root" && printf '%s\n' init barequote-guest | cpio --quiet -o -H newc) >"$work/initrd"
}

# boot NAME RUNS FIRST-LINE-OF-DEVICE-ARGUMENTS...: leaves $work/console and $work/evidence.
boot() {
	runs=$1
	shift
	nonce=$(od -An -N32 -tx1 /dev/urandom | tr -d ' \n')
	run_qemu "$work/initrd" "BQ_RUN=$runs BQ_NONCE=$nonce" "$@"
}
run_qemu() { # INITRD CMDLINE ARGUMENT...
	image=$1 words=$2
	shift 2
	: >"$work/evidence"
	rm -f "$work/console"
	timeout 240 qemu-system-x86_64 -M q35 -accel tcg -cpu max -m 256 -display none -no-reboot \
		-nodefaults -kernel "$cache/vmlinuz" -initrd "$image" \
		-append "console=ttyS0 panic=-1 quiet $words" \
		-serial file:"$work/console" -serial file:"$work/evidence" "$@" \
		2>"$work/qemu.err" || { cat "$work/qemu.err" >>"$work/console"; }
}
ovmf_args() {
	cp /usr/share/OVMF/OVMF_VARS_4M.fd "$work/vars"
	echo "-drive if=pflash,format=raw,readonly=on,file=/usr/share/OVMF/OVMF_CODE_4M.fd" \
		"-drive if=pflash,format=raw,file=$work/vars"
}

# Every run that was asked for has passed in the guest, and its evidence verifies out here.
judge() { # BOOT RUNS
	for run in $(echo "$2" | tr , ' '); do
		line=$(tr -d '\r' <"$work/console" | sed -n "s/^.*RESULT $run //p" | tail -n 1)
		[ "$line" = pass ] || {
			result "$1: $run" fail "${line:-no result}"
			continue
		}
		# Firmware may have drawn on the same port before.
		tr '\r\033' '[\n*]' <"$work/evidence" | sed -n "s/^.*\($run [0-9a-f]* {\)/\1/p" >"$work/lines"
		case $run in
		unknown | permission | busy | notpm | nonode | doctor | gone) due=0 ;;
		two) due=2 ;;
		*) due=1 ;;
		esac
		bad=
		while read -r _ n json; do
			echo "$json" >"$work/ev.json"
			verify "$n" "$work/ev.json" >"$work/verdict" || {
				cat "$work/verdict" >>"$work/console"
				bad=1
			}
		done <"$work/lines"
		got=$(wc -l <"$work/lines")
		if [ "$got" != "$due" ]; then
			result "$1: $run" fail "$got evidence came out instead of $due"
		elif [ -n "$bad" ]; then
			result "$1: $run" fail 'its evidence does not verify'
		else
			result "$1: $run" pass
			[ "$due" = 0 ] || echo "     evidence verified: $got"
		fi
	done
	tr -d '\r' <"$work/console" | sed -n 's/^NOTE /     /p'
}

boot_crb() {
	all=killed,attest,two,signals,unread,unknown,late,rm1,raw,permission,busy,nonode,doctor,gone
	# shellcheck disable=SC2046 # words on purpose
	boot $all $(tpm_args crb)
	judge crb $all
}

boot_tis() {
	all=killed,attest,two,signals,late
	# shellcheck disable=SC2046
	boot $all $(tpm_args tis)
	judge tis $all
}

boot_notpm() {
	boot notpm
	judge none notpm
}

boot_pid1() {
	# shellcheck disable=SC2046
	boot pid1 $(tpm_args crb)
	if verify "$nonce" "$work/evidence" >"$work/verdict"; then
		result 'crb: the attester as PID 1' pass
	else
		cat "$work/verdict" >>"$work/console"
		result 'crb: the attester as PID 1' fail
	fi
}

boot_ovmf() {
	# shellcheck disable=SC2046
	boot eventlog $(tpm_args crb) $(ovmf_args)
	judge ovmf eventlog
	if grep -q 'pass *eventlog.replay' "$work/verdict"; then
		result 'ovmf: the event log travels in the evidence and replays' pass
		grep 'eventlog.replay' "$work/verdict"
	else
		cat "$work/verdict" >>"$work/console"
		result 'ovmf: the event log travels in the evidence and replays' fail
	fi
}

# The suite for real machines, in a machine that has all that they have.
pack_cvm() {
	root=$work/cvm-root
	mkdir -p "$root/bin" "$root/lib" "$root/tests/cvm"
	cp "$(command -v busybox)" "$BUILD/static/barequote" "$BUILD/barequote-guest" "$root/bin"
	cp "$SRC/tests/cvm/run.sh" "$root/tests/cvm"
	cp "$SRC/tests/qemu/cvm-init" "$root/init"
	cp "$cache/sim/ark.pem" "$root/ark.pem"
	for m in virtio_ring virtio virtio_pci_modern_dev virtio_pci_legacy_dev virtio_pci \
		failover net_failover virtio_net; do
		cp "$(find "$cache/modules" -name "$m.ko")" "$root/lib"
		echo "$m" >>"$root/lib/order"
	done
	(cd "$root" && find . | cpio --quiet -o -H newc) >"$work/cvm-initrd"
}
boot_cvm() {
	pack_cvm
	# shellcheck disable=SC2046
	run_qemu "$work/cvm-initrd" "BQ_IMDS=http://10.0.2.2:$imds_port" $(tpm_args crb) $(ovmf_args) \
		-netdev user,id=n -device virtio-net-pci,netdev=n
	# Firmware may have drawn on the same port before.
	tr -d '\r' <"$work/evidence" | sed -n '/^CVM suite/,$s/^/     | /p'
	if grep -q '^CVM 0' "$work/evidence"; then
		result 'ovmf: the suite for real machines (make check-cvm)' pass
	else
		result 'ovmf: the suite for real machines (make check-cvm)' fail
	fi
}

[ $# -gt 0 ] || set -- crb tis notpm pid1 ovmf cvm
fetch_kernel
pack_initramfs
mkdir -p "$cache/sim"
for name in "$@"; do
	began=$(date +%s)
	# For the run killed, which comes first: its two attesters die waiting for these.
	start_sim --fault delay:NV_Read:1:1000 --fault delay:Quote:1:1000
	cat "$cache"/sim/vcek.pem "$cache"/sim/ask.pem "$cache"/sim/ark.pem >"$work/certs.pem"
	"boot_$name"
	stop_sim
	echo "     boot $name: $(($(date +%s) - began)) s"
done
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
