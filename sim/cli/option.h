/* Reads the options of a command line, as the verb's table has them (manual/verb.h), into the
 * verb's own struct:
 *
 *     struct walk_verb walk = {.jobs = 1};
 *     int code = options_read(program, argc, argv, &verb_walk, &walk);
 *     if (code != OPTIONS_GOOD) {
 *         return code;
 *     }
 *     argv[optind] is the first word that is no option
 */
#ifndef HUSTINGS_CLI_OPTION_H
#define HUSTINGS_CLI_OPTION_H

#include <getopt.h>

#include "sim/manual/verb.h"

enum { OPTIONS_GOOD = -1 };

/* Reads them all. OPTIONS_GOOD, or the exit code to end with: after --help, which it prints, or
 * after a wrong option, of which it has said what is wrong. `into` is the struct of the verb's
 * rows. It calls getopt_long(), which is not safe among threads: all verbs read their options
 * before there are any. */
int options_read(const char *program, int argc, char **argv, const struct verb *verb, void *into);

/* Says of an option's value what is wrong with it: `hustings run: --on "moon": there is no …`. */
int option_wrong(const char *program, const char *verb, const char *name, const char *text,
                 const char *hint);

#endif
