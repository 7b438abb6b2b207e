/* A trial as a scenario: the scenario's own text, in which what was drawn stands as it was drawn.
 *
 *     faults:                                       faults:
 *       - {at: 1s, flip: 2, to: submit}  # first      - {at: 1s, flip: 2, to: submit}  # first
 *       - {randomly: {mean: 2s}, crash: any}    ─▶    # - {randomly: {mean: 2s}, crash: any}
 *                                                     # Drawn in trial 1:
 *                                                     - {at: 1734.5ms, crash: 3}
 *
 * Comments and all other lines stay as they are. An entry that was drawn from becomes a comment,
 * and so does one that can do nothing now that it is known what was drawn (restarting whom nobody
 * crashed). What they did in the trial stands below, in the order of time; what an `every` did,
 * behind all entries; and behind that, what was done by hand. An entry of which something was
 * healed by hand is replaced likewise, by what it did and how long that lasted. The list is made
 * where there is none.
 */
#ifndef HUSTINGS_SCENARIO_REPLAY_H
#define HUSTINGS_SCENARIO_REPLAY_H

#include <stdio.h>

#include "sim/scenario/drawn.h"

/* Writes it: a scenario of one trial that scenario_parse() takes. False with a line in `why`: on a
 * write error, when memory is out, when there are more faults than a scenario can have. */
bool scenario_replay(FILE *file, const struct replay *replay, char *why, size_t size);

#endif
