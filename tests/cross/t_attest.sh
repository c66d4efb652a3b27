# The attester and the verifier of another machine ($CROSS, run by $QEMU) beside
# ours: the same evidence counts for both, and both say the same of every file.
# shellcheck shell=sh
. "$SRC/tests/e2e/lib.sh"

# same COMMAND...: exit code and output of both tools are the same.
same() {
	ours=0 theirs=0
	"$bq" "$@" >"$TMP/ours" 2>&1 || ours=$?
	"$QEMU" "$CROSS/barequote" "$@" >"$TMP/theirs" 2>&1 || theirs=$?
	[ $ours = $theirs ] || die "exit $ours here, $theirs there: $*"
	cmp "$TMP/ours" "$TMP/theirs" || die "differs: $*"
}

sim_start
cat "$sim/vcek.pem" "$sim/ask.pem" >"$TMP/certs.pem"
expect 0 "$QEMU" "$CROSS/barequote-guest" attest -n "$nonce" --certs "$TMP/certs.pem" \
	--eventlog none -o "$TMP/ev.json"
expect 0 "$QEMU" "$CROSS/barequote-guest" report -u 00ff -o "$TMP/report"
expect 0 "$QEMU" "$CROSS/barequote-guest" attest -n "$nonce" -f dir --certs "$TMP/certs.pem" \
	--eventlog none -o "$TMP/dir"
same pcrread sha256:all+sha1:7
same readpublic -c 0x81000003
same rc_decode 0x8a2
sim_stop

expect 0 "$bq" verify "$TMP/ev.json" -n "$nonce" --roots "$sim/ark.pem"
at=2027-01-01T00:00:00Z
for evidence in ev.json dir; do
	for n in "$nonce" 00; do
		same verify "$TMP/$evidence" -n "$n" --roots "$sim/ark.pem" --at $at --json
	done
	same verify "$TMP/$evidence" -n "$nonce" --at $at
	same policy "$TMP/$evidence"
done
shown=0
for f in "$TMP/ev.json" "$TMP/report" "$TMP"/dir/* "$sim"/*.pem tests/vectors/*.* \
	"$captures"/azure-*/* "$captures"/snp-*/* "$captures"/eventlog/*; do
	[ -f "$f" ] && [ "$(wc -c <"$f")" -lt 1000000 ] || continue
	same show "$f" --json
	shown=$((shown + 1))
done
[ $shown -gt 20 ] || die "only $shown files"
[ ! -d "$captures" ] || same verify "$captures/azure-milan-2025/evidence-v1.json" -n "$nonce" --at $at
echo "$shown files shown alike"
