#!/bin/sh
# Where output goes: what is replaced, what is written to as it is, what is refused.
. "$SRC/tests/e2e/lib.sh"
cd "$TMP"
umask 022
sim_start --throttle 0

# put WHERE...: the report there. The simulator is needed once.
expect 0 "$guest" report -o blob --record exchange
put() {
	"$guest" -T replay:exchange report -o "$@"
}
is() {
	[ "$(stat -c "$1" "$3")" = "$2" ] || die "$3: $(stat -c "$1" "$3") instead of $2"
}

# A pipe is written to as it is; and devices are, but not before that is known.
mkfifo pipe
cat pipe >piped &
expect 0 put pipe
[ -p pipe ] || {
	kill $!
	die 'the pipe was replaced'
}
wait $!
cmp piped blob
expect 0 put /dev/null
expect 3 put /dev/full
said 'no space left'

# A mode stays, whatever the umask; a link is followed.
for mode in 600 666 755; do
	echo old >target
	chmod $mode target
	ln -sf target link
	expect 0 put link
	[ -L link ] || die 'the link was replaced'
	cmp target blob
	is %a $mode target
done
expect 0 put new
is %a 644 new
expect 3 put new/
said 'new/: not a directory'

# Descriptors are not opened anew: what was written before stays, and what comes after.
whole() {
	{ echo header; cat blob; echo trailer; } | cmp - log || die "$1 lost something"
}
for out in /dev/stdout /dev/fd/1 /proc/self/fd/1 std; do
	ln -sf /dev/stdout std
	[ -e $out ] || continue
	{ echo header; put $out; echo trailer; } >log
	whole "$out"
	echo header >log
	{ put $out; echo trailer; } >>log
	whole "$out, appending"
done
if [ -e /dev/fd/1 ]; then
	{ echo header; put /dev/stderr 2>&1; echo trailer; } >log
	whole /dev/stderr
	{ echo header; put /dev/fd/7 7>&1; echo trailer; } >log
	whole /dev/fd/7
	put one --snp two --claims three
	put /dev/fd/7 --snp /dev/fd/7 --claims /dev/fd/7 7>all
	cat two three one | cmp - all
	expect 3 put /dev/fd/0 <blob
	put /dev/stdout | cmp - blob
fi
# A file that happens to be open is none.
echo old >1
put 1 >>1
cmp 1 blob
ln -sf target 1
echo old >target
put 1 >log
cmp target blob
[ ! -s log ] || die 'a link of that name was taken for standard output'
if script -qec true /dev/null </dev/null >typed 2>&1; then # and pseudo-terminals are here
	for out in '-o -' '-o /dev/stdout' '--snp -' '--snp /dev/stdout'; do
		rc=0
		script -qec "'$guest' -T replay:exchange report $out" /dev/null </dev/null >typed || rc=$?
		[ $rc = 2 ] && grep -aq 'not written to a terminal' typed ||
			die "exit $rc: $out is a terminal"
	done
fi

# A directory's mode.
for mode in 700 777 2750; do
	rm -rf dir
	mkdir dir
	chmod $mode dir
	expect 0 "$guest" attest -n 00 -f dir --certs none --eventlog none -o dir/
	is %a $mode dir
	[ -s dir/quote.sig ] || die 'the directory was not filled'
done
sim_stop

[ -z "$(find . -name '*.new-*')" ] || die 'temporary files were left'
[ "$(id -u)" = 0 ] || skip 'other users: not root'
command -v setpriv >/dev/null || skip 'other users: no setpriv'

# In a directory like /tmp a stranger's link is not followed, wherever it leads.
mkdir sticky
chmod 1777 sticky
echo old >victim
refused() {
	expect 3 put "$1"
	said "$1: permission denied"
	[ "$(cat victim)" = old ] || die "$1 was followed"
	[ ! -e fresh ] || die "$1 was followed, to what is new"
}
for leads in victim fresh /dev/full; do
	case $leads in /*) ;; *) leads=../$leads ;; esac
	ln -sfn $leads sticky/link
	chown -h 65534 sticky/link
	refused sticky/link
	ln -sf sticky/link link
	refused link
done
expect 3 "$guest" -T replay:exchange report -o - --snp sticky/link
ln -sfn ../victim sticky/link
chown 65534 sticky
chown -h 65534 sticky/link
expect 0 put sticky/link
cmp victim blob
ln -sfn ../victim sticky/link
chown 65533 sticky
echo old >victim
expect 0 put sticky/link
cmp victim blob
for mode in 1775 777; do
	chown -h 65534 sticky/link
	chmod $mode sticky
	echo old >victim
	expect 0 put sticky/link
	cmp victim blob
done

# Root's output stays whose the file was.
chown 65534:65533 target
chmod 640 target
expect 0 put target
is %u:%g:%a 65534:65533:640 target
cmp target blob

# nobody WHERE GROUP...: the report there, by someone in these groups.
chmod 711 "$TMP" "$TMP/.."
cp "$guest" copy
chmod 755 copy exchange
nobody() {
	where=$1
	shift
	setpriv --reuid=65534 --regid=65534 "$@" ./copy -T replay:exchange report -o "$where"
}
mkdir shared
chmod 777 shared
cd shared
ln -s ../copy ../exchange .

# What may not be written to is not replaced either; nor what one may not even look at.
echo old >mine
chown 65534:65534 mine
chmod 444 mine
expect 3 nobody mine --clear-groups
said 'mine: permission denied'
[ "$(cat mine)" = old ] || die 'a file that is not to be written to was replaced'
mkdir -m 700 closed
ln -s closed/file hidden
expect 3 nobody hidden --clear-groups
said 'hidden: permission denied'

# Another's file becomes one's own, its group only where one is in it.
for groups in --clear-groups --groups=65533; do
	echo old >theirs
	chown 0:65533 theirs
	chmod 666 theirs
	expect 0 nobody theirs $groups
	cmp theirs ../blob
	case $groups in
	--clear*) is %u:%g:%a 65534:65534:606 theirs ;;
	*) is %u:%g:%a 65534:65533:666 theirs ;;
	esac
done
[ -z "$(find .. -name '*.new-*')" ] || die 'temporary files were left'
