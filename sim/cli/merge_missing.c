/* What is wrong with shards: they do not belong together, or some are missing. See merge.h. */
#include <assert.h>
#include <stdio.h>

#include "sim/cli/merge.h"
#include "sim/grid/grid.h"
#include "sim/grid/shard.h"
#include "sim/text/clean.h"

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

static bool is_whole(const struct grid *grid, struct shard shard)
{
    assert(shard.index < shard.count);
    for (size_t cell = shard.index; cell < grid_cells(grid); cell += shard.count) {
        if (!grid_has(grid, cell)) {
            return false;
        }
    }
    return true;
}

/* "2/8, 5/8 and 3 more" */
static void name_shards(const struct grid *grid, uint32_t count, char *out, size_t size)
{
    struct shard shard = {0, count};
    size_t found = 0, length = 0;
    for (; shard.index < count; shard.index++) {
        if (!is_whole(grid, shard) && found++ < NAMED_MAX) {
            length += (size_t)snprintf(out + length, size - length, "%s%u/%u",
                                       found > 1 ? ", " : "", shard.index + 1, count);
        }
    }
    assert(found > 0 && length < size);
    if (found > NAMED_MAX) {
        snprintf(out + length, size - length, " and %zu more", found - NAMED_MAX);
    }
}

bool merge_fits(const struct merged *merged, struct grid_plan *plan)
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

void merge_missing(const struct merged *merged, const struct grid *grid, const char *cells)
{
    size_t all = grid_cells(grid), missing = all - grid_finished(grid);
    uint32_t count = shards_of(merged);
    char names[NAMED_MAX * 20 + 40];
    assert(missing > 0 && merged->count > 0);
    if (count > 0) {
        name_shards(grid, count, names, sizeof names);
        clean_line(
            stderr,
            "hustings merge: %zu of %zu %s are missing, of --shard %s; run that command again "
            "with the same --into, and then merge",
            missing, all, cells, names);
    } else if (merged->count == 1) {
        clean_line(stderr,
                   "hustings merge: %zu of %zu %s are missing; %s is no shard of several: give the "
                   "command that made it again, with --into %s, and it goes on",
                   missing, all, cells, merged->folders[0], merged->folders[0]);
    } else {
        clean_line(stderr,
                   "hustings merge: %zu of %zu %s are missing in all these folders; give that of "
                   "each shard",
                   missing, all, cells);
    }
}
