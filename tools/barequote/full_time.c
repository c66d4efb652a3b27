/* RFC 3339, section 5.6: 2026-01-31T12:00:00Z, also with a fraction or an offset. */
#include "full_load.h"

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool take_number(const char **p, unsigned digits, int64_t max, int64_t *out)
{
	*out = 0;
	for (; digits > 0; digits--, (*p)++) {
		if (!is_digit(**p))
			return false;
		*out = *out * 10 + (**p - '0');
	}
	return *out <= max;
}

static bool take(const char **p, char c, char other)
{
	if (**p != c && **p != other)
		return false;
	(*p)++;
	return true;
}

/* Days since 1970-01-01 in the Gregorian calendar, counted in years that start
 * with March, so that the leap day is the last. */
static int64_t days(int64_t year, int64_t month, int64_t day)
{
	int64_t y = month <= 2 ? year - 1 : year, m = (month + 9) % 12;

	return 365 * y + y / 4 - y / 100 + y / 400 + (153 * m + 2) / 5 + day - 1 - 719468;
}

static int64_t month_days(int64_t year, int64_t month)
{
	int64_t next = month == 12 ? days(year + 1, 1, 1) : days(year, month + 1, 1);

	return next - days(year, month, 1);
}

static bool take_fraction(const char **p)
{
	if (**p != '.')
		return true;
	(*p)++;
	if (!is_digit(**p))
		return false;
	while (is_digit(**p))
		(*p)++;
	return true;
}

static bool take_offset(const char **p, int64_t *seconds)
{
	int64_t hour, minute;
	bool west = **p == '-';

	*seconds = 0;
	if (take(p, 'Z', 'z'))
		return true;
	if (!take(p, '+', '-') || !take_number(p, 2, 23, &hour) || !take(p, ':', ':') ||
	    !take_number(p, 2, 59, &minute))
		return false;
	*seconds = (hour * 60 + minute) * (west ? -60 : 60);
	return true;
}

bool load_time(const char *p, int64_t *out)
{
	int64_t year, month, day, hour, minute, second, offset;

	if (!take_number(&p, 4, 9999, &year) || !take(&p, '-', '-') ||
	    !take_number(&p, 2, 12, &month) || !take(&p, '-', '-') ||
	    !take_number(&p, 2, 31, &day) || !take(&p, 'T', 't') ||
	    !take_number(&p, 2, 23, &hour) || !take(&p, ':', ':') ||
	    !take_number(&p, 2, 59, &minute) || !take(&p, ':', ':') ||
	    !take_number(&p, 2, 60, &second) || !take_fraction(&p) || !take_offset(&p, &offset))
		return false;
	if (month == 0 || day == 0 || day > month_days(year, month) || *p != '\0')
		return false;
	*out = days(year, month, day) * 86400 + hour * 3600 + minute * 60 + second - offset;
	return true;
}
