#!/bin/sh
# The verbs of tpm2-tools beside tpm2-tools itself, on one swtpm: from the same state the
# same exit code, output, files and state afterwards.
. "$SRC/tests/e2e/lib.sh"
. "$SRC/tests/e2e/tss.sh"
need_tools swtpm tpm2_nvdefine tpm2_pcrevent tpm2_getcap tpm2_rc_decode
cd "$TMP"
links mine "$guest"
swtpm_start
tpm2_dictionarylockout -Q -s -n 1000 -t 1000 -l 1000

index=0x01500001
tpm2_nvdefine -Q -C o -s 32 0x01500002 -p secret -a 'authread|authwrite|ownerread'
printf hello >hello
head -c 32 /dev/urandom >32
head -c 2000 /dev/urandom >2000
head -c 100000 /dev/urandom >100000
: >none

# The same before each command: one index, nothing in the PCRs. Ours are used where
# it does not matter which: they start faster.
reset() {
	for i in $(mine/tpm2_getcap handles-nv-index | sed 's/^- //'); do
		[ "$i" = 0x1500002 ] || mine/tpm2_nvundefine -C o "$i" 2>err ||
			mine/tpm2_nvundefine -C p "$i"
	done
	mine/tpm2_nvdefine -Q -C o -s 2000 $index
	mine/tpm2_nvwrite -C o -i 2000 $index
	tpm2_pcrreset -Q 16 23
}

state() {
	mine/tpm2_nvreadpublic
	mine/tpm2_nvread -C o $index 2>/dev/null || true
	mine/tpm2_nvread -P secret 0x01500002 2>/dev/null || true
	mine/tpm2_pcrread sha1:16,23+sha256:16,23+sha384:16,23
}

# Resets, unless all is as the last reset left it.
clean() {
	[ ! -e after ] || ! cmp -s before after || return 0
	reset
	state >before
}

# once NAME TOOL ARGUMENT...: keeps what comes of it in the directory NAME.
once() {
	into=$1
	shift
	[ -z "${changes:-}" ] || clean
	rm -rf o "$into"
	mkdir o
	code=0
	case $input in
	'') "$@" >o/stdout 2>err || code=$? ;;
	*) "$@" >o/stdout 2>err <"$input" || code=$? ;;
	esac
	echo "$code" >o/code
	if [ -n "${changes:-}" ]; then
		state >after
		cp after o/state
	fi
	[ "$code" = 0 ] || cp o/stdout said
	[ "$code" = 0 ] || : >o/stdout # theirs say how they are used
	mv o "$into"
}

# same TOOL ARGUMENT...
same() {
	tool=$1
	shift
	once theirs "$tool" "$@"
	once ours "mine/$tool" "$@"
	diff -r theirs ours || { cat err; die "$tool differs: $*"; }
	[ "$code" = 0 ] || [ "$(wc -l <err)" = 1 ] || { cat err; die "not one line: $tool $*"; }
	[ "$code" = 0 ] || [ ! -s said ] || die "a refusal wrote to standard output: $tool $*"
}
input=

# What is there.
for c in algorithms commands pcrs properties-fixed properties-variable ecc-curves \
	handles-transient handles-persistent handles-permanent handles-pcr handles-nv-index \
	handles-loaded-session handles-saved-session vendor ''; do
	same tpm2_getcap "$c"
done
same tpm2_getcap
same tpm2_getcap -l
same tpm2_getcap -l pcrs
same tpm2_getcap pcrs pcrs
same tpm2_getcap -Q pcrs
same tpm2_getcap --ignore-moredata pcrs
same tpm2_getcap --bogus

for l in sha1 sha256:0x3,1 0xb:0 sha256:none sha255:0 sha256: sha256:0+ sha256:40 sm3_256:0; do
	same tpm2_pcrread $l
done
same tpm2_pcrread -Q sha256:0 -o o/values
same tpm2_pcrread -F raw sha256:0
same tpm2_pcrread sha1:0 sha256:0
same tpm2_readpublic -c 0x81000009
same tpm2_readpublic -c missing
same tpm2_readpublic -c 0x81000009 -f asn1
same tpm2_readpublic
same tpm2_quote -c 0x81000009 -l sha256:0
same tpm2_quote -c 0x81000009 -l sha255:0
same tpm2_quote -c 0x81000009 -l sha256:0 -g md5
same tpm2_quote -c 0x81000009
same tpm2_quote -l sha256:0

same tpm2_getrandom -Q 8
same tpm2_getrandom 0
same tpm2_getrandom 8 9
same tpm2_getrandom 65
same tpm2_getrandom 70000
same tpm2_getrandom many
for t in tpm2_getrandom mine/tpm2_getrandom; do
	expect 0 $t --hex 32
	grep -qxE '[0-9a-f]{64}' out || die "$t: not 32 bytes in hex"
	[ "$(wc -c <out)" = 64 ] || die "$t: a line's end"
	expect 0 $t -o random 32
	[ "$(wc -c <random)" = 32 ] || die "$t: not 32 bytes"
	[ ! -s out ] || die "$t: -o and standard output"
done
expect 0 mine/tpm2_getrandom -f 1000 -o random
[ "$(wc -c <random)" = 1000 ] || die 'not 1000 bytes'

# Codes: the form is theirs, the words are ours.
for c in 0 0x18b 395 0x9a2 0x98e 0x921 0x14a 0x1c4 0x2c2 0x922 0x101 0xb0143 0x500 0x88b 0xbff01; do
	tpm2_rc_decode $c | sed -E 's/^([a-z]*:([a-z]*\([^)]*\): ?)?).*/\1/' >their.form
	mine/tpm2_rc_decode $c | sed -E 's/^([a-z]*:([a-z]*\([^)]*\): ?)?).*/\1/' >our.form
	cmp their.form our.form
done
expect 0 mine/tpm2_rc_decode 0x18b
said '^tpm:handle\(1\):TPM_RC_HANDLE: '
same tpm2_rc_decode 0
same tpm2_rc_decode -Q 0x18b
same tpm2_rc_decode 0x100000000

# Indices.
changes=1
same tpm2_nvreadpublic
same tpm2_nvreadpublic $index
same tpm2_nvreadpublic 0x1500001
same tpm2_nvreadpublic -Q
same tpm2_nvreadpublic 0x81000003
same tpm2_nvreadpublic one
same tpm2_nvreadpublic $index $index
same tpm2_nvreadpublic --bogus
same tpm2_nvread -C o $index
same tpm2_nvread -C o $index -o o/contents
same tpm2_nvread -C owner -s 0 $index
same tpm2_nvread $index --offset 1000 -s 1000
same tpm2_nvread -Q $index
same tpm2_nvread -P secret 0x01500002
same tpm2_nvread -P wrong 0x01500002
same tpm2_nvread -C o -s 2001 $index
same tpm2_nvread -C o --offset 2001 $index
same tpm2_nvread -C o --offset 2000 $index
same tpm2_nvread -C o --offset 2000 -s 0 $index
same tpm2_nvread -C o --offset 1 $index
same tpm2_nvread -C o --offset 0 -s 0 $index -o o/contents
same tpm2_nvread -C o 0x01500009
same tpm2_nvread

same tpm2_nvdefine -C o -s 8
same tpm2_nvdefine -s 8 3
same tpm2_nvdefine
same tpm2_nvdefine -Q -C p 7
same tpm2_nvdefine -C 0x40000001 -s 8 -g sha384 -a 'ownerread|policywrite|authwrite|no_da' -p hex:0102
for nt in counter bits extend pinpass ordinary 0x1; do
	same tpm2_nvdefine -a "ownerread|ownerwrite|nt=$nt" 5
done
same tpm2_nvdefine -a 'nt=pinfail|authread|ownerwrite|no_da|clear_stclear' -s 8
same tpm2_nvdefine -a 0x00060006 -s 4
same tpm2_nvdefine -a 0 -s 4
same tpm2_nvdefine -a 'ownerread|ownerwrite|writeall|writedefine|write_stclear|read_stclear|orderly' -s 4
same tpm2_nvdefine -a 'ownerread|bogus' -s 4
same tpm2_nvdefine -a 'ownerread|written' -s 4
same tpm2_nvdefine -s 70000
same tpm2_nvdefine -s 3000
same tpm2_nvdefine -g md5 -s 4
same tpm2_nvdefine -P wrong -s 4
same tpm2_nvdefine -p "$(printf '%080d' 0)" -s 4
same tpm2_nvdefine 0x81000003 -s 4
same tpm2_nvdefine $index
same tpm2_nvdefine 1 2

same tpm2_nvwrite -C o -i 32 $index
same tpm2_nvwrite -C o -i 32 --offset 1968 $index
same tpm2_nvwrite -C o -i 32 --offset 1969 $index
same tpm2_nvwrite -C o -i 2000 $index
same tpm2_nvwrite -i 32 $index
same tpm2_nvwrite -P secret -i 32 0x01500002
same tpm2_nvwrite -P wrong -i 32 0x01500002
same tpm2_nvwrite -C o -i 32 0x01500002
same tpm2_nvwrite -C o -i 32 0x01500009
same tpm2_nvwrite -C o -i none $index
same tpm2_nvwrite -C o -i missing $index
same tpm2_nvwrite -C o -i 100000 $index
same tpm2_nvwrite -C o -i 32 --offset x $index
input=hello
same tpm2_nvwrite -C o -i - $index
input=

same tpm2_nvundefine $index
same tpm2_nvundefine -C o 0x1500001
same tpm2_nvundefine -C p $index
same tpm2_nvundefine -P wrong $index
same tpm2_nvundefine 0x01500009
same tpm2_nvundefine one
same tpm2_nvundefine

# The common options. There are no errata to work around.
for a in 'readpublic -c 0x81000009' "nvread -C o $index" "nvwrite -C o -i 32 $index" \
	'nvdefine -C o -s 8 7' "nvreadpublic $index" "nvundefine $index" 'pcrread sha1:0' \
	"pcrextend 16:sha1=$(printf %040x 1)" 'pcrevent 16 hello' 'quote -c 0x81000009 -l sha1:0' \
	'getcap pcrs' 'getrandom -Q 8' 'rc_decode 0'; do
	# shellcheck disable=SC2086
	same tpm2_$a -Z
done
same tpm2_getcap --enable-errata pcrs
same tpm2_getcap --enable-errata=1 pcrs
for v in $verbs; do
	expect 0 "tpm2_$v" --help=no-man
	for h in --help -h --help=no-man --help=man -h=no-man; do
		expect 0 "mine/tpm2_$v" $h
		said "^usage: tpm2_$v "
	done
done

# PCRs.
sha1=$(printf %040x 1) sha256=$(printf %064x 2) sha384=$(printf %096x 3)
same tpm2_pcrextend 16:sha256="$sha256"
same tpm2_pcrextend 16:sha256="$sha256",sha1="$sha1" 23:sha384="$sha384" 0x10:0xb="0x$sha256",
same tpm2_pcrextend -Q 16:sha1="$sha1"
same tpm2_pcrextend 16:sha1="$sha1" 16:sha1="$sha256"
same tpm2_pcrextend 16:sha256="$sha1"
same tpm2_pcrextend 16:sha256=
same tpm2_pcrextend 16:md5="$sha1"
same tpm2_pcrextend 16:sha1=xyz
same tpm2_pcrextend 16
same tpm2_pcrextend 24:sha1="$sha1"
same tpm2_pcrextend 99:sha1="$sha1"
same tpm2_pcrextend 17:sha1="$sha1"
same tpm2_pcrextend 16:sm3_256="$sha256"
same tpm2_pcrextend -P x 16:sha1="$sha1"

for f in hello none 2000 100000; do
	same tpm2_pcrevent 16 $f
	same tpm2_pcrevent $f
done
same tpm2_pcrevent hello 23
same tpm2_pcrevent -Q 16 hello
input=100000
same tpm2_pcrevent 16
same tpm2_pcrevent
input=
same tpm2_pcrevent 24 hello
same tpm2_pcrevent 17 hello
same tpm2_pcrevent 16 missing
same tpm2_pcrevent missing
same tpm2_pcrevent 16 hello 23
same tpm2_pcrevent -P wrong 16 hello
same tpm2_pcrevent --bogus

# theirs die of it: a missing index with nvreadpublic.
expect 1 mine/tpm2_nvreadpublic 0x01500009
said 'TPM_RC_HANDLE'

# What needs sessions or policies is refused by name, and nothing is done.
for a in 'nvwrite -S s' 'nvwrite --cphash=c' 'nvdefine -L p' 'nvundefine -n n' 'nvread --rphash r' \
	'nvread --print-yaml' 'readpublic -t t' 'getrandom -S s' 'pcrevent --cphash c'; do
	# shellcheck disable=SC2086
	expect 1 mine/tpm2_$a
	said 'which we do without: -'
done
expect 1 mine/tpm2_nvread -P session:s $index
said 'no session'
for a in 'quote -l sha256:0 -c' 'readpublic -c' "nvread $index -C"; do
	# shellcheck disable=SC2086
	expect 1 mine/tpm2_$a key.ctx
	said 'a(.*) handle, no context file'
done

# A dying event leaves nothing in the TPM.
expect 1 mine/tpm2_pcrevent 16 "$TMP"
expect 0 tpm2_getcap handles-transient
[ ! -s out ] || die 'a hash sequence was left'

# As `tpm2 VERB` and as `barequote VERB`, whose exit codes are its own.
ln -s "$bq" mine/tpm2
expect 0 mine/tpm2 getcap handles-nv-index
said '^- 0x1500001$'
export BAREQUOTE_TCTI="$TPM2TOOLS_TCTI"
expect 3 "$bq" nvread -P wrong 0x01500002
expect 2 "$bq" nvwrite -C o -i none $index
expect 2 "$guest" pcrextend 16
expect 3 "$bq" getrandom 65
expect 3 "$bq" nvundefine 0x01500009
