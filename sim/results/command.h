/* Commands to type: the one that runs a scenario again, and the words that it is made of. */
#ifndef HUSTINGS_RESULTS_COMMAND_H
#define HUSTINGS_RESULTS_COMMAND_H

#include "sim/results/results.h"

#define REPRODUCE_SIZE 8800 /* two paths of PATH_MAX bytes, and the options */

/* One word of a POSIX shell: bare where that is safe, else in single quotes. Writes at most `size`
 * bytes; returns `out`. */
char *shell_word(const char *text, char *out, size_t size);

/* The command that runs a scenario again: "sim/hustings run PATH --seed S --trials N", and with
 * "--on model", "--latency FILE", "--redis URL", "--redis-server PROGRAM" if it ran so. A password
 * is not in it: it has to come from the environment. Writes at most `size` bytes; returns `out`. */
char *reproduce_command(const struct scenario *scenario, const struct run_facts *facts,
                        uint64_t seed, size_t trials, char *out, size_t size);

#endif
