#!/bin/sh
# eventlog beside tpm2_eventlog 5.4 over damaged logs, one made here and captured ones:
# the same exit code and YAML, or a difference that what was damaged explains.
. "$SRC/tests/e2e/lib.sh"
. "$SRC/tests/e2e/tss.sh"
. "$SRC/tests/e2e/eventlog.sh"
. "$SRC/tests/diff/hurt.sh"
need_tools tpm2_eventlog
cd "$TMP"
export LC_ALL=C # 5.4 writes names in the locale's characters
mkdir mine
ln -s "$bq" mine/tpm2_eventlog

# add PCR TYPE TEXT: an event, at the end of made.
add() {
	printf '%b' "$3" >data
	event "$1" $(($2)) data >>made
}

# variable NAME DATA: UEFI_VARIABLE_DATA, for add.
variable() {
	zeros='\0000\0000\0000\0000\0000\0000\0000'
	printf 'abcdefghijklmnop'
	printf '\\0%03o%s\\0%03o%s' ${#1} $zeros ${#2} $zeros
	printf %s "$1" | sed 's/./&\\0000/g'
	printf %s "$2"
}

# What 5.4 makes of the StartupLocality is wrong from the start: see same().
header >made
add 0 3 'StartupLocality\0000\0003'
add 1 1 'POST CODE'
mv made locality

header >made
add 0 1 'POST CODE and more'
add 0 8 'v1.02'
add 7 0x80000001 "$(variable SecureBoot x)"
add 7 0x80000001 "$(variable db x)"
add 0 0x80000008 '1234567812345678'
add 1 0x80000002 "$(variable Boot0001 'a long option')"
add 4 0x80000007 'Calling EFI Application from Boot Option'
add 4 4 '\0000\0000\0000\0000'
add 4 0x80000003 '12345678123456781234567812345678path'
add 5 0x80000006 ''
add 8 13 'grub_cmd: linux /vmlinuz'
add 14 0x12345 'what it is'

# map LOG: a line for each field of a crypto-agile log, `START FIELD VALUE TYPE`; VALUE
# of numbers, TYPE of the event it is in.
map() {
	od -An -v -tu1 -w1 "$1" | awk '
	{ b[n++] = $1 }
	function number(size,  i, x) {
		for (i = size - 1; i >= 0; i--)
			x = x * 256 + b[at + i]
		return x + 0
	}
	function field(name, size) {
		value = size <= 8 ? number(size) : 0
		if (size)
			line[lines++] = at " " name " " value
		at += size
		return value
	}
	function event_ends(i) {
		for (i = 0; i < lines; i++)
			print line[i], type
		lines = 0
	}
	BEGIN {
		at = 0
		CONVFMT = OFMT = "%.0f"
		split("4:20 11:32 12:48 13:64", known, " ")
		for (i in known) {
			split(known[i], pair, ":")
			digest[pair[1]] = pair[2]
		}
	}
	END {
		field("spec.pcr", 4); type = field("spec.type", 4); field("spec.digest", 20)
		field("spec.size", 4); field("spec.signature", 16); field("spec.version", 8)
		algs = field("spec.algs", 4)
		for (i = 0; i < algs; i++)
			field("spec.alg", 4)
		field("spec.vendor", field("spec.vendor_size", 1))
		event_ends()
		while (at < n) {
			field("pcr", 4); type = field("type", 4); count = field("count", 4)
			for (i = 0; i < count; i++)
				field("digest", digest[field("alg", 2)])
			size = field("size", 4)
			if (type == 2147483649 || type == 2147483650 || type == 2147483872) {
				field("guid", 16); name = field("name_size", 8); field("data_size", 8)
				field("name", 2 * name)
				size -= 32 + 2 * name
			}
			field("data", size)
			event_ends()
		}
	}'
}

# What went with the data's type: 5.4 gives up where the data is not of it, ours prints hex.
is_structured() {
	case $(printf %X "$1") in
	7 | 8000000[1-68ACac] | 80000010 | 800000E0) ;;
	*) return 1 ;;
	esac
}

is_text() { # TYPE
	[ "$1" = 1 ] || [ "$1" = 13 ] || [ "$1" = $((0x80000007)) ]
}

is_word() { # BYTE
	printf '%b' "\\0$(printf %o "$1")" | grep -q '^[0-9A-Za-z_]$'
}

# Why they differ, by what was damaged; nothing where they should not. HOW: theirs, ours
# (that alone accepts it), yaml. OFFSET is that in the field, VALUE the number that the
# field holds now, BYTE the byte, TYPE the event's before.
explain() { # HOW FIELD OFFSET VALUE BYTE TYPE
	case $1.$2 in
	ours.spec.pcr | ours.spec.digest) echo 'a Spec ID event with a PCR or a digest, which 5.4 refuses' ;;
	theirs.spec.signature) echo 'no Spec ID event by its signature, which 5.4 does not read' ;;
	theirs.spec.size | theirs.spec.vendor_size) echo 'a Spec ID event of another size, which 5.4 does not read' ;;
	theirs.spec.alg | theirs.count | theirs.alg) echo 'digests that the Spec ID event does not declare' ;;
	ours.pcr) [ "$6" != 3 ] || [ "$4" -lt 24 ] || echo 'EV_NO_ACTION of no PCR, which 5.4 refuses' ;;
	theirs.pcr) [ "$4" -lt 24 ] || [ "$4" -gt 31 ] || echo 'a PCR that no TPM has' ;;
	yaml.pcr)
		if [ "$4" -ge 17 ] && [ "$4" -le 22 ]; then
			echo 'a PCR that starts as ones, in 5.4 as zeros'
		elif [ "$6" = 3 ]; then
			echo 'EV_NO_ACTION, which 5.4 extends'
		fi
		;;
	ours.name_size | ours.data_size | yaml.name_size | yaml.data_size)
		echo 'data that is not of its type'
		;;
	ours.size | yaml.size) # the events that follow are its data now
		if is_structured "$6"; then
			echo 'data that is not of its type'
		elif is_text "$6"; then
			echo 'text that is none, which 5.4 prints as it is'
		fi
		;;
	ours.type) ! is_structured "$4" || echo 'data that is not of its type' ;;
	yaml.type)
		if [ "$4" = 3 ]; then
			echo 'EV_NO_ACTION, which 5.4 extends'
		elif is_structured "$4"; then
			echo 'data that is not of its type'
		elif is_text "$4"; then
			echo 'text that is none, which 5.4 prints as it is'
		fi
		;;
	ours.name) [ $(($3 % 2)) = 0 ] && [ "$5" -lt 128 ] || echo 'a name that is not ASCII, which 5.4 cannot print' ;;
	yaml.name) is_word "$5" || echo 'a name that is no word, which only ours quotes' ;;
	yaml.data)
		if ! is_text "$6"; then
			:
		elif [ "$5" -lt 32 ] || [ "$5" -gt 126 ]; then
			echo 'text that is none, which 5.4 prints as it is'
		elif [ "$5" = 92 ]; then
			echo 'a backslash, which ours escapes'
		fi
		;;
	esac
}

# same LOG: both print the same of log; of one with a StartupLocality but for PCR 0.
same() {
	[ "$1" = locality ] || {
		cmp -s ours theirs
		return
	}
	sed -i '/^    0  : 0x/d' ours theirs
	cmp -s ours theirs
}

# outcome LOG: of log, which that was.
outcome() {
	theirs=0 ours=0
	tpm2_eventlog log >theirs 2>err || theirs=$?
	mine/tpm2_eventlog log >ours 2>err || ours=$?
	case $((theirs == 0))$((ours == 0)) in
	00) how=neither ;;
	01) how=ours ;;
	10) how=theirs ;;
	*) how=yaml && ! same "$1" || how=same ;;
	esac
}

# damaged LOG KIND AT VALUE: compares, into seen.
damaged() {
	hurt "$1" "$2" "$3" "$4" >log
	outcome "$1"
	case $how in same | neither)
		echo "$how" >>seen
		return
		;;
	esac
	why=
	case $2 in xor | set)
		old=$(od -An -tu1 -j"$3" -N1 "$1") new=$(od -An -tu1 -j"$3" -N1 log)
		# shellcheck disable=SC2046 # words on purpose
		why=$(explain "$how" $(awk -v at="$3" -v old="$old" -v new="$new" '
			$1 <= at { start = $1; field = $2; value = $3; type = $4 }
			END {
				printf "%s %d %.0f %d %s\n", field, at - start,
					value + (new - old) * 256 ^ (at - start), new, type
			}' map))
		;;
	esac
	[ -n "$why" ] || {
		diff ours theirs || :
		grep -n '' map | awk -F'[: ]' -v at="$3" '$2 <= at { l = $0 } END { print l }'
		die "not the same, $how: $*"
	}
	echo "$how: $why" >>seen
}

# compare LOG N
compare() {
	map "$1" >map
	cp "$1" log
	outcome "$1"
	[ $how = same ] || die "not the same undamaged, $how: $1"
	hurts log "$2" "log:1:$(wc -c <"$1")" >list
	while read -r _ kind at value; do
		damaged "$1" "$kind" "$at" "$value"
	done <list
}

rounds=${DIFF_ROUNDS:-400}
compare made "$rounds"
compare locality $((rounds / 4))
for f in "$captures"/eventlog/*; do
	case $f in *.pcrs | *debian-10.bin) continue ;; esac
	[ ! -e "$f" ] || compare "$f" $((rounds / 8))
done
totals seen
for how in same neither theirs ours yaml; do
	grep -q "^$how" seen || die "none that is $how"
done
