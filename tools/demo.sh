#!/bin/sh
# A simulated confidential VM, attested and verified. `make demo` runs this.
set -eu

BUILD=${BUILD:-build}
work=$(mktemp -d)
keys=$BUILD/demo-keys
sock=$work/tpm.sock
sim=
port=$((20000 + $$ % 20000))

finish() {
	[ -z "$sim" ] || { kill "$sim" 2>/dev/null && wait "$sim" 2>/dev/null; } || true
	rm -rf "$work"
}
trap finish EXIT
trap 'exit 130' INT TERM

step() {
	printf '\n== %s\n' "$1"
	shift
	printf '   $'
	printf ' %s' "$@"
	printf '\n'
	"$@"
}

mkdir -p "$keys"
[ -f "$keys/ark.pem" ] || echo 'making the test hierarchy: three RSA-4096 keys, once; this takes some seconds'
mkfifo "$work/ready"
"$BUILD/hclsim" --dir "$keys" --listen "$sock" --imds "$port" >"$work/ready" 2>"$work/sim.err" &
sim=$!
read -r line <"$work/ready" || line=
[ "$line" = ready ] || {
	cat "$work/sim.err" >&2
	exit 1
}

nonce=$(od -An -N32 -tx1 /dev/urandom | tr -d ' \n')
export BAREQUOTE_TCTI="swtpm:path=$sock"
step 'the verifier sends a nonce; the VM answers with evidence' \
	"$BUILD/barequote-guest" attest -n "$nonce" --imds "http://127.0.0.1:$port" -o "$work/evidence.json"
step 'what the evidence holds' "$BUILD/barequote" show "$work/evidence.json"
step "the verifier's verdict, trusting the simulator's own root" \
	"$BUILD/barequote" verify "$work/evidence.json" -n "$nonce" --roots "$keys/ark.pem"
printf '\nThe same evidence against the keys of AMD must fail, and does:\n'
rc=0
"$BUILD/barequote" verify "$work/evidence.json" -n "$nonce" >"$work/amd" || rc=$?
[ "$rc" = 1 ] || {
	cat "$work/amd"
	echo "expected a rejection, got exit $rc" >&2
	exit 1
}
tail -n 1 "$work/amd"
