#!/bin/sh
# The verbs of tpm2-tools, beside tpm2-tools itself.
. "$SRC/tests/e2e/lib.sh"
. "$SRC/tests/e2e/tss.sh"
need_tools tpm2_pcrread tpm2_readpublic tpm2_quote tpm2_nvread tpm2_checkquote
cd "$TMP"
sim_tcp
mkdir mine
for t in pcrread pcrextend readpublic quote nvread rc_decode; do
	ln -s "$guest" mine/tpm2_$t
done

# same TOOL ARGUMENT...: output and files are the same. Files are written to o/.
same() {
	tool=$1
	shift
	rm -rf o theirs
	mkdir o
	"$tool" "$@" >o/stdout 2>err || { cat err; die "$tool fails: $*"; }
	mv o theirs
	mkdir o
	"mine/$tool" "$@" >o/stdout 2>err || { cat err; die "our $tool fails: $*"; }
	diff -r o theirs || die "$tool differs: $*"
}

tpm2_createprimary -Q -C o -G ecc -c primary && tpm2_evictcontrol -Q -C o -c primary 0x81000005
tpm2_flushcontext -t
head -c 2000 /dev/urandom >contents
tpm2_nvdefine -Q 0x01500001 -C o -s 2000
tpm2_nvwrite -Q 0x01500001 -C o -i contents

same tpm2_pcrread
same tpm2_pcrread sha256:0,10,23+sha1:all -o o/values
same tpm2_pcrread sha384:1 -o o/serialized -F serialized
for f in tss tpmt pem der; do
	same tpm2_readpublic -c 0x81000003 -o o/key -f $f -n o/name
	same tpm2_readpublic -c 0x81000005 -o o/key -f $f -q o/qualified
done
same tpm2_nvread -C o 0x01500001
same tpm2_nvread -Z -C o 0x01500001
same tpm2_nvread 0x01500001 -o o/contents
same tpm2_nvread -C 0x40000001 --offset 32 -s 1184 0x1500001

# A quote signs the TPM's clock: the rest is the same.
for args in '-l sha256:0,1,2+sha1:16 -Z' '-l sha256:all -F values' '-l sha384:7 -f plain'; do
	# shellcheck disable=SC2086
	same_text() {
		"$1" -c 0x81000003 -q 112233 -m $2.m -s $2.s -o $2.p $args |
			sed 's/^quoted: .*/quoted/; s/^  sig: .*/sig/' >$2.out
	}
	same_text tpm2_quote theirs
	same_text mine/tpm2_quote ours
	cmp theirs.out ours.out
	cmp theirs.p ours.p
	[ "$(wc -c <theirs.m)" = "$(wc -c <ours.m)" ] || die 'the messages differ in size'
	[ "$(wc -c <theirs.s)" = "$(wc -c <ours.s)" ] || die 'the signatures differ in size'
done
expect 0 mine/tpm2_readpublic -c 0x81000003 -o ak.pem -f pem
expect 0 mine/tpm2_quote -c 0x81000003 -l sha256:0,1+sha1:2 -q 445566 -m m -s s -o p
expect 0 tpm2_checkquote -u ak.pem -m m -s s -f p -q 445566
expect 0 mine/tpm2_quote -Q -c 0x81000003 -l sha256:0
[ ! -s "$TMP/out" ] || die '-Q printed something'
printf '\104\125' >nonce
expect 0 mine/tpm2_quote -c 0x81000003 -l sha256:0 -q nonce
said '^quoted: ff544347.*00024455'

# Refusals, with their exit codes.
expect 1 mine/tpm2_nvread -C o 0x01500002
said 'TPM_RC_HANDLE'
expect 1 mine/tpm2_quote -c 0x81000003 -l sha256:0 -g sha1
expect 1 mine/tpm2_quote -c 0x81000003 -l sha256:0 -q "$(printf '%0102d' 0)"
expect 1 mine/tpm2_nvread -C o -s 5000 0x01400001
said 'only [0-9]+ bytes'
expect 1 mine/tpm2_nvread 0x01400001
said 'password'

# unlike TOOL ARGUMENT...: theirs exits 0 without having done what it was told, ours
# refuses and writes nothing.
unlike() {
	tool=$1
	shift
	expect 0 "$tool" "$@"
	rm -rf o
	mkdir o
	expect 1 "mine/$tool" "$@"
	[ ! -s out ] && [ -z "$(ls o)" ] || die "a refusal wrote something: $tool $*"
	[ "$(wc -l <err)" = 1 ] || { cat err; die "not one line: $tool $*"; }
}
unlike tpm2_pcrread sha256:24
unlike tpm2_pcrread sha256:0,31 -o o/values
unlike tpm2_quote -c 0x81000003 -l sha256:0,24 -m o/m -s o/s -o o/p
unlike tpm2_quote -c 0x81000003 -l sha256:0 -m o/m -s o/s extra
unlike tpm2_readpublic -c 0x81000003 -o o/key extra
unlike tpm2_pcrextend
unlike tpm2_rc_decode
unlike tpm2_rc_decode success
unlike tpm2_rc_decode 0x101 0x18b
sim_stop
