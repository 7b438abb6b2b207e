/* Trials made by hand, to be judged. */
#ifndef HUSTINGS_TESTS_UNIT_JURY_H
#define HUSTINGS_TESTS_UNIT_JURY_H

#include <stdio.h>
#include <string.h>

#include "sim/outcome/judge.h"
#include "tests/support/trials.h"

#define TRIALS 3
#define MS INT64_C(1000000)

/* Three trials, each with at most one violation and one election. */
struct bench {
    struct scenario scenario;
    struct outcome trials[TRIALS];
    struct violation violations[TRIALS];
    struct election elections[TRIALS];
    struct check_verdict checks[TRIALS][CHECKS_MAX];
    int32_t leaders[TRIALS][OUTCOME_LEADERS_MAX];
    struct judgement judgement;
};

static inline struct bench new_bench(void)
{
    struct bench bench = {.scenario = {.name = "bench", .seed = 100}};
    memset(bench.scenario.expect.verdicts, EXPECT_ALLOWED, VERDICTS);
    return bench;
}

static inline void judge_bench(struct bench *bench, size_t trials)
{
    for (uint32_t i = 0; i < TRIALS; i++) {
        bench->trials[i].trial = i + 1;
        bench->trials[i].seed = 100 + i;
        bench->trials[i].violations.list = &bench->violations[i];
        bench->trials[i].elections = &bench->elections[i];
        bench->trials[i].checks = bench->checks[i];
        bench->trials[i].leaders = bench->leaders[i];
    }
    struct trials *all = trials_of(&bench->scenario, bench->trials, trials);
    judge(all, &bench->judgement);
    trials_free(all);
}

static inline void add_violation(struct bench *bench, int trial, const char *check)
{
    struct violation *violation = &bench->violations[trial - 1];
    violation->check = (uint16_t)check_find(check);
    snprintf(violation->explanation, sizeof violation->explanation, "It broke in trial %d.", trial);
    bench->trials[trial - 1].violations.count = 1;
    bench->checks[trial - 1][violation->check].ending = CHECK_BROKEN;
}

static inline void add_election(struct bench *bench, int trial, uint8_t verdict, int64_t elect_ms)
{
    bench->elections[trial - 1] = (struct election){.nth = 1,
                                                    .verdict = verdict,
                                                    .published_ns = elect_ms * MS,
                                                    .settled_ns = 2 * elect_ms * MS};
    if (elect_ms == 0) {
        bench->elections[trial - 1].ended = ENDED_NEVER;
        bench->elections[trial - 1].unsettled = true;
        bench->elections[trial - 1].until_ns = 5000 * MS;
        bench->elections[trial - 1].published_ns = NEVER_NS;
        bench->elections[trial - 1].settled_ns = NEVER_NS;
    }
    bench->trials[trial - 1].election_count = 1;
}

#endif
