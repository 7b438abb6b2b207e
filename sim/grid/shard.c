/* Which part of a grid is run here. See shard.h. */
#include "sim/grid/shard.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

size_t shard_cells(struct shard shard, size_t cells)
{
    assert(shard.index < shard.count);
    return cells / shard.count + (shard.index < cells % shard.count ? 1 : 0);
}

/* A whole number from `low` on; behind it is `*end`. False: there is none. */
static bool read_whole(const char *text, unsigned long low, unsigned long *number, const char **end)
{
    char *behind;
    if (*text < '0' || *text > '9') {
        return false;
    }
    *number = strtoul(text, &behind, 10);
    *end = behind;
    return *number >= low && *number <= SHARDS_MAX;
}

bool shard_parse(const char *text, struct shard *shard)
{
    unsigned long index, count;
    const char *end;
    if (!read_whole(text, 1, &index, &end) || *end != '/' ||
        !read_whole(end + 1, index, &count, &end) || *end != '\0') {
        return false;
    }
    *shard = (struct shard){(uint32_t)index - 1, (uint32_t)count};
    return true;
}

struct shard shard_of_folder(const char *path)
{
    size_t length = strlen(path);
    unsigned long index, count;
    const char *end;
    while (length > 1 && path[length - 1] == '/') {
        length--;
    }
    const char *name = path + length;
    while (name > path && name[-1] != '/') {
        name--;
    }
    if (strncmp(name, "shard-", 6) != 0 || !read_whole(name + 6, 1, &index, &end) ||
        strncmp(end, "-of-", 4) != 0 || !read_whole(end + 4, index, &count, &end) ||
        end != path + length) {
        return (struct shard){0, 0};
    }
    assert(index >= 1 && index <= count);
    return (struct shard){(uint32_t)index - 1, (uint32_t)count};
}

char *shard_home(const char *path)
{
    size_t length = strlen(path);
    while (length > 1 && path[length - 1] == '/') {
        length--;
    }
    const size_t whole = length;
    while (length > 0 && path[length - 1] != '/') {
        length--;
    }
    if (shard_of_folder(path).count == 0) {
        return strndup(path, whole);
    }
    return length > 1 ? strndup(path, length - 1) : strdup(length == 1 ? "/" : ".");
}

/* What a scheduler calls the number of a task, the first and the last number of any, the step from
 * one to the next, and how many there are. NULL: there is no such variable. */
struct scheduler {
    const char *index, *first, *last, *step, *count;
};

/* How to add a scheduler: one row. */
static const struct scheduler schedulers[] = {
    {"SLURM_ARRAY_TASK_ID", "SLURM_ARRAY_TASK_MIN", "SLURM_ARRAY_TASK_MAX", "SLURM_ARRAY_TASK_STEP",
     "SLURM_ARRAY_TASK_COUNT"},
    {"JOB_COMPLETION_INDEX", NULL, NULL, NULL, "HUSTINGS_SHARDS"},
    {"OMPI_COMM_WORLD_RANK", NULL, NULL, NULL, "OMPI_COMM_WORLD_SIZE"},
};

/* A variable's number; `otherwise` if it is not set. False: it is none. */
static bool number_of(const char *name, unsigned long otherwise, unsigned long *number)
{
    const char *text = name ? getenv(name) : NULL; /* NOLINT(concurrency-mt-unsafe): one thread */
    const char *end = "";
    *number = otherwise;
    if (!text || !*text) {
        return otherwise <= SHARDS_MAX;
    }
    char *behind;
    *number = strtoul(text, &behind, 10);
    end = behind;
    return *text >= '0' && *text <= '9' && *end == '\0';
}

static bool read_scheduler(const struct scheduler *row, struct shard *shard, char *error,
                           size_t size)
{
    unsigned long index, first, last, step, count;
    if (!number_of(row->count, SHARDS_MAX + 1, &count) || count < 1 || count > SHARDS_MAX) {
        snprintf(error, size,
                 "%s is set, so this is one task of several, but %s does not say of how many; set "
                 "it, or give --shard I/N, or --shard 1/1 to run all of it here",
                 row->index, row->count);
        return false;
    }
    if (!number_of(row->index, 0, &index) || !number_of(row->first, 0, &first) ||
        !number_of(row->step, 1, &step) || step < 1 || index < first ||
        (index - first) / step >= count) {
        snprintf(error, size,
                 "%s is not one of %lu tasks, counted from 0; give --shard I/N instead", row->index,
                 count);
        return false;
    }
    /* Of a list such as 3,5,9 nobody can tell which part a number is. */
    if (!number_of(row->last, first, &last) || (index - first) % step != 0 ||
        (row->last && last != first && (last - first) / step + 1 != count)) {
        snprintf(
            error, size,
            "%s is %lu, of %lu tasks that are not numbered evenly; number them from 0, or give "
            "--shard I/N",
            row->index, index, count);
        return false;
    }
    *shard = (struct shard){(uint32_t)((index - first) / step), (uint32_t)count};
    return true;
}

bool shard_from_environment(struct shard *shard, const char **from, char *error, size_t error_size)
{
    *shard = shard_all();
    *from = NULL;
    for (size_t i = 0; i < sizeof schedulers / sizeof *schedulers; i++) {
        const char *index = getenv(schedulers[i].index); /* NOLINT(concurrency-mt-unsafe) */
        if (index && *index) {
            *from = schedulers[i].index;
            return read_scheduler(&schedulers[i], shard, error, error_size);
        }
    }
    return true;
}
