#!/bin/sh
# Seeds are kept as text: seeds/TARGET, an input a line, as printf's %b reads it.
#   seeds.sh unpack FILE DIR    an input a file, in DIR
#   seeds.sh pack DIR           the text of the inputs in DIR, the shortest first
set -eu

# Printable characters as they are, the others in octal, as short as may be.
quoted() {
	od -An -v -tu1 "$1" | awk '
		function put(c) {
			digits = ""
			if (c == 92) text = "\\\\"
			else if (c >= 32 && c < 127) text = sprintf("%c", c)
			else digits = sprintf("%o", c)
			# After digits that are not all, another one would go with them.
			if (octal != "")
				printf digits == "" && text ~ /^[0-7]/ ? "\\0%03o" : "\\0%o", last
			octal = digits
			last = c
			if (digits == "") printf "%s", text
		}
		{ for (i = 1; i <= NF; i++) put($i) }
		END { if (octal != "") printf "\\0%o", last; print "" }'
}

case $1 in
unpack)
	mkdir -p "$3"
	n=0
	while IFS= read -r line; do
		n=$((n + 1))
		printf %b "$line" >"$3/$n"
	done <"$2"
	;;
pack)
	for f in "$2"/*; do
		quoted "$f"
	done | awk '{ print length($0), $0 }' | LC_ALL=C sort -n | cut -d ' ' -f 2-
	;;
*)
	exit 2
	;;
esac
