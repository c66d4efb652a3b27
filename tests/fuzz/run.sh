#!/bin/sh
# run.sh SECONDS TARGET...: each target for that long, JOBS at a time (1). A finding
# stops its target; the input is kept in $BUILD/fuzz/findings.
set -eu
seconds=$1
shift
: "${BUILD:=build}" "${JOBS:=1}"
here=$(dirname "$0")

# What each target starts with besides its file in seeds: files of tests/vectors and,
# where they are there, captures beside the tree.
seeds() {
	v=tests/vectors c=../shared/vectors
	case $1 in
	hcl) echo "$v"/hcl-* "$c"/azure-*/hcl-report.bin ;;
	snp) echo "$v"/snp-* "$c"/snp-*/*.bin ;;
	claims) echo "$v"/claims-* ;;
	json) echo "$v"/claims-* "$c"/json/*.json ;;
	attest) echo "$v"/*.msg ;;
	signature) echo "$v"/*.sig ;;
	public) echo "$v"/*.pub ;;
	pcr_file) echo "$v"/*.pcrs ;;
	eventlog) echo "$c"/eventlog/* ;;
	evidence | line) echo "$c"/azure-milan-*/*.json ;;
	cert) echo "$c"/*/*.pem "$c"/*/*.der ;;
	show) echo "$v"/*.* "$c"/*/*.pem "$c"/azure-*/*.json ;;
	esac
}

one() {
	corpus=$BUILD/fuzz/corpus/$1 log=$BUILD/fuzz/$1.log
	mkdir -p "$corpus" "$BUILD/fuzz/findings"
	for f in $(seeds "$1"); do
		[ ! -f "$f" ] || [ "${f%.[ch]}" != "$f" ] || cp "$f" "$corpus/seed-$(basename "$f")"
	done
	[ ! -f "$here/seeds/$1" ] || sh "$here/seeds.sh" unpack "$here/seeds/$1" "$corpus"
	dict=
	[ ! -f "$here/$1.dict" ] || dict=-dict=$here/$1.dict
	# shellcheck disable=SC2086 # no word, or one
	if "$BUILD/fuzz/bin/$1" -max_total_time="$seconds" -max_len=16384 -timeout=25 \
		-print_final_stats=1 $dict -artifact_prefix="$BUILD/fuzz/findings/$1-" "$corpus" \
		>"$log" 2>&1 </dev/null; then
		echo "$1: $(sed -n 's/^stat::number_of_executed_units: *//p' "$log") executions," \
			"$(find "$corpus" -type f | wc -l) inputs kept"
	else
		tail -n 40 "$log"
		echo "$1: FAILED, see $log"
		return 1
	fi
}

if [ "${ONE:-}" = 1 ]; then
	one "$1"
else
	export BUILD ONE=1
	printf '%s\n' "$@" | xargs -P "$JOBS" -n 1 sh "$0" "$seconds"
fi
