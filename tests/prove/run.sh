#!/bin/sh
# Proves the contracts (the comments that begin with an @) of what `sources` lists, and
# that nothing in it reads, writes or overflows where it must not, whatever the input:
# Frama-C's WP and RTE, with cvc4, which proves more of them than z3 does. Usage:
# run.sh [FILE.c...]
#
# What cvc4 gets is counted in steps, so that a slow or busy machine proves the same;
# the time is there only to end. unproved.txt lists the goals that are not proved, and
# why: any other fails, and so does one of these that is proved after all. goals.txt says
# how many goals there are: fewer fail.
set -eu

out=${BUILD:-build}/prove
here=$(dirname "$0")
mkdir -p "$out"
WHY3CONFIG=$(realpath "$out")/why3.conf
export WHY3CONFIG
rm -f "$WHY3CONFIG"
why3 -C "$WHY3CONFIG" config detect >"$out/why3.log" 2>&1 || { cat "$out/why3.log" && exit 1; }

prove() { # FILE.c [FUNCTION,...]: the log to stdout
	frama-c -c11 -machdep gcc_x86_64 -cpp-extra-args="-include string.h -Iinclude -Isrc/base" \
		-wp -wp-rte -wp-model Typed+Cast -wp-prover cvc4 -wp-par 2 \
		-wp-steps 1000000 -wp-timeout 600 -wp-cache update -wp-cache-dir "$out/cache" \
		${2:+-wp-fct "$2"} "$1" </dev/null
}

# Whether each function of the file, or each that was asked for, is among the goals.
whole() { # FILE.c FUNCTION,... LOG
	sed -n 's/^\[rte:annot\] annotating function //p' "$3" >"$out/functions"
	echo "$2" | tr -s , '\n' >>"$out/functions"
	while read -r fct; do
		[ -z "$fct" ] || grep -q "Goal typed_cast_${fct}_" "$3" ||
			{ echo "  FAIL: nothing proved of $fct" && return 1; }
	done <"$out/functions"
}

expected() { # FILE.c
	awk -v f="$1" '$1 == f { print $2 }' "$here/unproved.txt" | sort
}

# Counts, and compares what is left with what may be.
check() { # FILE.c [FUNCTION,...]
	log=$out/$(echo "$1" | tr / -).log
	prove "$1" "${2-}" >"$log" 2>&1 || { cat "$log" && exit 1; }
	counts=$(sed -n 's|^\[wp\] Proved goals: *\([0-9]*\) / \([0-9]*\)$|\1 \2|p' "$log")
	did=${counts% *} all=${counts#* }
	[ "${all:-0}" != 0 ] || { echo "$1: nothing to prove" && exit 1; }
	proved=$((proved + did)) goals=$((goals + all))
	echo "$1: $did of $all goals proved"
	least=$(awk -v f="$1" '$1 == f { print $2 }' "$here/goals.txt")
	[ "$all" -ge "${least:-1}" ] || { echo "  FAIL: there were $least goals (goals.txt)" && failed=1; }
	whole "$1" "${2-}" "$log" || failed=1
	sed -n -e '/ : Valid/d' -e 's/^\[wp\] \[.*\] Goal typed_cast_\([^ ]*\).*/\1/p' "$log" | sort >"$out/left"
	[ "$((all - did))" = "$(wc -l <"$out/left")" ] || { echo "$1: log not understood" && exit 1; }
	sed 's/^/  not proved: /' "$out/left"
	expected "$1" | diff - "$out/left" >"$out/diff" || {
		sed -n -e 's/^>/  FAIL: should be proved:/p' -e 's/^</  FAIL: no longer to be listed:/p' "$out/diff"
		failed=1
	}
}

for f in "$@"; do
	grep -q "^$f\( \|\$\)" "$here/sources" || { echo "$f: not in $here/sources" >&2 && exit 1; }
done
goals=0 proved=0 failed=0 began=$(date +%s)
while read -r f functions; do
	[ "$f" != '#' ] || continue
	[ $# = 0 ] || case " $* " in *" $f "*) ;; *) continue ;; esac
	check "$f" "$functions"
done <"$here/sources"
echo "$proved of $goals goals proved, in $(($(date +%s) - began)) s"
exit $failed
