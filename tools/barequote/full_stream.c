/* Threads around a ring of lines.
 *
 *   reader (the main thread)  fills slot in % SLOTS, in the order of the input
 *   workers                   each take the oldest filled slot and answer it
 *   writer                    writes slot out % SLOTS once it is answered
 *
 * Three counters say everything: out <= taken <= in <= out + SLOTS. A slot keeps
 * its memory, so that what is resident depends on the longest lines, not on how
 * many there are. */
#include "full_stream.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/select.h>
#include <unistd.h>

#include "io.h"

#define SLOTS_PER_THREAD 4
#define SLOTS_MAX        (SLOTS_PER_THREAD * STREAM_THREADS_MAX)
#define FIRST_CAP        ((size_t)16 << 10)
#define PROGRESS_EVERY   1000
#define HEAP_RESERVE     ((size_t)640 << 10) /* a worker's heap, over any number of lines */

struct stream {
	const struct bq_verifier *v;
	bool no_nonce;
	unsigned slots;
	pthread_t reader;
	pthread_mutex_t lock;
	pthread_cond_t changed;
	uint64_t in, taken, out; /* lines so far */
	bool ended;              /* no more lines will come in */
	bool broken;             /* nobody reads what is written */
	int write_errno, read_errno;
	struct stream_line *line[SLOTS_MAX];
	bool answered[SLOTS_MAX];
};

/* --- interruption --------------------------------------------------------- */

static volatile sig_atomic_t interrupted;

static void on_signal(int sig)
{
	(void)sig;
	interrupted = 1;
}

static void on_broken_pipe(int sig)
{
	(void)sig;
}

/* The first one ends the input; a second one ends the program. SIGPIPE is what the
 * writer sends to the reader, who need only wake up. */
static void catch_signals(void)
{
	struct sigaction a = {.sa_handler = on_signal, .sa_flags = (int)SA_RESETHAND};

	sigaction(SIGINT, &a, NULL);
	sigaction(SIGTERM, &a, NULL);
	a.sa_handler = on_broken_pipe;
	a.sa_flags = 0;
	sigaction(SIGPIPE, &a, NULL);
}

/* --- reading -------------------------------------------------------------- */

struct input {
	uint8_t buf[1 << 16];
	size_t at, n;
	bool stopped; /* before its end */
};

static bool is_broken(struct stream *s)
{
	bool broken;

	pthread_mutex_lock(&s->lock);
	broken = s->broken;
	pthread_mutex_unlock(&s->lock);
	return broken;
}

/* Until there is something to read; false where it is not to be read any more. From
 * the test on, signals wait for pselect(), which one that came before would not end. */
static bool wait_input(struct stream *s)
{
	fd_set in;
	sigset_t ours, before;
	bool go_on;

	sigemptyset(&ours);
	sigaddset(&ours, SIGINT);
	sigaddset(&ours, SIGTERM);
	sigaddset(&ours, SIGPIPE);
	pthread_sigmask(SIG_BLOCK, &ours, &before);
	do {
		FD_ZERO(&in);
		FD_SET(STDIN_FILENO, &in);
		go_on = !is_broken(s) && !interrupted;
	} while (go_on && pselect(STDIN_FILENO + 1, &in, NULL, NULL, NULL, &before) < 0 &&
		 errno == EINTR);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return go_on;
}

/* True with a byte at in->at; false at the end, or when stopped. */
static bool input_more(struct stream *s, struct input *in)
{
	ssize_t got = 0;

	if (in->at < in->n)
		return true;
	do
		in->stopped = !wait_input(s);
	while (!in->stopped && (got = read(STDIN_FILENO, in->buf, sizeof(in->buf))) < 0 &&
	       errno == EINTR);
	if (!in->stopped && got < 0)
		s->read_errno = errno;
	in->at = 0;
	in->n = in->stopped || got < 0 ? 0 : (size_t)got;
	return in->n != 0;
}

static bool grow(uint8_t **p, size_t cap)
{
	uint8_t *more = realloc(*p, cap);

	if (more == NULL)
		return false;
	*p = more;
	return true;
}

/* Both here, in the reader: what a worker's heap keeps between two lines, in the
 * midst of what each line takes and frees, makes that heap grow. */
static bool line_room(struct stream_line *l, size_t n)
{
	size_t cap = l->cap == 0 ? FIRST_CAP : l->cap;

	while (cap < n)
		cap *= 2;
	if (cap == l->cap)
		return true;
	if (cap > STREAM_LINE_MAX || !grow(&l->text, cap) || !grow(&l->work, cap))
		return false;
	l->cap = cap;
	return true;
}

/* What does not fit is dropped: the line is answered as too long. */
static void line_add(struct stream_line *l, const uint8_t *p, size_t n)
{
	if (n == 0 || l->too_long)
		return;
	if (!line_room(l, l->n + n)) {
		l->too_long = true;
		return;
	}
	memcpy(l->text + l->n, p, n);
	l->n += n;
}

/* False where no line came. One that is cut off does not count. */
static bool read_line(struct stream *s, struct input *in, struct stream_line *l)
{
	bool any = false;

	l->n = 0;
	l->too_long = false;
	while (input_more(s, in)) {
		const uint8_t *p = in->buf + in->at;
		const uint8_t *end = memchr(p, '\n', in->n - in->at);
		size_t n = end == NULL ? in->n - in->at : (size_t)(end - p);

		any = true;
		line_add(l, p, n);
		in->at += n + (end != NULL);
		if (end != NULL)
			return true;
	}
	return any && !in->stopped && s->read_errno == 0;
}

/* A free slot, or NULL where there is no point in reading on. */
static struct stream_line *wait_free(struct stream *s)
{
	struct stream_line *l;

	pthread_mutex_lock(&s->lock);
	while (s->in - s->out == s->slots && !s->broken)
		pthread_cond_wait(&s->changed, &s->lock);
	l = s->broken ? NULL : s->line[s->in % s->slots];
	pthread_mutex_unlock(&s->lock);
	return l;
}

static void read_all(struct stream *s)
{
	static struct input in;
	struct stream_line *l;

	while ((l = wait_free(s)) != NULL && read_line(s, &in, l)) {
		pthread_mutex_lock(&s->lock);
		s->in++;
		pthread_cond_broadcast(&s->changed);
		pthread_mutex_unlock(&s->lock);
	}
	pthread_mutex_lock(&s->lock);
	s->ended = true;
	pthread_cond_broadcast(&s->changed);
	pthread_mutex_unlock(&s->lock);
}

/* --- answering ------------------------------------------------------------ */

static void touch(void)
{
	uint8_t *p = malloc(HEAP_RESERVE);
	volatile uint8_t *page = p;

	for (size_t i = 0; p != NULL && i < HEAP_RESERVE; i += 1024)
		page[i] = 0;
	free(p);
}

/* Lines of several kinds scatter what they take over a few pages more of the heap,
 * for thousands of lines. Touched now and given back, these pages are there from
 * the first line on. Twice: glibc maps so large a piece for itself, and only once
 * one was freed takes the next of that size from the heap, and leaves it there. */
static void reserve_heap(void)
{
	touch();
	touch();
}

static void *work(void *arg)
{
	struct stream *s = arg;
	unsigned slot;

	reserve_heap();
	pthread_mutex_lock(&s->lock);
	for (;;) {
		while (s->taken == s->in && !s->ended && !s->broken)
			pthread_cond_wait(&s->changed, &s->lock);
		if (s->taken == s->in || s->broken)
			break;
		slot = (unsigned)(s->taken++ % s->slots);
		pthread_mutex_unlock(&s->lock);
		stream_answer(s->v, s->no_nonce, s->line[slot]);
		pthread_mutex_lock(&s->lock);
		s->answered[slot] = true;
		pthread_cond_broadcast(&s->changed);
	}
	pthread_mutex_unlock(&s->lock);
	return NULL;
}

/* --- writing -------------------------------------------------------------- */

/* 0 or errno. */
static int write_all(const uint8_t *p, size_t n)
{
	while (n > 0) {
		ssize_t done = write(STDOUT_FILENO, p, n);

		if (done < 0 && errno == EINTR)
			continue;
		if (done <= 0)
			return done < 0 ? errno : EIO;
		p += done;
		n -= (size_t)done;
	}
	return 0;
}

static void show_progress(uint64_t lines)
{
	struct fd_sink f;

	fd_sink_init(&f, STDERR_FILENO);
	bq_put_u64(&f.s, lines);
	bq_put_str(&f.s, " lines\r");
	fd_sink_flush(&f);
}

static void *write_answers(void *arg)
{
	struct stream *s = arg;
	bool people = isatty(STDERR_FILENO) == 1 && isatty(STDOUT_FILENO) != 1;

	pthread_mutex_lock(&s->lock);
	for (;;) {
		unsigned slot = (unsigned)(s->out % s->slots);
		int err;

		while (!s->answered[slot] && !(s->ended && s->out == s->in))
			pthread_cond_wait(&s->changed, &s->lock);
		if (!s->answered[slot])
			break;
		pthread_mutex_unlock(&s->lock);
		err = write_all(s->line[slot]->answer, s->line[slot]->answer_n);
		if (people && (s->out + 1) % PROGRESS_EVERY == 0)
			show_progress(s->out + 1);
		pthread_mutex_lock(&s->lock);
		s->answered[slot] = false;
		s->out++;
		s->broken = err != 0;
		s->write_errno = err;
		pthread_cond_broadcast(&s->changed);
		if (err != 0) {
			pthread_kill(s->reader, SIGPIPE);
			break;
		}
	}
	pthread_mutex_unlock(&s->lock);
	if (people)
		show_progress(s->out);
	return NULL;
}

/* --- all of it ------------------------------------------------------------ */

/* Signals interrupt the reader alone: the other threads block them. */
static unsigned start_threads(struct stream *s, pthread_t *t, unsigned workers)
{
	sigset_t all, before;
	unsigned n = 0;

	sigfillset(&all);
	pthread_sigmask(SIG_BLOCK, &all, &before);
	if (pthread_create(&t[0], NULL, write_answers, s) == 0)
		for (n = 1; n <= workers && pthread_create(&t[n], NULL, work, s) == 0; n++)
			;
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return n;
}

static enum outcome end(const struct stream *s)
{
	if (s->broken && s->write_errno == EPIPE)
		return msg(TOOL_FAILED, "whoever read the answers stopped", NULL);
	if (s->broken)
		return msg_errno("cannot write", "standard output", s->write_errno);
	if (s->read_errno != 0)
		return msg_errno("cannot read", "standard input", s->read_errno);
	if (interrupted)
		return msg(TOOL_FAILED, "interrupted; the lines read before it are answered", NULL);
	return TOOL_OK;
}

static bool make_lines(struct stream *s)
{
	for (unsigned i = 0; i < s->slots; i++) {
		s->line[i] = calloc(1, sizeof(*s->line[i]));
		if (s->line[i] == NULL)
			return false;
	}
	return true;
}

static void free_lines(struct stream *s)
{
	for (unsigned i = 0; i < s->slots; i++) {
		if (s->line[i] == NULL)
			continue;
		free(s->line[i]->text);
		free(s->line[i]->work);
		free(s->line[i]);
	}
}

static void run_threads(struct stream *s, unsigned workers)
{
	pthread_t t[1 + STREAM_THREADS_MAX];
	unsigned started = start_threads(s, t, workers);

	if (started < 2) { /* no writer, or nobody to answer */
		pthread_mutex_lock(&s->lock);
		s->broken = true;
		s->ended = true;
		s->write_errno = EAGAIN;
		pthread_cond_broadcast(&s->changed);
		pthread_mutex_unlock(&s->lock);
	} else {
		read_all(s);
	}
	for (unsigned i = 0; i < started; i++)
		pthread_join(t[i], NULL);
}

enum outcome stream_run(const struct bq_verifier *v, bool no_nonce, unsigned threads)
{
	static struct stream s = {.lock = PTHREAD_MUTEX_INITIALIZER,
				  .changed = PTHREAD_COND_INITIALIZER};
	enum outcome o;

	s.v = v;
	s.no_nonce = no_nonce;
	s.reader = pthread_self();
	s.slots = SLOTS_PER_THREAD * threads;
	catch_signals();
	if (make_lines(&s)) {
		run_threads(&s, threads);
		o = end(&s);
	} else {
		o = msg_error("the stream", BQ_E_NO_MEMORY, 0);
	}
	free_lines(&s);
	return o;
}
