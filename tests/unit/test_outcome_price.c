/* What is told of the writes of leaders, one sentence each. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "sim/outcome/price.h"
#include "src/owners.h"

static void expect(struct work_count work, const char *expected)
{
    struct scenario scenario = {.settings = settings_default(3)};
    struct outcome outcome = {.work = work};
    struct price_sum sum = {0};
    char sentence[PRICE_SIZE];
    scenario.settings.work_every_ns = 50000000;
    price_take(&sum, &scenario, &outcome);
    assert_true(price_sentence(&scenario, &sum, sentence));
    assert_string_equal(sentence, expected);
}

#define NEVER_TWO "Never 2 leaders at once, by their own words; "

static void nothing_happened(void **unused)
{
    (void)unused;
    expect((struct work_count){.accepted = 592}, NEVER_TWO "none of 592 writes was stale.");
}

static void fencing_did_its_duty(void **unused)
{
    (void)unused;
    expect((struct work_count){.rejected = 1, .rejected_stale = 1},
           NEVER_TWO "1 stale write was rejected.");
    expect((struct work_count){.rejected = 1234, .rejected_stale = 1234},
           NEVER_TWO "1,234 stale writes were rejected.");
}

static void the_numbers_went_back(void **unused)
{
    (void)unused;
    expect((struct work_count){.rejected = 259, .rejected_newest = 259}, NEVER_TWO
           "259 writes of the newest leader were rejected: the fencing numbers went back.");
    expect((struct work_count){.rejected = 1, .rejected_newest = 1},
           NEVER_TWO "1 write of the newest leader was rejected: the fencing numbers went back.");
}

static void it_cannot_be_known(void **unused)
{
    (void)unused;
    expect((struct work_count){.rejected = 2},
           NEVER_TWO "2 writes were rejected, and it cannot be known whether they were stale.");
    expect((struct work_count){.rejected = 1},
           NEVER_TWO "1 write was rejected, and it cannot be known whether it was stale.");
}

static void late_says_for_what(void **unused)
{
    (void)unused;
    expect((struct work_count){.accepted = 9, .late = 2},
           NEVER_TWO "2 late writes: an older leader's, accepted before the newer leader had "
                     "written.");
}

/* However much there is to say, it fits. */
static void all_at_once(void **unused)
{
    (void)unused;
    const uint64_t many = UINT64_C(9007199254740991);
    struct scenario scenario = {.settings = settings_default(3)};
    struct price_sum sum = {.overlap_ns = INT64_MAX, .trials = 1000000, .overlaps = 999999};
    char sentence[PRICE_SIZE];
    scenario.settings.work_every_ns = 1;
    sum.work = (struct work_count){.accepted = many,
                                   .stale = many,
                                   .late = many,
                                   .rejected = 3 * many,
                                   .rejected_stale = many,
                                   .rejected_newest = many};
    assert_true(price_sentence(&scenario, &sum, sentence));
    assert_string_equal(sentence + strlen(sentence) - 9, " written.");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_happened),      cmocka_unit_test(fencing_did_its_duty),
        cmocka_unit_test(the_numbers_went_back), cmocka_unit_test(it_cannot_be_known),
        cmocka_unit_test(late_says_for_what),    cmocka_unit_test(all_at_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
