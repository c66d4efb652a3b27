#!/bin/sh
# Verdicts over captures of real machines, and their exit codes.
. "$SRC/tests/e2e/lib.sh"
need_captures
cd "$TMP"

# fails "CHECK ..." ARGUMENT...: rejected for exactly these reasons.
fails() {
	reasons=$1
	shift
	expect 1 "$bq" verify "$@" --json
	failed=$(failed_checks "$TMP/out")
	[ "$failed" = "$reasons " ] || die "failed checks are '$failed', not '$reasons': $*"
	expect 1 "$bq" verify "$@"
	said "^rejected: ${reasons%% *}: "
}

v1=$captures/azure-milan-2025/evidence-v1.json
expect 0 "$bq" verify "$v1" -n "$nonce"
said '^accepted$'
said 'pass  quote.nonce '
[ ! -s "$TMP/err" ] || die 'an accepted verdict wrote on stderr'
printf challenge >nonce
expect 0 "$bq" verify "$v1" -n @nonce
expect 0 "$bq" verify - -n @nonce <"$v1"
expect 0 "$bq" verify "$v1" --nonce=6368616C6C656E6765
fails quote.nonce "$v1" -n 6368616c6c656e6766
fails quote.nonce "$v1" -n 6368616c6c656e67
fails quote.nonce "$v1"
expect 0 "$bq" verify "$v1" --no-nonce
said 'skip  quote.nonce .*freshness'
fails chain.dates "$v1" -n "$nonce" --at 2019-01-01T00:00:00Z
expect 0 "$bq" verify "$v1" -n "$nonce" --at 2026-06-01T00:00:00+02:00
expect 0 "$bq" -q verify "$v1" -n "$nonce"
[ ! -s "$TMP/out" ] || die '-q printed something'
expect 1 "$bq" verify -q "$v1" -n 00

# JSON: one line, with the checks and what they were about.
expect 0 "$bq" verify "$v1" -n "$nonce" --json
[ "$(wc -l <"$TMP/out")" = 1 ] || die 'the JSON verdict is not a line'
said '^\{"accepted":true,"checks":\[\{"name":"input.format","result":"pass","detail":"'
said '"evidence":\{"format":"coco1",.*"vmUniqueId":"26F8BC30-774E-4290-8E7A-535F3B672AEE"'

m23=$captures/azure-milan-2023
expect 0 "$bq" verify "$m23/hcl-report.bin" --certs "$m23/vcek.pem" \
	--quote "$m23/tpm-quote-v1.json" -n "$nonce"
expect 0 "$bq" verify "$m23/hcl-report.bin" --certs "$m23/vcek.pem" --no-quote --no-nonce
fails quote.format "$m23/hcl-report.bin" --certs "$m23/vcek.pem" --no-nonce
expect 2 "$bq" verify "$m23/hcl-report.bin" --msg "$m23/tpm-quote.msg" --no-nonce
expect 2 "$bq" verify "$v1" --report-data 00
said 'goes with a bare SNP report'
expect 2 "$bq" verify "$captures/snp-milan-v3/report.bin" -n "$nonce" --report-data 00
said 'has no --nonce'
# What is named may not be empty: it would count as not given.
for option in --certs --eventlog; do
	expect 3 "$bq" verify "$v1" -n "$nonce" $option /dev/null
	said "$option: /dev/null is empty"
done
expect 3 "$bq" verify "$m23/hcl-report.bin" --msg /dev/null --sig /dev/null --pcrs /dev/null \
	--no-quote --no-nonce
said '--msg: /dev/null is empty'
expect 2 "$bq" verify "$v1" -n "$nonce" -j 2
expect 2 "$bq" verify "$v1" --quote "$m23/tpm-quote-v1.json" --no-nonce

b23=$captures/azure-milan-2023b
fails 'leaf.chip_id report.signature' "$b23/hcl-report.bin" --certs "$b23/other-chip-certs.pem" \
	--no-quote --no-nonce

expect 3 "$bq" verify "$captures/azure-tdx/hcl-report.bin" --no-quote --no-nonce
said 'TDX'
said '^rejected: input.format: HCL blob: a TDX report'
[ "$(grep -c '^  .- ' "$TMP/out")" = 1 ] || die 'malformed input, and more than one check shown'
expect 3 "$bq" verify "$captures/azure-tdx/hcl-report.bin" --no-quote --no-nonce --json
said '"name":"eventlog.replay","result":"skip"'

for v in "v2 vcek.der" "v3 vcek.pem"; do
	d=$captures/snp-milan-${v% *}
	expect 0 "$bq" verify "$d/report.bin" --certs "$d/${v#* }" --no-nonce
	fails chain.leaf "$d/report.bin" --no-nonce
	data=$(dd if="$d/report.bin" bs=1 skip=80 count=64 2>/dev/null | od -An -v -tx1 | tr -d ' \n')
	expect 0 "$bq" verify "$d/report.bin" --certs "$d/${v#* }" --report-data "$data"
	fails report.report_data "$d/report.bin" --certs "$d/${v#* }" \
		--report-data "$(printf '%0128d' 1)"
done
vlek=$captures/snp-vlek-v3
fails 'chain.dates leaf.type report.vmpl' "$vlek/report.bin" --certs "$vlek/vlek.der" --no-nonce \
	--at 2026-06-01T00:00:00Z
printf '{"snp":{"allow_vlek":true,"vmpl":[1]}}' >vlek.json
expect 0 "$bq" verify "$vlek/report.bin" --certs "$vlek/vlek.der" --no-nonce --policy vlek.json \
	--at 2025-06-01T00:00:00Z

# A policy from evidence accepts that evidence, and says which member fails.
expect 0 "$bq" policy "$v1" -o policy.json
expect 0 "$bq" verify "$v1" -n "$nonce" --policy policy.json
said 'pass  policy.snp.measurement'
printf '{"snp":{"measurement":["%096d"]}}' 0 >other.json
fails policy.snp.measurement "$v1" -n "$nonce" --policy other.json
printf '{"snp":{"mesurement":[]}}' >typo.json
expect 3 "$bq" verify "$v1" -n "$nonce" --policy typo.json
said 'mesurement'

# Malformed input is neither accepted nor rejected, and names the member.
sed 's/"signature": "../"signature": "zz/' "$v1" >broken.json
expect 3 "$bq" verify broken.json -n "$nonce"
said 'broken.json: tpm_quote.signature: not hex'
expect 3 "$bq" verify broken.json -n "$nonce" --json
said '^\{"accepted":false,"checks":\[\{"name":"input.format","result":"fail"'
: >empty
expect 3 "$bq" verify empty -n "$nonce"
head -c 1183 "$captures/snp-milan-v3/report.bin" >short
expect 3 "$bq" verify short --no-nonce
head -c 2000 "$m23/hcl-report.bin" >torn
expect 3 "$bq" verify torn --no-nonce --no-quote
expect 3 "$bq" verify . --no-nonce
said 'no hcl-report.bin'
