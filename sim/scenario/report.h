/* What is wrong with a scenario file, what of it is worth a warning, which defaults were taken. */
#ifndef HUSTINGS_SCENARIO_REPORT_H
#define HUSTINGS_SCENARIO_REPORT_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* One thing wrong with a scenario file, or worth a warning. */
struct scenario_problem {
    int line, column;     /* from 1; 0: concerns the whole file */
    char text[80];        /* the text at fault, shortened */
    char message[240];    /* what is wrong */
    char suggestion[320]; /* how to fix it; may be empty */
};

#define SCENARIO_PROBLEMS_MAX 50

struct scenario_report {
    uint32_t count; /* problems; more than the maximum are counted, not kept */
    struct scenario_problem problems[SCENARIO_PROBLEMS_MAX];
};

/* Prints each problem on a line of its own: `path:line:column: "text": what; how to fix`. */
void scenario_report_print(FILE *file, const char *path, const struct scenario_report *report);

/* The same for warnings: `path:line:column: warning: what; how to fix`. */
void scenario_warnings_print(FILE *file, const char *path, const struct scenario_report *warnings);

/* A default that was taken because the file does not say: "lock.token.ttl", "2s". */
struct scenario_default {
    char key[64];
    char value[64];
};

/* Owned by the caller: scenario_defaults_free(). Start with a zeroed one. */
struct scenario_defaults {
    struct scenario_default *list;
    size_t count, capacity;
};
void scenario_defaults_free(struct scenario_defaults *defaults);

#endif
