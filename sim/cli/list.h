/* hustings list, its parts.
 */
#ifndef HUSTINGS_CLI_LIST_H
#define HUSTINGS_CLI_LIST_H

#include <stdio.h>

/* Prints all topics as one JSON object. */
void list_as_json(FILE *file);

#endif
