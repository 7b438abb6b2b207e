/* What a merge lacks: which shards, and what to run for them. See merge.h. */
#include <assert.h>
#include <stdio.h>
#include <string.h>

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

void merge_missing(const struct merged *merged, const struct grid *grid, const char *verb,
                   const char *cells)
{
    size_t all = grid_cells(grid), missing = all - grid_finished(grid);
    uint32_t count = shards_of(merged);
    char names[NAMED_MAX * 20 + 40];
    assert(missing > 0 && merged->count > 0);
    if (count > 0) {
        name_shards(grid, count, names, sizeof names);
        clean_line(stderr,
                   "hustings %s: %zu of %zu %s are missing, of --shard %s; run that command again "
                   "with the same --into, and then merge",
                   verb, missing, all, cells, names);
    } else if (merged->count == 1) {
        clean_line(stderr,
                   "hustings %s: %zu of %zu %s are missing; %s is no shard of several: give the "
                   "command that made it again, with --into %s, and it goes on",
                   verb, missing, all, cells, merged->folders[0], merged->folders[0]);
    } else {
        clean_line(stderr,
                   "hustings %s: %zu of %zu %s are missing in all these folders; give that of "
                   "each shard",
                   verb, missing, all, cells);
    }
}
