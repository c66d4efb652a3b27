/* Self-defence of a process that goes on to read what an attacker may have sent. */
#ifndef TOOL_CONFINE_H
#define TOOL_CONFINE_H

#include <stdbool.h>

/* From here on, for good and for threads yet to come: no file can be opened, no
 * socket made, no program started, no process made or signalled, no memory made
 * executable. What is open can be read and written. A refused system call fails
 * with EPERM. True where the kernel agreed; where it cannot (or this is another
 * machine than x86-64 and aarch64) nothing has changed. */
bool confine(void);

#endif
