/* Outcomes as text. See outcome_line.h. */
#include "sim/results/outcome_line.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

static const struct field outcome_fields[] = {
    FIELD(SHAPE_U64, struct outcome, seed),
    FIELD(SHAPE_U32, struct outcome, trial),
    FIELD(SHAPE_I32, struct outcome, final_leader),
    FIELD(SHAPE_BOOL, struct outcome, kept),
    FIELD(SHAPE_U8, struct outcome, verdict),
    FIELD(SHAPE_U8, struct outcome, leader_count),
    FIELD(SHAPE_U32, struct outcome, election_count),
    FIELD(SHAPE_U32, struct outcome, not_done_count),
    FIELD(SHAPE_I64, struct outcome, idle.lasted_ns),
    FIELD(SHAPE_I32, struct outcome, idle.id),
    FIELD(SHAPE_U8, struct outcome, idle.how),
    FIELD(SHAPE_I64, struct outcome, duration_ns),
    FIELD(SHAPE_I64, struct outcome, leaderless_ns),
    FIELD(SHAPE_I64, struct outcome, two_leaders_ns),
    FIELD(SHAPE_I64, struct outcome, two_lock_holders_ns),
    FIELD(SHAPE_U64, struct outcome, requests),
    FIELD(SHAPE_U64, struct outcome, entries),
    FIELD(SHAPE_U32, struct outcome, entered),
    FIELD(SHAPE_U32, struct outcome, inferred),
    FIELD(SHAPE_U32, struct outcome, stalls),
    FIELD(SHAPE_U32, struct outcome, stalls_that_cost),
    FIELD(SHAPE_OWNED, struct outcome, undecided),
    {0},
};

static const struct field work_fields[] = {
    FIELD(SHAPE_U64, struct work_count, accepted),
    FIELD(SHAPE_U64, struct work_count, stale),
    FIELD(SHAPE_U64, struct work_count, late),
    FIELD(SHAPE_U64, struct work_count, rejected),
    FIELD(SHAPE_U64, struct work_count, rejected_stale),
    FIELD(SHAPE_U64, struct work_count, rejected_newest),
    {0},
};

static const struct field election_fields[] = {
    FIELD(SHAPE_U32, struct election, nth),
    FIELD(SHAPE_I32, struct election, cause_node),
    FIELD(SHAPE_U8, struct election, cause),
    FIELD(SHAPE_U8, struct election, ended),
    FIELD(SHAPE_U8, struct election, verdict),
    FIELD(SHAPE_BOOL, struct election, unsettled),
    FIELD(SHAPE_BOOL, struct election, rightful_submits),
    FIELD(SHAPE_BOOL, struct election, outdated),
    FIELD(SHAPE_U16, struct election, live_nodes),
    FIELD(SHAPE_I64, struct election, due_ns),
    FIELD(SHAPE_I64, struct election, reported_ns),
    FIELD(SHAPE_I64, struct election, decided_ns),
    FIELD(SHAPE_I64, struct election, published_ns),
    FIELD(SHAPE_I64, struct election, settled_ns),
    FIELD(SHAPE_I64, struct election, since_ns),
    FIELD(SHAPE_I64, struct election, until_ns),
    FIELD(SHAPE_I32, struct election, elected),
    FIELD(SHAPE_I32, struct election, rightful),
    FIELD(SHAPE_SHARED, struct election, reason),
    FIELD(SHAPE_I32, struct election, rule),
    FIELD(SHAPE_U32, struct election, round_trips),
    FIELD(SHAPE_U64, struct election, term),
    FIELD(SHAPE_I64, struct election, lock_wait_ns),
    FIELD(SHAPE_I64, struct election, stage_ns[STAGE_DETECT]),
    FIELD(SHAPE_I64, struct election, stage_ns[STAGE_LOCK]),
    FIELD(SHAPE_I64, struct election, stage_ns[STAGE_READ]),
    FIELD(SHAPE_I64, struct election, stage_ns[STAGE_DECIDE]),
    FIELD(SHAPE_I64, struct election, stage_ns[STAGE_PUBLISH]),
    FIELD(SHAPE_I64, struct election, stage_ns[STAGE_SPREAD]),
    {0},
};
_Static_assert(STAGES == 6, "each has its row above");

static const struct field not_done_fields[] = {
    FIELD(SHAPE_I64, struct not_done, at_ns),
    FIELD(SHAPE_U16, struct not_done, fault),
    FIELD(SHAPE_CHARS, struct not_done, why),
    {0},
};

static const struct field check_fields[] = {
    FIELD(SHAPE_U8, struct check_verdict, ending),
    FIELD(SHAPE_SHARED, struct check_verdict, why),
    {0},
};

static const struct field violation_fields[] = {
    FIELD(SHAPE_U16, struct violation, check),
    FIELD(SHAPE_I64, struct violation, at_ns),
    FIELD(SHAPE_I64, struct violation, until_ns),
    FIELD(SHAPE_I64, struct violation, sure_ns),
    FIELD(SHAPE_U32, struct violation, times),
    FIELD(SHAPE_I64, struct violation, broken_ns),
    FIELD(SHAPE_U8, struct violation, process_count),
    FIELD(SHAPE_U8, struct violation, event_count),
    FIELD(SHAPE_CHARS, struct violation, explanation),
    {0},
};

static const struct field leader_fields[] = {{SHAPE_I32, 0, sizeof(int32_t)}, {0}};
static const struct field process_fields[] = {{SHAPE_U16, 0, sizeof(uint16_t)}, {0}};
static const struct field event_fields[] = {{SHAPE_U32, 0, sizeof(uint32_t)}, {0}};

void outcome_write(FILE *line, const struct outcome *outcome)
{
    const struct violations *violations = &outcome->violations;
    assert(!violations->lost && outcome->checks);
    fields_write(line, outcome, outcome_fields);
    fields_write(line, &outcome->work, work_fields);
    fields_write(line, &violations->work, work_fields);
    fields_write_list(line, outcome->leaders, outcome->leader_count, sizeof *outcome->leaders,
                      leader_fields);
    fields_write_list(line, outcome->checks, check_count(), sizeof *outcome->checks, check_fields);
    fields_write_list(line, outcome->elections, outcome->election_count, sizeof *outcome->elections,
                      election_fields);
    fields_write_list(line, outcome->not_done, outcome->not_done_count, sizeof *outcome->not_done,
                      not_done_fields);
    fprintf(line, "%zu ", violations->count);
    for (size_t i = 0; i < violations->count; i++) {
        const struct violation *violation = &violations->list[i];
        fields_write(line, violation, violation_fields);
        fields_write_list(line, violation->processes, violation->process_count,
                          sizeof *violation->processes, process_fields);
        fields_write_list(line, violation->events, violation->event_count,
                          sizeof *violation->events, event_fields);
    }
}

/* A new list of so many, all zeros; each takes two bytes at least of what is left to be read. */
static void *new_list(const struct fields_reading *reading, size_t count, size_t size)
{
    return count > 0 && count <= strlen(reading->at) / 2 ? calloc(count, size) : NULL;
}

/* What violations_add() takes for granted. */
static bool can_be(const struct violation *violation)
{
    return violation->check < check_count() && violation->explanation[0] &&
           violation->at_ns <= violation->until_ns && violation->at_ns <= violation->sure_ns &&
           violation->process_count <= VIOLATION_PROCESSES_MAX &&
           violation->event_count <= VIOLATION_EVENTS_MAX;
}

static bool read_violations(struct fields_reading *reading, struct violations *violations)
{
    int64_t count;
    bool good = fields_read_number(reading, &count) && count >= 0;
    for (int64_t i = 0; good && i < count; i++) {
        struct violation violation = {0};
        good = fields_read(reading, &violation, violation_fields) && can_be(&violation) &&
               fields_read_list(reading, violation.processes, violation.process_count,
                                sizeof *violation.processes, process_fields) &&
               fields_read_list(reading, violation.events, violation.event_count,
                                sizeof *violation.events, event_fields);
        if (good) {
            violations_add(violations, &violation);
            good = !violations->lost;
        }
    }
    return good;
}

bool outcome_read(const char **at, struct outcome *outcome, struct shared_texts *texts)
{
    struct fields_reading reading = {.at = *at, .texts = texts};
    *outcome = (struct outcome){0};
    bool good = fields_read(&reading, outcome, outcome_fields) &&
                fields_read(&reading, &outcome->work, work_fields) &&
                fields_read(&reading, &outcome->violations.work, work_fields);
    if (good) {
        outcome->leaders = new_list(&reading, outcome->leader_count, sizeof *outcome->leaders);
        outcome->checks = new_list(&reading, check_count(), sizeof *outcome->checks);
        outcome->elections =
            new_list(&reading, outcome->election_count, sizeof *outcome->elections);
        outcome->not_done = new_list(&reading, outcome->not_done_count, sizeof *outcome->not_done);
        good = fields_read_list(&reading, outcome->leaders, outcome->leader_count,
                                sizeof *outcome->leaders, leader_fields) &&
               fields_read_list(&reading, outcome->checks, check_count(), sizeof *outcome->checks,
                                check_fields) &&
               fields_read_list(&reading, outcome->elections, outcome->election_count,
                                sizeof *outcome->elections, election_fields) &&
               fields_read_list(&reading, outcome->not_done, outcome->not_done_count,
                                sizeof *outcome->not_done, not_done_fields) &&
               read_violations(&reading, &outcome->violations);
    }
    *at = reading.at;
    if (!good) {
        outcome_free(outcome);
    }
    return good;
}
