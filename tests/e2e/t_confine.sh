# verify is confined while it judges; whatever OpenSSL is configured to load, it
# has by then.
# shellcheck shell=sh
. "$SRC/tests/e2e/lib.sh"

grep -q '^Seccomp:' /proc/self/status 2>/dev/null || skip 'no seccomp'
case $(uname -m) in x86_64 | aarch64) ;; *) skip "not for $(uname -m)" ;; esac
case $BUILD in *san) skip 'not confined with sanitizers' ;; esac

# await_confined PID: all its threads are, sooner or later.
await_confined() {
	for task in /proc/"$1"/task/*; do
		tries=0
		until grep -q '^NoNewPrivs:.*1$' "$task/status" &&
			grep -q '^Seccomp:.*2$' "$task/status"; do
			tries=$((tries + 1))
			[ $tries -lt 300 ] || die "a thread of $tool is not confined"
			sleep 0.1
		done
	done
}

# One evidence: its verdict waits for a place in a full pipe.
judging_one() {
	mkfifo "$TMP/full"
	exec 3<>"$TMP/full"
	timeout 1 cat /dev/zero >&3 || true
	"$tool" verify "$SRC/tests/vectors/snp-v3-milan.bin" --no-nonce >"$TMP/full" 3>&- &
	pid=$!
	await_confined $pid
	exec 4<"$TMP/full" 3>&-
	rm "$TMP/full"
	tr -d '\0' <&4 | grep -q '^rejected' || die "no verdict of $tool"
	exec 4<&-
	got=0
	wait $pid || got=$?
	[ "$got" = 1 ] || die "exit $got of $tool"
}

# Many: each thread has judged a line.
judging_many() {
	mkfifo "$TMP/in"
	"$tool" verify --stream -j 2 <"$TMP/in" >"$TMP/answers" &
	pid=$!
	exec 3>"$TMP/in"
	rm "$TMP/in"
	echo >&3
	tries=0
	while [ ! -s "$TMP/answers" ]; do
		tries=$((tries + 1))
		[ $tries -lt 600 ] || die 'no answer'
		sleep 0.1
	done
	await_confined $pid
	exec 3>&-
	wait $pid
}

for tool in "$bq" "$BUILD/static/barequote"; do
	[ -x "$tool" ] || continue
	judging_one
	judging_many
done

need_captures
cat >"$TMP/openssl.cnf" <<'C'
openssl_conf = init
[init]
providers = providers
[providers]
default = on
base = on
legacy = on
[on]
activate = 1
C
v1=$captures/azure-milan-2025/evidence-v1.json
expect 0 env OPENSSL_CONF="$TMP/openssl.cnf" "$bq" verify "$v1" -n "$nonce"
expect 1 env OPENSSL_CONF="$TMP/openssl.cnf" "$bq" verify "$v1" -n 00
