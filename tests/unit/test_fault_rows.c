/* The tables of faults, targets, triggers and moments: each row says all that is asked of one, and
 * is found by its name. What each fault does: test_faults.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "sim/faults/fault.h"
#include "src/moment.h"

static void rows_are_whole_and_found_by_name(void **state)
{
    (void)state;
    for (int i = 0; fault_rows[i]; i++) {
        const struct fault_row *row = fault_rows[i];
        assert_int_equal(fault_find(row->name), i);
        bool orders = row->order.fault != SERVER_NOTHING;
        assert_true(row->summary[0] && row->targets != 0);
        assert_true(row->told && row->told[0]);
        assert_true(row->verbs != 0 || orders || row->link != LINK_HEAL);
        assert_true(row->add || row->apply || orders || row->wait_for);
        assert_true(!row->add || !row->apply); /* it may add up, and lie in wait as well */
        assert_int_equal(row->link != LINK_HEAL,
                         row->wait_for || (row->add && !orders && !row->verbs));
        assert_true(row->apply || !row->heal);
        assert_true(orders || row->undo.fault == SERVER_NOTHING);
        assert_true(row->targets < 1u << TARGET_KINDS);
        for (int j = 0; j < FAULT_PARAMS_MAX && row->params[j].type != PARAM_NONE; j++) {
            assert_non_null(row->params[j].name);
            assert_non_null(row->params[j].summary);
        }
    }
    assert_int_equal(fault_find("earthquake"), -1);
    for (int i = 0; i < MOMENTS; i++) {
        assert_non_null(moment_rows[i].name);
        assert_non_null(moment_rows[i].summary);
    }
    for (int i = 0; i < TARGET_KINDS; i++) {
        assert_int_equal(target_names[i] == NULL, i == TARGET_IDS);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(rows_are_whole_and_found_by_name)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
