/* Apart, since the attester has another: tools/barequote/guest_put_str.c. */
#include <barequote/text.h>

#include <string.h>

void bq_put_str(struct bq_sink *s, const char *str)
{
	bq_put(s, str, strlen(str));
}
