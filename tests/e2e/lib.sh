# Sourced by every end-to-end test.
# shellcheck shell=sh
set -eu

bq=$BUILD/barequote
guest=$BUILD/barequote-guest
captures=$SRC/../shared/vectors
nonce=6368616c6c656e6765

die() {
	echo "$*" >&2
	exit 1
}

skip() {
	echo "$*"
	exit 77
}

need_captures() {
	[ -d "$captures" ] || skip "no ../shared/vectors"
}

# expect CODE COMMAND...: runs it, keeping stdout in $TMP/out and stderr in $TMP/err.
expect() {
	want=$1
	shift
	got=0
	"$@" >"$TMP/out" 2>"$TMP/err" || got=$?
	[ "$got" = "$want" ] || {
		cat "$TMP/out" "$TMP/err"
		die "exit $got instead of $want: $*"
	}
}

# said PATTERN: the last expect printed a line that matches (grep -E).
said() {
	grep -qE -- "$1" "$TMP/out" "$TMP/err" || {
		cat "$TMP/out" "$TMP/err"
		die "nothing said: $1"
	}
}

# failed_checks FILE: names of the failed checks in a `verify --json` verdict.
failed_checks() {
	tr '{' '\n' <"$1" | sed -n 's/.*"name": *"\([^"]*\)", *"result": *"fail".*/\1/p' | tr '\n' ' '
}

# sim_start [OPTION...]: a simulator on $TMP/tpm.sock with keys shared by product.
# Its directory is $sim, its log $TMP/sim.log; it ends with the test.
sim_start() {
	product=milan
	prev=
	for a in "$@"; do
		[ "$prev" != --product ] || product=$a
		prev=$a
	done
	sim=$TMP/sim
	mkdir -p "$sim" "$KEYS"
	[ ! -d "$KEYS/$product" ] || cp "$KEYS/$product"/*.pem "$sim"/
	mkfifo "$TMP/ready"
	"${HCLSIM:-$BUILD/hclsim}" --dir "$sim" --listen "$TMP/tpm.sock" --log "$TMP/sim.log" "$@" \
		>"$TMP/ready" 2>"$TMP/sim.err" &
	sim_pid=$!
	trap sim_stop EXIT
	read -r line <"$TMP/ready" || line=
	rm "$TMP/ready"
	[ "$line" = ready ] || {
		cat "$TMP/sim.err"
		die "the simulator did not start"
	}
	[ -d "$KEYS/$product" ] || {
		mkdir "$KEYS/$product.$$" && cp "$sim"/*.pem "$KEYS/$product.$$"/ &&
			mv "$KEYS/$product.$$" "$KEYS/$product"
	}
	export BAREQUOTE_TCTI="swtpm:path=$TMP/tpm.sock"
}

sim_stop() {
	[ -n "${sim_pid:-}" ] || return 0
	kill "$sim_pid" 2>/dev/null || true
	wait "$sim_pid" 2>/dev/null || true
	sim_pid=
	rm -f "$TMP/tpm.sock" "$TMP/ready"
}

# A TCP port that nobody uses just now, nor the three after it. Below those that the
# kernel gives to connections.
free_port() {
	p=$((20000 + $$ % 3000 * 4))
	while [ -r /proc/net/tcp ] && grep -qiE ":($(printf '%04X|%04X|%04X|%04X' \
		"$p" $((p + 1)) $((p + 2)) $((p + 3)))) " /proc/net/tcp; do
		p=$((p + 4))
	done
	echo "$p"
}
