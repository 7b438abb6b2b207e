/* What a story says of faults that meet each other, in histories written by hand. */
#include "tests/unit/told.h"

/* A pause that begins within another is told as such, and hides no later standstill. */
static void a_pause_within_a_pause(void **unused)
{
    (void)unused;
    struct tale *tale = tale_new(2);
    everybody_runs(tale);
    at(tale, 100);
    begins_fault(tale, 2, "pause");
    is_paused(tale, 2);
    at(tale, 200);
    begins_fault(tale, 2, "pause");
    at(tale, 300);
    begins_fault(tale, 2, "resume");
    resumes(tale, 2);
    at(tale, 400);
    is_paused(tale, 2);
    const char *text = told_of(tale, SIZE_MAX);
    has(text, "100: node 2 is paused\n"
              "200: node 2 is paused anew, while it stands still\n"
              "300: node 2 goes on\n"
              "400: node 2 stands still");
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_pause_within_a_pause)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
