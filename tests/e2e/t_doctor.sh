#!/bin/sh
# doctor: what it says, and how it ends, on a healthy machine and on each that is
# not; and that it changes nothing.
. "$SRC/tests/e2e/lib.sh"
. "$SRC/tests/e2e/doctor.sh"
cd "$TMP"
port=$(free_port)
imds=http://127.0.0.1:$port
options=

eventlog='^warn  eventlog: .*; .*attest does without'
[ ! -s /sys/kernel/security/tpm0/binary_bios_measurements ] || eventlog='^ok    eventlog: .*: size [1-9]'
machine '' 0 \
	'^ok    tpm.device: swtpm:path=.*/tpm.sock$' \
	'^ok    tpm.identity: IBM, library revision 1\.[0-9]+, NV buffer [0-9]+$' \
	'^ok    report.index: size 2600, attributes 0x62060004$' \
	'^ok    report: header version 1, SNP report version 3, binds its claims$' \
	'^ok    user_data.index: not there yet: attest defines it, if the TPM has room$' \
	'^ok    owner: no password$' \
	'^ok    ak: restricted RSA-2048, RSASSA, SHA-256$' \
	'^ok    ak.match: ' \
	'^ok    ak.cert: size 4096, attributes 0x62060004$' \
	'^warn  pcrs: banks.* sha256.*, PCRs 0 to 7 are zero; the firmware measured nothing' \
	"$eventlog" \
	'^ok    user_data: the claims carry it, as it is now$' \
	"^ok    imds: certificates for TCB [0-9a-f]{16}, the report's$"
machine '--nv-size 2900 --hcl-version 2 --report-version 5 --product turin' 0 \
	'^ok    report.index: size 2900' \
	'^ok    report: header version 2, SNP report version 5, binds its claims$'
machine '--nv-size 2048 --key-order sorted --hex-case lower' 0 \
	'^ok    report.index: size 2048' '^ok    user_data: the claims carry it, as it is now$' \
	'^ok    report: header version 1, SNP report version 3, current-time 1[0-9]{9}, [0-9]{1,3} s ago, binds its claims$'
machine '--nv-size 2048 --fault clock-ahead' 0 \
	'^ok    report: header version 1, SNP report version 3, current-time [0-9]{10}, binds its claims$'

# Each thing that can be wrong, and what follows from it.
machine '--fault unwritten' 3 \
	'^FAIL  report.index: size 2600, attributes 0x42060004: .*not been written.*; start the VM again' \
	'^skip  report: needs' '^skip  ak.match: ' '^ok    ak: ' '^ok    imds: certificates for TCB [0-9a-f]+$'
machine '--fault absent' 3 \
	'^FAIL  report.index: .*not an Azure confidential VM.*; use a confidential VM size' '^skip  report: '
machine '--fault owner-auth' 3 \
	'^ok    report.index: ' '^FAIL  report: the owner hierarchy has a password.*; give.* -P' \
	'^FAIL  owner: the owner hierarchy has a password; clear it'
options='-P hclsim'
machine '--fault owner-auth' 3 '^ok    report: ' '^FAIL  owner: .*; clear it'
options=
machine '--fault no-ak' 3 \
	'^FAIL  ak: no key at 0x81000003; start the VM again' '^skip  ak.match: ' '^ok    ak.cert: '
machine '--fault other-ak' 3 '^ok    ak: ' '^FAIL  ak.match: .*not HCLAkPub.*; somebody replaced it'
machine '--fault zero-ak' 3 '^ok    ak: ' '^FAIL  ak.match: HCLAkPub .* zero; '
machine '--fault no-ak-cert' 0 '^warn  ak.cert: none; attest does without'
machine '--fault unwritten-ak-cert' 0 \
	'^warn  ak.cert: size 4096, attributes 0x42060004: not written; attest does without'
machine '--fault type:tdx' 3 \
	'^FAIL  report: header version 1, TDX: .*not SEV-SNP.*; use a VM size with AMD SEV-SNP' \
	'^ok    ak.match: ' '^ok    imds: '
machine '--fault type:vbs' 3 '^FAIL  report: header version 1, VBS: .*; use a confidential VM size'
machine '--throttle 0 --fault torn:*' 3 '^FAIL  report: no consistent report in time.*; stop them'
# The report no longer follows what is written.
sim_start --imds "$port" --fault stale
expect 3 "$guest" attest -n 22 --certs none --eventlog none --timeout 1 -o evidence
: >sim.log
ill 3 '^ok    user_data.index: ' '^FAIL  user_data: no fresh report in time.*; allow more time' '^ok    report: '
only_reads
sim_stop
rm -rf sim sim.log
machine '--fault platform-user-data' 3 \
	"^FAIL  user_data.index: size 32, attributes 0x40020002: does not fit, and is the platform's; redeploy the VM" \
	'^ok    user_data: the claims carry it$' '^ok    report: '
machine '--fault no-sha256' 3 \
	'^FAIL  pcrs: banks sha1 sha384 sha512: sha256 is not complete; allocate it .*attest quotes it$' '^ok    ak: '
machine '--no-user-data' 3 '^FAIL  user_data: .*freshness cannot be had; redeploy the VM' '^ok    report: '
machine '--fault tcbm' 3 \
	'^FAIL  imds: certificates for TCB [0-9a-f]{16}, the report has [0-9a-f]{16}; .*try again later'
machine '--fault imds-status:500' 3 \
	"^FAIL  imds: certificates from $imds: the server refused: 500; attest --certs" \
	'^ok    ak.match: '
options=--no-imds
machine '--fault imds-status:500' 0 '^skip  imds: --no-imds$'
options=
# Certificates that lag for a moment are fetched again, like attest does.
machine '--fault tcbm:1' 0 "^ok    imds: .*, the report's$"
# The TPM goes away in the middle: what needs it is left out, the rest is not.
machine '--fault drop:NV_ReadPublic:*' 3 '^ok    tpm.identity: ' \
	'^FAIL  report.index: the connection was closed' '^skip  ak: ' '^skip  pcrs: ' '^ok    imds: '
machine '--fault rc:ReadPublic:*:0x921' 3 '^FAIL  ak: .*TPM_RC_LOCKOUT.*; wait or reset'

# Nobody answers there.
sim_stop
options=--no-imds
export BAREQUOTE_TCTI="swtpm:path=$TMP/tpm.sock"
ill 3 '^FAIL  tpm.device: swtpm:path=.*: no TPM there \(no such file or directory\); load tpm_crb or tpm_tis' \
	'^skip  tpm.identity: needs' '^skip  pcrs: ' '^skip  user_data: '
options=
ill 3 '^FAIL  imds: certificates from http://127.0.0.1:[0-9]+: .*connection refused'
imds=http://vm.example
ill 3 '^FAIL  imds: .*; expected http://ADDRESS'
export BAREQUOTE_TCTI=nonsense:x
options=--no-imds
ill 3 '^FAIL  tpm.device: nonsense:x: not a TPM address'
unset BAREQUOTE_TCTI
[ -e /dev/tpm0 ] || [ -e /dev/tpmrm0 ] ||
	ill 3 '^FAIL  tpm.device: /dev/tpmrm0: no TPM there; load tpm_crb or tpm_tis'

# Where nobody may go. Root may go there with his capabilities only.
mkdir closed
chmod 0 closed
mortal=
[ "$(id -u)" != 0 ] || mortal='setpriv --bounding-set=-dac_override,-dac_read_search'
if $mortal true 2>err; then
	# shellcheck disable=SC2086 # words on purpose
	expect 3 $mortal "$guest" doctor --no-imds -T "$TMP/closed/tpm"
	said '^FAIL  tpm.device: .*: permission denied.*; run as root or as a member of the group tss'
fi
chmod 700 closed

# doctor_in SCRIPT: what it says after that; false where mounts are not allowed.
doctor_in() {
	got=0
	unshare -m sh "$1" "$guest" doctor --no-imds >out 2>err || got=$?
	grep -q tpm.device out || return 1
	[ $got = 3 ] || die "exit $got instead of 3"
}

# Another /sys: a driver whose node is missing, and an event log.
cat >elsewhere <<'END'
mount -t tmpfs none /dev && mount -t tmpfs none /sys && mkdir -p /sys/class/tpmrm/tpmrm1 \
	/sys/kernel/security/tpm0 || exit 77
head -c 3000 "$1" >/sys/kernel/security/tpm0/binary_bios_measurements
exec "$@"
END
if doctor_in elsewhere; then
	said '^FAIL  tpm.device: /dev/tpmrm1: the kernel has this TPM, but its .*missing; mount devtmpfs on /dev'
	said '^ok    eventlog: .*: size 3000$'
fi

# One node alone, that takes everything and answers nothing.
cat >raw <<'END'
mount -t tmpfs none /dev && mount -t tmpfs none /sys && mknod /dev/tpm0 c 1 3 || exit 77
exec "$@"
END
if doctor_in raw; then
	said '^warn  tpm.device: /dev/tpm0; it has no resource manager'
	said '^FAIL  tpm.identity: '
fi

for p in "$bq" "$guest"; do
	expect 2 "$p" doctor --timeout soon
	expect 2 "$p" doctor extra
done
