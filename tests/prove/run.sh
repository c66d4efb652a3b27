#!/bin/sh
# Proves the contracts (the comments that begin with an @) of source files, and that
# nothing in them reads, writes or overflows where it must not, whatever the input:
# Frama-C's WP and RTE, with cvc4. Usage: run.sh FILE.c[:FUNCTION,...]...
#
# What cvc4 gets is counted in steps, so that a slow machine proves the same; the time
# is there only to end. unproved.txt lists goals that are not proved, or not on every
# machine, and why; any other fails.
set -eu

out=${BUILD:-build}/prove
here=$(dirname "$0")
mkdir -p "$out"
WHY3CONFIG=$(realpath "$out")/why3.conf
export WHY3CONFIG
rm -f "$WHY3CONFIG"
why3 -C "$WHY3CONFIG" config detect >"$out/why3.log" 2>&1 || { cat "$out/why3.log" && exit 1; }

prove() { # FILE.c [FUNCTION,...]: the log to stdout
	frama-c -machdep gcc_x86_64 -cpp-extra-args="-include string.h -Iinclude -Isrc/base" \
		-wp -wp-rte -wp-model Typed+Cast -wp-prover cvc4 -wp-par 2 \
		-wp-steps 500000 -wp-timeout 60 -wp-cache update -wp-cache-dir "$out/cache" ${2:+-wp-fct "$2"} "$1"
}

expected() { # FILE.c
	awk -v f="$1" '$1 == f { print $2 }' "$here/unproved.txt" | sort
}

goals=0 proved=0 failed=0
for arg in "$@"; do
	f=${arg%%:*}
	fct=${arg#"$f"}
	log=$out/$(echo "$f" | tr / -).log
	prove "$f" "${fct#:}" >"$log" 2>&1 || { cat "$log" && exit 1; }
	# shellcheck disable=SC2046 # two words
	set -- $(sed -n 's|^\[wp\] Proved goals: *\([0-9]*\) / \([0-9]*\)$|\1 \2|p' "$log")
	[ $# = 2 ] && [ "$2" != 0 ] || { echo "$f: nothing to prove" >&2 && exit 1; }
	proved=$((proved + $1)) goals=$((goals + $2))
	echo "$f: $1 of $2 goals proved"
	sed -n -e '/ : Valid/d' -e 's/^\[wp\] \[.*\] Goal typed_cast_\([^ ]*\).*/\1/p' "$log" |
		sort >"$out/left"
	[ "$(($2 - $1))" = "$(wc -l <"$out/left")" ] || { echo "$f: log not understood" >&2 && exit 1; }
	sed 's/^/  not proved: /' "$out/left"
	expected "$f" | diff - "$out/left" >"$out/diff" || {
		sed -n -e 's/^>/  FAIL: should be proved:/p' -e 's/^</  proved all the same:/p' "$out/diff"
		! grep -q '^>' "$out/diff" || failed=1
	}
done
echo "$proved of $goals goals proved"
exit $failed
