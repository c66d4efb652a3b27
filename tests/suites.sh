#!/bin/sh
# suites.sh NAME COMMAND...: suites one after the other, each run by COMMAND, and what
# they came to, under NAME. SUITES: these alone; NOT: none of these.
set -eu

# Every layer. Not here: the simulator's own suites, and those that for the most
# part have OpenSSL make keys and check signatures, which is slow under emulation and
# no other OpenSSL than here.
: "${SUITES:=bytes codec error hash json json_string json_value json_write json_suite net text
	pcr pcr_values pcr_file pcr_marshaled attest claims eventlog hcl public signature sig_plain
	snp snp_reports spki pem lzma uefi http azure_fresh azure_imds azure_quote azure_report
	evidence_write tpm_nv tpm_open tpm_pcr tpm_rc tpm_replay tpm_retry tpm_socket tpm_wire
	tool_confine tool_opt policy_read}"

name=$1
shift
log=$(mktemp)
trap 'rm -f "$log"' EXIT

fail() {
	cat "$log"
	echo "$name: $*" >&2
	exit 1
}

suites=0 checks=0
for s in $SUITES; do
	case " ${NOT:-} " in *" $s "*) continue ;; esac
	CK_RUN_SUITE=$s CK_DEFAULT_TIMEOUT=300 "$@" >"$log" 2>&1 || fail "$s fails"
	suites=$((suites + 1))
	n=$(sed -n 's/^100%: Checks: \([0-9]*\),.*/\1/p' "$log" | head -n 1)
	[ "${n:-0}" -gt 0 ] || fail "no suite $s"
	checks=$((checks + n))
done
echo "$name: $suites suites, $checks checks"
