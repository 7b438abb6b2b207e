/* How long elections took. See times.h. */
#include "sim/outcome/times.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

#include "sim/outcome/packed.h"

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

size_t election_times(const struct outcome *outcomes, size_t count, uint8_t cause,
                      enum election_time time, int64_t **times, bool *ok)
{
    size_t most = 0;
    for (size_t i = 0; i < count; i++) {
        most += outcomes[i].election_count;
    }
    *times = most ? malloc(most * sizeof **times) : NULL;
    *ok = !most || *times;
    if (!*times) {
        return 0;
    }
    size_t have = 0;
    for (size_t i = 0; i < count; i++) {
        struct election_walk walk = election_walk(&outcomes[i]);
        const struct election *election;
        while (!outcomes[i].undecided && (election = election_next(&walk))) {
            int64_t ns = election_rank_ns(election, time);
            if (ns != NEVER_NS && (cause == ALL_CAUSES || cause == election->cause)) {
                (*times)[have++] = ns;
            }
        }
    }
    assert(have <= most);
    return have;
}

static int ascending(const void *left, const void *right)
{
    int64_t a = *(const int64_t *)left;
    int64_t b = *(const int64_t *)right;
    return (a > b) - (a < b);
}

int64_t percentile(int64_t *values, size_t count, double p)
{
    assert(p >= 0 && p <= 100);
    if (count == 0) {
        return NEVER_NS;
    }
    qsort(values, count, sizeof *values, ascending);
    /* The smallest value that at least p % of all do not exceed. p * count is exact for the whole
     * numbers asked for in practice, where p / 100 would not be. */
    double rank = ceil(p * (double)count / 100);
    assert(rank <= (double)count);
    return values[rank < 1 ? 0 : (size_t)rank - 1];
}
