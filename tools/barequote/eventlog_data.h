/* An event log as the YAML that tpm2_eventlog prints. */
#ifndef TOOL_EVENTLOG_H
#define TOOL_EVENTLOG_H

#include <barequote/eventlog.h>

/* tpm2-tools' versions of the YAML: in the second one variables and the partition
 * table are decoded. */
#define EVENTLOG_VERSIONS 2

/* From EventSize on. */
void eventlog_put_data(struct bq_sink *s, const struct bq_event *e, unsigned version);

#endif
