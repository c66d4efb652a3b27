/* Finding the TPM: the chip need not be number 0, and in early boot its nodes
 * appear one after the other. */
#include "internal.h"

#include <sys/stat.h>

#define DEVICES 16 /* chips looked for: tpmrm0 and on */
#define STEP_MS 50u
/* The kernel registers tpmN before tpmrmN: so long, tpm0 alone proves nothing. */
#define GRACE_MS 500u

/* dir, name and number; NUL-terminated. */
static int make_path(const char *dir, const char *name, unsigned number, char *path, size_t cap)
{
	struct bq_sink_buf b;

	bq_sink_buf_init(&b, path, cap);
	bq_put_str(&b.s, dir);
	bq_put_str(&b.s, name);
	bq_put_u64(&b.s, number);
	bq_put_chr(&b.s, '\0');
	return b.s.err;
}

/* A device, or what sysfs has of one: a directory. */
static bool is_there(const char *dir, const char *name, unsigned number, bool device)
{
	struct stat st;
	char at[64];

	return make_path(dir, name, number, at, sizeof(at)) == 0 && stat(at, &st) == 0 &&
	       (device ? S_ISCHR(st.st_mode) : S_ISDIR(st.st_mode));
}

/* The number of the first chip that sysfs has (sys not NULL) and that has a node.
 * BQ_E_NO_NODE: *number has none; BQ_E_NO_DEVICE: there is no chip. */
static int look_in(const char *sys, const char *dev, unsigned *number)
{
	int e = BQ_E_NO_DEVICE;

	for (unsigned i = 0; i < DEVICES; i++) {
		if (sys != NULL && !is_there(sys, "/tpmrm", i, false))
			continue;
		if (is_there(dev, "/tpmrm", i, true)) {
			*number = i;
			return 0;
		}
		if (sys != NULL && e == BQ_E_NO_DEVICE) {
			*number = i;
			e = BQ_E_NO_NODE;
		}
	}
	return e;
}

/* sysfs need not be mounted, and a node can be there under another number. */
static int look(const char *sys, const char *dev, unsigned *number)
{
	int e = look_in(sys, dev, number);

	return e != 0 && look_in(NULL, dev, number) == 0 ? 0 : e;
}

int bq_tpm_find_in(const char *sys, const char *dev, char *path, size_t cap, unsigned wait_ms)
{
	uint64_t start = bq_clock_now_ms(NULL);
	unsigned number, wait;
	bool raw;
	int e, err;

	for (;;) {
		number = 0; /* what went away again is not meant any more */
		e = look(sys, dev, &number);
		raw = e == BQ_E_NO_DEVICE && is_there(dev, "/tpm", 0, true);
		wait = raw && wait_ms < GRACE_MS ? GRACE_MS : wait_ms;
		if (e == 0 || bq_clock_now_ms(NULL) - start >= wait)
			break;
		bq_clock_sleep_ms(NULL, STEP_MS);
	}
	if (e == BQ_E_NO_DEVICE && !raw)
		return e;
	err = make_path(dev, raw ? "/tpm" : "/tpmrm", number, path, cap);
	return err != 0 || raw ? err : e;
}

int bq_tpm_find(char *path, size_t cap, unsigned wait_ms)
{
	return bq_tpm_find_in("/sys/class/tpmrm", "/dev", path, cap, wait_ms);
}
