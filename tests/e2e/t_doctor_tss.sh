#!/bin/sh
# doctor on what a guest can make of its TPM, with tpm2-tools.
. "$SRC/tests/e2e/lib.sh"
. "$SRC/tests/e2e/doctor.sh"
. "$SRC/tests/e2e/tss.sh"
need_tools tpm2_nvdefine tpm2_nvundefine tpm2_nvwrite tpm2_nvreadlock tpm2_pcrextend tpm2_evictcontrol
cd "$TMP"
sim_tcp
imds=http://127.0.0.1:1
options=--no-imds
serial=10

# index SIZE ATTRIBUTES CODE PATTERN: an index for user data of somebody else's; attest
# can do what doctor says it can.
index() {
	tpm2_nvdefine -Q 0x01400002 -C o -s "$1" -a "$2" -p secret
	shift 2
	: >sim.log
	ill "$@"
	only_reads
	serial=$((serial + 1))
	works "11$serial"
	ill 0 '^ok    user_data.index: size 64, attributes 0x20020002$'
	tpm2_nvundefine -Q 0x01400002 -C o
}
index 64 'ownerread|ownerwrite' 0 '^ok    user_data.index: size 64, attributes 0x00020002$'
index 32 'ownerread|ownerwrite' 0 \
	'^warn  user_data.index: size 32, attributes 0x00020002: does not fit; attest makes it anew'
index 64 'authread|ownerwrite' 0 \
	'^warn  user_data.index: size 64, attributes 0x00040002 without OWNERREAD: does not fit; attest makes it anew'

tpm2_nvdefine -Q 0x01400002 -C o -s 64 -a 'ownerread|ownerwrite|read_stclear'
head -c 64 /dev/zero | tpm2_nvwrite -Q 0x01400002 -C o -i -
tpm2_nvreadlock -Q 0x01400002 -C o
ill 0 '^warn  user_data.index: size 64, attributes 0xb0020002: does not fit; attest makes it anew'
works 22
ill 0 '^ok    user_data.index: size 64'

# Firmware that measures something.
tpm2_pcrextend "7:sha256=$(printf '%064d' 1)"
ill 0 '^ok    pcrs: banks.* sha256( |$)'

# Another kind of key in the AK's place.
tpm2_evictcontrol -Q -C o -c 0x81000003
tpm2_createprimary -Q -C o -G ecc -c primary && tpm2_evictcontrol -Q -C o -c primary 0x81000003
ill 3 '^FAIL  ak: 0x81000003 is no restricted RSA-2048' '^FAIL  ak.match: 0x81000003 is not HCLAkPub'
sim_stop
