/* How long elections took. See times.h. */
#include "sim/outcome/times.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

const char *const election_time_names[ELECTION_TIMES] = {
    [TIME_ELECT] = "elect_ms", [TIME_SETTLE] = "settle_ms"};

int64_t election_time_ns(const struct election *election, enum election_time time)
{
    assert(time == TIME_ELECT || time == TIME_SETTLE);
    int64_t until = time == TIME_ELECT ? election->published_ns : election->settled_ns;
    bool both = until != NEVER_NS && election->due_ns != NEVER_NS;
    return both ? until - election->due_ns : NEVER_NS;
}

int64_t time_us(int64_t ns)
{
    int64_t rest = ns % 1000;
    return ns / 1000 + (rest >= 500) - (rest <= -500);
}

int64_t election_rank_ns(const struct election *election, enum election_time time)
{
    assert(election->ended < ENDINGS);
    bool never = time == TIME_ELECT ? election->ended == ENDED_NEVER : election->unsettled;
    return never ? FOREVER_NS : election_time_ns(election, time);
}

static int ascending(const void *left, const void *right)
{
    int64_t a = *(const int64_t *)left;
    int64_t b = *(const int64_t *)right;
    return (a > b) - (a < b);
}

uint64_t nearest_rank(uint64_t count, double p)
{
    assert(count > 0 && p >= 0 && p <= 100);
    /* The smallest value that at least p % of all do not exceed. p * count is exact for the whole
     * numbers asked for in practice, where p / 100 would not be. */
    double rank = ceil(p * (double)count / 100);
    assert(rank <= (double)count);
    return rank < 1 ? 1 : (uint64_t)rank;
}

int64_t percentile(int64_t *values, size_t count, double p)
{
    if (count == 0) {
        return NEVER_NS;
    }
    qsort(values, count, sizeof *values, ascending);
    return values[nearest_rank(count, p) - 1];
}
