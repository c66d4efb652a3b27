# Without root or apt, what is missing is named and nothing is run.
# shellcheck shell=sh
. "$SRC/tests/e2e/lib.sh"

mkdir "$TMP/bin"
for tool in sh id echo; do
	ln -s "$(command -v $tool)" "$TMP/bin/$tool"
done
expect 1 env PATH="$TMP/bin" sh "$SRC/tools/deps.sh" check
said 'missing:.* swtpm check openssl( |$)'
said 'sudo apt-get install'
