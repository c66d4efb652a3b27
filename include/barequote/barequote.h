/* Everything; see the header of each layer. */
#ifndef BAREQUOTE_BAREQUOTE_H
#define BAREQUOTE_BAREQUOTE_H

#include <barequote/attest.h>
#include <barequote/azure.h>
#include <barequote/bytes.h>
#include <barequote/checkquote.h>
#include <barequote/claims.h>
#include <barequote/clock.h>
#include <barequote/error.h>
#include <barequote/eventlog.h>
#include <barequote/evidence.h>
#include <barequote/hash.h>
#include <barequote/hcl.h>
#include <barequote/json.h>
#include <barequote/pcr.h>
#include <barequote/snp.h>
#include <barequote/text.h>
#include <barequote/tpm.h>
#include <barequote/tpm2.h>
#include <barequote/uefi.h>
#include <barequote/verify.h>

#endif
