/* hustings list, its parts.
 */
#ifndef HUSTINGS_CLI_LIST_H
#define HUSTINGS_CLI_LIST_H

#include <stdio.h>

/* Prints all topics as one JSON object. */
void list_as_json(FILE *file);

/* Writes them as hustings-scenario(5), a page for `man`. */
void list_as_man(FILE *file);

/* What a scenario may say beside its faults. */
struct section_row {
    const char *name; /* the key at the top; "": that of the row before */
    const char *summary, *example;
};
extern const struct section_row section_rows[]; /* ends with a row without name */

/* Prints the scenarios that come with hustings, a name a line, and what each is about. */
void list_scenarios(void);

#endif
