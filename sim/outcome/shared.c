/* Parts of outcomes that are kept once. See shared.h.
 *
 * Most trials of a scenario end in one of a few ways. A part that is not among the first so many
 * stays its outcome's own: the search is short, whatever the trials do. */
#include "sim/outcome/shared.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "sim/outcome/packed.h"

#define PARTS_MAX 64

/* Packed elections lie one behind the other in blocks; those of one trial that are too many for
 * that stay as they are. */
#define BLOCK_BYTES 65536
#define PACKED_MAX 64

struct block {
    struct block *before;
    size_t used;
    uint8_t bytes[BLOCK_BYTES];
};

struct leaders {
    int32_t *ids; /* owned */
    uint32_t count;
};

struct shared {
    struct check_verdict *checks[PARTS_MAX]; /* each owned */
    struct leaders leaders[PARTS_MAX];
    size_t checks_count, leaders_count;
    bool broken[CHECKS_MAX]; /* in an earlier trial */
    struct block *block;     /* the last one; owned, as are those before it */
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
    while (shared->block) {
        struct block *before = shared->block->before;
        free(shared->block);
        shared->block = before;
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

/* Memory for that many bytes; NULL: it is out. */
static uint8_t *room(struct shared *shared, size_t size)
{
    assert(size <= BLOCK_BYTES);
    if (!shared->block || shared->block->used + size > BLOCK_BYTES) {
        struct block *block = malloc(sizeof *block);
        if (!block) {
            return NULL;
        }
        block->before = shared->block;
        block->used = 0;
        shared->block = block;
    }
    uint8_t *bytes = shared->block->bytes + shared->block->used;
    shared->block->used += size;
    return bytes;
}

static void pack_elections(struct shared *shared, struct outcome *outcome)
{
    uint8_t packed[PACKED_MAX * PACKED_ELECTION_MAX];
    if (outcome->election_count == 0 || outcome->election_count > PACKED_MAX) {
        return;
    }
    size_t size = packed_write(outcome->elections, outcome->election_count, packed);
    uint8_t *bytes = room(shared, size);
    if (bytes) {
        memcpy(bytes, packed, size);
        free(outcome->elections);
        outcome->packed = bytes;
        outcome->elections_packed = true;
    }
}

/* Gives back the room that a list of violations has for more. */
static void trim_violations(struct violations *violations)
{
    size_t count = violations->count;
    if (count == 0 || count == violations->capacity) {
        return;
    }
    struct violation *list = realloc(violations->list, count * sizeof *list);
    if (list) {
        violations->list = list;
        violations->capacity = count;
    }
}

void shared_take(struct shared *shared, struct outcome *outcome, enum keep_outcome keep)
{
    assert(outcome->checks && !outcome->checks_shared && !outcome->leaders_shared);
    share_checks(shared, outcome);
    if (outcome->leaders) {
        share_leaders(shared, outcome);
    }
    bool first = breaks_first(shared, outcome);
    if (keep == KEEP_SMALL) {
        pack_elections(shared, outcome);
    }
    if (keep == KEEP_SMALL && !first) {
        violations_free(&outcome->violations);
    }
    trim_violations(&outcome->violations);
}
