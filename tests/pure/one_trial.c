/* Lesson 1 without the harness: a scenario that is filled by hand, one trial in the model, and its
 * outcome. It links the elections, the model, the checks and the outcome and nothing else, so it
 * builds wherever there is a C11 compiler: `tests/run musl` does so with another libc. */
#include <stdio.h>
#include <string.h>

#include "sim/model/model.h"
#include "sim/outcome/judge.h"
#include "src/owners.h"

#define NODES 5
#define MS INT64_C(1000000)

/* Five nodes that start at once, and a master that begins when all have reported. */
static void fill(struct scenario *scenario, struct start starts[NODES + 1])
{
    memset(scenario, 0, sizeof *scenario);
    memset(starts, 0, (NODES + 1) * sizeof *starts);
    starts[0].kind = START_ALL_REPORTED;
    snprintf(scenario->name, sizeof scenario->name, "one-trial");
    scenario->settings = settings_default(NODES);
    scenario->trials = 1;
    scenario->seed = 1;
    scenario->duration_ns = 2000 * MS;
    scenario->request_timeout_ns = 1000 * MS;
    scenario->heal = true;
    scenario->starts = starts;
    scenario->latency = (struct latency){LATENCY_CONSTANT, 1, {MS / 10}, NULL};
    scenario->expect.has_leaders = true;
    scenario->expect.leader_count = 1;
    scenario->expect.leaders[0] = 1;
    memset(scenario->expect.verdicts, EXPECT_ALLOWED, sizeof scenario->expect.verdicts);
    scenario->expect.verdicts[VERDICT_OK] = EXPECT_ALWAYS;
    scenario->expect.settles_within_ns = 1000 * MS;
    scenario->expect.lock_within_ns = 10000 * MS;
}

/* Whether the outcome is that of the lesson; says what is not. */
static int judge_trial(const struct scenario *scenario, const struct outcome *outcome)
{
    struct judgement judgement;
    struct trials *trials = trials_new(scenario);
    if (!trials || !trials_take(trials, outcome) || !trials_end(trials)) {
        printf("memory is out\n");
        trials_free(trials);
        return 1;
    }
    judge(trials, &judgement);
    trials_free(trials);
    for (uint32_t i = 0; i < judgement.unmet.count; i++) {
        printf("unmet: %s\n", judgement.unmet.list[i].text);
    }
    for (uint32_t i = 0; i < outcome->violations.count; i++) {
        printf("broken: %s\n", outcome->violations.list[i].explanation);
    }
    if (!judgement.held || outcome->violations.count > 0 || outcome->final_leader != 1 ||
        outcome->election_count != 1 || outcome->elections[0].rule != 3) {
        printf("leader %d, elections %zu; expected: 1, once, by rule 3\n",
               (int)outcome->final_leader, (size_t)outcome->election_count);
        return 1;
    }
    printf("node 1 was elected by rule 3 after %.3f ms\n",
           (double)outcome->elections[0].published_ns / (double)MS);
    return 0;
}

int main(void)
{
    static struct scenario scenario;
    static struct network network;
    struct start starts[NODES + 1];
    struct history history = {0};
    struct outcome outcome = {0};
    int status = 1;

    fill(&scenario, starts);
    network_of(&scenario, &network);
    struct model *model = model_new(&scenario, &network);
    if (model && model_trial(model, 1, scenario.seed, &history, NULL) == TRIAL_RAN &&
        outcome_derive(&scenario, &history, &outcome)) {
        status = judge_trial(&scenario, &outcome);
    } else {
        printf("the trial did not come to its end: %s\n", model ? model_error(model) : "no model");
    }
    outcome_free(&outcome);
    history_free(&history);
    model_free(model);
    return status;
}
