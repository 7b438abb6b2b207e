/* What a sweep says a choice costs, and why it recommends none. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tests/support/swept.h"

/* What a choice turned out not to bear is no part of its price. */
static void the_price_is_of_what_it_bears(void **state)
{
    struct world world = {.from = 2.5e9};
    struct swept swept = {
        .rows = (const char *const[]){"....", "..ss"}, .dear_from = 2, .dear = 10};
    (void)state;
    sweep_with(&swept, &world,
               (const char *const[]){"lock.token.ttl=8s,1s", "faults.1.for=1s,2s,3s,4s", NULL});
    assert_int_equal(swept.advice.list[0].bears, 2);
    assert_int_equal(swept.advice.list[1].bears, 2);
    swept_says(&swept, "ttl 8s: no split brain up to faults.1.for 4s, the most that was tried; "
                       "nobody led for 10.0 s ");
    swept_says(&swept, "Recommended: lock.token.ttl 8s: ");
    swept_free(&swept);
}

/* Of all values that it is told to hold for, also where a lesser one costs more; but not of a
 * larger one that failed, or was tried on the way to one. */
static void the_price_is_of_all_that_was_confirmed(void **state)
{
    const char *keys[] = {"faults.1.for=1s,2s,3s,4s", NULL};
    struct world world = {.dear_at = 2e9};
    struct swept swept;
    (void)state;
    sweep_of(&swept, &world, keys);
    swept_says(&swept, "In short: no split brain up to faults.1.for 4s; nobody led for 9,000.0 ms "
                       "at p99 of the trials that confirm it, which was at 2s.\n");
    swept_free(&swept);
    world = (struct world){.dear_at = 4e9};
    sweep_of(&swept, &world, keys);
    swept_says(&swept, "led for 9,000.0 ms at p99 of the trials that confirm it.\n");
    swept_free(&swept);
    world = (struct world){.dear_at = 3e9, .rare_from = 2.4e9};
    sweep_of(&swept, &world, keys);
    swept_says(&swept, "up to faults.1.for 2.3");
    swept_says(&swept, "led for 1,000.0 ms at p99 of the trials that confirm it.\n");
    swept_free(&swept);
}

/* A value that is none of its key ends what is known, as one does that is out of bounds. */
static void up_to_a_value_that_is_misspelt(void **state)
{
    struct world world = {0};
    struct swept swept = {.rows = (const char *const[]){"..-"}};
    (void)state;
    sweep_with(&swept, &world,
               (const char *const[]){"fencing=false", "faults.1.for=500ms,1s,24h", NULL});
    swept_says(&swept, "no split brain up to faults.1.for 1s, but at 24h nothing was run: the");
    swept_says(&swept, "In short: no split brain up to faults.1.for 1s; nobody");
    swept_says(&swept, "Confirmed at faults.1.for 1s: ");
    swept_free(&swept);
}

/* "Where least befell it" is true only if nothing else befalls it that may be the cause. */
static void why_nothing_is_recommended(void **state)
{
    static const struct {
        const char *keys[4], *rows, *told;
    } cases[] = {
        {{"fencing=false", "faults.1.for=1s,2s"},
         "s.",
         "split where least befell it. Try a longer lease, fencing, or less of what befalls.\n"},
        {{"fencing=false", "network.latency=1ms,9ms", "faults.1.for=1s,2s"},
         "ss",
         "split at network.latency 1ms already, in one setting or more of what else befalls it. "
         "Try a longer lease, fencing, or less of what befalls.\n"
         "To see up to which faults.1.for the brain stays whole, give that key first.\n"},
        {{"fencing=false", "network.latency=1ms,9ms", "faults.1.for=2s,1s"},
         "ss",
         "\nTo see up to which faults.1.for the brain stays whole, give that key first, and its "
         "values from the least on.\n"},
        {{"fencing=false", "faults.1.for=2s,1s"},
         "s.",
         "split at one point or more. Try a longer lease, fencing, or less of what befalls.\n"
         "To see up to which faults.1.for the brain stays whole, give its values from the least "
         "on.\n"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct world world = {0};
        struct swept swept = {.rows = &cases[i].rows};
        sweep_with(&swept, &world, cases[i].keys);
        swept_says(&swept, "Nothing is recommended: under each choice the brain was split");
        swept_says(&swept, cases[i].told);
        assert_int_equal(strstr(swept.text, "To see") != NULL, i > 0);
        swept_free(&swept);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_price_is_of_what_it_bears),
        cmocka_unit_test(the_price_is_of_all_that_was_confirmed),
        cmocka_unit_test(up_to_a_value_that_is_misspelt),
        cmocka_unit_test(why_nothing_is_recommended),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
