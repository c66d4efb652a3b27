#!/bin/sh
# show recognises what there is and says what matters, in both of its forms.
. "$SRC/tests/e2e/lib.sh"
need_captures
cd "$TMP"

# shows FILE PATTERN...
shows() {
	f=$1
	shift
	expect 0 "$bq" show "$f"
	for pattern; do
		said "$pattern"
	done
	if LC_ALL=C grep -q '[^ -~]' "$TMP/out"; then
		die "not printable ASCII: $f"
	fi
	expect 0 "$bq" show --json "$f"
	said '^  "kind": "'
	[ "$(head -c 1 "$TMP/out")" = '{' ] && [ "$(tail -n 1 "$TMP/out")" = '}' ] || die "no JSON: $f"
}

shows "$captures/azure-milan-2023b/hcl-report.bin" 'report_type +SNP' 'bound_to_report +yes' \
	'user_data +none' 'vmpl +0' 'debug_allowed +no' 'policy_bits +smt$' \
	'reported_tcb +bootloader 3, TEE 0, SNP 8, microcode 115'
shows "$captures/azure-tdx/hcl-report.bin" 'report_type +TDX' 'bound_to_report +yes' 'mr_td +75f3acc2'
shows "$captures/snp-vlek-v3/report.bin" 'signing_key +VLEK' 'vmpl +1' 'product +Milan'
shows "$captures/snp-vlek-v3/vlek.der" 'csp_id' 'subject +CN=SEV-VLEK'
shows "$captures/snp-milan-v3/vcek.pem" 'product_name +Milan-B0' 'hardware_id +[0-9a-f]{128}$' \
	'spl_microcode +[0-9]+$'
shows "$captures/amd/turin_ask_ark_asvk.pem" 'CN=ARK-Turin' 'key_bits +4096'
shows "$captures/azure-milan-2025/evidence-v1.json" 'format +coco1' 'nonce +6368616c6c656e6765' \
	'subject +CN=SEV-VCEK' 'vmUniqueId +26F8BC30'
shows "$captures/azure-milan-2023/tpm-quote.msg" 'pcr_selection +sha256:0,1,2,3,4,5,6,7,14$'
shows "$captures/azure-milan-2023/tpm-quote-v1.json" 'nonce +6368616c6c656e6765'
shows "$captures/azure-milan-2023b/akpub.pem" 'key_bits +2048'
shows "$captures/azure-milan-2023b/var-data.bin" 'vmUniqueId +3404EF27'
shows "$captures/eventlog/ubuntu-2404-amd-sevsnp.bin" 'EV_SEPARATOR' 'GCE Virtual Firmware'

# Claims that the report does not vouch for.
cp "$captures/azure-milan-2023b/hcl-report.bin" changed
printf x | dd of=changed bs=1 seek=1300 conv=notrunc 2>/dev/null
shows changed 'bound_to_report +NO'

# Text from outside cannot drive the terminal.
printf '%s' '{"snp":{},"\u001b[31m":"\u001b]0;x\u0007"}' >hostile
expect 0 "$bq" show hostile
if LC_ALL=C grep -q "$(printf '\033')" "$TMP/out"; then
	die 'an escape sequence went through'
fi

# TPM packets: 0x14A is a command's code as well as a response's.
printf '\200\001\000\000\000\012\000\000\001\112' >packet
shows packet 'direction +response' 'TPM_RC_NV_UNINITIALIZED'

expect 0 "$bq" policy "$captures/azure-milan-2025/evidence-v1.json" -o policy
shows policy 'valid +yes'
expect 3 "$bq" show "$captures/README.md"
said 'not recognised'
head -c 1183 "$captures/snp-milan-v3/report.bin" >short # also a legacy event log's beginning
expect 3 "$bq" show short
said 'not recognised'
head -c 5000 "$captures/eventlog/ubuntu-2404-amd-sevsnp.bin" >torn
shows torn 'EV_S_CRTM_VERSION' 'problem +the input ends too early'
: >empty
expect 3 "$bq" show empty
printf '{"a":1}' >json
expect 3 "$bq" show json
printf '{"a":1' >json
expect 3 "$bq" show json
said 'not JSON'
