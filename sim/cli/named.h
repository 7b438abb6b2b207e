/* Which scenario a word of the command line means. */
#ifndef HUSTINGS_CLI_NAMED_H
#define HUSTINGS_CLI_NAMED_H

#include <stdio.h>

/* The path of a file or folder of the user's, or of something shipped (shipped_named(), which is
 * given `found`, of PATH_MAX bytes). NULL, and one line on `said`: there is neither, but a shipped
 * scenario is called nearly so. Where none is, the word is returned, and cannot be read. */
const char *named_scenario(const char *program, const char *word, char *found, FILE *said);

#endif
