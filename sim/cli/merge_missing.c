/* What is wrong with shards: they do not belong together, or some are missing. See merge.h. */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

#include "sim/cli/cli.h"
#include "sim/cli/merge.h"
#include "sim/cli/run_place.h"
#include "sim/grid/folder.h"
#include "sim/grid/grid.h"
#include "sim/grid/shard.h"
#include "sim/results/command.h"
#include "sim/text/clean.h"

/* --- what is missing -------------------------------------------------------------------------- */

/* Of more shards than this only so many are named. */
#define NAMED_MAX 8

/* How many shards there are, if all folders are of shards and agree in that; 0: they do not. */
static uint32_t shards_of(const struct merged *merged)
{
    uint32_t count = shard_of_folder(merged->folders[0]).count;
    for (size_t i = 1; i < merged->count; i++) {
        if (shard_of_folder(merged->folders[i]).count != count) {
            return 0;
        }
    }
    return count;
}

/* Which cells there are in all of them. */
struct found {
    bool *has; /* [count] */
    size_t count, missing;
};

static bool is_whole(const struct found *found, struct shard shard)
{
    assert(shard.index < shard.count);
    for (size_t cell = shard.index; cell < found->count; cell += shard.count) {
        if (!found->has[cell]) {
            return false;
        }
    }
    return true;
}

/* "2/8, 5/8 and 3 more" */
static void name_shards(const struct found *found, uint32_t count, char *out, size_t size)
{
    struct shard shard = {0, count};
    size_t named = 0, length = 0;
    for (; shard.index < count; shard.index++) {
        if (!is_whole(found, shard) && named++ < NAMED_MAX) {
            length += (size_t)snprintf(out + length, size - length, "%s%u/%u",
                                       named > 1 ? ", " : "", shard.index + 1, count);
        }
    }
    assert(named > 0 && length < size);
    if (named > NAMED_MAX) {
        snprintf(out + length, size - length, " and %zu more", named - NAMED_MAX);
    }
}

static void say_missing(const struct merged *merged, const struct found *found, const char *cells)
{
    size_t all = found->count, missing = found->missing;
    uint32_t count = shards_of(merged);
    char names[NAMED_MAX * 20 + 40];
    assert(missing > 0 && merged->count > 0);
    if (count > 0) {
        name_shards(found, count, names, sizeof names);
        clean_line(
            stderr,
            "hustings merge: %zu of %zu %s are missing, of --shard %s; run that command again "
            "with the same --into, and then merge",
            missing, all, cells, names);
    } else if (merged->count == 1) {
        char folder[4400];
        clean_line(stderr,
                   "hustings merge: %zu of %zu %s are missing; %s is no shard of several: give the "
                   "command that made it again, with --into %s, and it goes on",
                   missing, all, cells, merged->folders[0],
                   shell_word(merged->folders[0], folder, sizeof folder));
    } else {
        clean_line(stderr,
                   "hustings merge: %zu of %zu %s are missing in all these folders; give that of "
                   "each shard",
                   missing, all, cells);
    }
}

bool merge_counts_into(const struct merged *merged)
{
    bool is_named = false;
    assert(merged->count > 0);
    for (size_t i = 0; i < merged->count; i++) {
        is_named = is_named || grid_one_folder(merged->into, merged->folders[i]);
    }
    return !is_named && grid_is_in(merged->into);
}

static bool look(const struct merged *merged, const struct grid_plan *plan, struct found *found,
                 char *error, size_t size)
{
    for (size_t i = 0; i < merged->count; i++) {
        if (!grid_look(merged->folders[i], plan, found->has, error, size)) {
            return false;
        }
    }
    if (merge_counts_into(merged) && !grid_look(merged->into, plan, found->has, error, size)) {
        return false;
    }
    for (size_t i = 0; i < found->count; i++) {
        found->missing += !found->has[i];
    }
    return true;
}

/* As merge_fits(). */
static int are_all_there(const struct merged *merged, const struct grid_plan *plan,
                         const char *cells, char *error, size_t size)
{
    struct found found = {calloc(plan->cells, sizeof *found.has), plan->cells, 0};
    snprintf(error, size, "out of memory");
    bool good = found.has && look(merged, plan, &found, error, size);
    if (good) {
        error[0] = '\0';
    }
    if (good && found.missing > 0) {
        say_missing(merged, &found, cells);
    }
    free(found.has);
    return !good ? EXIT_WORLD : found.missing > 0 ? EXIT_USAGE : EXIT_HELD;
}

/* --- whether they fit ------------------------------------------------------------------------- */

/* Whether nothing of somebody else's would be written over. */
static bool is_free(const struct merged *merged, const struct grid_plan *plan,
                    const char *const *names)
{
    char head[GRID_HEAD];
    head_write(head, plan);
    const char *taken = run_is_merged(merged->into, head) ? NULL : grid_taken(merged->into, names);
    if (taken) {
        clean_line(stderr,
                   "hustings merge: %s/%s is there already, and these shards did not make it; "
                   "give --into a folder that is new",
                   merged->into, taken);
    }
    return !taken;
}

static bool belongs(const struct merged *merged, struct grid_plan *plan)
{
    const char *first = merged->folders[0];
    assert(merged->count > 0);
    for (size_t i = 1; i < merged->count; i++) {
        if (!grid_same(first, merged->folders[i])) {
            clean_line(stderr,
                       "hustings merge: %s and %s do not belong together: they were made of other "
                       "files, values, trials or seeds, or by another version of hustings",
                       first, merged->folders[i]);
            return false;
        }
    }
    if (!grid_belongs(first, plan)) {
        clean_line(stderr,
                   "hustings merge: %s: the files that it was made of have changed since, or "
                   "another version of hustings made it; merge with that version",
                   first);
        return false;
    }
    if (!grid_same(first, merged->into)) {
        clean_line(stderr,
                   "hustings merge: %s: the result of another run is there already; give --into "
                   "a folder that is new",
                   merged->into);
        return false;
    }
    return true;
}

int merge_fits(const struct merged *merged, struct grid_plan *plan, const struct merge_makes *makes,
               char *error, size_t size)
{
    assert(merged->count > 0 && plan->cells > 0);
    return belongs(merged, plan) && is_free(merged, plan, makes->written)
               ? are_all_there(merged, plan, makes->cells, error, size)
               : EXIT_USAGE;
}
