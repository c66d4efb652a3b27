#!/bin/sh
# The end-to-end suite on the machine's own TPM and metadata service: for a real
# confidential VM, as root. It leaves NV as it was but for 0x01400002, whose content
# is attestation's to change, and PCRs alone. Needs the two programs and a POSIX
# shell, so that it runs in an initramfs too.
#
# BQ, GUEST: the programs. ROOTS: trust these instead of AMD's. IMDS: another address.
set -u

SRC=$(cd "$(dirname "$0")/../.." && pwd)
bq=${BQ:-$SRC/build/barequote}
guest=${GUEST:-$SRC/build/barequote-guest}
imds=${IMDS:-http://169.254.169.254}
user_data=0x01400002

[ "$(id -u)" = 0 ] || {
	echo 'needs root' >&2
	exit 1
}
work=$(mktemp -d)
scratch='' # an index of ours in NV, while there may be one
finish() {
	trap '' HUP INT TERM
	[ -z "$scratch" ] || "$bq" nvundefine -C o "$scratch"
	rm -rf "$work"
}
trap finish EXIT
trap 'exit 130' HUP INT TERM
cd "$work" || exit 1
passed=0 failed=0

check() { # WHAT COMMAND...: the command succeeds
	what=$1 got=0
	shift
	"$@" >out 2>err </dev/null || got=$?
	if [ $got = 0 ]; then
		passed=$((passed + 1))
		echo "ok   $what"
	else
		failed=$((failed + 1))
		echo "FAIL $what: exit $got: $*"
		sed 's/^/     | /' out err
	fi
}
ends() { # CODE COMMAND...
	want=$1 rc=0
	shift
	"$@" || rc=$?
	[ "$rc" = "$want" ]
}
new_nonce() {
	nonce=$(head -c 32 /dev/urandom | od -An -v -tx1 | tr -d ' \n')
}
verify() {
	"$bq" verify "$@" ${ROOTS:+--roots "$ROOTS"}
}

# --- NV, before and after --------------------------------------------------------

indices() {
	"$bq" getcap handles-nv-index | sed -n 's/^ *- *\(0x[0-9A-Fa-f]*\).*/\1/p'
}
# What each index is, and what it holds where that can be read and stays the same.
nv_state() {
	for index in $(indices); do
		[ $((index)) != $((user_data)) ] || continue
		"$bq" nvreadpublic "$index"
		[ $((index)) = $((0x01400001)) ] || "$bq" nvread -C o "$index" 2>/dev/null | sha256sum
	done
}
has_user_data() {
	if "$bq" nvreadpublic $user_data >/dev/null 2>&1; then echo there; else echo absent; fi
}
# An index that nobody uses.
free_index() {
	free=$((0x01800100))
	while "$bq" nvreadpublic $free >/dev/null 2>&1; do free=$((free + 1)); done
	printf '0x%08x\n' $free
}

# --- what is tried -----------------------------------------------------------------

formats() { # PROGRAM: each format, accepted with its nonce only
	for f in coco0 coco1 coco2 dir; do
		new_nonce
		rm -rf ev
		"$1" attest -n "$nonce" -f $f --imds "$imds" -o ev &&
			verify ev -n "$nonce" >verdict && ends 1 verify ev -n 00 >/dev/null || {
			cat verdict
			return 1
		}
	done
	"$1" attest -n "$nonce" -f maa-snp --imds "$imds" -o maa && grep -q '"report"' maa
}
report_with_user_data() {
	"$guest" report -r random -o blob --snp snp --claims claims &&
		"$guest" certs --imds "$imds" -o certs.pem &&
		[ "$(grep -c 'BEGIN CERTIFICATE' certs.pem)" = 3 ] &&
		verify blob --no-quote -n @random --certs certs.pem
}
two_at_once() {
	"$guest" attest -n "11$nonce" --imds "$imds" --timeout 30 -o ev1 &
	first=$!
	"$bq" attest -n "22$nonce" --imds "$imds" --timeout 30 -o ev2 &&
		wait $first && verify ev1 -n "11$nonce" && verify ev2 -n "22$nonce"
}
pinned() {
	"$guest" attest -n "$nonce" --imds "$imds" -o ev1 && "$bq" policy ev1 >policy &&
		"$guest" attest -n "33$nonce" --imds "$imds" -o ev2 &&
		verify ev2 -n "33$nonce" --policy policy
}
without_certificates() {
	"$guest" attest -n "$nonce" --certs none -o bare && ends 1 verify bare -n "$nonce" &&
		verify bare -n "$nonce" --certs certs.pem
}
event_log() {
	"$guest" attest -n "$nonce" --imds "$imds" \
		--eventlog /sys/kernel/security/tpm0/binary_bios_measurements -o logged &&
		verify logged -n "$nonce" >verdict
	grep 'pass *eventlog.replay' verdict
}
verbs() {
	for verb in nvread readpublic quote pcrread; do
		ln -sf "$bq" tpm2_$verb || return
	done
	./tpm2_nvread -C o 0x01400001 >blob && verify blob --no-quote --no-nonce --certs certs.pem &&
		./tpm2_readpublic -c 0x81000003 -f pem -o ak.pem &&
		./tpm2_quote -c 0x81000003 -l sha256:0,7,15 -q "$nonce" -m msg -s sig -o pcrs &&
		"$bq" checkquote -u ak.pem -m msg -s sig -f pcrs -q "$nonce" &&
		ends 1 "$bq" checkquote -u ak.pem -m msg -s sig -f pcrs -q 00 &&
		./tpm2_pcrread sha256:0,7,15
}
scratch_index() {
	head -c 48 /dev/urandom >data
	scratch=$(free_index)
	"$bq" nvdefine -C o -s 48 -a 'ownerread|ownerwrite' "$scratch" || {
		scratch=''
		return 1
	}
	"$bq" nvwrite -C o -i data "$scratch" && "$bq" nvread -C o "$scratch" >back && cmp data back
	kept=$?
	"$bq" nvundefine -C o "$scratch" && scratch='' && [ $kept = 0 ]
}
nv_as_before() {
	nv_state >after
	grep -qi '0x0*1400001' before && diff before after
}

"$guest" doctor --imds "$imds"
check 'doctor: attestation works here' "$guest" doctor --imds "$imds"
[ $failed = 0 ] || exit 1
nv_state >before
was=$(has_user_data)
new_nonce

check 'a report with user data of our own, and its certificates' report_with_user_data
check 'barequote-guest attests in every format' formats "$guest"
check 'barequote attests in every format' formats "$bq"
check 'two attesters at once' two_at_once
check 'a policy written from evidence accepts later evidence' pinned
check 'without certificates: rejected until they are given' without_certificates
check 'the event log travels in the evidence and replays' event_log
check 'tpm2-tools'"'"' verbs' verbs
check 'an NV index comes and goes' scratch_index
check 'NV is as before' nv_as_before
echo "     but for $user_data: $was before, $(has_user_data) now, with the last user data in it"
echo "$passed passed, $failed failed"
[ $failed = 0 ]
