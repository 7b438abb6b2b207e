/* How fast time passes on the screen. See pace.h. */
#include "sim/live/pace.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

static bool read_number(const char **text, uint32_t most, uint32_t *number)
{
    char *end;
    if (**text < '0' || **text > '9') {
        return false;
    }
    unsigned long value = strtoul(*text, &end, 10);
    *text = end;
    *number = (uint32_t)value;
    return value >= 1 && value <= most;
}

bool pace_parse(const char *text, struct pace *pace)
{
    struct pace found = {1, 1};
    bool good = read_number(&text, PACE_SLOWEST, &found.times);
    if (good && *text == '/') {
        text++;
        good = read_number(&text, PACE_SLOWEST, &found.in);
    }
    if (!good || *text != '\0' || (uint64_t)found.in * PACE_FASTEST < found.times ||
        (uint64_t)found.times * PACE_SLOWEST < found.in) {
        return false;
    }
    *pace = found;
    return true;
}

/* The ladder from the slowest, 1/1000000, to the fastest: each of its steps is 1, 2 or 5 times a
 * power of ten. */
static struct pace rung(int number)
{
    static const uint32_t digits[] = {1, 2, 5};
    uint32_t power = 1;
    bool below = number < 0; /* -1: 1/2, -2: 1/5, -3: 1/10 */
    int place = below ? -number : number;
    for (int i = place / 3; i > 0; i--) {
        power *= 10;
    }
    uint32_t value = digits[place % 3] * power;
    return below ? (struct pace){1, value} : (struct pace){value, 1};
}

#define RUNG_SLOWEST (-18)
#define RUNG_FASTEST 9

static bool is_faster(struct pace a, struct pace b)
{
    return (uint64_t)a.times * b.in > (uint64_t)b.times * a.in;
}

struct pace pace_faster(struct pace pace)
{
    assert(pace.times > 0 && pace.in > 0);
    for (int i = RUNG_SLOWEST; i <= RUNG_FASTEST; i++) {
        if (is_faster(rung(i), pace)) {
            return rung(i);
        }
    }
    return pace;
}

struct pace pace_slower(struct pace pace)
{
    assert(pace.times > 0 && pace.in > 0);
    for (int i = RUNG_FASTEST; i >= RUNG_SLOWEST; i--) {
        if (is_faster(pace, rung(i))) {
            return rung(i);
        }
    }
    return pace;
}

int64_t pace_passes(struct pace pace, int64_t real_ns)
{
    assert(pace.times > 0 && pace.in > 0 && real_ns >= 0);
    return (int64_t)((double)real_ns * pace.times / pace.in);
}

struct pace_text pace_text(struct pace pace)
{
    struct pace_text text;
    int used = snprintf(text.text, sizeof text.text, "%" PRIu32, pace.times);
    if (pace.in > 1) {
        snprintf(text.text + used, sizeof text.text - (size_t)used, "/%" PRIu32, pace.in);
    }
    return text;
}
