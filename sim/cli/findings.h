/* What `hustings check` tells: of each history what was broken in it, of each scenario whether its
 * expectations held. As text, or as one JSON document. */
#ifndef HUSTINGS_CLI_FINDINGS_H
#define HUSTINGS_CLI_FINDINGS_H

#include "sim/outcome/trials.h"
#include "sim/results/json_out.h"
#include "sim/story/story.h"

struct findings {
    bool json;
    size_t history_count, violation_count, scenario_count;
    struct json_out histories; /* the document; its scenarios are kept until the end, since */
    struct json_out scenarios; /* histories and scenarios come by turns */
    FILE *kept;
    char *kept_text;
    size_t kept_length;
};

/* False: memory is out. */
bool findings_begin(struct findings *findings, bool json);

/* One history, what the checks found in it, how each ended (by its row), and why the trial as a
 * whole is undecided, or NULL; `alone`, if its scenario is not at hand, with the faults that were
 * skipped; its story, unless that is NULL. */
void findings_history(struct findings *findings, const char *path, const struct history *history,
                      const struct violations *found, const struct check_verdict *checks,
                      const char *undecided, bool alone, const struct story *story);

/* The trials of a scenario, recorded in a results folder: of the `ran` ones those whose histories
 * were kept, and how they met the expectations. If fewer ran than were `planned`, the run was
 * broken off. */
struct judged_scenario {
    const struct trials *trials;
    size_t ran, planned;
    const struct judgement *judgement;
};

/* Tells of one, which faults were not done, and what was not put to the test in its trials. */
void findings_scenario(struct findings *findings, const char *folder,
                       const struct judged_scenario *judged);

/* Ends with the exit code to be, and frees. False: memory is out, and not all was told. */
bool findings_end(struct findings *findings, int exit_code);

#endif
