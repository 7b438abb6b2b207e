/* Durations as people write them, "2s" or "1.5m", and as whole nanoseconds. Exact both ways: a
 * text that is not a whole number of nanoseconds is refused, not rounded. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "sim/scenario/scenario.h"
#include "src/units.h"

#define LONGEST_NS (24 * NS_PER_H)

struct unit {
    const char *name;
    int64_t ns;
};

/* The longest first, as duration_text() tries them. */
static const struct unit units[] = {
    {"m", INT64_C(60000000000)},
    {"s", INT64_C(1000000000)},
    {"ms", INT64_C(1000000)},
    {"us", INT64_C(1000)},
};
#define UNITS (sizeof units / sizeof units[0])

static int64_t unit_ns(const char *name)
{
    for (size_t i = 0; i < UNITS; i++) {
        if (strcmp(units[i].name, name) == 0) {
            return units[i].ns;
        }
    }
    return 0;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Digits behind the point count for a tenth each of the one before, and must come out even. */
static bool parse_fraction(const char **text, int64_t *ns, int64_t unit)
{
    if (!is_digit(**text)) {
        return false;
    }
    while (is_digit(**text)) {
        int64_t digit = *(*text)++ - '0';
        if (digit != 0 && (unit == 0 || unit % 10 != 0)) {
            return false;
        }
        unit /= 10;
        *ns += digit * unit;
    }
    return true;
}

bool duration_parse(const char *text, int64_t *ns)
{
    if (!is_digit(*text)) {
        return false;
    }
    const char *end = text + strspn(text, "0123456789.");
    int64_t unit = unit_ns(end);
    if (unit == 0) {
        return false;
    }
    int64_t whole = 0;
    while (is_digit(*text)) {
        whole = whole * 10 + (*text++ - '0');
        if (whole > LONGEST_NS / unit) {
            return false;
        }
    }
    int64_t sum = whole * unit;
    if (*text == '.') {
        text++;
        if (!parse_fraction(&text, &sum, unit)) {
            return false;
        }
    }
    if (text != end || sum > LONGEST_NS) {
        return false;
    }
    *ns = sum;
    return true;
}

char *duration_text(int64_t ns, char *out, size_t size)
{
    const struct unit *unit = &units[1]; /* "0s" */
    for (size_t i = 0; ns != 0 && i < UNITS; i++) {
        unit = &units[i];
        if (ns % unit->ns == 0) {
            break;
        }
    }
    int64_t rest = ns % unit->ns;
    if (rest == 0) {
        snprintf(out, size, "%" PRId64 "%s", ns / unit->ns, unit->name);
    } else { /* only microseconds are left to divide: three digits at the most */
        char digits[8];
        snprintf(digits, sizeof digits, "%03u", (unsigned)rest % 1000u);
        digits[rest % 10 ? 3 : rest % 100 ? 2 : 1] = '\0';
        snprintf(out, size, "%" PRId64 ".%s%s", ns / unit->ns, digits, unit->name);
    }
    return out;
}
