# The attester: one static file, small, that never allocates.
# shellcheck shell=sh
set -eu

guest=$BUILD/barequote-guest twin=$BUILD/barequote-guest.syms
max=$(sed -n 's/^GUEST_MAX = //p' "$SRC/config.mk")

if [ ! -e "$twin" ]; then
	echo "no $twin: make check-size makes it"
	exit 77
fi
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
exit "$fail"
