/* The lines of a comparison: the same facts for every form of output. See tables.h. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "sim/compare/distance.h"
#include "sim/compare/tables.h"
#include "sim/outcome/times.h"

struct putting {
    const struct compared *compared;
    bool (*put)(void *self, const struct line *line);
    void *self;
};

static struct line line_new(const struct putting *putting, const char *what, const char *name)
{
    struct line line = {.scenario = putting->compared->scenario,
                        .what = what,
                        .name = name,
                        .p50 = {NEVER_NS, NEVER_NS},
                        .p90 = {NEVER_NS, NEVER_NS},
                        .p99 = {NEVER_NS, NEVER_NS},
                        .distance = -1,
                        .bound = -1};
    return line;
}

static bool put_shares(const struct putting *putting, const char *what, const struct shares *shares,
                       const size_t of[SIDES])
{
    for (size_t i = 0; i < shares->count; i++) {
        const struct share *share = &shares->list[i];
        struct line line = line_new(putting, what, share->name);
        memcpy(line.count, share->count, sizeof line.count);
        memcpy(line.of, of, sizeof line.of);
        if (of[SIDE_A] > 0 && of[SIDE_B] > 0) {
            line.distance = fabs(share_of(share, of, SIDE_A) - share_of(share, of, SIDE_B));
            line.bound = ks_bound(of[SIDE_A], of[SIDE_B]);
        }
        if (!putting->put(putting->self, &line)) {
            return false;
        }
    }
    return true;
}

/* "all", or "2 flip": the second election of a trial, made due by a flip. */
static void name_group(const struct group *group, char *out, size_t size)
{
    if (group->nth == 0) {
        snprintf(out, size, "all");
    } else {
        snprintf(out, size, "%u %s", group->nth, group->cause);
    }
}

static bool put_times(const struct putting *putting, const char *what, enum measure measure)
{
    for (size_t i = 0; i < putting->compared->group_count; i++) {
        const struct group *group = &putting->compared->groups[i];
        char name[64];
        name_group(group, name, sizeof name);
        struct line line = line_new(putting, what, name);
        for (enum side side = 0; side < SIDES; side++) {
            const struct sample *times = &group->times[measure][side];
            line.count[side] = times->count;
            line.p50[side] = percentile(times->ns, times->count, 50);
            line.p90[side] = percentile(times->ns, times->count, 90);
            line.p99[side] = percentile(times->ns, times->count, 99);
        }
        if (line.count[SIDE_A] > 0 && line.count[SIDE_B] > 0) {
            line.distance = ks_distance(group->times[measure][SIDE_A].ns, line.count[SIDE_A],
                                        group->times[measure][SIDE_B].ns, line.count[SIDE_B]);
            line.bound = ks_bound(line.count[SIDE_A], line.count[SIDE_B]);
        }
        if (line.count[SIDE_A] + line.count[SIDE_B] > 0 && !putting->put(putting->self, &line)) {
            return false;
        }
    }
    return true;
}

bool comparison_lines(const struct comparison *comparison,
                      bool (*put)(void *self, const struct line *line), void *self)
{
    for (size_t i = 0; i < comparison->both; i++) {
        const struct compared *compared = &comparison->list[i];
        struct putting putting = {.compared = compared, .put = put, .self = self};
        const size_t trials[SIDES] = {compared->trials[SIDE_A].count,
                                      compared->trials[SIDE_B].count};
        if (!put_shares(&putting, "leaders", &compared->leaders, trials) ||
            !put_shares(&putting, "verdict", &compared->verdicts, compared->elections) ||
            !put_shares(&putting, "ended", &compared->endings, compared->elections) ||
            !put_shares(&putting, "check", &compared->checks, trials) ||
            !put_times(&putting, "elect_ms", MEASURE_ELECT) ||
            !put_times(&putting, "settle_ms", MEASURE_SETTLE)) {
            return false;
        }
    }
    return true;
}
