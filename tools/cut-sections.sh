#!/bin/sh
# Cuts the section headers off a program of 64 bits: they are for debuggers, and the
# kernel reads only what the program headers name. Usage: cut-sections.sh PROGRAM
set -eu

zero() { # OFFSET BYTES
	dd if=/dev/zero of="$cut" bs=1 seek="$1" count="$2" conv=notrunc 2>/dev/null
}

cut=$1.cut end=0
segments=$(readelf -lW "$1" | sed -n 's/^ *LOAD *\(0x[0-9a-f]*\) *0x[0-9a-f]* *0x[0-9a-f]* *\(0x[0-9a-f]*\) .*/\1+\2/p')
for s in $segments; do
	# shellcheck disable=SC2004 # not a number yet: a sum, which dash does only where it stands
	[ $(($s)) -le "$end" ] || end=$(($s))
done
[ "$end" -gt 0 ]

head -c "$end" "$1" >"$cut"
zero 40 8 # e_shoff
zero 60 4 # e_shnum, e_shstrndx
cat "$cut" >"$1"
rm "$cut"
