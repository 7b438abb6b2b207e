/* Commands to type: the one that runs a scenario again, and the words that it is made of. */
#ifndef HUSTINGS_RESULTS_COMMAND_H
#define HUSTINGS_RESULTS_COMMAND_H

#include "sim/results/results.h"

/* Room for a path of PATH_MAX bytes below another; and for a command with five of them. */
#define REPRODUCE_WORD 8800
#define REPRODUCE_SIZE (5 * REPRODUCE_WORD)

/* One word of a POSIX shell: bare where that is safe, else in single quotes. Writes at most `size`
 * bytes; returns `out`. */
char *shell_word(const char *text, char *out, size_t size);

/* The command that runs a scenario again, from whatever folder it is typed in: "/…/sim/hustings run
 * /…/PATH --seed S --trials N", and with all that it was given and that has a say in what comes of
 * it: "--on model", "--jobs N" (of several trials), "--latency FILE", "--redis URL",
 * "--redis-server PROGRAM", "--histories WHICH", "--out DIR". In the model that is a replay; on
 * real processes it is another run. A password is not in it: it has to come from the environment.
 * Writes at most `size` bytes; returns `out`. */
char *reproduce_command(const struct scenario *scenario, const struct run_facts *facts,
                        uint64_t seed, size_t trials, char *out, size_t size);

/* Whether that command replays what was seen, to the byte, as the model does; and what to say of it
 * where it does not. */
bool is_replayed(const struct run_facts *facts);
#define ANOTHER_RUN "Another run, not a replay: real processes may do something else."

#endif
