/* The three rules: each edge by name, then all small ballots against a second statement of them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "src/rules.h"

#define P STATUS_PREPARE
#define S STATUS_SUBMIT
#define U STATUS_UNKNOWN

static struct vote vote(uint16_t id, enum status status)
{
    return (struct vote){.id = id, .status = (uint8_t)status};
}

/* Elects from `votes` and says what must come out. */
#define elects(incumbent, want_id, want_rule, ...)                                                 \
    do {                                                                                           \
        const struct vote votes_[] = {__VA_ARGS__};                                                \
        struct ballot ballot_ = {votes_, sizeof votes_ / sizeof *votes_};                          \
        struct choice choice_ = rules_elect(ballot_, (incumbent));                                 \
        assert_int_equal(choice_.id, (want_id));                                                   \
        assert_int_equal(choice_.rule, (want_rule));                                               \
    } while (0)

static void an_empty_ballot_elects_nobody(void **state)
{
    (void)state;
    struct choice choice = rules_elect((struct ballot){NULL, 0}, NOBODY);
    assert_int_equal(choice.id, NOBODY);
    assert_int_equal(choice.rule, 0);
}

static void rule_1_is_the_master_by_its_number(void **state)
{
    (void)state;
    elects(NOBODY, 0, 1, vote(0, S), vote(1, S), vote(2, P));
    elects(NOBODY, 0, 1, vote(0, S));
    /* Not whoever leads now: node 3 is the incumbent, and yet rule 2 gives 1. */
    elects(NOBODY, 1, 2, vote(1, S), vote(3, S));
}

static void rule_1_comes_before_an_incumbent(void **state)
{
    (void)state;
    elects(3, 0, 1, vote(0, S), vote(3, S));
}

static void rule_2_takes_the_lowest_in_submit(void **state)
{
    (void)state;
    elects(NOBODY, 2, 2, vote(2, S), vote(4, S), vote(5, S));
}

static void rule_2_precedes_rule_3_when_states_are_mixed(void **state)
{
    (void)state;
    elects(NOBODY, 5, 2, vote(1, P), vote(2, P), vote(5, S));
}

static void rule_3_takes_the_lowest_in_prepare(void **state)
{
    (void)state;
    elects(NOBODY, 3, 3, vote(3, P), vote(4, P));
    elects(NOBODY, NODE_ID_MAX, 3, vote(NODE_ID_MAX, P));
}

static void a_master_in_prepare_is_no_candidate(void **state)
{
    (void)state;
    elects(NOBODY, NOBODY, 0, vote(0, P));
    elects(NOBODY, 2, 3, vote(0, P), vote(2, P));
    elects(NOBODY, 2, 2, vote(0, P), vote(1, P), vote(2, S));
}

static void unknown_statuses_are_passed_over(void **state)
{
    (void)state;
    elects(NOBODY, NOBODY, 0, vote(0, U), vote(1, U));
    elects(NOBODY, 4, 3, vote(1, U), vote(4, P));
    elects(NOBODY, 4, 2, vote(1, U), vote(2, P), vote(4, S));
}

static void an_incumbent_in_submit_keeps_the_office(void **state)
{
    (void)state;
    elects(4, 4, 2, vote(1, S), vote(4, S), vote(5, S));
    elects(1, 1, 2, vote(1, S), vote(4, S));
}

static void an_incumbent_out_of_submit_does_not(void **state)
{
    (void)state;
    elects(4, 1, 2, vote(1, S), vote(4, P));
    elects(4, 1, 3, vote(1, P), vote(4, P));
    elects(4, 1, 2, vote(1, S), vote(4, U));
    elects(9, 1, 2, vote(1, S), vote(4, S)); /* and one that has vanished */
}

/* The rules once more, said as the sets they speak of rather than as one walk: for each rule in
 * turn, the lowest id that the rule allows. */
static struct choice stated(const enum status status[], const bool present[], int ids,
                            int incumbent)
{
    if (present[0] && status[0] == S) {
        return (struct choice){0, 1};
    }
    if (incumbent > 0 && incumbent < ids && present[incumbent] && status[incumbent] == S) {
        return (struct choice){incumbent, 2};
    }
    for (int rule = 2; rule <= 3; rule++) {
        for (int id = 1; id < ids; id++) {
            if (present[id] && status[id] == (rule == 2 ? S : P)) {
                return (struct choice){id, rule};
            }
        }
    }
    return (struct choice){NOBODY, 0};
}

/* Every ballot of the master and four nodes (each absent, prepare, submit or unknown), with every
 * incumbent. */
static void all_small_ballots_agree_with_the_rules_stated_again(void **state)
{
    (void)state;
    enum { IDS = 5, KINDS = 4 };
    int ballots = 1 << (2 * IDS); /* KINDS to the power of IDS */
    int rule_seen[4] = {0};
    for (int code = 0; code < ballots; code++) {
        struct vote votes[IDS];
        enum status status[IDS];
        bool present[IDS];
        uint32_t count = 0;
        for (int id = 0; id < IDS; id++) {
            int kind = (code >> (2 * id)) % KINDS;
            present[id] = kind != 3;
            status[id] = (enum status)(kind % 3);
            if (present[id]) {
                votes[count++] = vote((uint16_t)id, status[id]);
            }
        }
        for (int incumbent = NOBODY; incumbent <= IDS; incumbent++) {
            struct choice got = rules_elect((struct ballot){votes, count}, incumbent);
            struct choice want = stated(status, present, IDS, incumbent);
            if (got.id != want.id || got.rule != want.rule) {
                fail_msg("ballot %#x, incumbent %d: elected %d by rule %d, should be %d by %d",
                         (unsigned)code, incumbent, got.id, got.rule, want.id, want.rule);
            }
            rule_seen[got.rule]++;
        }
    }
    for (int rule = 0; rule < 4; rule++) {
        assert_true(rule_seen[rule] > 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_empty_ballot_elects_nobody),
        cmocka_unit_test(rule_1_is_the_master_by_its_number),
        cmocka_unit_test(rule_1_comes_before_an_incumbent),
        cmocka_unit_test(rule_2_takes_the_lowest_in_submit),
        cmocka_unit_test(rule_2_precedes_rule_3_when_states_are_mixed),
        cmocka_unit_test(rule_3_takes_the_lowest_in_prepare),
        cmocka_unit_test(a_master_in_prepare_is_no_candidate),
        cmocka_unit_test(unknown_statuses_are_passed_over),
        cmocka_unit_test(an_incumbent_in_submit_keeps_the_office),
        cmocka_unit_test(an_incumbent_out_of_submit_does_not),
        cmocka_unit_test(all_small_ballots_agree_with_the_rules_stated_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
