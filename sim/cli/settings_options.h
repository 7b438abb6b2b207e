/* The settings of an election as options of the command line, made from the rows of their
 * parameters (src/param.h): --protocol, --lock, one option for each parameter that a protocol or a
 * lock has, `--poll 20ms`, `--lock-ttl 500ms`, and --fencing.
 *
 *     settings_options_begin(&options);
 *     settings_options_list(&rows, at);          for the verb's table
 *     settings_options_end(&options, &settings, error, sizeof error)
 */
#ifndef HUSTINGS_CLI_SETTINGS_OPTIONS_H
#define HUSTINGS_CLI_SETTINGS_OPTIONS_H

#include "sim/cli/option.h"
#include "src/settings.h"

#define SETTINGS_OPTIONS_MAX 64 /* --fencing not counted */

struct settings_option {
    char name[32];                 /* "lock-ttl" */
    enum owner owner;              /* whose it is */
    const struct param_row *param; /* NULL: it names the row itself */
    const char *value;             /* as given; NULL: not given */
};

struct settings_options {
    bool fencing; /* --fencing was given */
    size_t count;
    struct settings_option options[SETTINGS_OPTIONS_MAX];
};

void settings_options_begin(struct settings_options *options);

/* Adds a row for each of them to a verb's options. `at` is the place of the struct settings_options
 * in the verb's struct. */
void settings_options_list(struct options *rows, size_t at);

/* The settings of `nodes` nodes. False with one line in `error`. */
bool settings_options_end(const struct settings_options *options, uint16_t nodes,
                          struct settings *settings, char *error, size_t error_size);

#endif
