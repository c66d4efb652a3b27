# Each command that attest sends fails, on the machine that it attests: evidence that is
# accepted or exit 3, in time, and on failure no file.
# shellcheck shell=sh
. "$SRC/tests/e2e/lib.sh"
cd "$TMP"
port=$(free_port)
imds=http://127.0.0.1:$port
timeout=1
margin=6 # the delay among it

# attest [HCLSIM-OPTION...]: on a new machine; $got and $took, in seconds.
attest() {
	rm -rf sim
	sim_start --imds "$port" --throttle 0 "$@"
	mkdir cell
	got=0
	begin=$(date +%s)
	"$guest" attest -n 1122 --timeout $timeout --imds "$imds" -o cell/evidence 2>err || got=$?
	took=$(($(date +%s) - begin))
	sim_stop
}

accepted() {
	[ "$got" = 0 ] && [ "$(ls cell)" = evidence ] &&
		"$bq" verify cell/evidence -n 1122 --roots sim/ark.pem >/dev/null
}

refused() {
	[ "$got" = 3 ] && [ -s err ] && [ -z "$(ls cell)" ]
}

cells=0
# cell FAULT OUTCOME...: attest ends in one of these.
cell() {
	fault=$1
	shift
	attest --fault "$fault"
	[ $took -le $((timeout + margin)) ] || die "$fault: $took s"
	for outcome; do
		! $outcome || break
		outcome=
	done
	[ -n "$outcome" ] || { cat err && ls cell && die "$fault: exit $got"; }
	rm -r cell
	cells=$((cells + 1))
}

attest
accepted || die 'no fault, and not accepted'
rm -r cell
# As `NV_Read:2'.
awk '{ print $2 ":" ++n[$2] }' sim.log >commands

while read -r command; do
	cell "drop:$command" refused
	cell "rc:$command:0x101" accepted refused
	cell "rc:$command:0x922" accepted
	cell "delay:$command:1200" accepted refused
done <commands
[ $cells -ge 40 ] || die "only $cells cells"
echo "$cells cells: $(($(wc -l <commands))) commands, each dropped, failing, to be sent again, and late"
