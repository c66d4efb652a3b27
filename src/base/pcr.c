/* PCR selections, on the wire and as text, and the values they select. */
#include <barequote/pcr.h>

#define SELECT_MAX   4 /* bytes of a mask we can hold */
#define SELECT_WRITE 3 /* part 2, 10.6.1: the least that has room for 24 PCRs */
#define ALL          ((UINT32_C(1) << BQ_PCRS) - 1)

static bool has(uint32_t mask, unsigned pcr)
{
	return (mask >> pcr & 1) != 0;
}

/* TPMS_PCR_SELECTION, part 2, 10.6.2: hash u16, sizeofSelect u8, and a byte for
 * each eight PCRs, PCR 0 in the lowest bit of the first. */
/*@ requires reader(r) && \valid(out) && \separated(r, out);
  @ assigns *r, *out;
  @ ensures \result == 0 ==> advanced{Pre, Post}(r); */
static int read_select(struct bq_view *r, struct bq_pcr_select *out)
{
	struct bq_view bytes;
	uint16_t alg;
	uint8_t size;
	uint32_t mask = 0;
	int e;

	if ((e = bq_rd_be16(r, &alg)) != 0 || (e = bq_rd_u8(r, &size)) != 0)
		return e;
	if (size == 0 || size > SELECT_MAX)
		return BQ_E_PCR_SELECTION;
	if ((e = bq_rd_take(r, size, &bytes)) != 0)
		return e;
	/*@ loop invariant 0 <= i <= size;
	  @ loop assigns i, mask;
	  @ loop variant size - i; */
	for (unsigned i = 0; i < size; i++)
		mask |= (uint32_t)bytes.p[i] << 8 * i;
	if ((mask & ~ALL) != 0)
		return BQ_E_PCR_SELECTION;
	*out = (struct bq_pcr_select){.alg = alg, .mask = mask};
	return 0;
}

int bq_pcr_list_read(struct bq_view *r, struct bq_pcr_list *out)
{
	struct bq_view t = *r;
	struct bq_pcr_list l = {0};
	uint32_t count;
	int e;

	if ((e = bq_rd_be32(&t, &count)) != 0)
		return e;
	if (count > BQ_PCR_BANKS)
		return BQ_E_PCR_SELECTION;
	/*@ loop invariant 0 <= l.n <= count && reader(&t) && advanced{Pre, Here}(&t);
		  @ loop assigns t, l, e;
	  @ loop variant count - l.n; */
	for (; l.n < count; l.n++)
		if ((e = read_select(&t, &l.bank[l.n])) != 0)
			return e;
	*r = t;
	*out = l;
	return 0;
}

void bq_pcr_list_write(struct bq_wr *w, const struct bq_pcr_list *l)
{
	bq_wr_be32(w, l->n);
	for (unsigned i = 0; i < l->n; i++) {
		bq_wr_be16(w, l->bank[i].alg);
		bq_wr_u8(w, SELECT_WRITE);
		for (unsigned j = 0; j < SELECT_WRITE; j++)
			bq_wr_u8(w, (uint8_t)(l->bank[i].mask >> 8 * j));
	}
}

/* The text before the first c, or all; what follows c stays in r. Returns
 * whether c was there. */
static bool cut(struct bq_view *r, uint8_t c, struct bq_view *before)
{
	(void)bq_rd_take(r, bq_view_find(*r, c), before);
	return bq_rd_skip(r, 1) == 0;
}

/* `all`, `none` or `0,1,2`. */
static int parse_mask(struct bq_view text, uint32_t *out)
{
	struct bq_view index;
	uint32_t mask = 0;
	uint64_t pcr;
	bool more;

	if (bq_view_eq_str(text, "all") || bq_view_eq_str(text, "none")) {
		*out = text.p[0] == 'a' ? ALL : 0;
		return 0;
	}
	do {
		more = cut(&text, ',', &index);
		if (bq_num_decode(index, BQ_PCRS - 1, &pcr) != 0)
			return BQ_E_PCR_LIST;
		mask |= UINT32_C(1) << pcr;
	} while (more);
	*out = mask;
	return 0;
}

int bq_pcr_list_parse(struct bq_view text, struct bq_pcr_list *out)
{
	struct bq_pcr_list l = {0};
	struct bq_view bank, name;
	bool more;

	do {
		more = cut(&text, '+', &bank);
		if (l.n == BQ_PCR_BANKS || !cut(&bank, ':', &name))
			return BQ_E_PCR_LIST;
		if ((l.bank[l.n].alg = bq_alg_hash(name)) == 0)
			return BQ_E_PCR_LIST;
		if (parse_mask(bank, &l.bank[l.n].mask) != 0)
			return BQ_E_PCR_LIST;
		l.n++;
	} while (more);
	*out = l;
	return 0;
}

static void put_bank(struct bq_sink *s, const struct bq_pcr_select *b)
{
	const char *name = bq_alg_name(b->alg);
	char before = ':';

	if (name != NULL) {
		bq_put_str(s, name);
	} else {
		bq_put_str(s, "0x");
		bq_put_x64(s, b->alg, 4);
	}
	if (b->mask == 0)
		bq_put_str(s, ":none");
	for (unsigned i = 0; i < BQ_PCRS; i++) {
		if (!has(b->mask, i))
			continue;
		bq_put_chr(s, before);
		bq_put_u64(s, i);
		before = ',';
	}
}

void bq_put_pcr_list(struct bq_sink *s, const struct bq_pcr_list *l)
{
	for (unsigned i = 0; i < l->n; i++) {
		if (i != 0)
			bq_put_chr(s, '+');
		put_bank(s, &l->bank[i]);
	}
}

unsigned bq_pcr_list_count(const struct bq_pcr_list *l)
{
	unsigned n = 0;

	for (unsigned i = 0; i < l->n; i++)
		for (unsigned j = 0; j < BQ_PCRS; j++)
			n += has(l->bank[i].mask, j);
	return n;
}

int bq_pcr_value(const struct bq_pcr_values *v, uint16_t alg, unsigned index, struct bq_view *out)
{
	size_t size = bq_alg_size(alg);

	if (size == 0 || index >= BQ_PCRS)
		return BQ_E_PCR_SELECTION;
	for (unsigned i = 0; i < v->n; i++) {
		const struct bq_pcr_bank *b = &v->bank[i];

		if (b->alg != alg || !has(b->mask, index))
			continue;
		*out = bq_view_of(b->value[index], size);
		return 0;
	}
	return BQ_E_PCR_SELECTION;
}

struct bq_pcr_bank *bq_pcr_bank_of(struct bq_pcr_values *v, uint16_t alg)
{
	struct bq_pcr_bank *b;

	for (unsigned i = 0; i < v->n; i++)
		if (v->bank[i].alg == alg)
			return &v->bank[i];
	if (v->n == BQ_PCR_BANKS)
		return NULL;
	b = &v->bank[v->n++];
	b->alg = alg;
	b->mask = 0;
	return b;
}

int bq_pcr_each(const struct bq_pcr_list *l, const struct bq_pcr_values *v,
		void (*add)(void *ctx, struct bq_view value), void *ctx)
{
	struct bq_view value;
	int e;

	for (unsigned i = 0; i < l->n; i++) {
		for (unsigned j = 0; j < BQ_PCRS; j++) {
			if (!has(l->bank[i].mask, j))
				continue;
			if ((e = bq_pcr_value(v, l->bank[i].alg, j, &value)) != 0)
				return e;
			add(ctx, value);
		}
	}
	return 0;
}

static void add_to_sha256(void *ctx, struct bq_view value)
{
	bq_hash_add(ctx, value);
}

int bq_pcr_digest_sha256(const struct bq_pcr_list *l, const struct bq_pcr_values *v,
			 uint8_t out[BQ_SHA256_SIZE])
{
	struct bq_hash c;
	int e;

	bq_sha256_init(&c);
	if ((e = bq_pcr_each(l, v, add_to_sha256, &c)) != 0)
		return e;
	bq_hash_end(&c, out);
	return 0;
}
