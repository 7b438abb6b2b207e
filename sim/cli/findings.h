/* What `hustings check` tells: of each history what was broken in it, of each scenario whether its
 * expectations held. As text at once, or as one JSON document at the end. */
#ifndef HUSTINGS_CLI_FINDINGS_H
#define HUSTINGS_CLI_FINDINGS_H

#include <cjson/cJSON.h>

#include "sim/outcome/outcome.h"

struct findings {
    bool json;
    cJSON *histories, *scenarios; /* with json; owned: findings_end() */
    size_t history_count, violation_count;
};

void findings_begin(struct findings *findings, bool json);

/* One history, what the checks found in it, how each ended (by its row), and why the trial as a
 * whole is undecided, or NULL. */
void findings_history(struct findings *findings, const char *path, const struct history *history,
                      const struct violations *found, const struct check_verdict *checks,
                      const char *undecided);

/* After findings_history(), of a history whose scenario is not at hand: the faults that were
 * skipped. */
void findings_skipped(struct findings *findings, const struct history *history);

/* The trials of a scenario, recorded in a results folder: of the `ran` ones those whose histories
 * were kept, and how they met the expectations. If fewer ran than were `planned`, the run was
 * broken off. */
struct judged_scenario {
    const struct scenario *scenario;
    const struct outcome *outcomes;
    size_t count, ran, planned;
    const struct judgement *judgement;
};

/* Tells of one, which faults were not done, and what was not put to the test in its trials. */
void findings_scenario(struct findings *findings, const char *folder,
                       const struct judged_scenario *judged);

/* Ends with the exit code to be, and frees. */
void findings_end(struct findings *findings, int exit_code);

#endif
