/* What a sweep advises after trials by other seeds: it recommends nothing that they refuted. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sim/sweep/words.h"
#include "src/units.h"

#define SEEDS_MAX 1000

/* What the trials of a search find. */
struct world {
    const char *split;   /* "KEY=VALUE" with which the brain is split in every trial */
    uint64_t split_in;   /* that trial, of those in which it is; 0: the seventh */
    double from;         /* likewise, from this size of what befalls on; 0: of none … */
    const char *under;   /* … if the first key has this value; NULL: any */
    uint64_t untested;   /* of the other trials */
    uint64_t ends_after; /* so many runs it is interrupted; 0: it is not */
    uint64_t runs, confirmations, seeds[SEEDS_MAX];
    size_t seed_count, seeds_again; /* seeds that confirm, and were there before */
    bool fractions;                 /* some value was no whole number */
};

static enum trial_end run_world(void *self, const struct set_words *words,
                                const struct sweep_trials *trials, struct point_sum *sum,
                                char *error)
{
    struct world *world = self;
    bool split = false, is_time;
    double size;
    (void)error;
    if (world->runs == world->ends_after && world->ends_after > 0) {
        return TRIAL_INTERRUPTED;
    }
    for (size_t i = 0; i < words->count; i++) {
        const char *value = strchr(words->words[i], '=') + 1;
        bool befalls = strncmp(words->words[i], "faults.1.for=", 13) == 0 ||
                       strncmp(words->words[i], "faults.1.count=", 15) == 0;
        assert_true(!befalls || size_parse(value, &size, &is_time));
        split = split || (world->split && strcmp(words->words[i], world->split) == 0) ||
                (befalls && world->from > 0 && size >= world->from &&
                 (!world->under || strcmp(words->words[0], world->under) == 0));
        world->fractions = world->fractions || strchr(value, '.');
    }
    world->runs++;
    world->confirmations += trials->trials > 1000;
    for (size_t i = 0; i < world->seed_count; i++) {
        world->seeds_again += trials->trials > 1000 && world->seeds[i] == trials->seed;
    }
    assert_true(world->seed_count < SEEDS_MAX);
    world->seeds[world->seed_count++] = trials->seed;
    sum->trials = !split ? trials->trials : world->split_in > 0 ? world->split_in : 7;
    sum->split_trials = split;
    sum->untested = split ? 0 : world->untested;
    return TRIAL_RAN;
}

struct swept {
    struct axes axes;
    struct plan plan;
    struct points points;
    struct advice advice;
    struct edge edge;
    char *text;
    bool protocols;          /* the choices are of one each */
    const char *const *rows; /* of each choice a letter for each value of what befalls; NULL: . */
};

/* A point of the grid: s is split, ? cannot be known, - was not run, . is whole. */
static bool read_letters(void *self, size_t cell, struct point *point)
{
    const struct swept *swept = self;
    size_t values[AXES_MAX];
    plan_values(&swept->plan, cell, values);
    *point = (struct point){0};
    if (swept->rows && swept->rows[values[0]][values[1]] == '-') {
        point_not_valid(point, "nobody");
        return false;
    }
    const char *row = swept->rows ? swept->rows[values[0]] : NULL;
    char letter = '.';
    if (row) {
        letter = row[values[1]];
    }
    point->of[FIGURE_TRIALS] = 100;
    point->of[FIGURE_SPLIT_TRIALS] = letter == 's' ? 3 : 0;
    point->of[FIGURE_UNDECIDED] = letter == '?' ? 3 : 0;
    point->of[FIGURE_LEADERLESS_P99] = NS_PER_S * (int64_t)(values[0] + 1);
    return true;
}

static void look_into(void *self, size_t cell, int64_t *lease_ns, const char **protocol)
{
    static const char *const names[] = {"article", "lease", "raft"};
    const struct swept *swept = self;
    size_t values[AXES_MAX];
    plan_values(&swept->plan, cell, values);
    *lease_ns = 0;
    *protocol = names[values[0]];
}

/* Of a sweep that is all zero, but for its letters and whether it has protocols. */
static enum trial_end sweep_with(struct swept *swept, struct world *world, const char *const *keys)
{
    struct scenario scenario = {.settings.work_every_ns = NS_PER_MS};
    char why[2048];
    size_t size = 0;
    for (size_t i = 0; keys[i]; i++) {
        assert_true(axes_add(&swept->axes, keys[i], why, sizeof why));
    }
    assert_true(plan_make(&swept->plan, &swept->axes, 0, 1, why, sizeof why));
    swept->points = (struct points){.plan = &swept->plan,
                                    .self = swept,
                                    .read = read_letters,
                                    .look = swept->protocols ? look_into : NULL};
    assert_true(advice_make(&swept->advice, &swept->points));
    const struct edge_work work = {.advice = &swept->advice,
                                   .jobs = 1,
                                   .trials = EDGE_TRIALS,
                                   .seed = 5,
                                   .self = world,
                                   .run = run_world};
    enum trial_end end = edge_find(&work, &swept->edge, why);
    FILE *file = open_memstream(&swept->text, &size);
    assert_non_null(file);
    words_advice(file, &swept->advice, &scenario, end == TRIAL_RAN ? &swept->edge : NULL,
                 "it was interrupted");
    fclose(file);
    return end;
}

static void sweep_of(struct swept *swept, struct world *world, const char *const *keys)
{
    *swept = (struct swept){.text = NULL};
    assert_int_equal(sweep_with(swept, world, keys), TRIAL_RAN);
}

static void swept_free(struct swept *swept)
{
    free(swept->text);
    advice_free(&swept->advice);
    plan_free(&swept->plan);
    axes_free(&swept->axes);
}

static void assert_says(const struct swept *swept, const char *told)
{
    if (!strstr(swept->text, told)) {
        fail_msg("\"%s\" is not in:\n%s", told, swept->text);
    }
}

static void what_was_refuted_is_not_recommended(void **state)
{
    struct world world = {.split = "fencing=false"};
    struct swept swept;
    (void)state;
    sweep_of(&swept, &world, (const char *const[]){"fencing=false,true", NULL});
    assert_says(&swept, "fencing false: no split brain; nobody led for 1,000.0 ms at p99 of the "
                        "trials, 0 false takeovers a trial. Not so with another seed: the brain "
                        "was split in one of 7 trials.\n");
    assert_says(&swept, "Recommended: fencing true: no split brain;");
    assert_says(&swept, "Confirmed: in 0 of 10,000 trials");
    assert_null(strstr(swept.text, "No point had"));
    swept_free(&swept);
    sweep_of(&swept, &world, (const char *const[]){"fencing=false", NULL});
    assert_says(&swept, "Nothing is recommended: what no trial of the grid had split did not hold");
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
    assert_says(&swept, "ttl 1s: no split brain up to faults.1.for 4s, the most that was tried; "
                        "nobody led for 1,000.0 ms at p99 of the trials, 0 false takeovers a "
                        "trial. Not so with another seed: at faults.1.for 3.3");
    assert_says(&swept, "Recommended: lock.token.ttl 2s: no split brain up to faults.1.for 4s;");
    assert_int_equal(swept.advice.list[0].bears, 2);
    swept_free(&swept);
    world = (struct world){.from = 3.3e9}; /* both bear as much: the first has the better price */
    sweep_of(&swept, &world, keys);
    assert_says(&swept, "Recommended: lock.token.ttl 1s: no split brain up to faults.1.for 3.");
    assert_true(swept.advice.list[1].tried);
    assert_says(&swept, "; at 3.3");
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
    assert_says(&swept, "In short: no split brain up to faults.1.for 2.9");
    assert_int_equal(world.confirmations, 2);
    assert_says(&swept, "with 95 % confidence (1 other did not pass this test before); at ");
    assert_int_equal(world.seeds_again, 0);
    swept_free(&swept);
}

static void a_search_ends(void **state)
{
    static const char *const keys[] = {"nodes=1..30/30", "faults.1.for=1s,2s,4s", NULL};
    struct world world = {.from = 3e9};
    struct swept swept;
    (void)state;
    sweep_of(&swept, &world, keys);
    assert_says(&swept, "Recommended: nodes 1: no split brain up to faults.1.for 2.9");
    assert_says(&swept, "16 choices were tried; others that bear more in the grid were not.");
    swept_free(&swept);
}

static void all_settings_are_confirmed(void **state)
{
    struct world world = {.split = "duration=3s", .split_in = 1};
    struct swept swept;
    const char *keys[] = {"duration=1s..20s/20", "nodes=3,4", NULL};
    (void)state;
    sweep_of(&swept, &world, keys);
    assert_says(&swept, "Not so with another seed: the brain was split in the first trial.\n");
    assert_says(&swept, "Nothing is recommended: what no trial of the grid had split did not hold");
    swept_free(&swept);
    world = (struct world){0};
    sweep_of(&swept, &world, keys);
    assert_int_equal(world.runs, 20);
    assert_says(&swept,
                "Confirmed: in 0 of 8,000 trials the brain was split, that is in fewer than "
                "0.038 % of all, with 95 % confidence; so it is in each of the 20 settings "
                "of what else befalls it.");
    swept_free(&swept);
    keys[0] = "duration=1s..400s/400";
    world = (struct world){0};
    sweep_of(&swept, &world, keys);
    assert_says(&swept, "Not confirmed: only 400 trials could have shown it; in 0 of these the "
                        "brain was split, that is in fewer than 0.75 % of all");
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

static void few_that_tested_it_are_told(void **state)
{
    struct world world = {.untested = 9999};
    struct swept swept;
    (void)state;
    sweep_of(&swept, &world, (const char *const[]){"fencing=false", NULL});
    assert_says(&swept, "Not confirmed: only 1 trial could have shown it; in 0 of these the brain "
                        "was split, that is in fewer than 95 % of all");
    swept_free(&swept);
    world = (struct world){.untested = 4000};
    sweep_of(&swept, &world, (const char *const[]){"fencing=false", NULL});
    assert_says(&swept,
                "Confirmed: in 0 of the 6,000 trials of 10,000 that could have shown it the "
                "brain was split, that is in fewer than 0.05 % of all");
    swept_free(&swept);
}

static void whole_numbers_stay_whole(void **state)
{
    struct world world = {.from = 38};
    struct swept swept;
    (void)state;
    sweep_of(&swept, &world, (const char *const[]){"faults.1.count=37,40", NULL});
    assert_says(&swept, "; at 38 it was split.");
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
    assert_says(&swept, "fencing true: 1 of 2 points was not run: its values make no valid");
    assert_says(&swept, "fencing false: no split brain; ");
    swept_free(&swept);
}

/* Values of the grid are told as they were typed, others as they were tried. */
static void values_are_told_as_they_were_run(void **state)
{
    struct world world = {.from = 2554e6};
    struct swept swept;
    (void)state;
    sweep_of(&swept, &world, (const char *const[]){"faults.1.for=2549ms,2554ms", NULL});
    assert_says(&swept, "In short: no split brain up to faults.1.for 2549ms;");
    assert_says(&swept, "; at 2554ms it was split.");
    swept_free(&swept);
}

static void what_was_found_before_an_interruption_stays(void **state)
{
    struct world world = {.split = "fencing=false", .ends_after = 1};
    struct swept swept = {.text = NULL};
    (void)state;
    assert_int_equal(sweep_with(&swept, &world, (const char *const[]){"fencing=false,true", NULL}),
                     TRIAL_INTERRUPTED);
    assert_says(&swept, "Recommended: fencing true: no split brain;");
    assert_says(&swept, "Not confirmed: it was interrupted. Behind it stand 100 trials");
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
    assert_says(&swept, "Recommended: protocol article: no split brain up to faults.1.for 2s;");
    assert_says(&swept, "Other protocols bear as much in the grid: lease. That article is named "
                        "first is because it was given first");
    swept_free(&swept);
    keys[0] = "protocol=article";
    swept = (struct swept){.rows = rows, .protocols = true};
    sweep_with(&swept, &world, keys);
    assert_null(strstr(swept.text, "given first"));
    swept_free(&swept);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_refuted_is_not_recommended),
        cmocka_unit_test(the_choices_are_ranked_again),
        cmocka_unit_test(grids_of_all_shapes),
        cmocka_unit_test(each_confirmation_has_a_seed_of_its_own),
        cmocka_unit_test(a_search_ends),
        cmocka_unit_test(all_settings_are_confirmed),
        cmocka_unit_test(seeds_are_no_settings),
        cmocka_unit_test(few_that_tested_it_are_told),
        cmocka_unit_test(whole_numbers_stay_whole),
        cmocka_unit_test(what_was_run_in_part_is_told_so),
        cmocka_unit_test(values_are_told_as_they_were_run),
        cmocka_unit_test(what_was_found_before_an_interruption_stays),
        cmocka_unit_test(protocols_are_not_ranked_by_what_is_not_alike),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
