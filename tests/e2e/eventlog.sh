# Event logs made by hand. Sourced after lib.sh.
# shellcheck shell=sh

byte() {
	printf '%b' "\\0$(printf %o "$1")"
}

le32() {
	byte $(($1 & 255))
	byte $(($1 >> 8 & 255))
	byte $(($1 >> 16 & 255))
	byte $(($1 >> 24 & 255))
}

# A crypto-agile log's first event, SHA-256 alone.
header() {
	le32 0
	le32 3
	head -c 20 /dev/zero
	le32 33
	printf 'Spec ID Event03\000\000\000\000\000\000\002\000\002\001\000\000\000\013\000\040\000\000'
}

# event PCR TYPE FILE [DIGEST]: one with that data, and the digest that is in the file
# DIGEST, or one of 0x55 bytes.
event() {
	le32 "$1"
	le32 "$2"
	printf '\001\000\000\000\013\000'
	if [ $# -gt 3 ]; then
		cat "$4"
	else
		printf UUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUU
	fi
	le32 "$(wc -c <"$3")"
	cat "$3"
}
