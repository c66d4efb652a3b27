#!/bin/sh
# report and certs: their outputs, the record of an exchange, and its replay.
. "$SRC/tests/e2e/lib.sh"
cd "$TMP"
port=$(free_port)
sim_start --imds "$port" --throttle 0 --hex-case lower

cat "$sim/vcek.pem" "$sim/ask.pem" >chain.pem

for p in "$bq" "$guest"; do
	expect 0 "$p" report -u 1122 -o blob --snp snp --claims claims
	[ "$(wc -c <snp)" = 1184 ] || die 'the SNP report is not 1184 bytes'
	[ "$(head -c 4 blob)" = HCLA ] || die 'the blob does not start with HCLA'
	grep -q '"user-data":"11220000' claims || die 'the claims do not carry the user data'
	dd if=blob bs=1 skip=32 count=1184 2>/dev/null | cmp - snp
	expect 0 "$bq" verify blob --no-quote -n "1122$(printf '%0124d' 0)" --certs chain.pem \
		--roots "$sim/ark.pem"
	expect 0 "$p" report -r random --claims claims
	[ "$(wc -c <random)" = 64 ] || die 'not 64 random bytes'
	grep -q "$(od -An -v -tx1 random | tr -d ' \n')" claims || die 'other random bytes were used'
	[ ! -s "$TMP/out" ] || die '--claims alone wrote the blob as well'
	expect 0 "$p" report
	grep -q HCLA "$TMP/out" || die 'no blob on standard output'
	printf 'aa' | expect 0 "$p" report -u @- --claims claims
	grep -q '"user-data":"6161000' claims || die '@- was not read'
done

# What cannot be written is an error.
expect 3 "$guest" report -o no-such-dir/blob
expect 3 "$guest" report -o blob --snp no-such-dir/snp
expect 3 "$guest" report -o ''
expect 3 "$guest" attest -n 00 --certs none -f dir -o ''
for f in coco2 dir; do
	expect 3 "$guest" attest -n 00 --certs none -f $f -o evidence --eventlog /dev/zero
	said 'cannot read /dev/zero: too large'
	expect 3 "$guest" attest -n 00 --certs none -f $f -o evidence --eventlog /
	said 'cannot read /: it is a directory'
	[ ! -e evidence ] || die 'a failed command left its output'
done
[ -z "$(find . -name '*.new-*')" ] || die 'temporary files were left'

# A closed descriptor is not taken for the TPM's, nor a file's.
for p in "$bq" "$guest"; do
	for c in report 'pcrread sha256:0' 'attest -n 00 --certs none' --version; do
		rc=0
		# shellcheck disable=SC2086
		"$p" $c >&- 2>err || rc=$?
		[ $rc = 3 ] || die "$c with standard output closed: exit $rc"
		grep -q 'standard output: it is closed' err || die "$c does not say what is closed"
	done
	expect 0 "$p" report -o blob 2>&-
done

# An error of the system's is said once.
touch "$TMP/no-tpm"
chmod 0 "$TMP/no-tpm"
if [ "$(id -u)" = 0 ] && command -v setpriv >/dev/null; then
	chmod 711 "$TMP" "$TMP/.."
	cp "$guest" copy
	expect 3 setpriv --reuid=65534 --regid=65534 --clear-groups ./copy -T "device:$TMP/no-tpm" report
	said 'no-tpm: permission denied; run as root'
fi

# A record that is not whole is a failure.
expect 3 "$guest" pcrread sha256:0 --record /dev/full
said '/dev/full: no space left'

# A recorded exchange replays without the machine.
expect 0 "$guest" report -o recorded --record exchange
expect 0 "$guest" -v report -o blob
said '^> NV_Read'

expect 0 "$guest" certs --imds "http://127.0.0.1:$port" -o certs.pem
cat "$sim/vcek.pem" "$sim/ask.pem" "$sim/ark.pem" | cmp - certs.pem
expect 0 "$guest" certs --print-url
said '^https://kdsintf.amd.com/vcek/v1/Milan/[0-9a-f]{128}\?blSPL=[0-9]+&teeSPL=[0-9]+&snpSPL=[0-9]+&ucodeSPL=[0-9]+$'
sim_stop
expect 3 "$guest" certs --imds "http://127.0.0.1:$port" --timeout 1 -o none.pem
[ ! -e none.pem ] || die 'a failed command left its output'

expect 0 "$guest" -T "replay:$TMP/exchange" report -o replayed
cmp recorded replayed
expect 3 "$guest" -T "replay:$TMP/exchange" nvread 0x01400002

# A list of which there is more (moreData) has not ended, not even where the TPM
# then has nothing: in the answer are a capability, and a count of 1 or of 0.
{
	echo '> 8001000000160000017a0000000000000001000000fe'
	echo '< 80010000001900000000010000000000000001000100000009'
} >exchange
expect 3 "$guest" -T "replay:$TMP/exchange" getcap algorithms
said 'does not have this command'
sed -i 's/^< .*/< 80010000001300000000010000000000000000/' exchange
expect 3 "$guest" -T "replay:$TMP/exchange" getcap algorithms
sed -i 's/^< 8001000000130000000001/< 8001000000130000000000/' exchange
expect 0 "$guest" -T "replay:$TMP/exchange" getcap algorithms

# A device that is late is waited for.
(sleep 1; exec "$BUILD/hclsim" --dir "$sim" --listen "$TMP/tpm.sock" >ready 2>late.err) &
late=$!
rc=0
"$guest" report --wait 10 -o blob 2>err || rc=$?
kill "$late"
wait "$late" 2>/dev/null || true
[ $rc = 0 ] || { cat err late.err; die 'a late TPM was not waited for'; }
