/* The time of a server, as the driver made it run. See expiry.h. */
#include <assert.h>
#include <stdlib.h>

#include "sim/processes/expiry.h"
#include "sim/text/grown.h"

bool server_times_add(struct server_times *times, int64_t from_ns, struct skew skew, bool runs)
{
    struct server_time *list = grown(times->list, times->count, &times->capacity, sizeof *list);
    if (!list) {
        return false;
    }
    assert(times->count == 0 || list[times->count - 1].from_ns <= from_ns);
    times->list = list;
    times->list[times->count++] =
        (struct server_time){.from_ns = from_ns, .skew = skew, .runs = runs};
    return true;
}

void server_times_free(struct server_times *times)
{
    free(times->list);
    *times = (struct server_times){0};
}

int64_t server_times_find(const struct server_times *times, int64_t from_ns, int64_t clock_ns)
{
    for (size_t i = 0; i < times->count; i++) {
        const struct server_time *piece = &times->list[i];
        int64_t begins = piece->from_ns > from_ns ? piece->from_ns : from_ns;
        int64_t ends = i + 1 < times->count ? times->list[i + 1].from_ns : INT64_MAX;
        int64_t shows = skew_true(&piece->skew, clock_ns);
        int64_t found = shows > begins ? shows : begins;
        if (piece->runs && found < ends) {
            return found;
        }
    }
    return INT64_MAX;
}
