# The static tool verifies in a directory that holds it and the evidence alone.
# shellcheck shell=sh
. "$SRC/tests/e2e/lib.sh"

[ -x "$BUILD/static/barequote" ] || skip 'not built with sanitizers'
[ "$(id -u)" = 0 ] || skip 'chroot needs root'
sim_start
cat "$sim/vcek.pem" "$sim/ask.pem" >"$TMP/certs.pem"
"$guest" attest -n "$nonce" --certs "$TMP/certs.pem" --eventlog none -o "$TMP/ev.json"
mkdir "$TMP/root"
cp "$BUILD/static/barequote" "$TMP/ev.json" "$sim/ark.pem" "$TMP/root"
expect 0 chroot "$TMP/root" /barequote verify /ev.json -n "$nonce" --roots /ark.pem
said '^accepted$'
expect 1 chroot "$TMP/root" /barequote verify /ev.json -n 00 --roots /ark.pem
expect 1 chroot "$TMP/root" /barequote verify /ev.json -n "$nonce"
said '^rejected: chain'
