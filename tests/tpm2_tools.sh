#!/bin/sh
# Usage: tpm2_tools.sh DIR PORT: what tpm2-tools write, for check_tpm2_tools.c.
# swtpm listens on PORT and PORT + 1. Exits 77 where swtpm or a tool is missing.
set -eu
dir=$1 port=$2

for tool in swtpm tpm2_createek tpm2_createak tpm2_createprimary tpm2_readpublic tpm2_pcrextend \
	tpm2_pcrread tpm2_quote tpm2_flushcontext; do
	command -v $tool >/dev/null || exit 77
done

cd "$dir"
mkdir state
swtpm socket --tpm2 --tpmstate dir=state --flags not-need-init,startup-clear \
	--server type=tcp,port="$port",bindaddr=127.0.0.1 \
	--ctrl type=tcp,port=$((port + 1)),bindaddr=127.0.0.1 &
swtpm=$!
trap 'kill $swtpm' EXIT
export TPM2TOOLS_TCTI=swtpm:host=127.0.0.1,port="$port"

tries=0
until tpm2_flushcontext -t; do
	tries=$((tries + 1))
	[ $tries -lt 100 ] || exit 1
	sleep 0.05
done 2>/dev/null

# Each PCR of each bank gets another value; 17 to 22 belong to other localities.
for pcr in 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 23; do
	sha1=$(printf %040x $((pcr + 1))) sha256=$(printf %064x $((pcr + 101)))
	tpm2_pcrextend $pcr:sha1="$sha1",sha256="$sha256",sha384="$(printf %096x $((pcr + 201)))"
done

tpm2_createek -c ek.ctx -G rsa -u ek.pub
tpm2_createak -C ek.ctx -c ak.ctx -G rsa -s rsassa -g sha256 -u ak.pub
tpm2_flushcontext -t
n=0
while read -r list; do
	tpm2_quote -c ak.ctx -l "$list" -q 0123456789 -m $n.msg -s $n.sig -o $n.pcrs
	tpm2_pcrread "$list" -o $n.values
	tpm2_flushcontext -t
	n=$((n + 1))
done <lists

tpm2_readpublic -c ak.ctx -f pem -o rsa.pem
tpm2_readpublic -c ak.ctx -f tss -o rsa.pub
for curve in ecc256 ecc384; do
	tpm2_flushcontext -t
	tpm2_createprimary -G $curve:ecdsa:null -c $curve.ctx \
		-a 'fixedtpm|fixedparent|sensitivedataorigin|userwithauth|sign'
	tpm2_flushcontext -t
	tpm2_readpublic -c $curve.ctx -f pem -o $curve.pem
	tpm2_readpublic -c $curve.ctx -f tss -o $curve.pub
done
