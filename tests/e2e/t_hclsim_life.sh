#!/bin/sh
# The simulator's process: how it starts, what it leaves behind, what ends it.
. "$SRC/tests/e2e/lib.sh"
[ -r /proc/self/status ] || skip 'no /proc to find its children in'
cd "$TMP"

expect 0 "$BUILD/hclsim" --help
said 'For development and tests only'
said 'rc:CMD:N:CODE'
for wrong in '' '--dir d' '--dir d --listen s --product rome' '--dir d --listen s --fault nonsense' \
	'--dir d --listen s extra'; do
	# shellcheck disable=SC2086
	expect 2 "$BUILD/hclsim" $wrong
	said 'hclsim: '
done
[ ! -e d ] || die 'wrong usage made a directory'
expect 3 "$BUILD/hclsim" --dir no/such/dir --listen s
said 'No such file'

# child PID: the swtpm of a simulator.
child() {
	cat "/proc/$1/task/$1/children"
}

gone() {
	i=0
	while kill -0 "$1" 2>/dev/null; do
		i=$((i + 1))
		[ $i -lt 100 ] || die "process $1 is still there"
		sleep 0.1
	done
}

sim_start
grep -q 'nothing it signs proves anything' sim.err || die 'it did not say what it is'
for f in ark ask asvk vcek vlek crl akca ark.key vcek.key; do
	[ -s "sim/$f.pem" ] || die "no $f.pem"
done
[ "$(stat -c %a sim/ark.key.pem)" = 600 ] || die 'anyone may read the keys'
openssl verify -CAfile sim/ark.pem -untrusted sim/ask.pem sim/vcek.pem
openssl verify -CAfile sim/ark.pem -untrusted sim/asvk.pem sim/vlek.pem
cp sim/vcek.pem first.pem
"$guest" report -o blob --claims one
grep -qE '^20[0-9-]+T[0-9:.]+Z NV_Read 40000001 01400001 00000000$' sim.log || die 'no such log line'

# One directory, one simulator.
expect 3 "$BUILD/hclsim" --dir sim --listen other.sock
said 'another hclsim uses it'
[ ! -e other.sock ] || die 'a refused start left its socket'

# SIGTERM: everything goes, and it counts as success.
tpm=$(child "$sim_pid")
kill "$sim_pid"
rc=0
wait "$sim_pid" || rc=$?
sim_pid=
[ "$rc" = 0 ] || die "ended with $rc"
[ ! -e tpm.sock ] || die 'the socket is still there'
gone "$tpm"

# The next start finds its keys, certificates and AK.
begin=$(date +%s%N)
sim_start
echo "started in $((($(date +%s%N) - begin) / 1000000)) ms"
cmp sim/vcek.pem first.pem || die 'another certificate for the same processor'
"$guest" report -o blob --claims two
cmp one two || die 'other keys after a restart'

# Killed outright, its TPM goes with it, and the socket it left is no obstacle.
tpm=$(child "$sim_pid")
kill -9 "$sim_pid"
wait "$sim_pid" 2>/dev/null || true
sim_pid=
gone "$tpm"
[ -e tpm.sock ] || die 'expected a stale socket'
sim_start
"$guest" report -o blob

# A live socket or another file is not taken away.
expect 3 timeout 60 "$BUILD/hclsim" --dir sim2 --listen tpm.sock
said 'in use'
"$guest" report -o blob
echo precious >file
expect 3 timeout 60 "$BUILD/hclsim" --dir sim2 --listen file
[ "$(cat file)" = precious ] || die 'a file was replaced by a socket'

# Without its TPM it ends and says so.
kill "$(child "$sim_pid")"
rc=0
wait "$sim_pid" || rc=$?
sim_pid=
[ "$rc" = 3 ] || die "ended with $rc"
grep -q 'swtpm is gone' sim.err || die 'it did not say why'

# Another product has other certificates, under the same keys.
sim_start --product turin
openssl x509 -in sim/ark.pem -noout -subject | grep -q ARK-Turin || die 'not a Turin'
openssl verify -CAfile sim/ark.pem -untrusted sim/ask.pem sim/vcek.pem
sim_stop

# What a fault has made of the TPM goes with the fault.
sim_start --fault platform-user-data --fault no-sha256
expect 3 "$guest" doctor --no-imds
said '^FAIL  user_data.index: '
said '^FAIL  pcrs: '
sim_stop
sim_start
expect 0 "$guest" doctor --no-imds
