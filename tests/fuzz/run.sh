#!/bin/sh
# run.sh SECONDS TARGET...: each target for that long, JOBS at a time (1), with libFuzzer or,
# ENGINE=afl, AFL++. A finding stops its target; the input is kept in $DIR/findings.
set -eu
seconds=$1
shift
: "${BUILD:=build}" "${JOBS:=1}" "${ENGINE:=libfuzzer}" "${DIR:=$BUILD/fuzz}"
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

# Each says in a line what it did; false with a finding, or where it does not run.
libfuzzer() {
	"$DIR/bin/$1" -max_total_time="$seconds" -max_len=16384 -timeout=25 \
		-print_final_stats=1 ${dict:+"-dict=$dict"} -artifact_prefix="$DIR/findings/$1-" \
		"$corpus" >"$log" 2>&1 </dev/null || return 1
	echo "$1: $(sed -n 's/^stat::number_of_executed_units: *//p' "$log") executions," \
		"$(find "$corpus" -type f | wc -l) inputs kept"
}

# What is said with AFL_: no terminal, no settings of the machine's to be changed.
afl() {
	out=$DIR/out/$1
	rm -rf "$out"
	mkdir -p "$DIR/out"
	AFL_NO_UI=1 AFL_SKIP_CPUFREQ=1 AFL_NO_AFFINITY=1 AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES=1 \
		AFL_BENCH_UNTIL_CRASH=1 afl-fuzz -V "$seconds" -m none -t 25000 -G 16384 \
		${dict:+-x "$dict"} -i "$corpus" -o "$out" -- "$DIR/bin/$1" >"$log" 2>&1 </dev/null || return 1
	find "$out/default/crashes" "$out/default/hangs" -name 'id:*' -exec cp {} "$DIR/findings" ';'
	echo "$1: $(awk '$1 == "execs_done" { n = $3 } $1 == "corpus_count" { k = $3 }
		END { print n " executions, " k " inputs kept" }' "$out/default/fuzzer_stats")"
	awk '$1 ~ /^saved_(crashes|hangs)$/ { n += $3 } END { exit n != 0 }' "$out/default/fuzzer_stats"
}

one() {
	corpus=$DIR/corpus/$1 log=$DIR/$1.log dict=
	mkdir -p "$corpus" "$DIR/findings"
	for f in $(seeds "$1"); do
		[ ! -f "$f" ] || [ "${f%.[ch]}" != "$f" ] || cp "$f" "$corpus/seed-$(basename "$f")"
	done
	[ ! -f "$here/seeds/$1" ] || sh "$here/seeds.sh" unpack "$here/seeds/$1" "$corpus"
	[ ! -f "$here/$1.dict" ] || dict=$here/$1.dict
	"$ENGINE" "$1" || {
		tail -n 40 "$log"
		echo "$1: FAILED, see $log"
		return 1
	}
}

if [ "${ONE:-}" = 1 ]; then
	one "$1"
else
	export BUILD DIR ENGINE ONE=1
	printf '%s\n' "$@" | xargs -P "$JOBS" -n 1 sh "$0" "$seconds"
fi
