#!/bin/sh
# make install: the names of tpm2-tools only where they are asked for, and then those of
# every verb there is.
. "$SRC/tests/e2e/lib.sh"
cd "$TMP"

# installed DIR [VARIABLE=VALUE]...: what is built already, into DIR.
installed() {
	dir=$1
	shift
	make -s -C "$SRC" -o all install BUILD="$BUILD" DESTDIR="$TMP/$dir" PREFIX=/usr "$@" \
		>make.log 2>&1 || die "$(cat make.log)"
}

installed without
expect 0 without/usr/bin/barequote --version
expect 0 without/usr/bin/barequote-guest --version
[ -e without/usr/include/barequote/barequote.h ] || die 'no headers'
[ "$(ls without/usr/bin)" = "$(printf 'barequote\nbarequote-guest')" ] || die 'more than the programs'

installed with TPM2_LINKS=1
expect 0 with/usr/bin/tpm2 --help
sed -n 's/^  \([a-z_]*\) .*/tpm2_\1/p' out | sort >verbs
[ -s verbs ] || die 'no verbs'
printf '%s\n' barequote barequote-guest tpm2 | sort - verbs >want
ls with/usr/bin >names
diff want names || die 'not a link for each verb'
while read -r tool; do
	expect 0 "with/usr/bin/$tool" --help
	said "^usage: $tool "
done <verbs
