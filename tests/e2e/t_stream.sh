# verify --stream: order, verdicts as one by one, bad lines, threads, endings.
# shellcheck shell=sh
. "$SRC/tests/e2e/lib.sh"

sim_start
"$bq" attest -n "$nonce" --certs none -o "$TMP/ev.json"
cat "$sim/vcek.pem" "$sim/ask.pem" "$sim/ark.pem" >"$TMP/certs.pem"
"$bq" attest -n "$nonce" --certs "$TMP/certs.pem" -o "$TMP/ev.json"
sim_stop
ev=$(cat "$TMP/ev.json")
verify_stream() {
	"$bq" verify --stream --roots "$sim/ark.pem" --at 2027-01-01T00:00:00Z "$@"
}

# Of ten lines one has another nonce, one none, three are malformed.
line() {
	case $(($1 % 10)) in
	3) printf "%s\n" "{\"id\":$1,\"nonce\":\"00\",\"evidence\":$ev}" ;;
	5) printf "%s\n" "{\"id\":$1,\"evidence\":$ev}" ;;
	6) echo "{\"id\":$1,\"nonce\":\"$nonce\",\"evidence\":{\"version\":2}}" ;;
	7) echo "not JSON $1" ;;
	8) echo ;;
	*) printf "%s\n" "{\"id\":$1,\"nonce\":\"$nonce\",\"evidence\":$ev}" ;;
	esac
}
i=0
while [ $i -lt 200 ]; do
	line $i
	i=$((i + 1))
done >"$TMP/in"

verify_stream -j1 <"$TMP/in" >"$TMP/one"
verify_stream -j4 <"$TMP/in" >"$TMP/four"
cmp "$TMP/one" "$TMP/four"
[ "$(wc -l <"$TMP/one")" = 200 ] || die "$(wc -l <"$TMP/one") answers to 200 lines"
[ "$(grep -c '"accepted":true' "$TMP/one")" = 100 ] || die 'not 100 accepted'
i=0
while read -r answer; do
	case $((i % 10)) in 7 | 8) want=null ;; *) want=$i ;; esac
	case $answer in "{\"id\":$want,"*) ;; *) die "answer $i: $answer" ;; esac
	i=$((i + 1))
done <"$TMP/one"

# The same checks as of one evidence alone.
expect 1 "$bq" verify "$TMP/ev.json" -n 00 --roots "$sim/ark.pem" --at 2027-01-01T00:00:00Z --json
sed 's/.*"checks":\(\[.*\]\),"evidence".*/\1/' "$TMP/out" >"$TMP/alone"
sed -n '4s/.*"checks":\(\[.*\]\)}$/\1/p' "$TMP/one" >"$TMP/streamed"
cmp "$TMP/alone" "$TMP/streamed"
sed -n 4p "$TMP/one" | grep -q '"name":"quote.nonce","result":"fail"' || die 'quote.nonce did not fail'
sed -n 6p "$TMP/one" | grep -q 'no nonce given' || die 'a missing nonce was not refused'
sed -n 7p "$TMP/one" | grep -q 'hcl_report' || die 'the missing member is not named'

# An id comes back as the same value, without the characters that a terminal obeys.
printf '{"id":{"a":"\302\2333J\342\200\256"}}\n' | verify_stream >"$TMP/answer"
grep -q '^{"id":{"a":"\\u009b3J\\u202e"},' "$TMP/answer" || die "the id: $(cat -v "$TMP/answer")"

# Memory does not grow with the number of lines (a sanitizer's does).
open_stream() {
	mkfifo "$TMP/fifo"
	# Not through verify_stream: $! would be a shell.
	"$bq" verify --stream -j2 --roots "$sim/ark.pem" <"$TMP/fifo" >"$TMP/answers" 2>"$TMP/err" &
	pid=$!
	exec 3>"$TMP/fifo"
	rm "$TMP/fifo"
}
feed() { # LINES: writes them and waits for as many answers
	line 0 >"$TMP/line"
	i=0
	while [ $i -lt "$1" ]; do
		cat "$TMP/line" >&3
		i=$((i + 1))
	done
	tries=0
	while [ "$(wc -l <"$TMP/answers")" -lt "$1" ]; do
		tries=$((tries + 1))
		[ $tries -lt 600 ] || die "only $(wc -l <"$TMP/answers") answers of $1"
		sleep 0.1
	done
}
peak() { # LINES: resident memory at its highest, in KiB
	open_stream
	feed "$1"
	# Without /proc there is nothing to compare.
	[ ! -r "/proc/$pid/status" ] || hwm=$(sed -n 's/VmHWM:[^0-9]*\([0-9]*\).*/\1/p' "/proc/$pid/status")
	exec 3>&-
	wait $pid || die "exit $?: $(cat "$TMP/err")"
}
hwm=0
peak 50
few=$hwm
peak 500
case $BUILD in
*san) ;;
*) [ ! -r /proc/self/status ] || [ "$hwm" -le "$((few + few / 10))" ] || die "resident: $few KiB after 50 lines, $hwm after 500" ;;
esac

# Terminated, it answers what it has read and says so.
open_stream
feed 20
kill -TERM $pid
rc=0
wait $pid || rc=$?
exec 3>&-
[ $rc = 3 ] || die "exit $rc after SIGTERM"
[ "$(wc -l <"$TMP/answers")" = 20 ] || die 'answers were lost'
grep -q interrupted "$TMP/err" || die 'nothing said of the interruption'

# So it does when nobody reads the answers any more.
{
	rc=0
	verify_stream <"$TMP/in" 2>"$TMP/err" || rc=$?
	echo $rc >"$TMP/rc"
} | head -n 1 >/dev/null
[ "$(cat "$TMP/rc")" = 3 ] || die "exit $(cat "$TMP/rc") with a closed pipe"
[ "$(wc -l <"$TMP/err")" = 1 ] || die "a closed pipe: $(cat "$TMP/err")"

# Even where no further line comes to be read.
mkfifo "$TMP/lines" "$TMP/read"
{
	rc=0
	verify_stream <"$TMP/lines" >"$TMP/read" 2>"$TMP/err" || rc=$?
	echo $rc >"$TMP/ended"
} &
head -n 1 <"$TMP/read" >/dev/null &
head=$!
exec 3>"$TMP/lines"
echo >&3
wait $head
echo >&3
tries=0
until [ -s "$TMP/ended" ]; do
	tries=$((tries + 1))
	[ $tries -lt 100 ] || die 'it waits for lines whose answers nobody reads'
	sleep 0.1
done
exec 3>&-
[ "$(cat "$TMP/ended")" = 3 ] || die "exit $(cat "$TMP/ended") with a closed pipe"
grep -q 'whoever read the answers stopped' "$TMP/err" || die "a closed pipe: $(cat "$TMP/err")"

# A second signal ends it where the answers are stuck, and the reader with them.
mkfifo "$TMP/stuck"
exec 4<>"$TMP/stuck"
"$bq" verify --stream <"$TMP/in" >"$TMP/stuck" 4<&- &
pid=$!
sleep 1
kill -TERM $pid
sleep 0.2
kill -TERM $pid
rc=0
wait $pid 2>/dev/null || rc=$?
exec 4<&-
[ $rc = 143 ] || die "exit $rc after a second SIGTERM"

expect 2 "$bq" verify --stream -n 00
expect 2 "$bq" verify --stream -j0
expect 2 "$bq" verify --stream "$TMP/ev.json"
