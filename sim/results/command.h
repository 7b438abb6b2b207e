/* Commands to type: the one that runs a scenario again, and the words that it is made of. */
#ifndef HUSTINGS_RESULTS_COMMAND_H
#define HUSTINGS_RESULTS_COMMAND_H

#include "sim/results/results.h"

/* One word of a POSIX shell: bare where that is safe, else in single quotes. Writes at most `size`
 * bytes; returns `out`. */
char *shell_word(const char *text, char *out, size_t size);

/* A command that is being written. Zeroed: empty. Owned by the caller: command_free(). */
struct shell_command {
    char *text;
    size_t length, capacity;
    bool failed; /* memory is out */
};

/* Appends a word, as of shell_word(), behind a blank if it is not the first: `text`, or, unless
 * `folder` is empty, the file of that name in it. */
void command_word(struct shell_command *command, const char *folder, const char *text);

/* Appends text as it is. */
void command_put(struct shell_command *command, const char *text);

/* The command; when memory is out, words that say so. Valid until it is changed. */
const char *command_text(const struct shell_command *command);

void command_free(struct shell_command *command);

/* The command that runs a scenario again, from whatever folder it is typed in: "/…/sim/hustings
 * run /…/PATH --seed S --trials N", and with all that it was given and that has a say in what comes
 * of it: "--on model", "--jobs N" (of several trials), "--latency FILE", "--redis URL",
 * "--set KEY=VALUE", "--redis-server PROGRAM", "--histories WHICH", "--out DIR". In
 * the model that is a replay; on real processes it is another run. A password is not in it: it has
 * to come from the environment. `command` need not be zeroed. */
void reproduce_command(const struct scenario *scenario, const struct run_facts *facts,
                       uint64_t seed, size_t trials, struct shell_command *command);

/* Whether that command replays what was seen, to the byte, as the model does; and what to say of it
 * where it does not. */
bool is_replayed(const struct run_facts *facts);
#define ANOTHER_RUN "Another run, not a replay: real processes may do something else."

#endif
