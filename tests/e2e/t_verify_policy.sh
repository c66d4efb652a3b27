#!/bin/sh
# A policy written from evidence accepts that evidence, for every capture that verifies.
. "$SRC/tests/e2e/lib.sh"
need_captures
cd "$TMP"

# pinned NAME VERIFY-ARGUMENT... -- INPUT [QUOTE-ARGUMENT...]
pinned() {
	name=$1
	shift
	how=
	while [ "$1" != -- ]; do
		how="$how $1"
		shift
	done
	shift
	expect 0 "$bq" policy "$@" -o "$name.json"
	# shellcheck disable=SC2086
	expect 0 "$bq" verify "$@" $how --policy "$name.json"
	said '^accepted$'
	said 'pass  policy\.snp\.measurement '
	# It is about this evidence: another measurement is refused, by that member alone.
	sed '/"measurement"/,/\]/s/[0-9a-f]\{96\}/'"$(printf %096d 0)"/ "$name.json" >other.json
	if cmp -s "$name.json" other.json; then die "$name.json pins no measurement"; fi
	# shellcheck disable=SC2086
	expect 1 "$bq" verify "$@" $how --policy other.json --json
	[ "$(failed_checks "$TMP/out")" = 'policy.snp.measurement ' ] ||
		die "$name with another measurement: $(failed_checks "$TMP/out")"
}

m23=$captures/azure-milan-2023
pinned azure-2025 -n "$nonce" -- "$captures/azure-milan-2025/evidence-v1.json"
said_pcrs() { grep -q '"pcrs"' "$1.json" || die "$1.json pins no PCR"; }
said_pcrs azure-2025
pinned azure-2023 -n "$nonce" --certs "$m23/vcek.pem" -- "$m23/hcl-report.bin" \
	--quote "$m23/tpm-quote-v1.json"
said_pcrs azure-2023
pinned snp-v2 --no-nonce --certs "$captures/snp-milan-v2/vcek.der" -- \
	"$captures/snp-milan-v2/report.bin"
pinned snp-v3 --no-nonce --certs "$captures/snp-milan-v3/vcek.pem" -- \
	"$captures/snp-milan-v3/report.bin"

# Evidence of one machine does not pass for another's.
expect 1 "$bq" verify "$captures/azure-milan-2025/evidence-v1.json" -n "$nonce" \
	--policy azure-2023.json --json
case $(failed_checks "$TMP/out") in policy.*) ;; *) die 'another machine: no policy.* failed' ;; esac

# A VLEK is refused until a policy allows it, and its VMPL; it expired in 2025.
vlek=$captures/snp-vlek-v3
at=2025-06-01T00:00:00Z
expect 1 "$bq" verify "$vlek/report.bin" --certs "$vlek/vlek.der" --no-nonce --at $at
said '^rejected: (leaf.type|report.vmpl): '
expect 1 "$bq" verify "$vlek/report.bin" --certs "$vlek/vlek.der" --no-nonce --at $at --json
[ "$(failed_checks "$TMP/out")" = 'leaf.type report.vmpl ' ] ||
	die "a VLEK by default: $(failed_checks "$TMP/out")"
echo '{"snp":{"allow_vlek":true,"vmpl":[1]}}' >vlek.json
expect 0 "$bq" verify "$vlek/report.bin" --certs "$vlek/vlek.der" --no-nonce --at $at \
	--policy vlek.json
echo '{"snp":{"allow_vlek":true}}' >vmpl.json
expect 1 "$bq" verify "$vlek/report.bin" --certs "$vlek/vlek.der" --no-nonce --at $at \
	--policy vmpl.json
said '^rejected: report.vmpl: '
pinned vlek --no-nonce --at $at --certs "$vlek/vlek.der" -- "$vlek/report.bin"
