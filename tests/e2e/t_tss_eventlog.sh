#!/bin/sh
# eventlog beside tpm2_eventlog 5.4, on captures and on logs made here. Where 5.4 is
# wrong, what ours does instead.
. "$SRC/tests/e2e/lib.sh"
. "$SRC/tests/e2e/eventlog.sh"
command -v tpm2_eventlog >/dev/null || skip "no tpm2_eventlog"
cd "$TMP"
mkdir mine small
ln -s "$bq" mine/tpm2_eventlog
ln -s "$guest" small/tpm2_eventlog

# same LOG [FILTER...]: the same YAML, in both versions; FILTER is applied to ours.
same() {
	log=$1
	shift
	[ $# -gt 0 ] || set -- cat
	for v in 1 2; do
		tpm2_eventlog --eventlog-version=$v "$log" >theirs 2>err || { cat err; die "theirs fails: $log"; }
		mine/tpm2_eventlog --eventlog-version=$v "$log" >all 2>err || { cat err; die "ours fails: $log"; }
		small/tpm2_eventlog --eventlog-version=$v "$log" | cmp - all || die "barequote-guest: $log"
		"$@" <all >ours
		diff ours theirs || die "version $v of $log differs"
	done
}

# neither LOG: both refuse, with the same exit code.
neither() {
	theirs=0 ours=0
	tpm2_eventlog "$1" >out 2>err || theirs=$?
	mine/tpm2_eventlog "$1" >out 2>err || ours=$?
	[ $theirs != 0 ] && [ $ours = $theirs ] || die "ours: exit $ours, theirs: $theirs: $1"
	[ "$(wc -l <err)" = 1 ] || { cat err; die "not one line: $1"; }
}

# log_of TYPE FILE [PCR]
log_of() {
	{
		header
		event "${3:-8}" "$1" "$2"
	} >log
}

# variable NAME FILE: UEFI_VARIABLE_DATA
variable() {
	printf 'abcdefghijklmnop'
	le32 ${#1}
	le32 0
	le32 "$(wc -c <"$2")"
	le32 0
	printf %s "$1" | sed 's/./&\n/g' | tr '\n' '\000'
	cat "$2"
}

# Event types by number, each with what its data can be.
data() {
	printf '%b' "$1" >data
}
for d in 'a' 'a\n' '\na' 'a\n\nb' 'a\000\nb\000' ' a\tb\\c' "'quoted\"" '\a\b\v\f\r\033'; do
	data "$d"
	log_of 13 data # EV_IPL
	same log
done
data ''
for type in 0 1 4 5 8 13 17 0x80000006 0x80000007; do
	log_of $((type)) data
	same log
done
data 'POST CODE and more'
for type in 1 5 6 8 0x80000007 0x12345; do
	log_of $((type)) data
	same log
done
data '1234567812345678'
for type in 1 7 0x80000008; do
	log_of $((type)) data
	same log
done
data '\004AB\000C1234567812345678'
log_of $((0x8000000A)) data
same log sed '/BlobDescription:/s/43"/"/' # 5.4 loses a description's last byte
head -c 1500 /dev/urandom >data # 1024 bytes of it are printed
for type in 0 10 11 0x80000009; do
	log_of $((type)) data
	same log
done
data '12345678123456781234567812345678path'
for type in 0x80000003 0x80000004 0x80000005; do
	log_of $((type)) data
	same log
done
data '\001'
for name in SecureBoot MokListTrusted MokSBState BootNext Boot00 Shi; do
	variable $name data >v
	for type in 0x80000001 0x80000002 0x8000000C 0x800000E0; do
		log_of $((type)) v 1
		same log
	done
done
data '\001\000\000\000\004\000O\000S\000\000\000path'
variable Boot00aF data >v
log_of $((0x80000002)) v 1
same log
data 'sbat,1,2021030218\nshim,2\n'
variable SbatLevel data >v
log_of $((0x800000E0)) v 7
same log

# Captures of real machines. 5.4 leaves the events of a SHA-1 log without their dash,
# so that its YAML is no list; ours numbers them as in the other format.
if [ -d "$captures" ]; then
	for f in "$captures"/eventlog/*; do
		case $f in
		*.pcrs) continue ;;
		*debian-10.bin) same "$f" grep -v '^- EventNum' ;;
		*) same "$f" ;;
		esac
		size=$(wc -c <"$f")
		for n in 0 7 31 32 40 $((size / 3)) $((size / 2)) $((size - 20)) $((size - 1)); do
			head -c "$n" "$f" >cut
			neither cut
		done
		"$bq" show "$f" >shown || die "show fails: $f"
		sed 's/ //g; s/0x//' "$f.pcrs" | grep -E '^[0-9]+:' | cut -d: -f2 | while read -r value; do
			grep -qi "$value" shown || die "show lacks $value: $f"
		done
	done
fi
neither nowhere

# EV_NO_ACTION is not extended, and StartupLocality is where PCR 0 starts (PFP 10.4.5,
# 10.4.1): 5.4 extends it like any other.
data 'StartupLocality\000\003'
data_locality() {
	header
	event 0 3 data
	printf x >more
	event 0 5 more
}
data_locality >log
expect 0 mine/tpm2_eventlog --eventlog-version=2 log
said '^    StartupLocality: 3$'
want=$({
	head -c 31 /dev/zero
	printf '\003UUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUU'
} | openssl dgst -sha256 -r | cut -c1-64)
said "^    0  : 0x$want\$"

# 5.4 prints what is not text as it is, and gives up at data that is not of its type.
data 'a\001\200\n'
log_of 13 data
expect 0 mine/tpm2_eventlog log
said '^      "a\\x01\\x80"$'
data 'no variable'
log_of $((0x80000001)) data
expect 0 mine/tpm2_eventlog log
said '^  Event: "6e6f207661726961626c65"$'

# Names out of the log stay names in YAML, where 5.4 lets them be a map, a comment or
# what follows a string's end.
hostile='{injected: yes} # "x\n'
variable "$hostile" data >v
log_of $((0x80000001)) v
expect 0 mine/tpm2_eventlog log
grep -qxF '    UnicodeName: "{injected: yes} # \u0022x\u005cn"' out || die 'a name is not quoted'
{
	data '\001\000\000\000\004\000'
	cat data
	printf %s "$hostile" | sed 's/./&\n/g' | tr '\n' '\000'
	printf '\000\000path'
} >option
variable Boot0001 option >v
log_of $((0x80000002)) v
expect 0 mine/tpm2_eventlog --eventlog-version=2 log
grep -qxF '      Description: "{injected: yes} # \u0022x\u005cn"' out || die 'a description is not quoted'

# Firmware hands over its whole buffer: what follows the log is no event. More than
# a mebibyte, and from files that have no size.
log_of 13 more
expect 0 mine/tpm2_eventlog log
cp out want.out
for filler in '\000' '\377'; do
	{
		cat log
		head -c 1500000 /dev/zero | tr '\000' "$filler"
	} >long
	expect 0 mine/tpm2_eventlog long
	cmp out want.out
done
mkfifo fifo
cat long >fifo &
expect 0 mine/tpm2_eventlog fifo
cmp out want.out
# shellcheck disable=SC2016 # for the inner shell
expect 0 sh -c 'cat long | "$0" eventlog -' "$bq"
cmp out want.out
# A file whose size says nothing, as securityfs has them.
if [ -r /proc/self/status ]; then
	expect 3 "$bq" eventlog /proc/self/status
	said 'event log|too early'
fi
# Many events: two mebibytes of them, each read.
head -c 60000 /dev/zero | tr '\000' x >data
{
	header
	event 4 5 data
	event 4 5 data
	event 4 5 data
	event 4 5 data
} >four
{
	header
	for i in 1 2 3 4 5 6 7 8 9; do
		tail -c +66 four
	done
} >long
[ "$(wc -c <long)" -gt 2097152 ] || die 'the long log is too short'
expect 0 mine/tpm2_eventlog long
[ "$(grep -c '^- EventNum' out)" = 37 ] || die 'not every event is there'

# Nothing to say, or to read.
for theirs in 'tpm2_eventlog -Q log' 'tpm2_eventlog -Q nowhere' tpm2_eventlog 'tpm2_eventlog -Q /dev/null'; do
	want=0
	$theirs >out.theirs 2>err || want=$?
	for where in mine small; do
		# shellcheck disable=SC2086 # words on purpose
		expect $want $where/$theirs
		[ ! -s "$TMP/out" ] || die "printed: $theirs"
	done
done
expect 0 mine/tpm2_eventlog -Z log
expect 2 "$bq" eventlog --eventlog-version=3 log
expect 2 "$bq" eventlog --eventlog-version=0 log
expect 2 "$bq" eventlog

# For people: variables, device paths, partitions.
if [ -d "$captures" ]; then
	expect 0 "$bq" show "$captures/eventlog/ubuntu-2404-amd-sevsnp.bin"
	said '^ *variable +SecureBoot$'
	said '^ *enabled +no$'
	said '^ *sha256_hashes +371$'
	said '^ *order +0002, 0001, 0000$'
	said '^ *description +Ubuntu$'
	said '^ *path +PciRoot\(0x0\)/Pci\(0x4,0x0\)/NVMe\(0x1,0{16}\)/HD\(15,GPT,fc24e8b6.*\\EFI\\ubuntu\\shimx64.efi$'
	said '^ *disk +9b3aa448-be40-489b-b8c3-9c16fb4fb6a2$'
	said '^ *data +kernel_cmdline: /vmlinuz-6.8.0-1010-gcp root=PARTUUID='
fi
