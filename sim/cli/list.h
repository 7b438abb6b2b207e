/* hustings list, its parts.
 */
#ifndef HUSTINGS_CLI_LIST_H
#define HUSTINGS_CLI_LIST_H

#include <stdbool.h>
#include <stdio.h>

/* Prints all topics as one JSON object. False when it could not be written, or memory is out. */
bool list_as_json(FILE *file);

#endif
