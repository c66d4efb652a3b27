#!/bin/sh
# What building and testing need, installed through apt where this may, named otherwise.
# Usage: deps.sh [demo|check]
set -eu

want=${1:-check}
missing=

need() { # package, then a command that succeeds where it is there
	pkg=$1
	shift
	"$@" >/dev/null 2>&1 || missing="$missing $pkg"
}

has_header() {
	echo "#include <$1>" | ${CC:-cc} -E -x c - 
}

need gcc command -v "${CC:-cc}"
need libc6-dev has_header stdlib.h
need pkg-config command -v pkg-config
need libssl-dev has_header openssl/evp.h
need swtpm command -v swtpm
[ "$want" = demo ] || need check pkg-config --exists check

[ -n "$missing" ] || exit 0

install="apt-get install -y --no-install-recommends$missing"
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
	echo "installing:$missing"
	export DEBIAN_FRONTEND=noninteractive
	# shellcheck disable=SC2086
	$install >/dev/null 2>&1 || { apt-get update && $install; }
else
	echo "missing:$missing" >&2
	echo "install them, on Debian or Ubuntu with: sudo $install" >&2
	exit 1
fi
