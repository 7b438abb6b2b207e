/* The table of checks, in the order of reports. See check.h for how to add one. */
#include <assert.h>
#include <string.h>

#include "sim/checks/check.h"

const struct check_row *const check_rows[] = {
    &check_two_lock_holders,
    &check_two_leaders,
    &check_stale_write,
    &check_foreign_release,
    &check_wrong_winner,
    &check_stale_result,
    &check_dead_leader,
    &check_idle_leader,
    &check_disagreement,
    &check_no_leader,
    &check_starvation,
    &check_program_ended,
    NULL,
};

const char *const check_ending_names[CHECK_ENDINGS] = {
    [CHECK_HELD] = "held",
    [CHECK_BROKEN] = "broken",
    [CHECK_COULD_NOT_FIRE] = "could not fire",
    [CHECK_DOES_NOT_APPLY] = "does not apply",
    [CHECK_UNDECIDED] = "undecided",
};

int check_find(const char *name)
{
    for (int i = 0; check_rows[i]; i++) {
        if (strcmp(check_rows[i]->name, name) == 0) {
            return i;
        }
    }
    return -1;
}

bool check_applies(size_t check, const struct history_facts *facts, const char **why)
{
    assert(check < check_count());
    const struct check_row *row = check_rows[check];
    return !row->applies || row->applies(facts, why);
}

int64_t check_longer_than_ns(size_t check, const struct history_facts *facts)
{
    assert(check < check_count());
    const struct check_row *row = check_rows[check];
    return row->longer_than_ns ? row->longer_than_ns(facts) : 0;
}

size_t check_count(void)
{
    size_t count = 0;
    while (check_rows[count]) {
        count++;
    }
    return count;
}
