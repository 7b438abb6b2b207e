/* All checks over a history that is whole. See check.h. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "sim/checks/check.h"

bool check_run_whole(struct check_run *run, const struct history *history, struct violations *out)
{
    if (!check_run_begin(run, history)) {
        return false;
    }
    bool whole = check_run_end(run);
    const struct violations *found = check_run_found(run);
    for (size_t i = 0; i < found->count; i++) {
        violations_add(out, &found->list[i]);
    }
    out->work = found->work;
    return whole && !out->lost;
}

static bool take_all(struct check_run *run, const struct history *history, struct judged_trial *out)
{
    assert(out->violations.count == 0 && !out->undecided);
    if (!check_run_whole(run, history, &out->violations)) {
        return false;
    }
    const char *undecided = check_run_undecided(run);
    memcpy(out->checks, check_run_verdicts(run), sizeof out->checks);
    out->undecided = undecided ? strdup(undecided) : NULL;
    return !undecided || out->undecided;
}

bool checks_judge(const struct history *history, struct judged_trial *out)
{
    struct check_run *run = check_run_new();
    memset(out, 0, sizeof *out);
    bool whole = run && take_all(run, history, out);
    if (!whole) {
        judged_trial_free(out);
    }
    check_run_free(run);
    return whole;
}

void judged_trial_free(struct judged_trial *judged)
{
    violations_free(&judged->violations);
    free(judged->undecided);
    judged->undecided = NULL;
}

bool checks_run(const struct history *history, struct violations *out)
{
    struct check_run *run = check_run_new();
    bool whole = run && check_run_whole(run, history, out);
    check_run_free(run);
    return whole;
}
