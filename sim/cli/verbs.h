/* The table of verbs. */
#ifndef HUSTINGS_CLI_VERBS_H
#define HUSTINGS_CLI_VERBS_H

#include "sim/manual/verb.h"

struct verb_row {
    const struct verb *verb;
    int (*run)(const char *program, int argc, char **argv); /* see cli.h */
};

/* As they are listed; the last one has no verb. */
extern const struct verb_row verb_rows[];

#endif
