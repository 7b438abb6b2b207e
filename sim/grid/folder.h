/* The folder that a grid leaves its results in. */
#ifndef HUSTINGS_GRID_FOLDER_H
#define HUSTINGS_GRID_FOLDER_H

#include "sim/grid/shard.h"

/* Makes it, unless it is there, and returns its path, the caller's to free():
 *
 *     into                               exactly this one; whoever gives it again goes on there
 *     results/<utc>-<kind>-<name>        if `into` is NULL
 *     …/shard-3-of-8                     in either, for a shard
 *
 * Of a shard without `into` the folder has no time in its name, so that all shards meet in one:
 * results/<kind>-<name>. NULL with one line in `error`: it cannot be made. */
char *grid_folder(const char *into, const char *kind, const char *name, struct shard shard,
                  char *error, size_t error_size);

/* Writes a file of the folder as a whole. False with one line in `error`. */
bool grid_write(const char *folder, const char *name, const char *bytes, size_t length, char *error,
                size_t error_size);

#endif
