/* Parts of outcomes that are kept once. See shared.h.
 *
 * Most trials of a scenario end in one of a few ways. A part that is not among the first so many
 * stays its outcome's own: the search is short, whatever the trials do. */
#include "sim/outcome/shared.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define PARTS_MAX 64

struct leaders {
    int32_t *ids; /* owned */
    uint32_t count;
};

struct shared {
    struct check_verdict *checks[PARTS_MAX]; /* each owned */
    struct leaders leaders[PARTS_MAX];
    size_t checks_count, leaders_count;
    bool broken[CHECKS_MAX]; /* in an earlier trial */
};

struct shared *shared_new(void)
{
    return calloc(1, sizeof(struct shared));
}

void shared_free(struct shared *shared)
{
    if (!shared) {
        return;
    }
    for (size_t i = 0; i < shared->checks_count; i++) {
        free(shared->checks[i]);
    }
    for (size_t i = 0; i < shared->leaders_count; i++) {
        free(shared->leaders[i].ids);
    }
    free(shared);
}

static bool same_checks(const struct check_verdict *a, const struct check_verdict *b)
{
    for (size_t i = 0; i < check_count(); i++) {
        if (a[i].ending != b[i].ending || a[i].why != b[i].why) {
            return false;
        }
    }
    return true;
}

static void share_checks(struct shared *shared, struct outcome *outcome)
{
    size_t i = 0;
    while (i < shared->checks_count && !same_checks(shared->checks[i], outcome->checks)) {
        i++;
    }
    if (i == PARTS_MAX) {
        return;
    }
    if (i < shared->checks_count) {
        free(outcome->checks);
    } else {
        shared->checks[shared->checks_count++] = outcome->checks;
    }
    outcome->checks = shared->checks[i];
    outcome->checks_shared = true;
}

static bool same_leaders(const struct leaders *leaders, const struct outcome *outcome)
{
    return leaders->count == outcome->leader_count &&
           memcmp(leaders->ids, outcome->leaders, leaders->count * sizeof *leaders->ids) == 0;
}

static void share_leaders(struct shared *shared, struct outcome *outcome)
{
    size_t i = 0;
    while (i < shared->leaders_count && !same_leaders(&shared->leaders[i], outcome)) {
        i++;
    }
    if (i == PARTS_MAX) {
        return;
    }
    if (i < shared->leaders_count) {
        free(outcome->leaders);
    } else {
        shared->leaders[shared->leaders_count++] =
            (struct leaders){outcome->leaders, outcome->leader_count};
    }
    outcome->leaders = shared->leaders[i].ids;
    outcome->leaders_shared = true;
}

/* Whether one of its checks was not broken in an earlier trial. */
static bool breaks_first(struct shared *shared, const struct outcome *outcome)
{
    bool first = false;
    for (size_t i = 0; i < outcome->violations.count; i++) {
        bool *broken = &shared->broken[outcome->violations.list[i].check];
        first = first || !*broken;
        *broken = true;
    }
    return first;
}

void shared_take(struct shared *shared, struct outcome *outcome, enum keep_violations keep)
{
    assert(outcome->checks && !outcome->checks_shared && !outcome->leaders_shared);
    share_checks(shared, outcome);
    if (outcome->leaders) {
        share_leaders(shared, outcome);
    }
    if (!breaks_first(shared, outcome) && keep == KEEP_FIRST_VIOLATIONS) {
        violations_free(&outcome->violations);
    }
}
