/* The folder that a grid leaves its results in. */
#ifndef HUSTINGS_GRID_FOLDER_H
#define HUSTINGS_GRID_FOLDER_H

#include <stdio.h>

#include "sim/grid/shard.h"

/* Makes it, unless it is there, and returns its path, the caller's to free():
 *
 *     into                               exactly this one; whoever gives it again goes on there
 *     results/<utc>-<kind>-<name>        if `into` is NULL; results/latest points at it
 *     …/shard-3-of-8                     in either, for a shard
 *
 * Of a shard without `into` the folder has no time in its name, so that all shards meet in one:
 * results/<kind>-<name>. NULL with one line in `error`: it cannot be made. */
char *grid_folder(const char *into, const char *kind, const char *name, struct shard shard,
                  char *error, size_t error_size);

/* The first of `names`, which end with NULL, that is in a folder though no grid is: so hustings did
 * not put it there, and is not to write over it. NULL: none is. */
const char *grid_taken(const char *folder, const char *const *names);

/* False, with one line in `error`, if there is something. */
bool grid_refuse_taken(const char *folder, const char *const *names, char *error, size_t size);

/* Whether two paths lead to one and the same folder. */
bool grid_one_folder(const char *folder, const char *other);

/* The folder that `into` names for one that grid_folder() made: whoever gives it again goes on. How
 * much of `folder` it is, from its beginning: all of it, but of a shard's. */
size_t grid_into(const char *folder, struct shard shard);

/* The same as a word for the shell; returns `out`. */
char *grid_into_word(const char *folder, struct shard shard, char *out, size_t size);

/* Writes a file of the folder as a whole. False with one line in `error`. */
bool grid_write(const char *folder, const char *name, const char *bytes, size_t length, char *error,
                size_t error_size);

/* The same of one that may be large: `write` writes it to `file`; it is false if memory is out, or
 * it could not be written. */
bool grid_write_by(const char *folder, const char *name, bool (*write)(void *self, FILE *file),
                   void *self, char *error, size_t error_size);

#endif
