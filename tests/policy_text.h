/* Policies as text: JSON with ' for ", and long hex strings. */
#ifndef POLICY_TEXT_H
#define POLICY_TEXT_H

#define R8(s)  s s s s s s s s
#define R16(s) R8(s) R8(s)
#define R32(s) R16(s) R16(s)
#define R48(s) R32(s) R16(s)
#define R64(s) R32(s) R32(s)

/* With " for each ', kept until the test process ends. */
char *json_text(const char *text);

#endif
