#!/bin/sh
# Before the root file system is mounted: attest, or die where that is configured.
/usr/lib/barequote/attest-boot || die "barequote: attestation failed"
