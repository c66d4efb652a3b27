# Files damaged at random, and what two programs make of them. Sourced after lib.sh.
# shellcheck shell=sh

# From DIFF_SEED, or else new each time; printed, so that a failure can be had again.
seed=${DIFF_SEED:-$(date +%s)}
echo "DIFF_SEED=$seed"

# hurts SALT N NAME:WEIGHT:SIZE...: N lines `NAME KIND AT VALUE`, the same for the same seed
# and SALT, a word. Sizes and counts are small numbers, and come early: such bytes do more than any
# other.
hurts() {
	awk -v seed="$seed" '
	function below(n) { # Park and Miller: the same numbers in every awk
		state = state * 16807 % 2147483647
		return int(state / 2147483647 * n)
	}
	BEGIN {
		state = seed % 2147483646 + 1
		for (i = 1; i <= length(ARGV[1]); i++) {
			below(2)
			state += index("abcdefghijklmnopqrstuvwxyz", substr(ARGV[1], i, 1))
		}
		names = 0
		for (i = 0; i < 9; i++)
			below(2)
		for (i = 3; i < ARGC; i++) {
			split(ARGV[i], part, ":")
			for (; part[2] > 0; part[2]--) {
				name[names] = part[1]
				size[names++] = part[3]
			}
		}
		for (i = 0; i < ARGV[2]; i++) {
			which = below(names)
			n = size[which]
			at = below(below(2) && n > 160 ? 160 : n)
			kind = below(10)
			if (kind < 3)
				print name[which], "xor", at, 2 ^ below(8)
			else if (kind < 5)
				print name[which], "set", at, below(40)
			else if (kind < 8)
				print name[which], "xor", at, 1 + below(255)
			else if (kind < 9)
				print name[which], "cut", below(3) ? at : n - 1 - below(n < 8 ? n : 8), 0
			else
				print name[which], "append", n, 1 + below(12)
		}
	}' "$@" </dev/null
}

# hurt FILE KIND AT VALUE: the file, damaged; to stdout.
hurt() {
	case $2 in
	cut) head -c "$3" "$1" ;;
	append)
		cat "$1"
		printf '0123456789ab' | head -c "$4"
		;;
	*)
		value=$4
		[ "$2" = set ] || value=$(($(od -An -tu1 -j"$3" -N1 "$1") ^ $4))
		head -c "$3" "$1"
		printf '%b' "\\0$(printf %o "$value")"
		tail -c +$(($3 + 2)) "$1"
		;;
	esac
}

# totals FILE: how often each of its lines is there.
totals() {
	sort "$1" | uniq -c
}
