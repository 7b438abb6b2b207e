/* The scenario loader: what a file becomes whose members are programs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "sim/scenario/load.h"
#include "sim/scenario/scenario.h"
#include "src/owners.h"
#include "src/protocol.h"

#define HEAD "name: test\nnodes: 5\nduration: 6s\n"

static struct scenario good(const char *text)
{
    struct scenario scenario;
    struct scenario_report report;
    if (!scenario_parse("test.yaml", text, strlen(text), &scenario, &report)) {
        scenario_report_print(stderr, "test.yaml", &report);
        fail_msg("a problem in a good scenario");
    }
    return scenario;
}

/* Programs alone are judged as a lock, unless the file says that they elect. */
static void the_usual_protocol_is_that_of_who_takes_part(void **state)
{
    (void)state;
    static const char *const named[][2] = {
        {"program: [worker]\n", "own_lock"},
        {"programs: {1: [worker], others: [other]}\n", "own_lock"},
        {"programs: {1: [worker]}\n", "article"},
        {"program: [worker]\nprotocol: own_leader\n", "own_leader"},
        {"program: [worker]\nprotocol: lease\n", "lease"},
        {"", "article"},
    };
    for (size_t i = 0; i < sizeof named / sizeof *named; i++) {
        char text[200];
        snprintf(text, sizeof text, "%s%s", HEAD, named[i][0]);
        struct scenario scenario = good(text);
        assert_string_equal(protocol_rows[scenario.settings.row[OWNER_PROTOCOL]]->name,
                            named[i][1]);
        scenario_free(&scenario);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_usual_protocol_is_that_of_who_takes_part),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
