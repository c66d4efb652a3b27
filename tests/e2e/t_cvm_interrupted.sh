#!/bin/sh
# tests/cvm/run.sh, ended by a signal while it has an index in NV, takes it away.
. "$SRC/tests/e2e/lib.sh"
[ "$(id -u)" = 0 ] || skip 'the suite needs root'
cd "$TMP"
port=$(free_port)
sim_start --imds "$port" --throttle 0

# The signal comes where the suite writes to its index.
cat >interrupting <<END
#!/bin/sh
[ "\$1" != nvwrite ] || kill -TERM \$PPID
exec '$bq' "\$@"
END
chmod +x interrupting

"$bq" getcap handles-nv-index >before
expect 130 env BQ="$TMP/interrupting" GUEST="$guest" ROOTS="$sim/ark.pem" IMDS="http://127.0.0.1:$port" \
	sh "$SRC/tests/cvm/run.sh"
grep -q 'NV_Write [0-9a-f]* 01800100' sim.log || die 'the suite never had an index'
"$bq" getcap handles-nv-index | grep -v 1400002 >after
diff before after
