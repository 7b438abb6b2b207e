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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_cannot_be_known_was_not_split),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
