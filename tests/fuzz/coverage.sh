#!/bin/sh
# coverage.sh LEAST TARGET...: runs each target once over its seeds and over what
# fuzzing has kept in $BUILD/fuzz/corpus, and says which lines and branches of the
# layers below that reached. Fails where a layer has less than LEAST % of its lines, and
# where seeds leave a line of a target's own unreached: it would assert nothing.
set -eu
least=$1
shift
: "${BUILD:=build}"
layers='src/base src/tpm src/parse'
here=$(dirname "$0") out=$BUILD/fuzz-coverage

# Debian's names have the version in them, that of clang.
version=$(clang -dumpversion)
tool() {
	command -v "$1-${version%%.*}" || command -v "$1"
}
profdata=$(tool llvm-profdata)
cov=$(tool llvm-cov)

# run NAME TARGET DIR
run() {
	LLVM_PROFILE_FILE="$out/profiles/$1.profraw" "$out/bin/$2" -runs=0 \
		-artifact_prefix="$out/" "$3" >"$out/$2.log" 2>&1 </dev/null || { tail -n 40 "$out/$2.log" >&2; exit 1; }
}

# Lines of the target's file that its seeds do not reach. What need not be: saying that
# something is wrong, and mutating, which -runs=0 does not.
unreached() {
	"$profdata" merge -o "$out/$1.profdata" "$out/profiles/$1.profraw"
	"$cov" show -instr-profile="$out/$1.profdata" "$out/bin/$1" "$here/fuzz_$1.c" | awk -F '|' -v \
		file="$here/fuzz_$1.c" '
		$3 ~ /^size_t LLVMFuzzerCustomMutator\(.*[^;]$/ { mutator = 1 }
		$2 ~ /^ *0$/ && !mutator && $3 !~ /fuzz_broken\(/ {
			print file ":" $1 + 0 ": no seed gets there"
		}
		$3 ~ /^}/ { mutator = 0 }'
}

rm -rf "$out/profiles" "$out/seeds"
objects=
for t in "$@"; do
	mkdir -p "$out/seeds/$t"
	[ ! -f "$here/seeds/$t" ] || sh "$here/seeds.sh" unpack "$here/seeds/$t" "$out/seeds/$t"
	run "$t" "$t" "$out/seeds/$t"
	unreached "$t"
	[ "${SEEDS_ONLY:-}" ] || [ ! -d "$BUILD/fuzz/corpus/$t" ] ||
		run "$t-corpus" "$t" "$BUILD/fuzz/corpus/$t"
	objects="$objects ${objects:+-object }$out/bin/$t"
done >"$out/unreached.txt"
"$profdata" merge -o "$out/all.profdata" "$out"/profiles/*.profraw

# shellcheck disable=SC2086 # words on purpose
report() {
	"$cov" "$1" -instr-profile="$out/all.profdata" $objects $layers
}
report show >"$out/lines.txt"
report report >"$out/report.txt"

[ ! -s "$out/unreached.txt" ] || { cat "$out/unreached.txt"; exit 1; }
# What no target links is not in the report: that must not pass for covered.
for layer in $layers; do
	for f in "$layer"/*.c; do
		grep -q "$(basename "$f") " "$out/report.txt" || { echo "$f: in no target"; exit 1; }
	done
done
# Of each line of the report: regions, functions, lines and branches, each in all,
# missed, percent.
sort "$out/report.txt" | awk -v least="$least" -v layers="$layers" '
	function percent(missed, all) { return all == 0 ? 100 : 100 * (all - missed) / all }
	function row(name, lines, missed, branches, never) {
		printf "%-28s %6d %6d %7.2f %% %8d %6d %7.2f %%\n", name, lines, missed,
			percent(missed, lines), branches, never, percent(never, branches)
	}
	BEGIN { printf "%-28s %6s %6s %9s %8s %6s\n", "", "lines", "missed", "", "branches", "missed" }
	$1 ~ /\.[ch]$/ && $8 + 0 != 0 {
		name = $1 ~ /^src\// ? $1 : "src/" $1
		row(name, $8, $9, $11, $12)
		layer = name
		sub(/\/[^\/]*$/, "", layer)
		l[layer] += $8; m[layer] += $9; b[layer] += $11; n[layer] += $12
	}
	END {
		k = split(layers, in_order, " ")
		for (i = 1; i <= k; i++) {
			layer = in_order[i]
			row(layer, l[layer], m[layer], b[layer], n[layer])
			if (l[layer] == 0 || percent(m[layer], l[layer]) < least) {
				print layer ": less than " least " % of its lines"
				bad = 1
			}
		}
		exit bad
	}'
