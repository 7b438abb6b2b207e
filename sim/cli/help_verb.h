/* What `hustings --help` says, and `hustings help`. */
#ifndef HUSTINGS_CLI_HELP_VERB_H
#define HUSTINGS_CLI_HELP_VERB_H

#include <stdio.h>

/* The list of verbs, and how to begin. */
void help_usage(const char *called, FILE *to);

/* Says that a word is no verb, and what was meant. Returns EXIT_USAGE. */
int help_no_verb(const char *called, const char *word);

#endif
