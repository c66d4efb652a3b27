#!/bin/sh
# Plants each bug of the list beside this in a copy of the tree and says what
# catches it: run.sh [NAME...]. Fails where a bug goes through everything.
#
#   analyzer  gcc -fanalyzer and the warnings, over the file alone
#   unit      the suites of the layers it is in
#   san       the same with ASan and UBSan
#   calls     the suite in which libcrypto's calls fail
#   diff      the comparison with tpm2-tss
#   fuzz      the fuzz targets of what it is in, over their seeds
#   prove     what is proved of the file; nothing where it is not in the list
#
# DETECTORS: only these. All bugs by all detectors come to the table in caught, or
# something has changed that is to be understood.
set -eu

src=$(cd "$(dirname "$0")/../.." && pwd)
copy=$src/${BUILD:-build}/planted
suites='bytes pcr public signature attest snp tpm_pcr verify_quote verify_report'
targets='attest public signature tpm verify'
detectors=${DETECTORS:-analyzer unit san calls diff fuzz prove}

run_suites() { # SUITES BUILD [VARIABLE...]
	wanted=$1 build=$2
	shift 2
	make -s -j"$(nproc)" "$build/tests/check_all" "$@" || return 2
	for s in $wanted; do
		CK_RUN_SUITE=$s "$build/tests/check_all" || return 1
	done
}

# Each succeeds where it finds nothing, and returns 2 where it could not look.
analyzer() {
	make -s BUILD=build/analyzer OPT='-O2 -fanalyzer' WERROR=1 \
		"build/analyzer/obj/${file%.c}.o" || return 1
}

unit() {
	run_suites "$suites" build
}

san() {
	run_suites "$suites" build/san SAN=1
}

calls() {
	run_suites faults_calls build
}

diff() {
	make -s -j"$(nproc)" build/tests/check_diff || return 2
	build/tests/check_diff
}

fuzz() {
	make -s fuzz-build FUZZ="$targets" || return 2
	for t in $targets; do
		sh tests/fuzz/seeds.sh unpack "tests/fuzz/seeds/$t" "build/seeds/$t" || return 2
		"build/fuzz/bin/$t" -runs=0 "build/seeds/$t" || return 1
	done
}

prove() {
	grep -q "^$file\( \|\$\)" tests/prove/sources || return 0
	sh tools/deps.sh prove || return 2
	sh tests/prove/run.sh "$file"
}

say() {
	echo "$1" | sed 's/ *$//' | tee -a "$copy/table"
}

# Says a row; false where nothing caught it.
look() {
	row=$(printf '%-20s' "$1")
	caught=1
	for d in $detectors; do
		rc=0
		"$d" >"$copy/log" 2>&1 || rc=$?
		case $rc in
		0) word=- ;;
		2) cat "$copy/log" && echo "$d cannot look" >&2 && exit 1 ;;
		*) word=caught caught=0 ;;
		esac
		row="$row $(printf '%-9s' "$word")"
	done
	say "$row"
	return $caught
}

rm -rf "$copy"
mkdir -p "$copy"
(cd "$src" && tar -cf - Makefile config.mk include src tests tools) | tar -C "$copy" -xf -
cd "$copy"
[ ! -d "$src/build/tests/keys" ] || { mkdir -p build/tests && cp -R "$src"/build/tests/keys* build/tests; }
# shellcheck disable=SC2086 # words on purpose
say "$(printf '%-20s' '' && printf ' %-9s' $detectors)"
file=src/base/bytes.c
! look 'no bug' || { echo 'the tree as it is does not pass' >&2; exit 1; }

missed=0
while read -r name file edit; do
	case $name in '#') continue ;; esac
	[ $# = 0 ] || case " $* " in *" $name "*) ;; *) continue ;; esac
	cp -p "$file" "$copy/kept"
	sed "$edit" "$copy/kept" >"$file"
	! cmp -s "$copy/kept" "$file" || { echo "$name: $file is not what it was" >&2; exit 1; }
	look "$name" || missed=1
	# Its time must change too, for make.
	cat "$copy/kept" >"$file"
done <tests/planted/bugs
[ -n "${DETECTORS:-}$*" ] || cmp "$copy/table" "$src/tests/planted/caught" || missed=1
exit $missed
