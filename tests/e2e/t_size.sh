# The attester: one static file, small, that never allocates, and how it comes to run.
# shellcheck shell=sh
set -eu

guest=$BUILD/barequote-guest twin=$BUILD/barequote-guest.syms
max=$(sed -n 's/^GUEST_MAX = //p' "$SRC/config.mk")

nm "$twin" >"$TMP/symbols"
if grep -q __asan_init "$TMP/symbols"; then
	echo "built with sanitizers"
	exit 77
fi
if ! grep -q ' __init_libc$' "$TMP/symbols"; then
	echo "not built with musl"
	exit 77
fi

fail=0
size=$(wc -c <"$guest")
if [ "$size" -gt "$max" ]; then
	echo "$guest has $size bytes; GUEST_MAX in config.mk is $max (make size says where they are)"
	fail=1
fi
# What the README says, with the compiler it says it of.
said=$(sed -n 's/.* it is some \([0-9]*\),\([0-9]*\) bytes.*/\1\2/p' "$SRC/README.md")
if [ "$(${GUEST_CC:-musl-gcc} -dumpversion)" = 12 ] &&
	{ [ "$size" -gt $((said + 1000)) ] || [ "$size" -lt $((said - 1000)) ]; }; then
	echo "$guest has $size bytes, in the README some $said"
	fail=1
fi
if readelf -lW "$guest" | grep -E '^ *(INTERP|DYNAMIC) '; then
	echo "$guest is not static"
	fail=1
fi
if grep -E ' (malloc|calloc|realloc|free|__libc_malloc|__libc_free|mmap|brk)$' "$TMP/symbols"; then
	echo "$guest allocates"
	fail=1
fi

# From here on: what unpacks it.
if [ ! -d "$BUILD/loader" ]; then
	echo "not packed: this is no x86-64"
	exit "$fail"
fi
if readelf -lW "$guest" | grep -E ' (RWE|WE) '; then
	echo "$guest has memory to write and run"
	fail=1
fi

# As it runs: nothing to write and run, and the packed file's own pages are all that stays.
mkfifo "$TMP/nonce"
"$guest" attest -n @- <"$TMP/nonce" 2>"$TMP/err" &
exec 3>"$TMP/nonce"
until grep -q '^00400000-' "/proc/$!/maps" && grep -q '^State:.*sleeping' "/proc/$!/status"; do
	kill -0 $!
done 2>/dev/null
cat "/proc/$!/maps" >"$TMP/maps"
exec 3>&-
wait $! || :
if grep -E '^[^ ]* .wx' "$TMP/maps"; then
	echo "memory to write and run"
	fail=1
fi
if ! grep -q '^00400000-[0-9a-f]* r.*p 00000000 00:00 0' "$TMP/maps" ||
	! grep -q '^10000000-[0-9a-f]* r-xp .*barequote-guest$' "$TMP/maps"; then
	cat "$TMP/maps"
	echo "not laid out as tools/loader/load.c has it"
	fail=1
fi

refuses() { # WORDS COMMAND...
	words=$1 status=0
	shift
	"$@" >"$TMP/out" 2>"$TMP/err" || status=$?
	if [ "$status" != 3 ] || [ -s "$TMP/out" ] || ! grep -q "^barequote-guest: $words" "$TMP/err"; then
		echo "exit $status, not 3 for '$words': $(cat "$TMP/out" "$TMP/err")"
		fail=1
	fi
}

# Damage anywhere in what is packed.
first=$((size - $(wc -c <"$BUILD/loader/program.lzma")))
at=$((first + 700))
while [ "$at" -lt $((size - 1000)) ]; do
	{
		head -c "$at" "$guest"
		printf 'damaged'
		tail -c +$((at + 8)) "$guest"
	} >"$TMP/damaged"
	chmod +x "$TMP/damaged"
	refuses 'the file is damaged' "$TMP/damaged" --version
	at=$((at + 5000))
done
refuses 'no memory' sh -c "ulimit -v 300 && exec $guest --version"

exit "$fail"
