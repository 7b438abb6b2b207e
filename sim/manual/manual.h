/* The manual of the command line, of the verbs' tables (verb.h). */
#ifndef HUSTINGS_MANUAL_MANUAL_H
#define HUSTINGS_MANUAL_MANUAL_H

#include <stdio.h>

#include "sim/manual/verb.h"

/* Prints a verb's help on standard output, as wide as the screen lets it be: --help. Commands in it
 * are such as can be typed here: `program` is the name that we were called by. */
void manual_help(const char *program, const struct verb *verb);

#endif
