# certs --kds: over TLS from a server on this machine that has what AMD's has.
# shellcheck shell=sh
. "$SRC/tests/e2e/lib.sh"
cd "$TMP"

sim_start --throttle 0
port=$(free_port)
kds=https://127.0.0.1:$port

# A CA of its own for the server, and a stranger. By address: a chroot may not know localhost.
for ca in trusted stranger; do
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -keyout $ca.key \
		-out $ca.pem -subj "/CN=$ca" -addext subjectAltName=IP:127.0.0.1 2>/dev/null
done

# The files' names are the request's path and query; each holds a whole answer.
url=$("$bq" certs --print-url)
path=${url#https://kdsintf.amd.com/}
mkdir -p "www/vcek/v1/Milan"
answer() { # FILE TYPE
	printf 'HTTP/1.1 200 OK\r\nContent-Type: %s\r\nContent-Length: %d\r\nConnection: close\r\n\r\n' \
		"$2" "$(wc -c <"$1")"
	cat "$1"
}
openssl x509 -in "$sim/vcek.pem" -outform DER -out vcek.der
cat "$sim/ask.pem" "$sim/ark.pem" >chain.pem
answer vcek.der application/octet-stream >"www/$path"
answer chain.pem application/x-pem-file >www/vcek/v1/Milan/cert_chain

serve() { # CA
	(cd www && exec openssl s_server -quiet -HTTP -accept "$port" -cert "../$1.pem" -key "../$1.key") \
		>server.log 2>&1 &
	server=$!
	trap 'kill $server 2>/dev/null || :; sim_stop' EXIT
	tries=0
	until openssl s_client -connect "127.0.0.1:$port" </dev/null >/dev/null 2>&1; do
		tries=$((tries + 1))
		[ $tries -lt 50 ] || die "no server: $(cat server.log)"
		sleep 0.1
	done
}
stop() {
	kill "$server" 2>/dev/null || :
	wait "$server" 2>/dev/null || :
}
export SSL_CERT_FILE="$TMP/trusted.pem"

serve trusted
expect 0 "$bq" certs --kds --kds-url "$kds" -o got.pem
[ "$(grep -c BEGIN got.pem)" = 3 ] || die 'not three certificates'
expect 0 "$bq" attest -n "$nonce" --certs got.pem -o ev.json
expect 0 "$bq" verify ev.json -n "$nonce" --roots "$sim/ark.pem"

# Nothing is written, and what was there stays, where it fails.
echo kept >kept
mv "www/$path" aside
expect 3 "$bq" certs --kds --kds-url "$kds" -o kept
mv aside "www/$path"
answer chain.pem application/octet-stream >"www/$path"
expect 3 "$bq" certs --kds --kds-url "$kds" -o kept
said 'no certificate'
expect 3 "$bq" certs --kds --kds-url "http://127.0.0.1:$port" -o kept
said 'https://'

# The VCEK alone, or with a chain of which a part is damaged, is not handed on.
answer vcek.der application/octet-stream >"www/$path"
mv www/vcek/v1/Milan/cert_chain aside
expect 3 "$bq" certs --kds --kds-url "$kds" -o kept
said cert_chain
sed 's/^MII/M!I/' "$sim/ark.pem" | cat "$sim/ask.pem" - >damaged.pem
answer damaged.pem application/x-pem-file >www/vcek/v1/Milan/cert_chain
expect 3 "$bq" certs --kds --kds-url "$kds" -o kept
said 'cert_chain: the answer is no certificate'
# A length need not be announced; a proxy is not asked.
grep -av '^Content-Length' aside >www/vcek/v1/Milan/cert_chain
https_proxy=http://127.0.0.1:1 HTTPS_PROXY=http://127.0.0.1:1 \
	expect 0 "$bq" certs --kds --kds-url "$kds" -o again.pem
cmp again.pem got.pem
# The name in the URL must be the certificate's.
expect 3 "$bq" certs --kds --kds-url "https://127.0.0.2:$port" -o kept
said 'verify failed'
stop

# wrong WORDS FORMAT [COMMAND...]: a server that says this to whoever asks first, and then
# what the command prints. It is refused in time and in one line.
wrong() {
	words=$1 format=$2
	shift 2
	mkfifo said
	# shellcheck disable=SC2059 # it is one
	{ printf "HTTP/1.1 $format" && { [ $# = 0 ] || "$@"; }; } >said 2>/dev/null &
	writer=$!
	openssl s_server -quiet -naccept 1 -accept "$port" -cert trusted.pem -key trusted.key <said \
		>server.log 2>&1 &
	server=$!
	until grep -qsi ":$(printf %04X "$port") .*:0000 0A" /proc/net/tcp /proc/net/tcp6; do
		kill -0 $server
	done
	started=$(date +%s)
	expect 3 "$bq" certs --kds --kds-url "$kds" --timeout 2 -o kept
	[ $(($(date +%s) - started)) -le 5 ] || die "it took too long: $format"
	said "$words"
	[ "$(wc -l <err)" = 1 ] || die 'not one line'
	! grep -q '[[:cntrl:]]' err || die "control characters: $(cat -v err)"
	stop
	kill "$writer" 2>/dev/null || :
	wait "$writer" 2>/dev/null || :
	rm said
}
then_wait() {
	"$@"
	sleep 4
}
# The kernel's tables say where a server listens.
if [ -r /proc/net/tcp ]; then
	ok='200 OK\r\nContent-Type: application/octet-stream\r\n'
	n=$(wc -c <vcek.der)
	wrong timeout '' sleep 4
	wrong timeout "$ok" sleep 4
	wrong timeout "${ok}Content-Length: $n\r\n\r\n" then_wait head -c 500 vcek.der
	wrong timeout "$ok\r\n" then_wait cat vcek.der
	wrong 'too short' "${ok}Content-Length: $((n + 1))\r\n\r\n" cat vcek.der
	wrong 'too long' "${ok}Content-Length: $((n - 1))\r\n\r\n" cat vcek.der
	wrong 'max resp len' "${ok}Content-Length: 1000000000\r\n\r\n" cat vcek.der /dev/zero
	wrong 'too long' "$ok\r\n" cat vcek.der /dev/zero
	wrong 'no certificate|reading' "$ok" yes 'A: b'
	wrong 'no certificate' "${ok}Content-Encoding: gzip\r\n\r\n" gzip -c vcek.der
	wrong 'redirect' "302 Found\r\nLocation: $kds/elsewhere\r\nContent-Length: 0\r\n\r\n"
	wrong '=\\x1b\[31mPWNED\\x1b\]0;title\\x07' \
		'404 \033[31mPWNED\033]0;title\007\r\nContent-Length: 0\r\n\r\n'
	wrong 'status code: 500|500' '500 No\r\nContent-Length: 0\r\n\r\n'
fi

serve stranger
expect 3 "$bq" certs --kds --kds-url "$kds" -o kept
said 'verify failed'
stop
expect 3 "$bq" certs --kds --kds-url "$kds" -o kept
[ "$(cat kept)" = kept ] || die 'a failed command changed a file'

expect 2 "$bq" certs --kds --print-url
expect 2 "$guest" certs --kds
said 'needs barequote'
