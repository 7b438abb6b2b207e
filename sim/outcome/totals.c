/* Bounds on what a trial comes to as a whole. See totals.h. */
#include "sim/outcome/totals.h"

#include <assert.h>

int64_t total_of(const struct outcome *outcome, enum trial_total total)
{
    switch (total) {
    case TOTAL_LEADERLESS:
        return outcome->leaderless_ns;
    case TOTAL_TWO_LEADERS:
        return outcome->two_leaders_ns;
    case TOTAL_REQUESTS:
        assert(outcome->requests <= INT64_MAX);
        return (int64_t)outcome->requests;
    case TOTALS:
        break;
    }
    assert(false && "a total without a case");
    return 0;
}

bool total_is_exceeded(const struct expectations *expect, const struct outcome *outcome,
                       enum trial_total total)
{
    assert(total < TOTALS && !outcome->undecided);
    const struct total_bound *bound = &expect->totals[total];
    assert(!bound->is || bound->max >= 0);
    return bound->is && total_of(outcome, total) > bound->max;
}

struct short_text total_text(enum trial_total total, int64_t value)
{
    assert(total < TOTALS && value >= 0);
    return total == TOTAL_REQUESTS ? text_count((uint64_t)value) : text_ms(value);
}
