/* What a sweep says where trials by other seeds cannot be judged. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tests/support/swept.h"

/* 8 s and 4 s do not pass, 2 s does. Halving from 2 s up, some trials at 3 s cannot be judged, and
 * that is where it ends: nothing was split there. */
static void what_cannot_be_known_was_not_split(void **state)
{
    struct world world = {.rare_from = 3.5e9, .undecided_at = 3e9};
    struct swept swept;
    (void)state;
    sweep_of(&swept, &world, (const char *const[]){"faults.1.for=1s,2s,4s,8s", NULL});
    swept_says(&swept, "\nConfirmed at faults.1.for 2.9");
    assert_null(strstr(swept.text, "it was split"));
    swept_free(&swept);
    world.undecided_at = 0;
    sweep_of(&swept, &world, (const char *const[]){"faults.1.for=1s,2s,4s,8s", NULL});
    swept_says(&swept, "; at 3.5");
    swept_says(&swept, "s it was split.");
    swept_free(&swept);
}

/* It bears 2 s alone for 4 s cannot be known. That it is split at 6 s does not deny that the grid
 * holds up to 4 s. */
static void why_it_bears_less_is_told(void **state)
{
    struct world world = {.from = 6e9, .undecided_at = 4e9};
    struct swept swept = {.rows = (const char *const[]){"...s"}};
    const char *keys[] = {"lock.token.ttl=8s", "faults.1.for=1s,2s,4s,8s", NULL};
    (void)state;
    sweep_with(&swept, &world, keys);
    assert_int_equal(swept.advice.list[0].bears, 2);
    swept_says(&swept, "up to faults.1.for 4s, but at 8s the brain was split in 3 of 100 trials;");
    swept_says(&swept, " With another seed it cannot be known of some trials, or none of them");
    assert_null(strstr(swept.text, "Not so"));
    swept_free(&swept);
    world = (struct world){.from = 4e9};
    swept = (struct swept){.rows = (const char *const[]){"...s"}};
    sweep_with(&swept, &world, keys);
    swept_says(&swept, " Not so with another seed: at faults.1.for 4s the brain was split in ");
    swept_free(&swept);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_cannot_be_known_was_not_split),
        cmocka_unit_test(why_it_bears_less_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
