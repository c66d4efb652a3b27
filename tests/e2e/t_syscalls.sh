#!/bin/sh
# Every system call failing, one after the other: verify never accepts what is
# forged, and attest and report leave files that are whole, or what was there before.
. "$SRC/tests/e2e/lib.sh"
verifier=$BUILD/static/barequote
[ -x "$verifier" ] || skip 'no static barequote'
cd "$TMP"
strace -qq -o log -e inject=getpid:error=EIO true 2>err || skip "no strace that injects faults"

cells=0
# fail ERRNO CALL N COMMAND...: its Nth such call fails. $got is the exit code; false
# where it has no Nth.
fail() {
	errno=$1 call=$2 n=$3
	shift 3
	got=0
	timeout 20 strace -f -qq -o log -e trace="$call" -e inject="$call:error=$errno:when=$n" "$@" \
		>out 2>err </dev/null || got=$?
	where="call $n of $call failing with $errno: $*"
	grep -q INJECTED log || return 1
	cells=$((cells + 1))
	case $got in
	0 | 1 | 3) ;;
	*) cat err && die "exit $got: $where" ;;
	esac
	[ "$got" != 3 ] || [ -s err ] || [ "$call" = write ] || die "says nothing: $where"
}

# errors CALL: what it fails with; where it takes room on a disk, for want of that, too.
errors() {
	case $1 in
	write* | open* | creat | mkdir* | rename* | link* | symlink* | ftruncate | fsync) echo EIO ENOMEM ENOSPC ;;
	*) echo EIO ENOMEM ;;
	esac
}

# each JUDGE COMMAND...: JUDGE after each cell.
each() {
	judge=$1
	shift
	got=0 where='nothing fails'
	strace -f -qq -o names "$@" >out 2>err || got=$?
	$judge
	# Not those that the C library itself cannot do without.
	calls=$(sed -n 's/^[0-9]* *\([a-z][a-z0-9_]*\)(.*/\1/p' names | sort -u)
	for call in $calls; do
		case $call in
		execve | brk | arch_prctl | set_tid_address | set_robust_list | rseq | futex | mprotect | exit*) continue ;;
		esac
		for errno in $(errors "$call"); do
			n=1
			while fail "$errno" "$call" "$n" "$@"; do
				$judge
				n=$((n + 1))
			done
			$judge
		done
	done
}

sim_start --throttle 0
"$guest" attest -n "$nonce" --certs none --eventlog none -o ev.json
cat "$sim/vcek.pem" "$sim/ask.pem" "$sim/ark.pem" >certs.pem
cp "$sim/ark.pem" .

genuine() {
	[ $got != 0 ] || grep -q '^accepted' out || die "exit 0 without a verdict: $where"
}
refused() {
	[ $got != 0 ] || die "accepted: $where"
}
each genuine "$verifier" verify ev.json -n "$nonce" --certs certs.pem --roots ark.pem
each refused "$verifier" verify ev.json -n 00 --certs certs.pem --roots ark.pem
verified=$cells

echo before >evidence
written() {
	if [ $got = 0 ]; then
		"$bq" verify evidence -n "$nonce" --certs certs.pem --roots ark.pem >verdict ||
			die "not whole: $where"
		echo before >evidence
	fi
	[ "$(cat evidence)" = before ] || die "exit $got, and another file: $where"
	for f in evidence.*; do
		[ ! -e "$f" ] || die "left $f: $where"
	done
}
each written "$guest" attest -n "$nonce" --certs none --eventlog none -o evidence
mkdir -m 750 dir
filled() {
	if [ $got = 0 ]; then
		"$bq" verify dir -n "$nonce" --certs certs.pem --roots ark.pem >verdict ||
			die "not whole: $where"
		rm dir/*
	fi
	[ -z "$(ls dir)" ] || die "exit $got, and files in it: $where"
	[ "$(stat -c %a dir)" = 750 ] || die "exit $got, and another mode: $where"
	for f in dir.*; do
		[ ! -e "$f" ] || die "left $f: $where"
	done
}
each filled "$guest" attest -n "$nonce" --certs none --eventlog none -f dir -o dir
attested=$((cells - verified))

whole() {
	case $1 in
	blob) "$bq" verify blob --no-quote --no-nonce --certs certs.pem --roots ark.pem ;;
	snp) "$bq" verify snp --no-nonce --certs certs.pem --roots ark.pem ;;
	claims) "$bq" show claims ;;
	esac >verdict
}
echo before >old
for f in blob snp claims; do
	cp old $f
done
# Three files take three steps into place: after a failure one may be new and another
# as it was, but none is in between.
reported() {
	for f in blob snp claims; do
		if ! cmp -s $f old; then
			whole $f || die "exit $got, and $f is not whole: $where"
			cp old $f
		else
			[ $got != 0 ] || die "exit 0, and $f is as it was: $where"
		fi
		for left in "$f".*; do
			[ ! -e "$left" ] || die "left $left: $where"
		done
	done
}
each reported "$guest" report -o blob --snp snp --claims claims
reported=$((cells - verified - attested))
for n in $verified $attested $reported; do
	[ "$n" -gt 40 ] || die 'too few cells'
done
echo "$cells cells: verify $verified, attest $attested, report $reported; no wrong answer"
