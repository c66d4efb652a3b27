/* Runs every suite, each in a process of its own, several at a time, and adds
 * up their totals. CK_RUN_SUITE=NAME runs one, CK_FORK=no all of them in this
 * process. suites.h is made by the Makefile: every `Suite *suite_NAME(void)`. */
#define _GNU_SOURCE /* MAP_ANONYMOUS */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "mint.h"
#include "suites.h"

static Suite *(*const suites[])(void) = {SUITES};
static const char *const names[] = {SUITE_NAMES};

#define COUNT    (sizeof(suites) / sizeof(suites[0]))
#define JOBS_MAX 16

struct totals {
	int run, failures, errors;
};

static struct job {
	pid_t pid; /* 0: none */
	FILE *out;
} jobs[JOBS_MAX];

static void add(struct totals *t, SRunner *r)
{
	TestResult **failed = srunner_failures(r);

	t->run += srunner_ntests_run(r);
	for (int i = 0; i < srunner_ntests_failed(r); i++)
		if (tr_rtype(failed[i]) == CK_FAILURE)
			t->failures++;
		else
			t->errors++;
	free(failed);
}

static void run_suite(size_t i, struct totals *t)
{
	SRunner *r = srunner_create(suites[i]());

	srunner_run_all(r, CK_ENV);
	add(t, r);
	srunner_free(r);
}

/* The worker's output goes to a file, so that lines of two never mix. */
static void start(struct job *j, unsigned slot, size_t i, struct totals *t)
{
	j->out = tmpfile();
	if (j->out == NULL || (j->pid = fork()) < 0) {
		perror("check_all");
		exit(EXIT_FAILURE);
	}
	if (j->pid > 0)
		return;
	if (dup2(fileno(j->out), STDOUT_FILENO) < 0 || dup2(fileno(j->out), STDERR_FILENO) < 0)
		_exit(EXIT_FAILURE);
	mint_in_slot(slot);
	run_suite(i, t);
	exit(EXIT_SUCCESS);
}

static void show(FILE *f)
{
	char buf[4096];
	size_t n;

	rewind(f);
	while ((n = fread(buf, 1, sizeof(buf), f)) > 0)
		fwrite(buf, 1, n, stdout);
	fclose(f);
	fflush(stdout);
}

/* Waits for any worker; one that died, or that a sanitizer ended, is an error of
 * its own. */
static void reap(struct totals *died)
{
	int status;
	pid_t pid = wait(&status);

	for (struct job *j = jobs; j < jobs + JOBS_MAX; j++)
		if (pid > 0 && j->pid == pid) {
			show(j->out);
			j->pid = 0;
			died->errors += status != 0;
			return;
		}
}

static struct job *idle(unsigned n)
{
	for (unsigned k = 0; k < n; k++)
		if (jobs[k].pid == 0)
			return &jobs[k];
	return NULL;
}

static unsigned jobs_at_a_time(void)
{
	long n = sysconf(_SC_NPROCESSORS_ONLN);

	return n < 1 ? 1 : n > JOBS_MAX ? JOBS_MAX : (unsigned)n;
}

/* From the last to the first: the suites of the verifier take longest. */
static void run_apart(struct totals *t)
{
	unsigned n = jobs_at_a_time(), busy = 0;
	struct job *j;

	for (size_t i = COUNT; i-- > 0;) {
		while ((j = idle(n)) == NULL)
			reap(t);
		start(j, (unsigned)(j - jobs), i, &t[1 + i]);
	}
	for (unsigned k = 0; k < n; k++)
		busy += jobs[k].pid != 0;
	while (busy-- > 0)
		reap(t);
}

static bool wanted(const char *name)
{
	const char *only = getenv("CK_RUN_SUITE");

	return only == NULL || strcmp(only, name) == 0;
}

static void run_here(struct totals *t)
{
	for (size_t i = 0; i < COUNT; i++)
		if (wanted(names[i]))
			run_suite(i, t);
}

int main(int argc, char **argv)
{
	size_t size = (1 + COUNT) * sizeof(struct totals);
	/* The workers' too; the first is for what is nobody's. */
	struct totals *t =
		mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	const char *fork_mode = getenv("CK_FORK");

	if (t == MAP_FAILED)
		return EXIT_FAILURE;
	if (argc > 0)
		mint_beside(argv[0]);
	/* Seconds. Check's own 4 are too few under sanitizers on a busy machine. */
	setenv("CK_DEFAULT_TIMEOUT", "60", 0);
	if (getenv("CK_RUN_SUITE") != NULL || (fork_mode != NULL && strcmp(fork_mode, "no") == 0))
		run_here(t);
	else
		run_apart(t);
	for (size_t i = 1; i <= COUNT; i++) {
		t[0].run += t[i].run;
		t[0].failures += t[i].failures;
		t[0].errors += t[i].errors;
	}
	printf("%d%%: Checks: %d, Failures: %d, Errors: %d\n",
	       t->run == 0 ? 0 : 100 * (t->run - t->failures - t->errors) / t->run, t->run,
	       t->failures, t->errors);
	return t->run > 0 && t->failures == 0 && t->errors == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
