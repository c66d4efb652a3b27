#!/bin/sh
# Misuse: exit 2 and one line on stderr, nothing on stdout, nothing written.
. "$SRC/tests/e2e/lib.sh"

# misuse PATTERN COMMAND...
misuse() {
	pattern=$1
	shift
	expect 2 "$@"
	said "$pattern"
	[ ! -s "$TMP/out" ] || die "misuse printed on stdout: $*"
	[ "$(wc -l <"$TMP/err")" = 1 ] || { cat "$TMP/err"; die "expected one line: $*"; }
}

export BAREQUOTE_TCTI="swtpm:path=$TMP/no-such-socket"
cd "$TMP"
long=$(printf '%0102d' 0)    # 51 bytes
longer=$(printf '%0130d' 0)  # 65 bytes

for p in "$bq" "$guest"; do
	misuse 'a command must follow' "$p"
	misuse 'no such command: frobnicate' "$p" frobnicate
	misuse 'no such option: --frob' "$p" report --frob
	misuse 'no such option: -x' "$p" report -qx
	misuse 'a value must follow -u' "$p" report -u
	misuse 'takes no value: --quiet' "$p" report --quiet=1
	misuse 'takes no value: --help' "$p" quote --help=man
	misuse 'one argument too many: extra' "$p" report extra
	misuse 'not hex' "$p" report -u 123
	misuse 'longer than 64 bytes' "$p" report -u "$longer"
	misuse 'exclude each other' "$p" report -u 00 -r random
	misuse 'expected a number' "$p" report --timeout soon
	misuse 'missing: -n NONCE' "$p" attest
	misuse '1 to 50 bytes' "$p" attest -n ''
	misuse 'longer than 50 bytes' "$p" attest -n "$long"
	misuse 'expected coco2' "$p" attest -n 00 -f coco3
	misuse 'needs -o DIR' "$p" attest -n 00 -f dir
	misuse 'address in numbers' "$p" certs --imds http://vm.example
	misuse 'exclude each other' "$p" certs --imds http://127.0.0.1:1 --print-url
	misuse 'missing: INDEX' "$p" nvread
	misuse 'INDEX: expected a number' "$p" nvread zero
	misuse 'expected a number up to 65535' "$p" nvread -s 65536 0x1400001
	misuse 'missing: -c HANDLE' "$p" readpublic
	misuse 'expected tss, tpmt, pem or der' "$p" readpublic -c 0x81000003 -f asn1
	misuse 'missing: -l PCRLIST' "$p" quote -c 0x81000003
	misuse 'not a PCR list' "$p" quote -c 0x81000003 -l sha255:0
	misuse 'expected tss or plain' "$p" quote -c 0x81000003 -l sha256:0 -f pem
	misuse 'no such hash' "$p" quote -c 0x81000003 -l sha256:0 -g md5
	misuse 'not a PCR list' "$p" pcrread sha256:24
	misuse 'serialized or values' "$p" pcrread -F raw sha256:0
done
head -c 51 /dev/zero >51
misuse 'longer than 50 bytes' "$bq" attest -n @51

misuse 'missing: INPUT' "$bq" verify
misuse 'exclude each other' "$bq" verify x -n 00 --no-nonce
misuse 'empty' "$bq" verify x -n ''
misuse 'expected a time' "$bq" verify x --no-nonce --at yesterday
misuse 'expected a time' "$bq" verify x --no-nonce --at 2026-02-29T00:00:00Z
misuse 'missing: FILE' "$bq" show
misuse 'missing: INPUT' "$bq" policy

# Commands that only the verifier has are not in the attester.
misuse 'no such command: verify' "$guest" verify x

# What cannot be done is 3, and says what it was about.
expect 3 "$bq" report -o blob
said 'no TPM there'
expect 3 "$bq" show no-such-file
said 'no-such-file: no such file or directory'
expect 3 "$bq" verify no-such-file --no-nonce
expect 3 "$bq" -T nonsense:x report -o blob
said 'not a TPM address'
expect 3 "$bq" attest -n @no-such-file
[ ! -e blob ] || die 'a failed command left its output'

# What is no ASCII, or not even UTF-8, is said as it came; in JSON as U+FFFD.
export LC_ALL=C
odd=$(printf '/\303\251\377')
for p in "$bq" "$guest"; do
	expect 3 "$p" nvread -T "$odd" 0x1400001
	said "$odd: no TPM there"
	expect 3 "$p" doctor -T "$odd" --no-imds --json
	grep -qF "$(printf '/\303\251\357\277\275'): no TPM" "$TMP/out" ||
		die "$p: not the address, or not as JSON has it"
done

# Help comes on stdout, for every command that --help lists.
for p in "$bq" "$guest"; do
	expect 0 "$p" --help
	commands=$(sed -n 's/^  \([-_a-z]*\) .*/\1/p' "$TMP/out")
	for c in report attest certs doctor nvread ak-cert readpublic quote pcrread; do
		echo "$commands" | grep -qx "$c" || die "--help does not list $c"
	done
	for c in $commands; do
		expect 0 "$p" "$c" --help
		said "^usage: .* $c "
		said '^  -h, --help'
		[ ! -s "$TMP/err" ] || die "$c --help wrote on stderr"
	done
	expect 0 "$p" --version
	said '[0-9]+\.[0-9]+\.[0-9]+'
done

# tpm2-tools' names and exit codes.
ln -s "$guest" tpm2_nvread
ln -s "$guest" tpm2_certify
ln -s "$guest" tpm2
expect 0 ./tpm2_nvread --help
said '^usage: tpm2_nvread '
expect 1 ./tpm2_nvread
expect 1 ./tpm2_nvread 0x1400001
expect 1 ./tpm2 nvread 0x1400001
expect 1 ./tpm2 report
expect 2 ./tpm2
expect 1 ./tpm2_certify
said 'not among those'
