#ifndef PUTS_H
#define PUTS_H

#include "support.h"

/* That putting something on the sink s makes the expected text. */
#define ck_assert_puts(expected, put)                                                              \
	do {                                                                                       \
		char put_text_[512];                                                               \
		struct bq_sink_buf put_;                                                           \
		struct bq_sink *s = &put_.s;                                                       \
                                                                                                   \
		bq_sink_buf_init(&put_, put_text_, sizeof(put_text_));                             \
		put;                                                                               \
		ck_assert_int_eq(s->err, 0);                                                       \
		ck_assert_view_eq(bq_view_of(put_text_, put_.n), bq_view_str(expected));           \
	} while (0)

#endif
