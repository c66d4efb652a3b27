#!/bin/sh
# A machine that misbehaves: exit 3, a line that helps, and no partial file.
. "$SRC/tests/e2e/lib.sh"
cd "$TMP"
port=$(free_port)
imds=http://127.0.0.1:$port

# broken "SIMULATOR OPTIONS" PATTERN: both ways to a report refuse, and say so.
broken() {
	# shellcheck disable=SC2086
	sim_start --imds "$port" --throttle 0 $1
	expect 3 "$bq" report -u 1122 --timeout 3 -o blob --snp snp --claims claims
	said "$2"
	expect 3 "$guest" attest -n 1122 --timeout 3 --imds "$imds" -o evidence
	said "$2"
	[ "$(wc -l <"$TMP/err")" = 1 ] || { cat "$TMP/err"; die 'expected one line'; }
	expect 3 "$guest" attest -n 1122 --timeout 3 --imds "$imds" -f dir -o dir
	sim_stop
	rm -rf "$TMP/sim"
	for f in blob snp claims evidence dir; do
		[ ! -e $f ] || die "$1 left $f"
	done
}

begin=$(date +%s)
broken '--fault stale' 'no fresh report in time'
took=$(($(date +%s) - begin))
[ $took -ge 9 ] && [ $took -le 14 ] || die "three times 3 s took $took s"
broken '--fault torn:*' 'keep reading or writing it; stop them, or try again$'
broken '--fault absent' 'not an Azure confidential VM with a vTPM; use a confidential VM size'
broken '--fault unwritten' 'not been written yet: [^;]*not done; start the VM again; [^;]*$'
broken '--fault owner-auth' 'reading the report: the owner hierarchy has a password; give it with -P, or clear it'
broken '--no-user-data' 'user data'
broken '--fault drop:NV_Read:*' 'closed|went away'
broken '--fault rc:NV_Read:*:0x921' 'LOCKOUT'

# Quote and certificates: a report alone is no evidence.
partial() {
	# shellcheck disable=SC2086
	sim_start --imds "$port" --throttle 0 $1
	expect 3 "$guest" attest -n 1122 --timeout 3 --imds "$imds" -o evidence
	said "$2"
	[ ! -e evidence ] || die "$1 left evidence"
	sim_stop
	rm -rf "$TMP/sim"
}
partial '--fault no-ak' 'TPM_RC_HANDLE'
partial '--fault imds-status:500:*' '127.0.0.1.*500|in time'
partial '--fault imds-status:403:*' '403'
partial '--fault tcbm' 'certificates'
partial '--fault imds-pem' 'certificates from .*: not a certificate; --certs'
partial '--fault type:tdx' 'TDX'

# What comes to its senses in time is not a failure.
while read -r fault; do
	sim_start --imds "$port" --throttle 0 --fault "$fault"
	expect 0 "$guest" attest -n 1122 --imds "$imds" -o evidence
	expect 0 "$bq" verify evidence -n 1122 --roots "$sim/ark.pem"
	rm evidence
	sim_stop
	rm -rf "$TMP/sim"
done <<'END'
tcbm:1
imds-status:503:2
rc:NV_Write:1:0x922
rc:PCR_Read:2:0x922
torn:1
END

# A chain whose second certificate is damaged.
sim_start --imds "$port" --throttle 0 --fault imds-pem
expect 3 "$guest" certs --imds "$imds" -o chain
[ ! -e chain ] || die 'a failed command left its output'
expect 3 "$guest" doctor --imds "$imds"
said '^FAIL  imds: .*: not a certificate'
{
	cat "$sim/vcek.pem" "$sim/ask.pem"
	sed 's/^MII/M!I/' "$sim/ark.pem"
} >certs
expect 3 "$guest" attest -n 1122 --certs certs -o evidence
said '--certs: not a certificate'
sim_stop
rm -rf "$TMP/sim"

# An AK that is not the one the report vouches for makes evidence that is refused.
sim_start --imds "$port" --throttle 0 --fault other-ak
expect 0 "$guest" attest -n 1122 --imds "$imds" -o evidence
expect 1 "$bq" verify evidence -n 1122 --roots "$sim/ark.pem"
said '^rejected: quote.signature'
sim_stop

# The owner's password lets reports be read; fresh ones there are none, since the
# paravisor does not know it.
sim_start --imds "$port" --throttle 0 --fault owner-auth
expect 0 "$guest" report -P hclsim -o blob
printf 'hclsim\n' >password
expect 0 "$guest" report -P file:password -o blob
expect 0 "$guest" report -P hex:68636c73696d -o blob
rm blob
expect 3 "$guest" report -P wrong -o blob
expect 3 "$guest" report -P hclsim -u 1122 --timeout 3 -o blob
said 'user data; .*owner hierarchy has a password, clear it'
[ ! -e blob ] || die 'a failed command left its output'
ln -s "$guest" tpm2_nvread
expect 1 ./tpm2_nvread -C o 0x01400001 -o blob
expect 0 ./tpm2_nvread -C o -P hclsim 0x01400001 -o blob
sim_stop
