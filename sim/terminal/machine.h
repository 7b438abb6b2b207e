/* The formats for machines: one row each. A run is one document over all its scenarios.
 *
 * How to add a format: one file in sim/terminal/ that defines a `const struct machine_row`, its
 * declaration here, its name in enum format of terminal.h, and its row in machine.c.
 */
#ifndef HUSTINGS_TERMINAL_MACHINE_H
#define HUSTINGS_TERMINAL_MACHINE_H

#include "sim/results/command.h"
#include "sim/terminal/parts.h"
#include "sim/terminal/run_points.h"

struct machine_row {
    /* So many points will be reported, of all scenarios, unless some bears an unexpected name. */
    void (*begin)(const struct terminal_options *options, size_t points);
    /* A trial is done. NULL: they are not told one by one. */
    void (*trial)(const struct finish *finish, const struct outcome *outcome);
    /* `points` are the scenario's expectations. options->state->reported counts the scenarios
     * before this one. */
    void (*scenario)(const struct finish *finish, const struct points *points);
    /* `error` in one line, if something broke the run off. */
    void (*end)(const struct terminal_options *options, int exit_code, const char *error);
};

extern const struct machine_row machine_json;
extern const struct machine_row machine_junit;
extern const struct machine_row machine_tap;

/* Whether a scenario was refused: of it, name and path are known. */
bool is_refused(const struct scenario *scenario);

/* What stopped a scenario: "interrupted", "world", "refused", "not begun". */
const char *stop_name(const struct stop *stop);

/* The path of the history in which a failed point can be seen: of its first guilty trial. False:
 * there is none, or it was not kept. */
bool machine_history(const struct finish *finish, const struct point *point, char *path,
                     size_t size);

/* The command that repeats what a failed point says; of all trials if it names none. */
void machine_repeat(const struct finish *finish, const struct point *point,
                    struct shell_command *command);

#endif
