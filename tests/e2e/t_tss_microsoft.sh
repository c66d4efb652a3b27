#!/bin/sh
# The commands that Microsoft publishes for confidential VMs, as they are, by ours under
# the names of tpm2-tools and by tpm2-tools themselves: the same files, each judged by
# the other's.
. "$SRC/tests/e2e/lib.sh"
. "$SRC/tests/e2e/tss.sh"
need_tools tpm2_quote tpm2_checkquote tpm2_pcrreset curl jq
cd "$TMP"
tcp=$(free_port)
imds=$((tcp + 2))
sim_start --tcp "$tcp" --imds $imds --throttle 3600
unset BAREQUOTE_TCTI http_proxy HTTP_PROXY all_proxy ALL_PROXY
export TPM2TOOLS_TCTI="swtpm:host=127.0.0.1,port=$tcp"
# The metadata service is at its own address.
export CURL_HOME="$TMP"
echo "connect-to = 169.254.169.254:80:127.0.0.1:$imds" >.curlrc

make -s -C "$SRC" install-tpm2-links DESTDIR="$TMP/ours" BINDIR=/bin >make.log 2>&1 || die "$(cat make.log)"
ln -s "$bq" ours/bin/barequote
# Nothing else of that name: a link that is missing must not run theirs.
for t in cat curl cut dd jq sha256sum; do
	ln -s "$(command -v $t)" ours/bin/$t
done
nonce=0123456789abcdef0123456789abcdef
echo measured >file

published() {
	tpm2_pcrextend 16:sha256="$(sha256sum ../file | cut -d ' ' -f 1)"
	curl -s -H Metadata:true http://169.254.169.254/metadata/THIM/amd/certification > vcek
	# shellcheck disable=SC2002 # as it is published
	cat ./vcek | jq -r '.vcekCert , .certificateChain' > ./vcek.pem
	tpm2_nvread -C o 0x01400001 > ./snp_report.bin
	dd skip=32 bs=1 count=1184 if=./snp_report.bin of=./guest_report.bin 2>/dev/null
	tpm2_readpublic -c 0x81000003 -f pem -o akpub.pem > readpublic.out
	tpm2_quote -c 0x81000003 -l sha256:15,16,22 -q $nonce -m message.msg -s signature.sig -o values.pcrs -g sha256 > quote.out
	judged > /dev/null
}

judged() {
	tpm2_checkquote -u akpub.pem -m message.msg -s signature.sig -f values.pcrs -g sha256 -q $nonce
}

theirs=$PATH ours="$TMP/ours/bin"
for who in theirs ours; do
	tpm2_pcrreset -Q 16
	mkdir "by-$who"
	(
		eval "PATH=\$$who"
		cd "by-$who"
		published
	)
done

for f in vcek.pem snp_report.bin guest_report.bin akpub.pem readpublic.out values.pcrs; do
	cmp "by-theirs/$f" "by-ours/$f"
done
[ "$(wc -c <by-ours/guest_report.bin)" = 1184 ] || die 'no report'
expect 0 "$bq" verify by-ours/snp_report.bin --no-quote --no-nonce --certs by-ours/vcek.pem \
	--roots "$sim/ark.pem"

(cd by-ours && PATH=$theirs judged) >out || die 'tpm2_checkquote refuses our quote'
(cd by-theirs && PATH=$ours judged) >out || die 'ours refuses the quote of tpm2_quote'
nonce=0123
! (cd by-ours && PATH=$theirs judged) >out 2>&1 || die 'another nonce passed theirs'
! (cd by-theirs && PATH=$ours judged) >out 2>&1 || die 'another nonce passed ours'

# The attestation key's certificate, cut to its length.
for p in "$bq" "$guest"; do
	expect 0 "$p" -T "$TPM2TOOLS_TCTI" ak-cert -f der -o ak.der
	expect 0 openssl x509 -inform DER -in ak.der -noout -subject
	tpm2_nvread -Q -C o 0x01C101D0 -o index
	head -c "$(wc -c <ak.der)" index >head
	cmp head ak.der
	openssl x509 -inform DER -in ak.der -out theirs.pem
	expect 0 "$p" -T "$TPM2TOOLS_TCTI" ak-cert
	cmp "$TMP/out" theirs.pem
done
sim_stop

sim_start --tcp "$tcp" --fault no-ak-cert
expect 3 "$guest" ak-cert
said 'this machine has none'
sim_stop
sim_start --tcp "$tcp" --fault unwritten-ak-cert
expect 3 "$guest" ak-cert
said 'has not written it'
sim_stop
sim_start --fault owner-auth
expect 3 "$guest" ak-cert
said 'password'
expect 0 "$guest" ak-cert -P hclsim
