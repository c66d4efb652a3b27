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
	kill "$server"
	wait "$server" || :
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
# The name in the URL must be the certificate's.
expect 3 "$bq" certs --kds --kds-url "https://127.0.0.2:$port" -o kept
said 'verify failed'
stop

serve stranger
expect 3 "$bq" certs --kds --kds-url "$kds" -o kept
said 'verify failed'
stop
expect 3 "$bq" certs --kds --kds-url "$kds" -o kept
[ "$(cat kept)" = kept ] || die 'a failed command changed a file'

expect 2 "$bq" certs --kds --print-url
expect 2 "$guest" certs --kds
said 'needs barequote'
