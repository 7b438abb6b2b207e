/* The columns of the CSV files. See columns.h for how to add one. */
#include "sim/results/columns.h"

#include <assert.h>

#include "sim/results/results.h"

#define ALWAYS true
#define MAY_BE_EMPTY false

static const struct column elections[] = {
    {"scenario", "string", "", ALWAYS, "Name of the scenario"},
    {"protocol", "string", "", ALWAYS, "Kind of election, see `hustings list protocols`"},
    {"lock", "string", "", ALWAYS, "Kind of lock, see `hustings list locks`"},
    {"host", "string", "", ALWAYS, "Where it ran: processes or model"},
    {"trial", "integer", "", ALWAYS, "Number of the trial, from 1"},
    {"seed", "string", "", ALWAYS, "Seed of the trial: a whole number below 2^64, as text"},
    {"nth", "integer", "", ALWAYS, "Number of the election within its trial, from 1"},
    {"cause", "string", "", ALWAYS,
     "What made it due: start, flip, crash, restart, pause, resume, expiry, loss, overwrite, "
     "submit "
     "or other"},
    {"cause_node", "integer", "", MAY_BE_EMPTY, "The process that the cause happened to"},
    {"due_ms", "number", "ms", ALWAYS, "When it became due, after the start of the trial"},
    {"since_ms", "number", "ms", ALWAYS,
     "due_ms, or since_ms of the election that it superseded: bounds are counted from here"},
    {"reported_ms", "number", "ms", MAY_BE_EMPTY,
     "When the last status that the decision needed was in the store"},
    {"decided_ms", "number", "ms", MAY_BE_EMPTY, "When the decision was taken"},
    {"published_ms", "number", "ms", MAY_BE_EMPTY, "When the result was in the store"},
    {"settled_ms", "number", "ms", MAY_BE_EMPTY, "When every live process followed the result"},
    {"elect_ms", "number", "ms", MAY_BE_EMPTY, "published_ms - due_ms"},
    {"settle_ms", "number", "ms", MAY_BE_EMPTY, "settled_ms - due_ms"},
    {"elected", "integer", "", MAY_BE_EMPTY, "Who was elected"},
    {"rule", "integer", "", MAY_BE_EMPTY, "By which rule, 1 to 3, if the protocol has rules"},
    {"reason", "string", "", MAY_BE_EMPTY, "Why it was elected, in the protocol's words"},
    {"term", "integer", "", MAY_BE_EMPTY, "Term of the result"},
    {"rightful", "integer", "", MAY_BE_EMPTY, "Whom the rules gave for the true statuses"},
    {"ended", "string", "", ALWAYS, "published, withdrawn, superseded, censored or never"},
    {"verdict", "string", "", ALWAYS, "ok, wrong, dead, none or superseded"},
    {"live_nodes", "integer", "", ALWAYS, "How many nodes were alive when it ended"},
    {"lock_wait_ms", "number", "ms", MAY_BE_EMPTY,
     "How long the process that published waited for the lock"},
    {"round_trips", "integer", "", MAY_BE_EMPTY,
     "How many replies the process that published took for it"},
    {"detect_ms", "number", "ms", MAY_BE_EMPTY,
     "From due_ms until that process began with what led to the result: it asked for the lock, or "
     "for the statuses"},
    {"lock_ms", "number", "ms", MAY_BE_EMPTY, "From then until it had the lock"},
    {"read_ms", "number", "ms", MAY_BE_EMPTY, "From then until it had read the statuses"},
    {"decide_ms", "number", "ms", MAY_BE_EMPTY,
     "From then until it had decided; and, where nothing is published, acted as leader"},
    {"publish_ms", "number", "ms", MAY_BE_EMPTY, "From then until the result was in the store"},
    {"spread_ms", "number", "ms", MAY_BE_EMPTY,
     "From then until every live process followed the result: settled_ms - published_ms"},
    {"outdated", "integer", "", ALWAYS,
     "1: the verdict is wrong, but right by what was true when the statuses were read; else 0"},
    {0},
};

static const struct column trials[] = {
    {"scenario", "string", "", ALWAYS, "Name of the scenario"},
    {"protocol", "string", "", ALWAYS, "Kind of election, see `hustings list protocols`"},
    {"lock", "string", "", ALWAYS, "Kind of lock, see `hustings list locks`"},
    {"host", "string", "", ALWAYS, "Where it ran: processes or model"},
    {"trial", "integer", "", ALWAYS, "Number of the trial, from 1"},
    {"seed", "string", "", ALWAYS, "Seed of the trial: a whole number below 2^64, as text"},
    {"verdict", "string", "", ALWAYS, "passed, failed or undecided"},
    {"elections", "integer", "", ALWAYS, "How many elections became due"},
    {"final_leader", "integer", "", MAY_BE_EMPTY, "Whom every live process followed at the end"},
    {"duration_ms", "number", "ms", ALWAYS, "How long the trial took"},
    {"leaderless_ms", "number", "ms", ALWAYS,
     "How long of the safety phase, in all, nobody alive acted as an acceptable leader"},
    {"two_leaders_ms", "number", "ms", ALWAYS, "How long two or more acted as leader at once"},
    {"two_lock_holders_ms", "number", "ms", ALWAYS,
     "How long two or more were inside the critical section at once"},
    {"requests", "integer", "", ALWAYS, "How many requests went to the store"},
    {"stalls", "integer", "", ALWAYS, "How many pauses of processes were done"},
    {"stalls_that_cost", "integer", "", MAY_BE_EMPTY,
     "How many elections had to be held because of these; empty if the protocol holds none for a "
     "pause"},
    {"writes", "integer", "", ALWAYS, "How many writes the protected resource accepted"},
    {"rejected_writes", "integer", "", ALWAYS,
     "How many it rejected, by their fencing tokens: stale ones, and others if the Redis lost its "
     "counter"},
    {"stale_writes", "integer", "", ALWAYS,
     "Of the accepted: how many were of an older grant, after one of a newer"},
    {"late_writes", "integer", "", ALWAYS,
     "Of the accepted: how many were of an older grant, accepted before a newer one had written"},
    {"violations", "integer", "", ALWAYS, "How many violations the checks found"},
    {"untested", "string", "", MAY_BE_EMPTY,
     "Checks that could not fire or do not apply: names with a space between"},
    {"undecided", "string", "", MAY_BE_EMPTY,
     "Checks that could not be decided: names with a space between"},
    {"why_undecided", "string", "", MAY_BE_EMPTY, "Why the trial as a whole is undecided"},
    {"reproduce", "string", "", ALWAYS,
     "The command that runs this trial again, from any folder: in the model a "
     "replay, on processes another run"},
    {0},
};

static const struct column violations[] = {
    {"scenario", "string", "", ALWAYS, "Name of the scenario"},
    {"host", "string", "", ALWAYS, "Where it ran: processes or model"},
    {"trial", "integer", "", ALWAYS, "Number of the trial, from 1"},
    {"seed", "string", "", ALWAYS, "Seed of the trial: a whole number below 2^64, as text"},
    {"check", "string", "", ALWAYS, "The check that found it, see `hustings list checks`"},
    {"at_ms", "number", "ms", ALWAYS, "Since when the promise was broken"},
    {"until_ms", "number", "ms", ALWAYS, "Until when the promise was broken"},
    {"processes", "string", "", MAY_BE_EMPTY,
     "Who broke it: ids with a space between, 0 the master"},
    {"explanation", "string", "", ALWAYS, "One sentence"},
    {0},
};

static const struct column summary[] = {
    {"scenario", "string", "", ALWAYS, "Name of the scenario"},
    {"host", "string", "", ALWAYS, "Where it ran: processes or model"},
    {"cause", "string", "", ALWAYS, "Of the elections with this cause; all: of every election"},
    {"trials", "integer", "", ALWAYS, "How many trials ran to their end, and had such an election"},
    {"passed", "integer", "", MAY_BE_EMPTY, "How many trials passed; in the row of all"},
    {"elections", "integer", "", ALWAYS, "How many elections there were"},
    {"published", "integer", "", ALWAYS, "How many of them were published"},
    {"withdrawn", "integer", "", ALWAYS, "How many became needless"},
    {"superseded", "integer", "", ALWAYS, "How many gave way to the next one"},
    {"censored", "integer", "", ALWAYS, "How many were open when the trial ended, not for long"},
    {"never", "integer", "", ALWAYS, "How many were not published in time; they rank last"},
    {"unsettled", "integer", "", ALWAYS, "How many did not settle in time; they rank last"},
    {"elect_ms_p50", "number", "ms", MAY_BE_EMPTY, "Median of elect_ms"},
    {"elect_ms_p90", "number", "ms", MAY_BE_EMPTY, "90th percentile of elect_ms"},
    {"elect_ms_p99", "number", "ms", MAY_BE_EMPTY, "99th percentile of elect_ms"},
    {"elect_ms_max", "number", "ms", MAY_BE_EMPTY, "Longest elect_ms"},
    {"settle_ms_p50", "number", "ms", MAY_BE_EMPTY, "Median of settle_ms"},
    {"settle_ms_p90", "number", "ms", MAY_BE_EMPTY, "90th percentile of settle_ms"},
    {"settle_ms_p99", "number", "ms", MAY_BE_EMPTY, "99th percentile of settle_ms"},
    {"settle_ms_max", "number", "ms", MAY_BE_EMPTY, "Longest settle_ms"},
    {0},
};

/* In summary.csv the columns of the checks stand before this one. */
#define SUMMARY_CHECKS_AT 5

const struct table results_tables[TABLES] = {
    [TABLE_ELECTIONS] = {"elections", "A row an election", elections},
    [TABLE_TRIALS] = {"trials", "A row a trial", trials},
    [TABLE_VIOLATIONS] = {"violations", "A row a broken promise", violations},
    [TABLE_SUMMARY] = {"summary", "A row a scenario and cause, and one for all causes", summary},
};

static size_t checks_of(enum results_table table)
{
    return table == TABLE_SUMMARY ? check_count() : 0;
}

size_t column_count(enum results_table table)
{
    size_t count = 0;
    while (results_tables[table].columns[count].name) {
        count++;
    }
    return count + checks_of(table);
}

struct column column_at(enum results_table table, size_t index)
{
    assert(index < column_count(table));
    const struct column *fixed = results_tables[table].columns;
    size_t checks = checks_of(table);
    if (checks == 0 || index < SUMMARY_CHECKS_AT) {
        return fixed[index];
    }
    if (index < SUMMARY_CHECKS_AT + checks) {
        return (struct column){check_rows[index - SUMMARY_CHECKS_AT]->name, "integer", "",
                               MAY_BE_EMPTY,
                               "In how many trials this check found something; in the row of all"};
    }
    return fixed[index - checks];
}
