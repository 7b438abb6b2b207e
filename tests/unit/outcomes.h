/* From a story to its outcome, and what is expected of that. */
#ifndef HUSTINGS_TESTS_UNIT_OUTCOMES_H
#define HUSTINGS_TESTS_UNIT_OUTCOMES_H

#include "sim/outcome/outcome.h"
#include "tests/support/rounds.h"

#define MS INT64_C(1000000)

/* The outcome of a story, which is freed. */
static inline struct outcome outcome_of(struct tale *s)
{
    struct scenario scenario = {.name = "story"};
    struct outcome outcome;
    assert_true(outcome_derive(&scenario, &s->history, &outcome));
    tale_free(s);
    return outcome;
}

#define expect_election(outcome, n, cause_, node_, verdict_)                                       \
    do {                                                                                           \
        assert_true((n) <= (outcome).election_count);                                              \
        const struct election *e = &(outcome).elections[(n)-1];                                    \
        assert_int_equal(e->nth, (n));                                                             \
        assert_string_equal(cause_names[e->cause], (cause_));                                      \
        assert_int_equal(e->cause_node, (node_));                                                  \
        assert_string_equal(verdict_names[e->verdict], (verdict_));                                \
    } while (0)

/* Three nodes and the master up, all reported, and node 1 elected by rule 3 and followed by all, at
 * 100 ms. */
static inline struct tale *settled_cluster(void)
{
    struct tale *s = tale_new(3);
    everybody_runs(s);
    for (uint16_t id = 1; id <= 3; id++) {
        reports(s, id);
    }
    elects(s, 0, 1, 3, 1);
    at(s, 50);
    all_obey(s, 1, 1);
    at(s, 100);
    return s;
}

#endif
