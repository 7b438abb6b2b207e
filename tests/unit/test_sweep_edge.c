/* What a sweep advises after trials by other seeds: it recommends nothing that they refuted. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/support/swept.h"

static void what_was_refuted_is_not_recommended(void **state)
{
    struct world world = {.split = "fencing=false"};
    struct swept swept;
    (void)state;
    sweep_of(&swept, &world, (const char *const[]){"fencing=false,true", NULL});
    swept_says(&swept, "fencing false: no split brain; nobody led for 1,000.0 ms at p99 of the "
                       "trials, 0 false takeovers a trial. Not so with another seed: the brain "
                       "was split in one of 7 trials.\n");
    swept_says(&swept, "Recommended: fencing true: no split brain;");
    swept_says(&swept, "Confirmed: in 0 of 10,000 trials");
    assert_null(strstr(swept.text, "No point had"));
    swept_free(&swept);
    sweep_of(&swept, &world, (const char *const[]){"fencing=false", NULL});
    swept_says(&swept, "Nothing is recommended: what no trial of the grid had split did not hold");
    assert_null(strstr(swept.text, "In short"));
    assert_null(strstr(swept.text, "onfirmed"));
    swept_free(&swept);
}

/* One that bears all is better than one that bears less than its grid said. */
static void the_choices_are_ranked_again(void **state)
{
    static const char *const keys[] = {"lock.token.ttl=1s,2s", "faults.1.for=1s,2s,4s", NULL};
    struct world world = {.from = 3.3e9, .under = "lock.token.ttl=1s"};
    struct swept swept;
    (void)state;
    sweep_of(&swept, &world, keys);
    swept_says(&swept, "ttl 1s: no split brain up to faults.1.for 4s, the most that was tried; "
                       "nobody led for 1,000.0 ms at p99 of the trials, 0 false takeovers a "
                       "trial. Not so with another seed: at faults.1.for 3.3");
    swept_says(&swept, "Recommended: lock.token.ttl 2s: no split brain up to faults.1.for 4s;");
    assert_int_equal(swept.advice.list[0].bears, 2);
    swept_free(&swept);
    world = (struct world){.from = 3.3e9}; /* both bear as much: the first has the better price */
    sweep_of(&swept, &world, keys);
    swept_says(&swept, "Recommended: lock.token.ttl 1s: no split brain up to faults.1.for 3.");
    assert_true(swept.advice.list[1].tried);
    swept_says(&swept, "; at 3.3");
    swept_free(&swept);
}

/* Whatever the grid saw, and wherever the edge is: what is recommended holds there. */
static void grids_of_all_shapes(void **state)
{
    static const char *const shapes[][2] = {
        {"....", "...."}, {"...s", "..ss"}, {".s..", "..s."}, {"s...", ".sss"},
        {"?...", "..??"}, {"ssss", "...."}, {"....", "?.s."},
    };
    static const double edges[] = {0, 1e9, 1.5e9, 2e9, 2.9e9, 4e9, 4.1e9};
    (void)state;
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
        for (size_t j = 0; j < sizeof edges / sizeof *edges; j++) {
            struct world world = {.from = edges[j]};
            struct swept swept = {.rows = shapes[i]};
            sweep_with(
                &swept, &world,
                (const char *const[]){"lock.token.ttl=1s,2s", "faults.1.for=1s,2s,3s,4s", NULL});
            double size = 0;
            bool is_time;
            assert_true(!swept.edge.found || size_parse(swept.edge.value, &size, &is_time));
            assert_true(!swept.edge.found || edges[j] == 0 || size < edges[j]);
            bool recommended = strstr(swept.text, "up to faults.1.for ") &&
                               (strstr(swept.text, "Recommended: ") || strstr(swept.text, "Least"));
            assert_int_equal(recommended, swept.edge.found);
            assert_int_equal(recommended, edges[j] != 1e9);
            assert_int_equal(world.seeds_again, 0);
            swept_free(&swept);
        }
    }
}

static void each_confirmation_has_a_seed_of_its_own(void **state)
{
    struct world world = {.split = "faults.1.for=3s"};
    struct swept swept;
    (void)state;
    sweep_of(&swept, &world, (const char *const[]){"faults.1.for=1s,2s,3s", NULL});
    swept_says(&swept, "In short: no split brain up to faults.1.for 2.9");
    assert_int_equal(world.confirmations, 2);
    swept_says(&swept, "with 95 % confidence (1 other did not pass this test); at ");
    assert_int_equal(world.seeds_again, 0);
    swept_free(&swept);
}

/* Where the brain is split too seldom for the trials of the halving. */
static void what_is_split_rarely_is_stepped_over(void **state)
{
    static const double edges[] = {400e6, 500.5e6, 600e6, 1.9e9, 2.02e9, 3.6e9};
    static const char *const told[] = {"up to faults.1.for 39",  "up to faults.1.for 500ms;",
                                       "up to faults.1.for 59",  "up to faults.1.for 1.8",
                                       "up to faults.1.for 2s;", "up to faults.1.for 3.5"};
    const char *keys[] = {"lock.token.ttl=1s,2s", "faults.1.for=100ms,500ms,1s,2s,4s", NULL};
    struct swept swept;
    (void)state;
    for (size_t i = 0; i < sizeof edges / sizeof *edges; i++) {
        struct world world = {.rare_from = edges[i]};
        keys[0] = "lock.token.ttl=1s";
        sweep_of(&swept, &world, keys);
        swept_says(&swept, told[i]);
        assert_true(world.confirmations < 48);
        swept_free(&swept);
    }
    struct world world = {.rare_from = 500.5e6, .under = "lock.token.ttl=1s"};
    keys[0] = "lock.token.ttl=1s,2s";
    swept = (struct swept){.rows = (const char *const[]){".....", "..sss"}};
    sweep_with(&swept, &world, keys);
    assert_int_equal(swept.advice.list[0].bears, 2);
    swept_free(&swept);
    world = (struct world){.rare_from = 20.5e9}; /* of many values, too, the largest that passes */
    sweep_of(&swept, &world, (const char *const[]){"faults.1.for=1s..40s/40", NULL});
    swept_says(&swept, "In short: no split brain up to faults.1.for 20.");
    assert_true(world.confirmations < 20);
    swept_free(&swept);
}

/* The grid shows of both that they bear 1 s; between that and 4 s one of them reaches further,
 * though it costs more. */
static void of_choices_that_tie_each_edge_is_found(void **state)
{
    const char *keys[] = {"lock.token.ttl=1s,3s", "faults.1.for=1s,4s", NULL};
    struct world world = {.from = 1.5e9, .under = "lock.token.ttl=1s"};
    struct swept swept = {.rows = (const char *const[]){".s", ".s"}};
    (void)state;
    sweep_with(&swept, &world, keys);
    swept_says(&swept, "Recommended: lock.token.ttl 3s: no split brain up to faults.1.for 3.9");
    swept_free(&swept);
    world = (struct world){.from = 1.5e9};
    swept = (struct swept){.rows = (const char *const[]){".s", ".s"}};
    sweep_with(&swept, &world, keys);
    swept_says(&swept, "Recommended: lock.token.ttl 1s: no split brain up to faults.1.for 1.4");
    assert_true(swept.advice.list[1].tried);
    swept_free(&swept);
}

/* What hardly any trial tested is not better than what was confirmed. */
static void few_that_tested_it_are_no_confirmation(void **state)
{
    const char *keys[] = {"lock.token.ttl=1s,8s", "faults.1.for=1s,2s,3s", NULL};
    struct world world = {.from = 2.5e9,
                          .under = "lock.token.ttl=1s",
                          .untested = 9999,
                          .untests = "lock.token.ttl=8s"};
    struct swept swept;
    (void)state;
    sweep_of(&swept, &world, keys);
    swept_says(&swept, "Recommended: lock.token.ttl 1s: no split brain up to faults.1.for 2.4");
    swept_says(&swept, "\nConfirmed at faults.1.for 2.4");
    swept_free(&swept);
    keys[0] = "lock.token.ttl=8s";
    sweep_of(&swept, &world, keys);
    swept_says(&swept, "Not confirmed at faults.1.for 3s: only 1 trial could have shown it;");
    swept_free(&swept);
}

/* The reader is to know how many were tried until one passed, whichever is told in the end. */
static void all_that_failed_are_counted(void **state)
{
    const char *keys[] = {"lock.token.ttl=1s,2s,3s", "faults.1.for=2s,4s", NULL};
    struct world world = {.from = 3e9, .under = "lock.token.ttl=1s"};
    struct swept swept;
    (void)state;
    sweep_of(&swept, &world, keys);
    swept_says(&swept, "Recommended: lock.token.ttl 2s:");
    swept_says(&swept, " (1 other did not pass this test)");
    swept_free(&swept);
    world = (struct world){.rare_from = 3e9};
    sweep_of(&swept, &world, (const char *const[]){"lock.token.ttl=1s,2s", keys[1], NULL});
    swept_says(&swept, "Recommended: lock.token.ttl 1s:");
    swept_says(&swept, " (14 others did not pass this test)");
    swept_free(&swept);
}

static void a_search_ends(void **state)
{
    static const char *const keys[] = {"nodes=1..30/30", "faults.1.for=1s,2s,4s", NULL};
    struct world world = {.from = 3e9};
    struct swept swept;
    (void)state;
    sweep_of(&swept, &world, keys);
    swept_says(&swept, "Recommended: nodes 1: no split brain up to faults.1.for 2.9");
    swept_says(&swept, "16 choices were tried; others that bear as much in the grid, or more, were "
                       "not.");
    swept_free(&swept);
}

static void all_settings_are_confirmed(void **state)
{
    struct world world = {.split = "duration=3s", .split_in = 1};
    struct swept swept;
    const char *keys[] = {"duration=1s..20s/20", "nodes=3,4", NULL};
    (void)state;
    sweep_of(&swept, &world, keys);
    swept_says(&swept, "Not so with another seed: the brain was split in the first trial.\n");
    swept_says(&swept, "Nothing is recommended: what no trial of the grid had split did not hold");
    swept_free(&swept);
    world = (struct world){0};
    sweep_of(&swept, &world, keys);
    assert_int_equal(world.runs, 20);
    swept_says(&swept, "Confirmed: in 0 of 8,000 trials the brain was split, that is in fewer than "
                       "0.041 % of all, with 95 % confidence; so it is in each of the 20 settings "
                       "of what else befalls it.");
    swept_free(&swept);
    keys[0] = "duration=1s..400s/400";
    world = (struct world){0};
    sweep_of(&swept, &world, keys);
    swept_says(&swept, "Not confirmed: only 400 trials were run; in 0 of these the "
                       "brain was split, that is in fewer than 0.81 % of all");
    swept_free(&swept);
}

static void seeds_are_no_settings(void **state)
{
    struct world world = {0};
    struct swept swept;
    (void)state;
    sweep_of(&swept, &world, (const char *const[]){"nodes=3,4", "seed=1,2,3", NULL});
    assert_int_equal(world.runs, 1);
    assert_null(strstr(swept.text, "settings"));
    const char *words[AXES_MAX];
    char room[EDGE_WORD];
    assert_int_equal(edge_words(&swept.advice, swept.edge.value, words, room), 1);
    assert_string_equal(words[0], "nodes=3");
    swept_free(&swept);
}

/* What befalls for longer may hurt less: what lies between two values that are far apart is tried,
 * too. */
static void gaps_of_the_grid_are_tried(void **state)
{
    static const char *const grids[] = {"faults.1.for=1s,1.1s,4s,5s", "faults.1.for=0ms,1s,40s",
                                        "faults.1.for=1s,1.9s,3.8s,7s"};
    static const char *const told[] = {"up to faults.1.for 1.9", "up to faults.1.for 1.9",
                                       "up to faults.1.for 7s;"};
    struct world world = {.from = 2e9, .until = 3.7e9};
    struct swept swept;
    (void)state;
    for (size_t i = 0; i < sizeof grids / sizeof *grids; i++) {
        sweep_of(&swept, &world, (const char *const[]){grids[i], NULL});
        swept_says(&swept, told[i]);
        swept_free(&swept);
    }
    world = (struct world){0};
    sweep_of(&swept, &world, (const char *const[]){"faults.1.for=1s,1.1s,4s,5s", NULL});
    swept_says(&swept, " At 4 lesser values, in 0 of 1,000 each.");
    swept_free(&swept);
    world = (struct world){0};
    sweep_of(&swept, &world, (const char *const[]){"faults.1.count=0,1,7", NULL});
    swept_says(&swept, " At 5 lesser values, in 0 of 1,000 each.");
    assert_false(world.fractions);
    swept_free(&swept);
}

static void few_that_tested_it_are_told(void **state)
{
    struct world world = {.untested = 9999};
    struct swept swept;
    (void)state;
    sweep_of(&swept, &world, (const char *const[]){"fencing=false", NULL});
    swept_says(&swept, "Not confirmed: only 1 trial could have shown it; in 0 of these the brain "
                       "was split, that is in fewer than 96 % of all");
    swept_free(&swept);
    world = (struct world){.untested = 4000};
    sweep_of(&swept, &world, (const char *const[]){"fencing=false", NULL});
    swept_says(&swept, "Confirmed: in 0 of the 6,000 trials of 10,000 that could have shown it the "
                       "brain was split, that is in fewer than 0.054 % of all");
    swept_free(&swept);
}

static void whole_numbers_stay_whole(void **state)
{
    struct world world = {.from = 38};
    struct swept swept;
    (void)state;
    sweep_of(&swept, &world, (const char *const[]){"faults.1.count=37,40", NULL});
    swept_says(&swept, "; at 38 it was split.");
    assert_false(world.fractions);
    swept_free(&swept);
}

/* One of the settings of what befalls is no valid scenario: the others were run. */
static void what_was_run_in_part_is_told_so(void **state)
{
    struct world world = {0};
    struct swept swept = {.rows = (const char *const[]){"..", ".-"}};
    (void)state;
    sweep_with(&swept, &world,
               (const char *const[]){"fencing=false,true", "faults.1.pause=leader,nobody", NULL});
    swept_says(&swept, "fencing true: 1 of 2 points was not run: its values make no valid");
    swept_says(&swept, "fencing false: no split brain; ");
    swept_free(&swept);
}

/* Values of the grid are told as they were typed, others as they were tried. */
static void values_are_told_as_they_were_run(void **state)
{
    struct world world = {.from = 2554e6};
    struct swept swept;
    (void)state;
    sweep_of(&swept, &world, (const char *const[]){"faults.1.for=2549ms,2554ms", NULL});
    swept_says(&swept, "In short: no split brain up to faults.1.for 2549ms;");
    swept_says(&swept, "; at 2554ms it was split.");
    swept_free(&swept);
}

static void what_was_found_before_an_interruption_stays(void **state)
{
    struct world world = {.split = "fencing=false", .ends_after = 1};
    struct swept swept = {.text = NULL};
    (void)state;
    assert_int_equal(sweep_with(&swept, &world, (const char *const[]){"fencing=false,true", NULL}),
                     TRIAL_INTERRUPTED);
    swept_says(&swept, "Recommended: fencing true: no split brain;");
    swept_says(&swept, "Not confirmed: it was interrupted. Behind it stand 100 trials");
    swept_free(&swept);
}

/* Under different protocols the time without a leader is not the same. */
static void protocols_are_not_ranked_by_what_is_not_alike(void **state)
{
    static const char *const rows[] = {"..", "..", ".s"};
    struct world world = {.split = "protocol=lease"};
    struct swept swept = {.rows = rows, .protocols = true};
    const char *keys[] = {"protocol=article,lease,raft", "faults.1.for=1s,2s", NULL};
    (void)state;
    sweep_with(&swept, &world, keys);
    swept_says(&swept, "Recommended: protocol article: no split brain up to faults.1.for 2s;");
    swept_says(&swept, "Other protocols bear as much in the grid: lease. That article is named "
                       "first is because it was given first");
    swept_free(&swept);
    keys[0] = "protocol=article";
    swept = (struct swept){.rows = rows, .protocols = true};
    sweep_with(&swept, &world, keys);
    assert_null(strstr(swept.text, "given first"));
    swept_free(&swept);
    swept = (struct swept){.protocols = true, .protocol_axis = 1};
    sweep_with(&swept, &world,
               (const char *const[]){"nodes=3,5", "protocol=article,lease,raft", NULL});
    swept_says(&swept, "bear as much in the grid: lease, raft. That article is named first");
    swept_free(&swept);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_refuted_is_not_recommended),
        cmocka_unit_test(the_choices_are_ranked_again),
        cmocka_unit_test(grids_of_all_shapes),
        cmocka_unit_test(each_confirmation_has_a_seed_of_its_own),
        cmocka_unit_test(what_is_split_rarely_is_stepped_over),
        cmocka_unit_test(few_that_tested_it_are_no_confirmation),
        cmocka_unit_test(of_choices_that_tie_each_edge_is_found),
        cmocka_unit_test(all_that_failed_are_counted),
        cmocka_unit_test(a_search_ends),
        cmocka_unit_test(all_settings_are_confirmed),
        cmocka_unit_test(seeds_are_no_settings),
        cmocka_unit_test(gaps_of_the_grid_are_tried),
        cmocka_unit_test(few_that_tested_it_are_told),
        cmocka_unit_test(whole_numbers_stay_whole),
        cmocka_unit_test(what_was_run_in_part_is_told_so),
        cmocka_unit_test(values_are_told_as_they_were_run),
        cmocka_unit_test(what_was_found_before_an_interruption_stays),
        cmocka_unit_test(protocols_are_not_ranked_by_what_is_not_alike),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
