#!/bin/sh
# The commands of Microsoft's instructions, by tpm2-tools itself, over TCP: its
# HMAC sessions and its control port included.
. "$SRC/tests/e2e/lib.sh"
command -v tpm2_nvread >/dev/null || skip 'no tpm2-tools'
cd "$TMP"

port=$(free_port)
sim_start --tcp "$port" --throttle 0
export TPM2TOOLS_TCTI="swtpm:host=127.0.0.1,port=$port"

expect 0 tpm2_getcap handles-nv-index
said '0x1400001'
said '0x1C101D0'
expect 0 tpm2_getcap handles-persistent
said '0x81000003'
expect 0 tpm2_nvreadpublic 0x01400001
said 'value: 0x62060004'
said 'size: 2600'

head -c 64 /dev/urandom >user-data
expect 0 tpm2_nvdefine -C o 0x01400002 -s 64
expect 0 tpm2_nvwrite -C o 0x01400002 -i user-data
expect 0 tpm2_nvread -C o 0x01400001 -o theirs
grep -qia "$(od -An -v -tx1 user-data | tr -d ' \n')" theirs || die 'the report lacks the user data'
expect 0 "$guest" report -o ours
head -c "$(wc -c <ours)" theirs >cut
expect 0 "$bq" show cut
expect 0 tpm2_nvread -C o 0x01C101D0 -o ak.der
expect 0 openssl x509 -inform DER -in ak.der -noout -subject

expect 0 tpm2_readpublic -c 0x81000003 -f pem -o ak.pem
expect 0 tpm2_quote -c 0x81000003 -l sha256:0,7 -q 0011 -m msg -s sig -o pcrs -g sha256
expect 0 tpm2_checkquote -u ak.pem -m msg -s sig -f pcrs -q 0011 -g sha256
expect 1 tpm2_quote -c 0x81000003 -l sha256:0 -q "$(printf '%0102d' 0)" -m msg -s sig
said '0x1D5'

# What nobody but the paravisor may do.
printf x >x
expect 1 tpm2_nvwrite -C o 0x01400001 -i x
said '0x149'
expect 1 tpm2_nvundefine -C o 0x01400001
said '0x149'
expect 1 tpm2_nvread 0x01400001 -o none
said '0x9A2'
expect 1 tpm2_nvread -C o -s 16 --offset 2590 0x01400001
said 'more bytes than available'
sim_stop

sim_start --tcp "$port" --fault owner-auth
expect 1 tpm2_nvread -C o 0x01400001 -o none
expect 0 tpm2_nvread -C o -P hclsim 0x01400001 -o some
