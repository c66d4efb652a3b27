# Sourced by the tests of doctor, in $TMP, after lib.sh.
# shellcheck shell=sh

# lines FILE: the findings of `doctor --json`, as lines.
lines() {
	tr '{' '\n' <"$1" | sed -n \
		's/^"name":"\([^"]*\)","state":"\([a-z]*\)","fact":"\(.*\)"}.*/\2 \1: \3/p' |
		sed 's/","advice":"/; /; s/\\\\/\\/g; s/^fail/FAIL/'
}

# ill CODE PATTERN...: both programs end so and print a line for each pattern. $imds
# is the metadata service, $options are further ones.
ill() {
	code=$1
	shift
	for p in "$bq" "$guest"; do
		# shellcheck disable=SC2086
		expect "$code" "$p" doctor --imds "$imds" --timeout 1 ${options:-}
		[ ! -s err ] || { cat err; die 'doctor spoke on stderr'; }
		for pattern; do
			said "$pattern"
		done
		[ "$(wc -l <out)" = 13 ] || { cat out; die 'expected 13 findings'; }
		[ "$(grep -c '^FAIL' out)" -gt 0 ] || [ "$code" = 0 ] || die 'exit 3 without FAIL'
	done
	sed 's/  */ /' out >text
	# shellcheck disable=SC2086
	expect "$code" "$guest" doctor --imds "$imds" --timeout 1 ${options:-} --json
	lines out | cmp - text || { cat out; die 'the JSON says something else'; }
	grep -q "^{\"ok\":$([ "$code" = 0 ] && echo true || echo false)," out || die 'wrong "ok"'
}

# works NONCE: attest and verify do, as doctor has promised.
works() {
	certs="--imds $imds"
	[ -z "$options" ] || certs='--certs chain'
	cat "$sim/vcek.pem" "$sim/ask.pem" "$sim/ark.pem" >chain
	# shellcheck disable=SC2086
	expect 0 "$guest" attest -n "$1" $certs --eventlog none -o evidence
	expect 0 "$bq" verify evidence -n "$1" --roots "$sim/ark.pem"
}

# machine "SIMULATOR OPTIONS" CODE PATTERN...
machine() {
	# shellcheck disable=SC2086
	sim_start --imds "$port" $1
	shift
	: >sim.log
	ill "$@"
	only_reads
	[ "$1" != 0 ] || works 11
	sim_stop
	rm -rf sim sim.log
}

# Of everything the machine has been sent since the log was emptied.
only_reads() {
	[ -s sim.log ] || die 'no TPM command at all'
	if grep -vE '^[^ ]+ (GetCapability|NV_ReadPublic|NV_Read|ReadPublic|PCR_Read)( |$)' sim.log; then
		die 'that is no reading'
	fi
}
