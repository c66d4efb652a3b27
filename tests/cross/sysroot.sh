#!/bin/sh
# sysroot.sh ARCH DIR: OpenSSL and Check of Debian for another architecture,
# unpacked in DIR. apt keeps what it knows of ARCH in DIR too: the machine gets no
# second architecture, and this needs no root.
set -eu
arch=$1 dir=$2

[ ! -e "$dir/done" ] || exit 0
rm -rf "$dir"
mkdir -p "$dir/apt/lists/partial" "$dir/apt/cache/archives/partial" "$dir/deb" "$dir/root"
: >"$dir/apt/status"
apt() {
	apt-get -qq -o APT::Architecture="$arch" -o APT::Architectures="$arch" \
		-o APT::Sandbox::User= -o Acquire::Languages=none -o Acquire::Retries=2 \
		-o Dir::State::lists="$dir/apt/lists" -o Dir::State::status="$dir/apt/status" \
		-o Dir::Cache="$dir/apt/cache" "$@"
}
# One archive that does not know ARCH is no obstacle; a missing package is.
apt update >"$dir/log" 2>&1 || true
(cd "$dir/deb" && apt download libssl-dev check libsubunit-dev) >>"$dir/log" 2>&1 || {
	cat "$dir/log"
	echo "no libssl-dev and check for $arch from apt" >&2
	exit 1
}
for deb in "$dir"/deb/*.deb; do
	dpkg-deb -x "$deb" "$dir/root"
done
: >"$dir/done"
