/* Part of the build: a program on stdin, ready to be packed on stdout. */
#include <stdio.h>

#include "calls.h"

int main(void)
{
	static uint8_t p[1 << 20];
	size_t n = fread(p, 1, sizeof(p), stdin);

	calls_convert(p, n, true);
	return n < sizeof(p) && ferror(stdin) == 0 && fwrite(p, 1, n, stdout) == n &&
			       fflush(stdout) == 0
		       ? 0
		       : 1;
}
