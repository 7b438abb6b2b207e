/* The verbs of the command line. Each has a table (manual/verb.h), and a function: it gets the name
 * that the program was called by, for commands to type ("sim/hustings", "hustings"), and its own
 * arguments, argv[0] being the verb; it returns the exit code. */
#ifndef HUSTINGS_CLI_CLI_H
#define HUSTINGS_CLI_CLI_H

#include "sim/manual/verb.h"

enum exit_code {
    EXIT_HELD = 0,      /* every expectation held; or nothing was wrong */
    EXIT_UNMET = 1,     /* an expectation did not hold */
    EXIT_USAGE = 2,     /* wrong usage, or a wrong scenario */
    EXIT_WORLD = 3,     /* the world failed: no Redis, no memory, a full disk */
    EXIT_UNDECIDED = 4, /* it could not be decided */
    EXIT_TIME_OVER = 5, /* of a sweep or a matrix: not all was run, as the time was over */
    EXIT_INTERRUPTED = 130
};

int cli_report(const char *program, int argc, char **argv);
int cli_run(const char *program, int argc, char **argv);
int cli_course(const char *program, int argc, char **argv);
int cli_check(const char *program, int argc, char **argv);
int cli_matrix(const char *program, int argc, char **argv);
int cli_play(const char *program, int argc, char **argv);
int cli_export(const char *program, int argc, char **argv);
int cli_compare(const char *program, int argc, char **argv);
int cli_sweep(const char *program, int argc, char **argv);
int cli_merge(const char *program, int argc, char **argv);
int cli_calibrate(const char *program, int argc, char **argv);
int cli_clean(const char *program, int argc, char **argv);
int cli_lint(const char *program, int argc, char **argv);
int cli_list(const char *program, int argc, char **argv);
int cli_node(const char *program, int argc, char **argv);
int cli_master(const char *program, int argc, char **argv);
int cli_help(const char *program, int argc, char **argv);
int cli_redis(const char *program, int argc, char **argv);

extern const struct verb verb_report;
extern const struct verb verb_run;
extern const struct verb verb_course;
extern const struct verb verb_check;
extern const struct verb verb_matrix;
extern const struct verb verb_play;
extern const struct verb verb_export;
extern const struct verb verb_compare;
extern const struct verb verb_sweep;
extern const struct verb verb_merge;
extern const struct verb verb_calibrate;
extern const struct verb verb_clean;
extern const struct verb verb_lint;
extern const struct verb verb_list;
extern const struct verb verb_node;
extern const struct verb verb_master;
extern const struct verb verb_help;
extern const struct verb verb_redis;

#endif
