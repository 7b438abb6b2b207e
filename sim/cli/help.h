/* What the verbs say in the same way: lists, and where to look after wrong usage. */
#ifndef HUSTINGS_CLI_HELP_H
#define HUSTINGS_CLI_HELP_H

#include <stdbool.h>
#include <stddef.h>

/* The name that the program was called by, as a word of a shell, for a command that one is told to
 * type: cli_name(program).text. */
struct cli_name {
    char text[4096];
};
struct cli_name cli_name(const char *program);

/* Prints a line of a list, broken where it is wider than the screen: a name, and text that begins
 * at this column, in each line. */
void help_line(const char *name, int column, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Puts into `word` what one types for a shipped scenario or folder, as a word of a shell. False: it
 * is not there. `size`: SHIPPED_SIZE. */
bool cli_shipped(const char *program, const char *name, char *word, size_t size);

/* After the usage was wrong: "Try: sim/hustings run --help" on standard error. Returns EXIT_USAGE.
 */
int cli_try(const char *program, const char *verb);

/* After the argument was missing: "Try: hustings run course/01-first-election", a shipped scenario
 * or folder as of cli_shipped(), and what stands behind it; where there is none, as cli_try().
 * Returns EXIT_USAGE. */
int cli_try_shipped(const char *program, const char *verb, const char *name, const char *behind);

#endif
