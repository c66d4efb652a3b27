#!/bin/bash
# dracut module: attestation at boot. Left out until /etc/barequote/attest.conf
# sets NONCE and EVIDENCE.

check() {
	local NONCE= EVIDENCE=
	[ -r /etc/barequote/attest.conf ] || return 1
	. /etc/barequote/attest.conf
	[ -n "$NONCE" ] && [ -n "$EVIDENCE" ] || return 1
	require_binaries barequote-guest || return 1
}

depends() {
	echo base
}

installkernel() {
	# shellcheck disable=SC2283 # so dracut names all of a directory
	instmods =drivers/char/tpm
}

install() {
	local INCLUDE=
	. /etc/barequote/attest.conf
	inst_multiple barequote-guest cat cp mv mkdir rm tail sh
	inst_simple /etc/barequote/attest.conf
	inst_script /usr/lib/barequote/attest-boot /usr/lib/barequote/attest-boot
	# shellcheck disable=SC2086 # words on purpose
	[ -z "$INCLUDE" ] || inst_multiple $INCLUDE
	inst_hook pre-mount 10 "$moddir/attest-hook.sh"
}
