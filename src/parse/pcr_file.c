/* PCR files of tpm2-tools 5.x, which write structures of the machine as they
 * lie in memory, little-endian:
 *
 *   serialized  u32 count, 16 x {u16 hash, u8 sizeofSelect, u8 select[4], u8 0},
 *               u32 k, k x {u32 count, 8 x {u16 size, u8 digest[64]}}
 *   values      the digests one after another
 *   marshaled   of 5.8, in the TPM's own form: TPML_PCR_SELECTION, u32 k,
 *               k TPML_DIGEST, big-endian
 *
 * Each of the k lists is what one PCR_Read returned: 8 digests, the last one
 * what was left. Digests are in the order of the selection, indices ascending. */
#include <barequote/attest.h>

#include <string.h>

#define SELECTIONS     16 /* TPM2_NUM_PCR_BANKS of tpm2-tss */
#define SELECTION_SIZE 8
#define LIST_DIGESTS   8 /* of a TPML_DIGEST */
#define DIGEST_SIZE    (2 + BQ_DIGEST_MAX)
#define LIST_SIZE      (4 + LIST_DIGESTS * DIGEST_SIZE)

/* Walks a selection in the order its digests have. */
struct walk {
	const struct bq_pcr_list *sel;
	unsigned bank, index;
};

struct slot {
	uint16_t alg;
	unsigned index;
};

static bool walk_next(struct walk *w, struct slot *out)
{
	for (; w->bank < w->sel->n; w->bank++, w->index = 0)
		for (; w->index < BQ_PCRS; w->index++)
			if ((w->sel->bank[w->bank].mask >> w->index & 1) != 0) {
				*out = (struct slot){w->sel->bank[w->bank].alg, w->index++};
				return true;
			}
	return false;
}

/* A digest into its place; out NULL: only checked. */
static int store(struct bq_pcr_values *out, const struct slot *at, struct bq_view digest)
{
	struct bq_pcr_bank *bank;

	if (digest.n == 0 || digest.n > BQ_DIGEST_MAX || digest.n != bq_alg_size(at->alg))
		return BQ_E_PCR_FILE;
	if (out == NULL)
		return 0;
	bank = bq_pcr_bank_of(out, at->alg);
	if (bank == NULL)
		return BQ_E_PCR_FILE;
	memcpy(bank->value[at->index], digest.p, digest.n);
	bank->mask |= 1u << at->index;
	return 0;
}

/* One bank of the selection; a PCR of a bank has one value, so it is there once. */
static int read_selection(struct bq_view *r, struct bq_pcr_list *sel)
{
	struct bq_pcr_select s;
	uint8_t size, pad;

	if (bq_rd_le16(r, &s.alg) != 0 || bq_rd_u8(r, &size) != 0 || bq_rd_le32(r, &s.mask) != 0 ||
	    bq_rd_u8(r, &pad) != 0)
		return BQ_E_PCR_FILE;
	if (size == 0 || size > 4 || pad != 0 || s.mask >> BQ_PCRS != 0 ||
	    (uint64_t)s.mask >> (8 * size) != 0 || bq_alg_size(s.alg) == 0)
		return BQ_E_PCR_FILE;
	for (unsigned i = 0; i < sel->n; i++)
		if (sel->bank[i].alg == s.alg && (sel->bank[i].mask & s.mask) != 0)
			return BQ_E_PCR_FILE;
	sel->bank[sel->n++] = s;
	return 0;
}

static int read_selections(struct bq_view *r, struct bq_pcr_list *sel)
{
	struct bq_view all;
	uint32_t count;
	int e;

	if (bq_rd_le32(r, &count) != 0 ||
	    bq_rd_take(r, (size_t)SELECTIONS * SELECTION_SIZE, &all) != 0 || count > BQ_PCR_BANKS)
		return BQ_E_PCR_FILE;
	while (sel->n < count)
		if ((e = read_selection(&all, sel)) != 0)
			return e;
	return bq_view_is_zero(all) ? 0 : BQ_E_PCR_FILE;
}

static int read_digest(struct bq_view *r, struct bq_view *out)
{
	struct bq_view digest, all;
	uint16_t size;

	if (bq_rd_le16(r, &size) != 0 || bq_rd_take(r, BQ_DIGEST_MAX, &all) != 0 ||
	    bq_rd_take(&all, size, &digest) != 0 || !bq_view_is_zero(all))
		return BQ_E_PCR_FILE;
	*out = digest;
	return 0;
}

/* One TPML_DIGEST */
static int read_list(struct bq_view *r, struct walk *w, struct bq_pcr_values *out)
{
	struct bq_view all, digest;
	struct slot at;
	uint32_t count;
	int e;

	if (bq_rd_take(r, LIST_SIZE, &all) != 0 || bq_rd_le32(&all, &count) != 0)
		return BQ_E_PCR_FILE;
	for (; count != 0; count--) {
		if (!walk_next(w, &at))
			return BQ_E_PCR_FILE;
		if ((e = read_digest(&all, &digest)) != 0 || (e = store(out, &at, digest)) != 0)
			return e;
	}
	return bq_view_is_zero(all) ? 0 : BQ_E_PCR_FILE;
}

static int read_lists(struct bq_view r, const struct bq_pcr_list *sel, struct bq_pcr_values *out)
{
	struct walk w = {.sel = sel};
	struct slot at;
	uint32_t k;
	int e;

	if (bq_rd_le32(&r, &k) != 0)
		return BQ_E_PCR_FILE;
	for (; k != 0; k--)
		if ((e = read_list(&r, &w, out)) != 0)
			return e;
	return walk_next(&w, &at) || r.n != 0 ? BQ_E_PCR_FILE : 0;
}

int bq_pcr_file_read(struct bq_view file, struct bq_pcr_list *sel, struct bq_pcr_values *out)
{
	struct bq_pcr_list l = {0};
	int e;

	/* Once to check and once to keep, since values are too many for the stack. */
	if ((e = read_selections(&file, &l)) != 0 || (e = read_lists(file, &l, NULL)) != 0)
		return e;
	*sel = l;
	out->n = 0;
	return read_lists(file, &l, out);
}

static int read_values(struct bq_view r, const struct bq_pcr_list *sel, struct bq_pcr_values *out)
{
	struct walk w = {.sel = sel};
	struct bq_view digest;
	struct slot at;
	int e;

	while (walk_next(&w, &at)) {
		if (bq_rd_take(&r, bq_alg_size(at.alg), &digest) != 0)
			return BQ_E_PCR_FILE;
		if ((e = store(out, &at, digest)) != 0)
			return e;
	}
	return r.n == 0 ? 0 : BQ_E_PCR_FILE;
}

int bq_pcr_file_read_values(struct bq_view file, const struct bq_pcr_list *sel,
			    struct bq_pcr_values *out)
{
	int e;

	if ((e = read_values(file, sel, NULL)) != 0)
		return e;
	out->n = 0;
	return read_values(file, sel, out);
}

/* One TPML_DIGEST in the TPM's form */
static int read_tpml(struct bq_view *r, struct walk *w, struct bq_pcr_values *out)
{
	struct bq_view digest;
	struct slot at;
	uint32_t count;
	int e;

	if (bq_rd_be32(r, &count) != 0 || count > LIST_DIGESTS)
		return BQ_E_PCR_FILE;
	for (; count != 0; count--) {
		if (!walk_next(w, &at) || bq_rd_2b(r, &digest) != 0)
			return BQ_E_PCR_FILE;
		if ((e = store(out, &at, digest)) != 0)
			return e;
	}
	return 0;
}

static int read_marshaled(struct bq_view r, const struct bq_pcr_list *sel,
			  struct bq_pcr_values *out)
{
	struct walk w = {.sel = sel};
	struct slot at;
	uint32_t k;
	int e;

	if (bq_rd_be32(&r, &k) != 0)
		return BQ_E_PCR_FILE;
	for (; k != 0; k--)
		if ((e = read_tpml(&r, &w, out)) != 0)
			return e;
	return walk_next(&w, &at) || r.n != 0 ? BQ_E_PCR_FILE : 0;
}

int bq_pcr_file_read_marshaled(struct bq_view file, struct bq_pcr_list *sel,
			       struct bq_pcr_values *out)
{
	struct bq_pcr_list l;
	int e;

	if (bq_pcr_list_read(&file, &l) != 0)
		return BQ_E_PCR_FILE;
	if ((e = read_marshaled(file, &l, NULL)) != 0)
		return e;
	*sel = l;
	out->n = 0;
	return read_marshaled(file, &l, out);
}

/* Where the writer stands among the lists. */
struct lists {
	struct bq_sink *s;
	unsigned left;   /* digests still to come */
	unsigned unused; /* places left in the list that was begun */
};

static void put_bytes(struct bq_sink *s, const struct bq_wr *w)
{
	struct bq_view v;
	int e = bq_wr_end(w, &v);

	if (e == 0)
		bq_put_view(s, v);
	else if (s->err == 0)
		s->err = e;
}

static void put_le32(struct bq_sink *s, uint32_t x)
{
	uint8_t buf[4];
	struct bq_wr w;

	bq_wr_init(&w, buf, sizeof(buf));
	bq_wr_le32(&w, x);
	put_bytes(s, &w);
}

static void put_selections(struct bq_sink *s, const struct bq_pcr_list *sel)
{
	uint8_t buf[4 + SELECTIONS * SELECTION_SIZE];
	struct bq_wr w;

	bq_wr_init(&w, buf, sizeof(buf));
	bq_wr_le32(&w, sel->n);
	for (unsigned i = 0; i < sel->n; i++) {
		bq_wr_le16(&w, sel->bank[i].alg);
		bq_wr_u8(&w, 3); /* sizeofSelect for 24 PCRs */
		bq_wr_le32(&w, sel->bank[i].mask);
		bq_wr_u8(&w, 0);
	}
	bq_wr_zeros(&w, sizeof(buf) - w.n);
	put_bytes(s, &w);
}

/* One place of a list. */
static void put_digest(struct bq_sink *s, struct bq_view digest)
{
	uint8_t buf[DIGEST_SIZE];
	struct bq_wr w;

	bq_wr_init(&w, buf, sizeof(buf));
	bq_wr_le16(&w, (uint16_t)digest.n);
	bq_wr_view(&w, digest);
	bq_wr_zeros(&w, sizeof(buf) - w.n);
	put_bytes(s, &w);
}

static void begin_list(struct lists *l)
{
	put_le32(l->s, l->left < LIST_DIGESTS ? l->left : LIST_DIGESTS);
	l->unused = LIST_DIGESTS;
}

static void add_digest(void *ctx, struct bq_view digest)
{
	struct lists *l = ctx;

	if (l->unused == 0)
		begin_list(l);
	put_digest(l->s, digest);
	l->unused--;
	l->left--;
}

void bq_pcr_file_write(struct bq_sink *s, const struct bq_pcr_list *sel,
		       const struct bq_pcr_values *v)
{
	struct lists l = {.s = s, .left = bq_pcr_list_count(sel)};
	unsigned k = (l.left + LIST_DIGESTS - 1) / LIST_DIGESTS;
	int e;

	put_selections(s, sel);
	put_le32(s, k == 0 ? 1 : k); /* nothing selected: one empty list, as tpm2-tools writes */
	if (k == 0)
		begin_list(&l);
	if ((e = bq_pcr_each(sel, v, add_digest, &l)) != 0 && s->err == 0)
		s->err = e;
	for (; l.unused != 0; l.unused--)
		put_digest(s, bq_view_of(NULL, 0));
}
