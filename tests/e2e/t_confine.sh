# verify is confined while it judges; whatever OpenSSL is configured to load, it
# has by then.
# shellcheck shell=sh
. "$SRC/tests/e2e/lib.sh"

grep -q '^Seccomp:' /proc/self/status 2>/dev/null || skip 'no seccomp'
case $(uname -m) in x86_64 | aarch64) ;; *) skip "not for $(uname -m)" ;; esac
case $BUILD in *san) skip 'not confined with sanitizers' ;; esac

for tool in "$bq" "$BUILD/static/barequote"; do
	[ -x "$tool" ] || continue
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
	for task in /proc/"$pid"/task/*; do
		grep -q '^Seccomp:.*2$' "$task/status" || die "a thread of $tool is not confined"
	done
	exec 3>&-
	wait $pid
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
