/* The rows of the CSV files. See rows.h. */
#include "sim/results/rows.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "sim/outcome/stages.h"
#include "sim/outcome/stalls.h"
#include "sim/outcome/times.h"
#include "sim/results/command.h"
#include "src/owners.h"

void rows_header(struct csv *csv, enum results_table table)
{
    size_t count = column_count(table);
    for (size_t i = 0; i < count; i++) {
        csv_text(csv, column_at(table, i).name);
    }
    csv_end_row(csv, count);
}

static void put_trial(struct csv *csv, const char *host, const struct outcome *outcome)
{
    csv_text(csv, host);
    csv_unsigned(csv, outcome->trial);
    csv_unsigned(csv, outcome->seed); /* digits are text, too */
}

/* The first cells of elections.csv and trials.csv. */
static void put_run(struct csv *csv, const struct scenario *scenario, const char *host,
                    const struct outcome *outcome)
{
    csv_text(csv, scenario->name);
    csv_text(csv, owner_row_name(OWNER_PROTOCOL, scenario->settings.row[OWNER_PROTOCOL]));
    csv_text(csv, owner_row_name(OWNER_LOCK, scenario->settings.row[OWNER_LOCK]));
    put_trial(csv, host, outcome);
}

static void put_election(struct csv *csv, const struct election *election)
{
    bool published = election->published_ns != NEVER_NS;
    assert(election->cause < CAUSES && election->ended < ENDINGS);
    assert(election->nth > 0 && election->verdict < VERDICTS);
    csv_unsigned(csv, election->nth);
    csv_text(csv, cause_names[election->cause]);
    csv_id(csv, election->cause_node);
    csv_ms(csv, election->due_ns);
    csv_ms(csv, election->since_ns);
    csv_ms(csv, election->reported_ns);
    csv_ms(csv, election->decided_ns);
    csv_ms(csv, election->published_ns);
    csv_ms(csv, election->settled_ns);
    csv_ms(csv, election_time_ns(election, TIME_ELECT));
    csv_ms(csv, election_time_ns(election, TIME_SETTLE));
    csv_id(csv, election->elected);
    csv_id(csv, election->rule ? election->rule : NOBODY);
    csv_text(csv, election->reason ? election->reason : "");
    if (election->term) {
        csv_unsigned(csv, election->term);
    } else {
        csv_empty(csv);
    }
    csv_id(csv, election->rightful);
    csv_text(csv, ending_names[election->ended]);
    csv_text(csv, verdict_names[election->verdict]);
    csv_unsigned(csv, election->live_nodes);
    csv_ms(csv, election->lock_wait_ns);
    if (published) {
        csv_unsigned(csv, election->round_trips);
    } else {
        csv_empty(csv);
    }
    for (unsigned stage = 0; stage < STAGES; stage++) {
        csv_ms(csv, stage_shown_ns(election, stage));
    }
    csv_unsigned(csv, election->outdated);
}

void rows_elections(struct csv *csv, const struct scenario *scenario, const char *host,
                    const struct outcome *outcome)
{
    size_t columns = column_count(TABLE_ELECTIONS);
    for (size_t i = 0; i < outcome->election_count; i++) {
        put_run(csv, scenario, host, outcome);
        put_election(csv, &outcome->elections[i]);
        csv_end_row(csv, columns);
    }
}

/* The names of the checks that ended as one of these (bits), with a space between. */
static void put_checks(struct csv *csv, const struct outcome *outcome, uint32_t endings)
{
    char names[CHECKS_MAX * 24] = "";
    size_t used = 0;
    for (size_t check = 0; check < check_count(); check++) {
        if ((endings & 1u << outcome->checks[check].ending) && used < sizeof names) {
            used += (size_t)snprintf(names + used, sizeof names - used, "%s%s", used ? " " : "",
                                     check_rows[check]->name);
        }
    }
    csv_text(csv, names);
}

static void put_stalls_that_cost(struct csv *csv, const struct scenario *scenario,
                                 const struct outcome *outcome)
{
    if (stalls_can_cost(&scenario->settings)) {
        csv_unsigned(csv, outcome->stalls_that_cost);
    } else {
        csv_empty(csv);
    }
}

void rows_trial(struct csv *csv, const struct scenario *scenario, const struct run_facts *facts,
                const struct outcome *outcome)
{
    struct shell_command command;
    assert(outcome->checks && outcome->verdict < TRIAL_VERDICTS);
    struct run_facts placeless = *facts; /* where results lie is not what a trial is */
    placeless.out = NULL;
    put_run(csv, scenario, facts->host, outcome);
    csv_text(csv, trial_verdict_names[outcome->verdict]);
    csv_unsigned(csv, outcome->election_count);
    csv_id(csv, outcome->final_leader);
    csv_ms(csv, outcome->duration_ns);
    csv_ms(csv, outcome->leaderless_ns);
    csv_ms(csv, outcome->two_leaders_ns);
    csv_ms(csv, outcome->two_lock_holders_ns);
    csv_unsigned(csv, outcome->requests);
    csv_unsigned(csv, outcome->stalls);
    put_stalls_that_cost(csv, scenario, outcome);
    csv_unsigned(csv, outcome->work.accepted);
    csv_unsigned(csv, outcome->work.rejected);
    csv_unsigned(csv, outcome->work.stale);
    csv_unsigned(csv, outcome->work.late);
    csv_unsigned(csv, outcome->violations.count);
    put_checks(csv, outcome, 1u << CHECK_COULD_NOT_FIRE | 1u << CHECK_DOES_NOT_APPLY);
    put_checks(csv, outcome, 1u << CHECK_UNDECIDED);
    csv_text(csv, outcome->undecided ? outcome->undecided : "");
    reproduce_command(scenario, &placeless, outcome->seed, 1, &command);
    csv_text(csv, command_text(&command));
    csv->failed = csv->failed || command.failed;
    command_free(&command);
    csv_end_row(csv, column_count(TABLE_TRIALS));
}

void rows_violations(struct csv *csv, const struct scenario *scenario, const char *host,
                     const struct outcome *outcome)
{
    size_t columns = column_count(TABLE_VIOLATIONS);
    for (size_t i = 0; i < outcome->violations.count; i++) {
        const struct violation *violation = &outcome->violations.list[i];
        assert(violation->check < check_count());
        assert(violation->process_count <= VIOLATION_PROCESSES_MAX);
        char processes[VIOLATION_PROCESSES_MAX * 6 + 1] = "";
        size_t length = 0;
        for (uint8_t p = 0; p < violation->process_count; p++) {
            length += (size_t)snprintf(processes + length, sizeof processes - length, "%s%u",
                                       p ? " " : "", (unsigned)violation->processes[p]);
        }
        csv_text(csv, scenario->name);
        put_trial(csv, host, outcome);
        csv_text(csv, check_rows[violation->check]->name);
        csv_ms(csv, violation->at_ns);
        csv_ms(csv, violation->until_ns);
        csv_text(csv, processes);
        csv_text(csv, violation->explanation);
        csv_end_row(csv, columns);
    }
}

/* --- summary.csv ------------------------------------------------------------------------------ */

/* What is known of trials as a whole stands in the row of all causes. */
static void put_trials(struct csv *csv, const struct trials *trials, bool all, size_t with_cause)
{
    assert(with_cause <= trials->count && trials->passed <= trials->count);
    csv_unsigned(csv, all ? trials->count : with_cause);
    if (all) {
        csv_unsigned(csv, trials->passed);
    } else {
        csv_empty(csv);
    }
    for (size_t check = 0; check < check_count(); check++) {
        if (all) {
            csv_unsigned(csv, trials_with_check(trials, check));
        } else {
            csv_empty(csv);
        }
    }
}

static void put_cause(struct csv *csv, const struct cause_sum *sum)
{
    csv_unsigned(csv, sum->elections);
    for (int ended = 0; ended < ENDINGS; ended++) {
        csv_unsigned(csv, sum->ended[ended]);
    }
    csv_unsigned(csv, sum->unsettled);
    for (int time = 0; time < ELECTION_TIMES; time++) {
        for (int i = 0; i < BOUNDS; i++) {
            csv_ms(csv, sum->ranks[time].ns[i]);
        }
    }
}

void rows_summary(struct csv *csv, const char *host, const struct trials *trials)
{
    assert(trials->ended);
    for (int i = 0; i <= CAUSES; i++) {
        int cause = i == 0 ? ALL_CAUSES : i - 1;
        bool all = cause == ALL_CAUSES;
        const struct cause_sum *sum = &trials->groups.causes[cause];
        if (!all && sum->elections == 0) {
            continue;
        }
        csv_text(csv, trials->scenario->name);
        csv_text(csv, host);
        csv_text(csv, all ? "all" : cause_names[cause]);
        put_trials(csv, trials, all, sum->trials);
        put_cause(csv, sum);
        csv_end_row(csv, column_count(TABLE_SUMMARY));
    }
}
