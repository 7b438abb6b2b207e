/* Which part of a grid is run here: cell i belongs to shard i % count. So neighbours, which take
 * about equally long, are in different shards. */
#ifndef HUSTINGS_GRID_SHARD_H
#define HUSTINGS_GRID_SHARD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SHARDS_MAX 100000

struct shard {
    uint32_t index, count; /* 0 ≤ index < count; as people write it: "index + 1/count" */
};

static inline struct shard shard_all(void)
{
    return (struct shard){0, 1};
}

static inline bool shard_has(struct shard shard, size_t cell)
{
    return cell % shard.count == shard.index;
}

/* How many of so many cells are in it. */
size_t shard_cells(struct shard shard, size_t cells);

/* "3/8", the third of eight. False: it is not one. */
bool shard_parse(const char *text, struct shard *shard);

/* The shard that a folder is of, by its name: ".../shard-3-of-8", with or without a slash at the
 * end. `count` is 0: it is not one's. */
struct shard shard_of_folder(const char *path);

/* The folder that a shard is in, by its name, or, of what is no shard, itself; the caller's to
 * free(). NULL: memory is out. */
char *shard_home(const char *path);

/* What a scheduler says in the environment of a task: Slurm's SLURM_ARRAY_TASK_ID (with _MIN, _STEP
 * and _COUNT), Kubernetes' JOB_COMPLETION_INDEX with HUSTINGS_SHARDS (a job does not tell its tasks
 * how many they are), Open MPI's OMPI_COMM_WORLD_RANK and _SIZE. `*from` is the name of the
 * variable, NULL: there is none, and `*shard` is all. False with one line in `error`:
 * there is one, but it cannot be understood. */
bool shard_from_environment(struct shard *shard, const char **from, char *error, size_t error_size);

#endif
