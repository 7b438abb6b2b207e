/* What a verb says of itself, by the name that the program was called by. */
#ifndef HUSTINGS_CLI_HELP_H
#define HUSTINGS_CLI_HELP_H

/* Prints a verb's help on standard output. `$0` in it stands for the program, as in a shell.
 * Returns EXIT_HELD. */
int cli_help(const char *program, const char *help);

/* Prints a line of a list, broken where it is wider than the screen: a name, and text that begins
 * at this column, in each line. */
void help_line(const char *name, int column, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* After the usage was wrong: "Try: sim/hustings run --help" on standard error. Returns EXIT_USAGE.
 */
int cli_try(const char *program, const char *verb);

/* After the argument was missing: "Try: sim/hustings run /…/scenarios/course/first.yaml", a shipped
 * file or folder and what stands behind it; where there is none, as cli_try(). Returns
 * EXIT_USAGE. */
int cli_try_shipped(const char *program, const char *verb, const char *name, const char *behind);

#endif
