/* Addresses as text, against the C library's reader of them. */
#include <arpa/inet.h>
#include <check.h>
#include <string.h>

#include "../src/base/net.h"
#include "support.h"

static const char *const v4[] = {
	"0.0.0.0", "127.0.0.1", "169.254.169.254", "255.255.255.255", "1.20.100.0",
};

static const char *const v6[] = {
	"::",
	"::1",
	"1::",
	"fe80::1",
	"1:2:3:4:5:6:7:8",
	"1:2:3:4:5:6:7::",
	"::2:3:4:5:6:7:8",
	"1::8",
	"1:0::0:8",
	"abcd:EF01:2345:6789:abcd:ef01:2345:6789",
};

static const char *const neither[] = {
	"",
	".",
	"1",
	"1.2.3",
	"1.2.3.",
	".1.2.3",
	"1.2.3.4.",
	"1.2.3.4.5",
	"1..3.4",
	"256.0.0.1",
	"1.2.3.1000",
	"01.2.3.4",
	"1.2.3.04",
	"0x1.2.3.4",
	"1.2.3.a",
	"1.2.3.4 ",
	" 1.2.3.4",
	"-1.2.3.4",
	":",
	":::",
	":1",
	"1:",
	"1:2:3:4:5:6:7",
	"1:2:3:4:5:6:7:",
	"1:2:3:4:5:6:7:8:",
	"1:2:3:4:5:6:7:8:9",
	"1:2:3:4:5:6:7:8::",
	"::1:2:3:4:5:6:7:8",
	"1::2::3",
	"1:::2",
	"12345::",
	"g::",
	"fe80::1%lo",
	"[::1]",
	"example.org",
};

/* The text in memory of its own size, so that reading on would be seen. */
static int address(const char *text, struct bq_net_address *a)
{
	return bq_net_address(tight_copy(bq_view_str(text)), 0x1234, a);
}

START_TEST(v4_addresses)
{
	struct bq_net_address a;
	struct in_addr want;

	ck_assert_int_eq(inet_pton(AF_INET, v4[_i], &want), 1);
	ck_assert_int_eq(address(v4[_i], &a), 0);
	ck_assert_uint_eq(a.n, sizeof(a.sa.v4));
	ck_assert_int_eq(a.sa.v4.sin_family, AF_INET);
	ck_assert_uint_eq(a.sa.v4.sin_port, htons(0x1234));
	ck_assert_mem_eq(&a.sa.v4.sin_addr, &want, sizeof(want));
}
END_TEST

START_TEST(v6_addresses)
{
	struct bq_net_address a;
	struct in6_addr want;

	ck_assert_int_eq(inet_pton(AF_INET6, v6[_i], &want), 1);
	ck_assert_int_eq(address(v6[_i], &a), 0);
	ck_assert_uint_eq(a.n, sizeof(a.sa.v6));
	ck_assert_int_eq(a.sa.v6.sin6_family, AF_INET6);
	ck_assert_uint_eq(a.sa.v6.sin6_port, htons(0x1234));
	ck_assert_mem_eq(&a.sa.v6.sin6_addr, &want, sizeof(want));
}
END_TEST

START_TEST(no_addresses)
{
	struct bq_net_address a;
	struct in6_addr any;

	ck_assert_int_ne(inet_pton(AF_INET, neither[_i], &any), 1);
	ck_assert_int_ne(inet_pton(AF_INET6, neither[_i], &any), 1);
	ck_assert_int_eq(address(neither[_i], &a), BQ_E_URL);
}
END_TEST

START_TEST(localhost)
{
	struct bq_net_address a;

	ck_assert_int_eq(address("localhost", &a), 0);
	ck_assert_uint_eq(a.sa.v4.sin_addr.s_addr, htonl(INADDR_LOOPBACK));
	ck_assert_int_eq(address("localhosts", &a), BQ_E_URL);
}
END_TEST

#define COUNT(a) ((int)(sizeof(a) / sizeof((a)[0])))

Suite *suite_net(void)
{
	Suite *s = suite_create("net");
	TCase *tc = tcase_create("net");

	tcase_add_loop_test(tc, v4_addresses, 0, COUNT(v4));
	tcase_add_loop_test(tc, v6_addresses, 0, COUNT(v6));
	tcase_add_loop_test(tc, no_addresses, 0, COUNT(neither));
	tcase_add_test(tc, localhost);
	suite_add_tcase(s, tc);
	return s;
}
