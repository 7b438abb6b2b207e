/* A run in parts: `hustings run --on model --shard 3/8`, on as many machines as one likes, and
 * `hustings merge`.
 *
 *     part: trials, chunk by chunk ─▶ outcomes as lines of a grid (cells.txt)
 *     merge: the lines of all parts, trial by trial ─▶ session ─▶ results, as of one run
 *
 * A part digests its trials as a run does, and keeps what came of each. Histories are not kept: the
 * few that a results folder has are had again from their seeds when it is made. */
#ifndef HUSTINGS_CLI_RUN_PARTS_H
#define HUSTINGS_CLI_RUN_PARTS_H

#include "sim/cli/session.h"
#include "sim/grid/shard.h"

struct merged;
struct run_parts;

/* Loads the scenario, and opens the part's folder (by `into`, as grid_folder() says), or with
 * `merged` the whole's, whose parts must be complete then. NULL, with what is wrong said on stderr
 * and `*code` set to the exit code. */
struct run_parts *run_parts_open(const struct session *session, const char *word,
                                 struct shard shard, const char *into, const struct merged *merged,
                                 int *code);

/* Closes and frees it. */
void run_parts_close(struct run_parts *parts);

/* Makes the results of a whole from its lines; returns the exit code. */
int run_parts_tell(struct run_parts *parts, struct session *session, char **word,
                   const struct merged *merged);

/* Runs what is not finished of a part. Returns the exit code. */
int run_parts_run(struct run_parts *parts);

#endif
