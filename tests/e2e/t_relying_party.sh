# The example relying party gives its secret to genuine evidence only.
# shellcheck shell=sh
. "$SRC/tests/e2e/lib.sh"

port=$(free_port)
sim_start --imds "$port" --throttle 0
echo 'the launch code' >"$TMP/secret"

# converse ROOTS COMMAND...: COMMAND gets the nonce as its last argument and prints evidence.
converse() {
	roots=$1
	shift
	rm -f "$TMP/ask" "$TMP/answer"
	mkfifo "$TMP/ask" "$TMP/answer"
	# shellcheck disable=SC2086 # none or one word
	"$BUILD/examples/relying_party" "$TMP/secret" $roots <"$TMP/answer" >"$TMP/ask" &
	party=$!
	exec 4>"$TMP/answer" 5<"$TMP/ask"
	read -r word asked <&5
	[ "$word" = challenge ] || die "not a challenge: $word"
	"$@" "$asked" >&4
	exec 4>&-
	cat <&5 >"$TMP/said"
	exec 5<&-
	rc=0
	wait $party || rc=$?
}
genuine() {
	"$guest" attest --imds "http://127.0.0.1:$port" --eventlog none -n "$1"
}
released() {
	[ $rc = 0 ] && grep -q '^secret the launch code$' "$TMP/said"
}
refused() { # PATTERN
	[ $rc = 1 ] && ! grep -q launch "$TMP/said" && grep -qE "^refused $1" "$TMP/said" || {
		cat "$TMP/said"
		die "expected a refusal: $1"
	}
}

converse "$sim/ark.pem" genuine
released || die "no secret for genuine evidence: $(cat "$TMP/said")"

converse '' genuine # AMD's keys
refused chain.root

replayed() {
	genuine 00112233
}
converse "$sim/ark.pem" replayed
refused runtime.user_data

forged() { # one bit of the quote's signature
	genuine "$1" | sed 's/"signature":"[0-7]/"signature":"8/; t; s/"signature":"[89a-f]/"signature":"0/'
}
converse "$sim/ark.pem" forged
refused quote.signature

cut_short() {
	genuine "$1" | cut -c 1-500
}
converse "$sim/ark.pem" cut_short
refused input.format

printf '{"snp":{"min_guest_svn":99}}' >"$TMP/policy"
converse "$sim/ark.pem $TMP/policy" genuine
refused policy.snp.min_guest_svn
