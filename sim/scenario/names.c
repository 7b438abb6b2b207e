/* The words of what a scenario expects, and leaders as text. See scenario.h. All that does not load
 * a scenario but has one needs this file alone. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "sim/scenario/scenario.h"

const char *const frequency_names[] = {"never", "always", "sometimes", "allowed", NULL};
const char *const verdict_names[] = {"ok", "wrong", "dead", "none", "superseded", NULL};
const char *const bound_names[] = {"p50", "p90", "p99", "max", NULL};
const char *const total_names[] = {"leaderless_ms", "two_leaders_ms", "requests", NULL};

char *leaders_text(const int32_t *leaders, uint32_t count, char *out, size_t size)
{
    static const char more[] = ", …";
    size_t used = (size_t)snprintf(out, size, "%s", count ? "" : "nobody");
    for (uint32_t i = 0; i < count; i++) {
        char one[16];
        size_t length = (size_t)snprintf(one, sizeof one, "%s%" PRId32, i ? ", " : "", leaders[i]);
        bool last = i + 1 == count;
        if (used + length + (last ? 1 : sizeof more) > size) {
            memcpy(out + used, more, sizeof more);
            break;
        }
        memcpy(out + used, one, length + 1);
        used += length;
    }
    return out;
}
