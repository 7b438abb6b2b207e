/* Where the time of an election went. See stages.h. */
#include "sim/outcome/stages.h"

#include <assert.h>

#include "sim/outcome/times.h"
#include "src/units.h"

const char *const stage_names[STAGES] = {
    [STAGE_DETECT] = "detect", [STAGE_LOCK] = "lock",       [STAGE_READ] = "read",
    [STAGE_DECIDE] = "decide", [STAGE_PUBLISH] = "publish", [STAGE_SPREAD] = "spread"};

/* The stages of a row, one after the other. */
struct path {
    struct election *row;
    int64_t at_ns; /* where the last one ended */
};

static void ends(struct path *path, enum stage stage, int64_t at_ns)
{
    int64_t end_ns = at_ns > path->at_ns ? at_ns : path->at_ns;
    path->row->stage_ns[stage] = end_ns - path->at_ns;
    path->at_ns = end_ns;
}

/* Its first step of those that led to the result: it asks for the lock, or for what it decides
 * from. NOT_FOUND: that was before the election was due. Then its next try notices nothing: it has
 * waited all the time. */
static size_t first_step(const struct history *history, const struct way *way)
{
    if (way->acquired != NOT_FOUND) {
        return way->asked < way->due
                   ? NOT_FOUND
                   : lookback_first_try(history, way->acquired, way->due, way->process);
    }
    return way->read != NOT_FOUND      ? way->read
           : way->decided != NOT_FOUND ? way->decided
                                       : way->index;
}

void stages_until_published(struct election *row, const struct history *history,
                            const struct way *way)
{
    const struct history_event *events = history->events;
    struct path path = {.row = row, .at_ns = row->due_ns};
    assert(row->due_ns <= row->published_ns && way->index < history->count);
    size_t first = first_step(history, way);
    ends(&path, STAGE_DETECT, first == NOT_FOUND ? row->due_ns : events[first].at_ns);
    if (way->acquired != NOT_FOUND) {
        ends(&path, STAGE_LOCK, events[way->acquired].at_ns);
    }
    if (way->read != NOT_FOUND) {
        ends(&path, STAGE_READ, events[lookback_has_read(history, way->read, way->decided)].at_ns);
    }
    if (way->decided != NOT_FOUND && way->publishes) {
        ends(&path, STAGE_DECIDE, events[way->decided].at_ns);
    }
    ends(&path, way->publishes ? STAGE_PUBLISH : STAGE_DECIDE, row->published_ns);
    assert(path.at_ns == row->published_ns);
}

void stages_settled(struct election *row)
{
    assert(row->published_ns != NEVER_NS && row->settled_ns >= row->published_ns);
    row->stage_ns[STAGE_SPREAD] = row->settled_ns - row->published_ns;
}

int64_t stage_shown_ns(const struct election *election, enum stage stage)
{
    int64_t lasts_ns = election->stage_ns[stage];
    if (lasts_ns == NEVER_NS) {
        return NEVER_NS;
    }
    int64_t before_ns = 0;
    for (unsigned one = 0; one < stage; one++) {
        before_ns += election->stage_ns[one] == NEVER_NS ? 0 : election->stage_ns[one];
    }
    if (stage == STAGE_SPREAD) {
        before_ns = election_time_ns(election, TIME_ELECT);
    }
    return (time_us(before_ns + lasts_ns) - time_us(before_ns)) * NS_PER_US;
}
