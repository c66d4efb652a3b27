#!/bin/sh
# verify --stream over many lines: order, verdicts as of one evidence at a time,
# and no more resident memory than over few. Usage: run.sh [LINES [THREADS]]
SRC=$(cd "$(dirname "$0")/../.." && pwd)
BUILD=${BUILD:-build}
case $BUILD in /*) ;; *) BUILD=$SRC/$BUILD ;; esac
TMP=$(mktemp -d)
KEYS=${KEYS:-$BUILD/test-keys}
export SRC BUILD TMP KEYS
. "$SRC/tests/e2e/lib.sh"
lines=${1:-100000} threads=${2:-2}
at=2027-01-01T00:00:00Z

sim_start
cat "$sim/vcek.pem" "$sim/ask.pem" "$sim/ark.pem" >"$TMP/certs.pem"
"$guest" attest -n "$nonce" --certs "$TMP/certs.pem" --eventlog none -o "$TMP/ev.json"
cp "$sim/ark.pem" "$TMP/ark.pem"
sim_stop
trap 'rm -rf "$TMP"' EXIT

# Seven kinds of lines in turn; 0 is genuine.
ev=$(cat "$TMP/ev.json")
{
	printf '"nonce":"%s","evidence":%s}\n' "$nonce" "$ev"
	printf '"nonce":"00","evidence":%s}\n' "$ev"
	printf '"evidence":%s}\n' "$ev"
	printf '"nonce":"%s","evidence":%s}\n' "$nonce" "$ev" | sed 's/"signature":"./"signature":"z/'
	printf '"nonce":"%s","evidence":{"version":2}}\n' "$nonce"
	printf '"nonce":"%s","evidence":%s}\n' "$nonce" "$ev" | sed 's/"version":2/"version":1/'
	printf '"nonce":[],"evidence":%s}\n' "$ev"
} >"$TMP/kinds"

feed() { # LINES
	awk -v n="$1" '{ kind[NR - 1] = $0 } END { for (i = 0; i < n; i++) print "{\"id\":" i "," kind[i % NR] }' "$TMP/kinds"
}

# Every answer has its line's id and, the id apart, is that of its kind.
judge() { # LINES
	awk -v n="$1" '{
		head = "{\"id\":" (NR - 1) ","
		if (substr($0, 1, length(head)) != head) { print "answer " NR ": " substr($0, 1, 80); bad = 1; exit 1 }
		rest = substr($0, length(head) + 1)
		k = (NR - 1) % 7
		if (!(k in seen)) { seen[k] = rest; print rest > (dir "/kind." k) }
		else if (rest != seen[k]) { print "answer " NR " differs from its kind"; bad = 1; exit 1 }
	} END { if (!bad && NR != n) { print NR " answers to " n " lines"; exit 1 } }' dir="$TMP" -
}

stream() { # LINES: leaves resident memory and its peak, in KiB, in $rss and $hwm
	mkfifo "$TMP/in" "$TMP/out"
	"$bq" verify --stream -j"$threads" --roots "$TMP/ark.pem" --at $at <"$TMP/in" >"$TMP/out" &
	pid=$!
	(judge "$1" <"$TMP/out" && echo ok >"$TMP/judged") &
	judge=$!
	exec 3>"$TMP/in"
	feed "$1" >&3
	# All has been read but for what is in the pipe; memory has seen its peak.
	sleep 1
	rss=$(sed -n 's/^Rss:[^0-9]*\([0-9]*\).*/\1/p' "/proc/$pid/smaps_rollup")
	hwm=$(sed -n 's/VmHWM:[^0-9]*\([0-9]*\).*/\1/p' "/proc/$pid/status")
	exec 3>&-
	wait $pid || die "verify --stream: exit $?"
	wait $judge || die 'wrong answers'
	rm "$TMP/in" "$TMP/out"
}

stream 1000
few=$rss few_hwm=$hwm
began=$(date +%s)
stream "$lines"
took=$(($(date +%s) - began))
echo "$lines lines in $took s with $threads threads; resident: $few KiB over 1000 lines (peak $few_hwm), $rss KiB over $lines (peak $hwm)"
# A page or two come and go with the scheduler; the peak the kernel only estimates.
# A short run, which is for ThreadSanitizer with its own memory, says nothing here.
if [ "$lines" -ge 10000 ]; then
	[ "$rss" -le $((few + 16)) ] || die 'memory grows with the number of lines'
	[ "$hwm" -le $((few_hwm + few_hwm / 20)) ] || die 'the peak grows with the number of lines'
fi

# One evidence at a time says the same.
same() { # KIND NONCE-ARGUMENTS...
	kind=$1
	shift
	"$bq" verify "$TMP/ev.json" --roots "$TMP/ark.pem" --at $at --json "$@" >"$TMP/alone" 2>"$TMP/err" || :
	sed 's/^{\(.*\),"evidence":{.*/\1/' "$TMP/alone" >"$TMP/alone.checks"
	sed 's/}$//' "$TMP/kind.$kind" >"$TMP/streamed.checks"
	cmp "$TMP/alone.checks" "$TMP/streamed.checks" || die "kind $kind differs from verify alone"
}
same 0 -n "$nonce"
same 1 -n 00
same 2
grep -q '"accepted":true' "$TMP/kind.0" || die 'genuine evidence was refused'
for k in 1 2 3 4 6; do
	grep -q '"accepted":false' "$TMP/kind.$k" || die "kind $k was accepted"
done
echo "2 passed, 0 failed"
