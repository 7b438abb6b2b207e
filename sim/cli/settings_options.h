/* The settings of an election as options of the command line, made from the rows of their
 * parameters (src/param.h): --protocol, --lock, and one option for each parameter that a protocol
 * or a lock has, `--poll 20ms`, `--lock-ttl 500ms`.
 *
 *     settings_options_begin(&options);
 *     settings_options_list(&options, list);     for getopt_long()
 *     settings_options_take(&options, code, optarg) for each code that is one of them
 *     settings_options_end(&options, &settings, error, sizeof error)
 */
#ifndef HUSTINGS_CLI_SETTINGS_OPTIONS_H
#define HUSTINGS_CLI_SETTINGS_OPTIONS_H

#include <getopt.h>
#include <stdio.h>

#include "src/settings.h"

/* The first code that is an option's of this kind; the caller's own lie below. */
#define SETTINGS_OPTION 2000
#define SETTINGS_OPTIONS_MAX 64

struct settings_option {
    char name[32];                 /* "lock-ttl" */
    enum owner owner;              /* whose it is */
    const struct param_row *param; /* NULL: it names the row itself */
    const char *value;             /* as given; NULL: not given */
};

struct settings_options {
    size_t count;
    struct settings_option options[SETTINGS_OPTIONS_MAX];
};

void settings_options_begin(struct settings_options *options);

/* Appends the options to a list of getopt_long(), with room for SETTINGS_OPTIONS_MAX; the row that
 * ends it is the caller's. Returns how many. `options` must outlive the list. */
size_t settings_options_list(const struct settings_options *options, struct option *list);

/* Notes an option that was given; `value` must outlive `options`, NULL: none. False if the code is
 * not one of ours. */
bool settings_options_take(struct settings_options *options, int code, const char *value);

/* The settings of `nodes` nodes. False with one line in `error`. */
bool settings_options_end(const struct settings_options *options, uint16_t nodes,
                          struct settings *settings, char *error, size_t error_size);

/* Prints a line for each option, as in --help. */
void settings_options_help(const struct settings_options *options, FILE *file);

#endif
