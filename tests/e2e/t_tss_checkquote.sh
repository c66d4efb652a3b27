#!/bin/sh
# checkquote beside tpm2_checkquote 5.4: each accepts the other's quotes, and both
# refuse broken ones. Where 5.4 accepts what it should not, only ours refuses.
. "$SRC/tests/e2e/lib.sh"
. "$SRC/tests/e2e/tss.sh"
need_tools tpm2_createprimary tpm2_evictcontrol tpm2_readpublic tpm2_quote tpm2_checkquote openssl
cd "$TMP"
sim_tcp
mkdir mine
for t in quote checkquote; do
	ln -s "$bq" mine/tpm2_$t
done

# both ARGUMENT...: ours and theirs accept, and print the same.
both() {
	tpm2_checkquote "$@" >theirs 2>err || { cat err; die "theirs refuses: $*"; }
	mine/tpm2_checkquote "$@" >ours 2>err || { cat err; die "ours refuses: $*"; }
	cmp ours theirs || die "differs: $*"
}

# neither ARGUMENT...: both refuse, with the same exit code.
neither() {
	ours=0 theirs=0
	tpm2_checkquote "$@" >out 2>err || theirs=$?
	mine/tpm2_checkquote "$@" >out 2>err || ours=$?
	[ $theirs != 0 ] || die "theirs accepts: $*"
	[ $ours = $theirs ] || die "ours: exit $ours, theirs: $theirs: $*"
	[ ! -s out ] || die "printed something: $*"
	[ "$(wc -l <err)" = 1 ] || { cat err; die "not one line: $*"; }
}

# only_ours ARGUMENT...: 5.4 accepts, and should not.
only_ours() {
	tpm2_checkquote "$@" >out 2>err || { cat err; die "theirs refuses: $*"; }
	expect 1 mine/tpm2_checkquote "$@"
}

# Keys of every kind, at handles of their own.
attributes='fixedtpm|fixedparent|sensitivedataorigin|userwithauth|sign'
make_key() {
	tpm2_createprimary -Q -C o -G "$2" -c ctx -a "$attributes"
	tpm2_evictcontrol -Q -C o -c ctx "$1"
	tpm2_flushcontext -t
}
make_key 0x81000011 rsa2048:rsassa:null
make_key 0x81000012 rsa2048:rsapss:null
make_key 0x81000013 ecc256:ecdsa:null
make_key 0x81000014 ecc384:ecdsa-sha384:null

# accepted HANDLE TOOL [OPTION...]: that tool's quote in each format, and each file
# format of the key.
accepted() {
	key=$1 tool=$2
	shift 2
	list=sha256:0,5,9,10,11,12,13,14,23+sha1:7
	for f in pem tss tpmt; do
		tpm2_readpublic -Q -c "$key" -f $f -o key.$f
	done
	"$tool" -Q -c "$key" -l $list -q 0102 -m m -s s -o p "$@"
	both -u key.pem -m m -s s -f p -q 0102
	both -u key.tss -m m -s s -q 0102
	both -u key.tpmt -m m -s s -f p -q 0102
	"$tool" -Q -c "$key" -l $list -q 0102 -m m -s s -o p -F values "$@"
	# 5.4 loses every eighth of bare values.
	expect 0 mine/tpm2_checkquote -u key.pem -m m -s s -f p -l $list -q 0102
	list=sha256:0,5,9,10,11,12+sha1:7
	"$tool" -Q -c "$key" -l $list -q 0102 -m m -s s -o p -F values "$@"
	both -u key.pem -m m -s s -f p -l $list -q 0102
	"$tool" -Q -c "$key" -l sha1:3 -m m -s s -f plain "$@"
}
for tool in tpm2_quote mine/tpm2_quote; do
	accepted 0x81000003 "$tool"
	both -u key.pem -m m -s s
	both -u key.pem -m m -s s -g sha256
	accepted 0x81000011 "$tool"
	both -u key.pem -m m -s s
	# 5.4 knows no RSAPSS, which newer ones do: OpenSSL is asked instead.
	$tool -Q -c 0x81000012 -l sha256:0 -m m -s s -o p --scheme rsapss
	tpm2_readpublic -Q -c 0x81000012 -f pem -o key.pem
	expect 0 mine/tpm2_checkquote -u key.pem -m m -s s -f p
	$tool -Q -c 0x81000012 -l sha256:0 -m m -s s -f plain --scheme rsapss
	expect 0 mine/tpm2_checkquote -u key.pem -m m -s s
	openssl dgst -sha256 -verify key.pem -sigopt rsa_padding_mode:pss -signature s m
	! openssl dgst -sha256 -verify key.pem -signature s m 2>err || die "that is no RSAPSS"
	accepted 0x81000013 "$tool" --scheme ecdsa
	both -u key.pem -m m -s s
done
# Ours makes PCR files with keys that sign with SHA-256 only.
accepted 0x81000014 tpm2_quote -g sha384 --scheme ecdsa
both -u key.pem -m m -s s -g sha384
neither -u key.pem -m m -s s -g sha256

# Bare values need no list where the quote says what they are of: 5.4 takes them for
# a serialized file then.
tpm2_readpublic -Q -c 0x81000003 -f pem -o ak.pem
tpm2_quote -Q -c 0x81000003 -l sha256:0,7+sha1:1 -q 0304 -m m -s s -o p -F values
expect 0 mine/tpm2_checkquote -u ak.pem -m m -s s -f p -F values -q 0304

# With an argument too many theirs judges nothing, and exits 0.
for m in m nowhere; do
	only_ours -u ak.pem -m $m -s s -q 0304 extra
	said 'one argument too many: extra'
done

# Broken ones: each file with a bit changed, short, long, missing, or another's.
tpm2_quote -Q -c 0x81000003 -l sha256:0,7+sha1:1 -q 0304 -m m -s s -o p
both -u ak.pem -m m -s s -f p -q 0304
both -Z -u ak.pem -m m -s s -f p -q 0304
flip() { # FILE OFFSET TO: one byte becomes 0xFF, or 0xFE where it was that
	cp "$1" "$3"
	byte='\377'
	[ "$(od -An -tx1 -j "$2" -N 1 "$1")" != ' ff' ] || byte='\376'
	printf '%b' "$byte" | dd of="$3" bs=1 seek="$2" conv=notrunc 2>/dev/null
}
for at in 0 4 6 60 90 110; do
	flip m $at m.bad
	neither -u ak.pem -m m.bad -s s -f p -q 0304
done
for at in 0 2 100 261; do
	flip s $at s.bad
	neither -u ak.pem -m m -s s.bad -f p -q 0304
done
flip p 142 p.bad # a digest's first byte
neither -u ak.pem -m m -s s -f p.bad -q 0304
head -c 100 m >m.short
neither -u ak.pem -m m.short -s s -q 0304
head -c 100 s >s.short
neither -u ak.pem -m m -s s.short -q 0304
head -c 600 p >p.short
neither -u ak.pem -m m -s s -f p.short -q 0304
neither -u key.pem -m m -s s -q 0304
neither -u ak.pem -m m -s s -q 0305
neither -u ak.pem -m m -s s
neither -u ak.pem -m nowhere -s s
neither -u nowhere -m m -s s
neither -u m -m m -s s -q 0304
neither -u ak.pem -m m
neither -u ak.pem -m m -s s -e m
expect 1 mine/tpm2_checkquote -u ak.pem -m m -s s -g md7

# Values of PCR 16, which anybody can reset, said to be those of PCR 0, in each
# format (CVE-2024-29039).
tpm2_quote -Q -c 0x81000003 -l sha256:16 -q 0304 -m m -s s -o p
cp p forged
printf '\001\000\000' | dd of=forged bs=1 seek=7 conv=notrunc 2>/dev/null
only_ours -u ak.pem -m m -s s -f forged -q 0304
said 'quote.pcr_selection: the quote is of .sha256:16., the values are of .sha256:0.'
tpm2_quote -Q -c 0x81000003 -l sha256:16 -q 0304 -m m -s s -o p -F values
only_ours -u ak.pem -m m -s s -f p -l sha256:0 -q 0304
said 'quote.pcr_selection'

# Signed, and not by a TPM: another magic (CVE-2024-29038).
flip m 0 m.bad
flip m 5 m.type
soft_key
openssl dgst -sha256 -sign soft.key -out soft.sig m
both -u soft.pem -m m -s soft.sig -q 0304
openssl dgst -sha256 -sign soft.key -out soft.sig m.bad
only_ours -u soft.pem -m m.bad -s soft.sig -q 0304
said 'quote.format'
# Nor is another kind of attestation a quote.
openssl dgst -sha256 -sign soft.key -out soft.sig m.type
expect 1 mine/tpm2_checkquote -u soft.pem -m m.type -s soft.sig -q 0304
said 'quote.format'

# Under our own name: rejected is 1, not understood is 3.
expect 1 "$bq" checkquote -u ak.pem -m m -s s -q 0305
said 'quote.nonce: the quote carries .0304.: expected .0305.'
expect 3 "$bq" checkquote -u m -m m -s s -q 0304
expect 2 "$bq" checkquote -u ak.pem
sim_stop
