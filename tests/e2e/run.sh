#!/bin/sh
# Runs the end-to-end tests: every t_*.sh here, or those named. Each is a POSIX
# shell script that exits 0 (passed), 77 (skipped, its last line says why) or
# otherwise (failed). It gets BUILD (absolute), SRC (the tree) and TMP, a
# directory of its own that is removed afterwards. Of what a passed test says, its line
# `N cells...' is shown; with SHOW=1 all.
set -u

SRC=$(cd "$(dirname "$0")/../.." && pwd)
BUILD=${BUILD:-build}
case $BUILD in /*) ;; *) BUILD=$SRC/$BUILD ;; esac
export SRC BUILD
cd "$SRC" || exit 1

[ $# -gt 0 ] || set -- tests/e2e/t_*.sh

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
# Test hierarchies take seconds to make; the tests share them.
export KEYS="${KEYS:-$BUILD/test-keys}"

passed=0 failed=0 skipped=0
for t in "$@"; do
	name=$(basename "$t" .sh)
	TMP=$work/$name
	export TMP
	mkdir "$TMP"
	sh "$t" >"$work/log" 2>&1 </dev/null
	rc=$?
	case $rc in
	0)
		passed=$((passed + 1))
		cells=$(grep '^[0-9]* cells' "$work/log")
		echo "ok   $name${cells:+: $cells}"
		[ -z "${SHOW:-}" ] || sed 's/^/     | /' "$work/log"
		;;
	77)
		skipped=$((skipped + 1))
		echo "SKIP $name: $(tail -n 1 "$work/log")"
		;;
	*)
		failed=$((failed + 1))
		echo "FAIL $name (exit $rc)"
		sed 's/^/     | /' "$work/log"
		;;
	esac
	rm -rf "$TMP"
done
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" = 0 ]
