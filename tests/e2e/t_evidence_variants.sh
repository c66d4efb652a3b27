#!/bin/sh
# Round trips: evidence in every format, from every kind of machine there is, and
# what others would take out of it.
. "$SRC/tests/e2e/lib.sh"
cd "$TMP"
n=$(printf '%0100d' 3)
port=$(free_port)
imds=http://127.0.0.1:$port

round_trips() {
	for f in coco0 coco1 coco2 dir; do
		expect 0 "$guest" attest -n "$n" -f $f --imds "$imds" --eventlog none -o "$f.out"
		expect 0 "$bq" verify "$f.out" -n "$n" --roots "$sim/ark.pem"
		said "input\.format +$f: "
		rm -r "$f.out"
	done
}

# Any two values of any two options meet in one of these machines; VARIANTS=all: every
# machine, 432 of them.
machines() {
	if [ "${VARIANTS:-}" != all ]; then
		cat <<'END'
milan 5 2048 2 struct lower read
milan 5 2048 1 struct lower read
milan 3 2048 1 sorted upper write
milan 2 2900 2 struct lower write
milan 5 2600 2 sorted lower read
genoa 5 2900 1 sorted upper write
genoa 2 2048 2 sorted upper read
genoa 3 2600 1 struct lower write
turin 2 2600 1 struct upper write
turin 3 2900 2 sorted lower read
turin 5 2048 2 struct lower write
END
		return
	fi
	for product in milan genoa turin; do
		for report in 2 3 5; do
			for nv in 2048 2600 2900; do
				for order in struct sorted; do
					for case in upper lower; do
						for hcl in 1 2; do
							echo $product $report $nv $hcl $order $case read
							echo $product $report $nv $hcl $order $case write
						done
					done
				done
			done
		done
	done
}

machines >list
while read -r product report nv hcl order case refresh; do
	sim_start --imds "$port" --throttle 0 --product "$product" --report-version "$report" \
		--nv-size "$nv" --hcl-version "$hcl" --key-order "$order" --hex-case "$case" \
		--refresh "$refresh"
	round_trips
	sim_stop
	rm -rf "$TMP/sim"
done <list

# Claims without user-data: no fresh report, but a quote vouches for itself.
sim_start --imds "$port" --throttle 0 --no-user-data
expect 3 "$guest" attest -n "$n" --imds "$imds" -o evidence
said 'carries no user data'
expect 0 "$guest" report -o blob
expect 0 "$guest" certs --imds "$imds" -o certs.pem
expect 0 "$guest" quote -c 0x81000003 -l sha256:all -q "$n" -m msg -s sig -o pcrs
expect 0 "$bq" verify blob --msg msg --sig sig --pcrs pcrs --certs certs.pem --roots "$sim/ark.pem" \
	-n "$n"
expect 1 "$bq" verify blob --no-quote --certs certs.pem --roots "$sim/ark.pem" -n "$n"
said '^rejected: runtime.user_data'
sim_stop
rm -rf "$TMP/sim"

# Azure Attestation's request holds this report, these claims and this chain. Reading
# makes no new report here.
sim_start --imds "$port" --throttle 0 --refresh write
expect 0 "$guest" attest -n "$n" -f maa-snp --imds "$imds" -o maa
expect 0 "$guest" report -o blob --snp snp.bin --claims claims.json
expect 0 "$guest" certs --imds "$imds" -o certs.pem
member() { # NAME: a string of the JSON on standard input
	sed -n "s/.*\"$1\":\"\([A-Za-z0-9_-]*\)\".*/\1/p"
}
base64url() {
	awk '{ gsub("-", "+"); gsub("_", "/"); while (length($0) % 4) $0 = $0 "="; printf "%s", $0 }' |
		openssl base64 -d -A
}
member report <maa | base64url >report.json
member SnpReport <report.json | base64url >out.bin
cmp out.bin snp.bin
member VcekCertChain <report.json | base64url >out.pem
cmp out.pem certs.pem
member data <maa | base64url >out.json
cmp out.json claims.json
[ "$(sed 's/:"[A-Za-z0-9_-]*"/:""/g' maa)" = '{"report":"","runtimeData":{"data":"","dataType":""}}' ] ||
	die 'the request has other members'
[ "$(member dataType <maa)" = JSON ] || die 'the claims are not said to be JSON'
# ... and OpenSSL reads the chain.
openssl verify -CAfile "$sim/ark.pem" -untrusted certs.pem certs.pem >verify.out 2>&1 || {
	cat verify.out
	die 'openssl refuses the chain'
}

# What is malformed is named.
expect 0 "$guest" attest -n "$n" --imds "$imds" --eventlog none -o good
for m in signature message hcl_report vcek; do
	sed "s/\"$m\":\"/&?/" good >bad
	cmp -s good bad && die "no $m in the evidence"
	expect 3 "$bq" verify bad -n "$n" --roots "$sim/ark.pem"
	said "^barequote verify: bad: (tpm_quote\\.)?$m: "
	expect 3 "$bq" verify bad -n "$n" --roots "$sim/ark.pem" --json
	said "\"name\":\"input.format\",\"result\":\"fail\",\"detail\":\"bad: (tpm_quote\\.)?$m: "
done
sed 's/"pcrs":\["/&?/' good >bad
expect 3 "$bq" verify bad -n "$n"
said '^barequote verify: bad: tpm_quote\.pcrs'
sim_stop
