#!/bin/sh
# Event logs beside quotes: attest carries them, verify and checkquote replay them,
# and say what does not fit.
. "$SRC/tests/e2e/lib.sh"
. "$SRC/tests/e2e/eventlog.sh"
for t in tpm2_pcrextend tpm2_checkquote tpm2_quote; do
	command -v $t >/dev/null || skip "no $t"
done
cd "$TMP"
tcp=$(free_port)
sim_start --tcp "$tcp" --throttle 0
export TPM2TOOLS_TCTI="swtpm:host=127.0.0.1,port=$tcp"
n=0102030405

# A boot of three events, measured and logged.
measure() { # PCR TYPE FILE LOG
	openssl dgst -sha256 -binary "$3" >"$3.digest"
	tpm2_pcrextend "$1:sha256=$(openssl dgst -sha256 -r "$3" | cut -c1-64)"
	event "$1" "$2" "$3" "$3.digest" >>"$4"
}
printf 'firmware' >crtm
printf 'Secure Boot is on' >state
printf 'calling' >action
header >log
measure 0 8 crtm log
measure 7 $((0x80000007)) state log
measure 4 $((0x80000007)) action log

# judge CODE EVENTLOG [NOTE]: evidence that attest makes with it, verified. attest itself
# says what the verifier will, and makes the evidence all the same.
judge() {
	for program in "$guest" "$bq"; do
		expect 0 "$program" attest -n $n --certs none --eventlog "$2" -o evidence
		if [ $# -eq 2 ]; then
			[ ! -s "$TMP/err" ] || { cat "$TMP/err"; die "a note about $2"; }
		else
			said "attest: note: $2: $3"
		fi
		expect 0 "$program" attest -q -n $n -f dir --certs none --eventlog "$2" -o dir
		[ ! -s "$TMP/err" ] || die '-q, and a note'
		cmp "$2" dir/eventlog
		[ "$program" = "$bq" ] || mv dir small
	done
	rm -r small
	for e in evidence dir; do
		expect "$1" "$bq" verify $e -n $n --roots "$sim/ark.pem" --certs "$sim/chain.pem" --json
		[ "$1" = 0 ] || [ "$(failed_checks "$TMP/out")" = 'eventlog.replay ' ] ||
			die "failed: $(failed_checks "$TMP/out")"
	done
	rm -r dir
}
cat "$sim/vcek.pem" "$sim/ask.pem" "$sim/ark.pem" >"$sim/chain.pem"
judge 0 log
said '"eventlog.replay","result":"pass","detail":"leads to the quoted PCRs 0, 4, 7;'

# From a file that has no size, and with all of the buffer after it: 2 MiB.
mkfifo fifo
{ cat log; head -c 2097152 /dev/zero | tr '\000' '\377'; } >buffer
cat buffer >fifo &
expect 0 "$guest" attest -n $n --certs none --eventlog fifo -o evidence
expect 0 "$bq" verify evidence -n $n --roots "$sim/ark.pem" --certs "$sim/chain.pem"
judge 0 buffer 'too long to be compared with the quote here$'
cat buffer >fifo &
expect 0 "$bq" verify evidence -n $n --roots "$sim/ark.pem" --certs "$sim/chain.pem" --eventlog fifo

# Tampered with: the PCR is named, and the event where its data tell.
sed 's/Secure Boot is on/Secure Boot is of/' log >tampered
judge 0 tampered # the digest is what was measured: the data are only words
{
	header
	event 0 8 crtm crtm.digest
	event 7 $((0x80000007)) state crtm.digest
	event 4 $((0x80000007)) action action.digest
} >tampered
judge 1 tampered 'PCR 7: the log leads to .* event 2, at offset [0-9]+, has a digest that is not its data'
said 'PCR 7: the log leads to .* event 2, at offset [0-9]+, has a digest that is not its data'
# Events left out, and events that the quote has not seen.
header >short
event 0 8 crtm crtm.digest >>short
judge 1 short 'PCR 4: the log leads to 0{64}, the quote has .*; it has no event$'
said 'PCR 4: the log leads to 0{64}, the quote has .*; it has no event'
cp log longer
event 0 8 state state.digest >>longer
judge 1 longer 'PCR 0: .*; the quote was made before event 4$'
said 'PCR 0: .*; the quote was made before event 4'
# Cut anywhere but after a whole event, it is no log.
size=$(wc -c <log)
for cut in 1 40 64 70 100 $((size - 30)) $((size - 1)); do
	head -c "$cut" log >short
	judge 1 short '.'
	said 'the event log: '
done

# checkquote: every quoted PCR must be what the log leads to.
tpm2_quote -Q -c 0x81000003 -l sha256:0,1,2,3,4,7 -q $n -m m -s s -o p
tpm2_readpublic -Q -c 0x81000003 -f pem -o ak.pem
ln -s "$bq" tpm2_checkquote
both() { # CODE OPTION...
	want=$1
	shift
	theirs=0
	tpm2_checkquote -u ak.pem -m m -s s -f p -q $n "$@" >out.theirs 2>err.theirs || theirs=$?
	expect "$want" ./tpm2_checkquote -u ak.pem -m m -s s -f p -q $n "$@"
	[ "$theirs" = "$want" ] || { cat err.theirs; die "theirs: exit $theirs: $*"; }
	[ "$want" != 0 ] || cmp out.theirs "$TMP/out"
}
both 0 -e log
both 1 -e tampered
said 'eventlog.replay: PCR 7: '
both 1 -e longer
both 1 -e short
both 1 -e nowhere
# 5.4 reads 65535 bytes of a log at most.
expect 0 ./tpm2_checkquote -u ak.pem -m m -s s -f p -q $n -e buffer
head -c 70000 /dev/zero >big
measure 4 $((0x80000007)) big log
tpm2_quote -Q -c 0x81000003 -l sha256:0,1,2,3,4,7 -q $n -m m -s s -o p
expect 0 ./tpm2_checkquote -u ak.pem -m m -s s -f p -q $n -e log
# PCR 17 starts with ones, which 5.4 does not know.
tpm2_quote -Q -c 0x81000003 -l sha256:4,17 -q $n -m m -s s -o p
expect 0 ./tpm2_checkquote -u ak.pem -m m -s s -f p -q $n -e log
sim_stop
