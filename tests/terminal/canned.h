/* Hand-built scenarios and outcomes for the tests of the terminal and for its demo. Nothing here is
 * measured: the numbers are round so that a reader can follow them into the tables.
 */
#ifndef HUSTINGS_TESTS_TERMINAL_CANNED_H
#define HUSTINGS_TESTS_TERMINAL_CANNED_H

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "sim/host/host.h"
#include "sim/outcome/judge.h"
#include "sim/results/results.h"
#include "sim/terminal/terminal.h"
#include "src/lock/lock.h"
#include "src/owners.h"
#include "src/protocol.h"
#include "tests/support/trials.h"

#define MS(ms) ((int64_t)((ms)*1000000.0))
#define CANNED_TRIALS_MAX 100
#define CANNED_ELECTIONS_MAX 4
#define CANNED_VIOLATIONS_MAX 2

/* A scenario with its outcomes; all of it lives in here. */
struct canned {
    struct scenario scenario;
    struct run_facts facts;
    struct judgement judgement;
    size_t count;
    struct outcome outcomes[CANNED_TRIALS_MAX];
    struct election elections[CANNED_TRIALS_MAX][CANNED_ELECTIONS_MAX];
    struct violation violations[CANNED_TRIALS_MAX][CANNED_VIOLATIONS_MAX];
    struct check_verdict checks[CANNED_TRIALS_MAX][CHECKS_MAX];
    struct fault_spec faults[2];
    struct story_line lines[2];
    struct story story;
    struct told_story told;
};

static inline void canned_begin(struct canned *canned, const char *name, char *path, char *about,
                                uint16_t nodes, uint32_t trials)
{
    memset(canned, 0, sizeof *canned);
    struct scenario *scenario = &canned->scenario;
    snprintf(scenario->name, sizeof scenario->name, "%s", name);
    scenario->path = path;
    scenario->about = about;
    scenario->settings = settings_default(nodes);
    scenario->trials = trials;
    scenario->seed = 1;
    scenario->duration_ns = MS(6000);
    scenario->heal = true;
    scenario->faults = canned->faults;
    for (int i = 0; i < VERDICTS; i++) {
        scenario->expect.verdicts[i] = EXPECT_ALLOWED;
    }
    scenario->expect.settles_within_ns = MS(2000);
    canned->facts = (struct run_facts){.host = "processes",
                                       .command = "hustings run",
                                       .redis_version = "7.0.15",
                                       .redis_server = "redis-server",
                                       .program = "sim/hustings",
                                       .folder = "/home/ann/hustings",
                                       .jobs = 1};
    canned->judgement.held = true;
    canned->count = trials;
    for (uint32_t i = 0; i < trials && i < CANNED_TRIALS_MAX; i++) {
        canned->outcomes[i] = (struct outcome){.trial = i + 1,
                                               .kept = true,
                                               .seed = 0x9e3779b97f4a7c15U * (i + 1),
                                               .elections = canned->elections[i],
                                               .checks = canned->checks[i],
                                               .violations.list = canned->violations[i],
                                               .final_leader = NOBODY,
                                               .duration_ns = MS(6500),
                                               .requests = 1200 + i,
                                               .verdict = TRIAL_PASSED};
    }
}

/* Its outcomes as a run has them at its end; the caller's: trials_free(). */
static inline struct trials *canned_trials(const struct canned *canned)
{
    return trials_of(&canned->scenario, canned->outcomes, canned->count);
}

static const char *const canned_reasons[] = {NULL, "rule 1", "rule 2", "rule 3"};

/* An election of a trial (from 0) that was published after elect_ms and followed by all after
 * settle_ms; both negative: it never was. */
static inline struct election *canned_election(struct canned *canned, size_t trial, uint8_t cause,
                                               int32_t cause_node, double due_ms, int32_t elected,
                                               int32_t rule, double elect_ms, double settle_ms)
{
    struct outcome *outcome = &canned->outcomes[trial];
    assert(outcome->election_count < CANNED_ELECTIONS_MAX);
    struct election *election = &outcome->elections[outcome->election_count++];
    *election = (struct election){.nth = (uint32_t)outcome->election_count,
                                  .cause = cause,
                                  .cause_node = cause_node,
                                  .due_ns = MS(due_ms),
                                  .since_ns = MS(due_ms),
                                  .ended = elect_ms >= 0 ? ENDED_PUBLISHED : ENDED_NEVER,
                                  .unsettled = elect_ms < 0,
                                  .until_ns = MS(6000),
                                  .reported_ns = NEVER_NS,
                                  .decided_ns = NEVER_NS,
                                  .published_ns = NEVER_NS,
                                  .settled_ns = NEVER_NS,
                                  .elected = elected,
                                  .rule = rule,
                                  .reason = canned_reasons[rule],
                                  .term = outcome->election_count,
                                  .rightful = elected,
                                  .verdict = VERDICT_OK,
                                  .live_nodes = canned->scenario.settings.nodes,
                                  .lock_wait_ns = MS(0.25),
                                  .round_trips = 5};
    for (unsigned stage = 0; stage < STAGES; stage++) {
        election->stage_ns[stage] = NEVER_NS;
    }
    if (elect_ms >= 0) {
        election->reported_ns = MS(due_ms + elect_ms / 2);
        election->decided_ns = MS(due_ms + elect_ms - 0.25);
        election->published_ns = MS(due_ms + elect_ms);
        election->stage_ns[STAGE_DETECT] = MS(elect_ms / 2);
        election->stage_ns[STAGE_LOCK] = MS(0.25);
        election->stage_ns[STAGE_READ] = MS(elect_ms / 2 - 0.5);
        election->stage_ns[STAGE_DECIDE] = 0;
        election->stage_ns[STAGE_PUBLISH] = MS(0.25);
    }
    if (settle_ms >= 0) {
        election->settled_ns = MS(due_ms + settle_ms);
        election->stage_ns[STAGE_SPREAD] = MS(settle_ms - elect_ms);
    }
    outcome->final_leader = elected;
    return election;
}

static inline struct violation *canned_violation(struct canned *canned, size_t trial,
                                                 const char *check, double at_ms, double until_ms,
                                                 uint16_t process, const char *explanation)
{
    struct violations *violations = &canned->outcomes[trial].violations;
    assert(violations->count < CANNED_VIOLATIONS_MAX && check_find(check) >= 0);
    struct violation *violation = &violations->list[violations->count++];
    *violation = (struct violation){.check = (uint16_t)check_find(check),
                                    .at_ns = MS(at_ms),
                                    .until_ns = MS(until_ms),
                                    .process_count = 1,
                                    .event_count = 2,
                                    .processes = {process},
                                    .events = {812, 845}};
    snprintf(violation->explanation, sizeof violation->explanation, "%s", explanation);
    canned->outcomes[trial].checks[violation->check].ending = CHECK_BROKEN;
    return violation;
}

static inline void canned_unmet(struct canned *canned, uint32_t trial, const char *text)
{
    struct judgement *judgement = &canned->judgement;
    char name[32];
    assert(judgement->unmet.count < UNMET_MAX);
    struct unmet *unmet = &judgement->unmet.list[judgement->unmet.count++];
    snprintf(name, sizeof name, "%.*s", (int)strcspn(text, ":"), text);
    bool leaders = strcmp(name, "leaders") == 0;
    assert(leaders || check_find(name) >= 0);
    unmet->of = leaders ? (struct expectation){.kind = EXPECTED_LEADERS}
                        : (struct expectation){EXPECTED_CHECK, (size_t)check_find(name)};
    unmet->trial = trial;
    unmet->seed = trial ? canned->outcomes[trial - 1].seed : 0;
    snprintf(unmet->text, sizeof unmet->text, "%s", text);
    judgement->held = false;
    if (trial) {
        canned->outcomes[trial - 1].verdict = TRIAL_FAILED;
    }
}

/* A line of the story of a trial, which broke something if a violation begins there. */
static inline void canned_line(struct canned *canned, uint32_t trial, double at_ms, bool broken,
                               const char *text)
{
    struct story_line *line = &canned->lines[canned->story.count++];
    *line = (struct story_line){.at_ns = MS(at_ms), .violation = broken ? 0 : -1};
    snprintf(line->text, sizeof line->text, "%s", text);
    canned->story.lines = canned->lines;
    canned->told = (struct told_story){.story = &canned->story,
                                       .trial = trial,
                                       .broke = canned->told.broke || broken,
                                       .kept = true};
}

static inline const struct told_story *canned_told(const struct canned *canned)
{
    return canned->told.trial > 0 ? &canned->told : NULL;
}

/* --- the stories ------------------------------------------------------------------------------ */

static char canned_first_path[] = "course/01-first-election.yaml";
static char canned_first_about[] = "Five nodes report prepare, and nobody has submitted: rule 3 "
                                   "elects the lowest id.\n";

/* One trial, one election, all well. */
static inline void canned_first(struct canned *canned)
{
    canned_begin(canned, "first-election", canned_first_path, canned_first_about, 5, 1);
    canned_election(canned, 0, CAUSE_START, NOBODY, 0, 1, 3, 212.4, 301.9);
    canned_line(canned, 1, 212.4, false, "the master publishes node 1 by rule 3, term 1");
}

static char canned_dead_path[] = "course/04-dead-leader.yaml";
static char canned_dead_about[] = "The leader crashes, but its state in Redis still says submit.\n";

/* The leader crashes and stays elected, as expected, in each of five trials. */
static inline void canned_dead(struct canned *canned, uint32_t trials)
{
    canned_begin(canned, "dead-leader", canned_dead_path, canned_dead_about, 5, trials);
    canned->scenario.expect.checks[check_find("dead_leader")] = EXPECT_ALWAYS;
    canned->scenario.expect.has_leaders = true;
    canned->scenario.expect.leader_count = 1;
    canned->scenario.expect.leaders[0] = 1;
    canned->scenario.expect.totals[TOTAL_LEADERLESS] = (struct total_bound){true, MS(4000)};
    for (uint32_t i = 0; i < trials; i++) {
        canned->outcomes[i].leaderless_ns = MS(3210.5 + i);
        canned_election(canned, i, CAUSE_START, NOBODY, 0, 1, 3, 210.5 + i, 300.25 + i);
        canned_election(canned, i, CAUSE_CRASH, 1, 3000, 1, 2, -1, -1)->verdict = VERDICT_DEAD;
        canned_violation(canned, i, "dead_leader", 3000, 6000, 1,
                         "node 1 was still elected 3.0 s after it had crashed.");
    }
    canned_line(canned, 1, 3000, false, "node 1 crashes, while it leads");
    canned_line(canned, 1, 3010, true,
                "the master decides for node 1 by rule 2 (dead_leader for 3,000.0 ms)");
    canned->story.left_out = 1234;
}

static char canned_early_path[] = "course/07-early-bird.yaml";
static char canned_early_about[] = "The master polls while nodes are still reporting, so whoever "
                                   "reports first may win.\n";

/* Twenty trials with three winners; `wrong` says how often the election was not the rightful one.
 */
static inline void canned_early(struct canned *canned)
{
    static const int32_t winners[20] = {1, 1, 3, 1, 1, 2, 1, 3, 1, 1, 1, 1, 3, 1, 2, 1, 1, 3, 1, 1};
    canned_begin(canned, "early-bird", canned_early_path, canned_early_about, 5, 20);
    canned->scenario.expect.verdicts[VERDICT_WRONG] = EXPECT_SOMETIMES;
    canned->scenario.expect.checks[check_find("wrong_winner")] = EXPECT_ALLOWED;
    for (uint32_t i = 0; i < 20; i++) {
        struct election *election = canned_election(canned, i, CAUSE_START, NOBODY, 0, winners[i],
                                                    3, 2.5 + 0.5 * i, 103.0 + 2 * i);
        election->rightful = 1;
        election->verdict = winners[i] == 1 ? VERDICT_OK : VERDICT_WRONG;
    }
}

/* The dead leader again, but nobody expected it: trials 2 and 3 of 3 fail. */
static inline void canned_failure(struct canned *canned)
{
    canned_begin(canned, "dead-leader", canned_dead_path, canned_dead_about, 5, 3);
    canned->scenario.expect.elect.ns[BOUND_P99] = MS(200);
    for (uint32_t i = 0; i < 3; i++) {
        canned_election(canned, i, CAUSE_START, NOBODY, 0, 1, 3, 210.5 + i, 300.25 + i);
        if (i > 0) {
            canned_election(canned, i, CAUSE_CRASH, 1, 3000, 1, 2, -1, -1)->verdict = VERDICT_DEAD;
            canned_violation(canned, i, "dead_leader", 3000, 6000, 1,
                             "node 1 was still elected 3.0 s after it had crashed.");
            canned->outcomes[i].verdict = TRIAL_FAILED;
        }
    }
    canned_line(canned, 2, 12003, true,
                "the master decides for node 1 by rule 2 (dead_leader for 3,000.0 ms)");
    struct trials *trials = canned_trials(canned);
    judge(trials, &canned->judgement);
    trials_free(trials);
}

/* --- a moment of a trial ---------------------------------------------------------------------- */

#define CANNED_NODES_MAX 2000

struct canned_moment {
    struct progress progress;
    struct cluster_member processes[CANNED_NODES_MAX + 1];
};

/* The dead leader's story at `now_ms` of 6 s: all start within 0.5 s, node 1 is elected at 0.7 s,
 * node 4 is paused at 2 s, node 1 crashes at 3 s, node 4 resumes at 4.5 s. */
static inline void canned_moment(struct canned_moment *moment, const struct scenario *scenario,
                                 uint32_t trial, double now_ms)
{
    uint32_t nodes = scenario->settings.nodes;
    assert(nodes <= CANNED_NODES_MAX);
    moment->progress = (struct progress){.scenario = scenario,
                                         .trial = trial,
                                         .trials = scenario->trials,
                                         .now_ns = MS(now_ms),
                                         .end_ns = scenario->duration_ns,
                                         .phase = now_ms > 6000 ? PHASE_LIVENESS : PHASE_SAFETY,
                                         .processes = moment->processes};
    moment->processes[0] =
        (struct cluster_member){0}; /* as a host has it where there is no master */
    for (uint32_t id = protocol_first_id(&scenario->settings); id <= nodes; id++) {
        bool started = now_ms >= 500.0 * id / nodes;
        int32_t follows = now_ms > 700 + 100.0 * id / nodes ? 1 : NOBODY;
        moment->processes[id] = (struct cluster_member){.alive = now_ms >= 0,
                                                        .started = started,
                                                        .claim = {.follows = follows,
                                                                  .status = STATUS_PREPARE,
                                                                  .term = follows == 1,
                                                                  .until_ns = INT64_MAX}};
    }
    uint32_t holder = (uint32_t)(now_ms / 90) % (nodes + 2);
    if (holder <= nodes && moment->processes[holder].started) {
        moment->processes[holder].claim.in_section = 1;
    }
    if (now_ms > 720) {
        moment->processes[1].claim.leads = 1;
        moment->processes[1].claim.status = STATUS_SUBMIT;
        moment->progress.last_fault = NULL;
    }
    if (nodes >= 4 && now_ms > 2000) {
        moment->processes[4].paused = now_ms < 4500;
        moment->progress.last_fault = "pause 4";
        moment->progress.last_fault_ns = MS(2000);
    }
    if (now_ms > 3000) {
        moment->processes[1] = (struct cluster_member){0}; /* as a host tells of the dead */
        moment->progress.last_fault = "crash leader (node 1)";
        moment->progress.last_fault_ns = MS(3000);
    }
    if (nodes >= 4 && now_ms > 4500) {
        moment->progress.last_fault = "resume 4";
        moment->progress.last_fault_ns = MS(4500);
    }
}

#endif
