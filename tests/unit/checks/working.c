/* Members that work. See working.h. */
#include "tests/unit/checks/working.h"

uint32_t begins_its_barrier(struct tale *s, uint16_t id, double until_ms, uint64_t epoch)
{
    asks_lock(s, id, id);
    later(s, 0.2);
    s->claims[id].until_ns = (int64_t)(until_ms * 1e6);
    gets_lock(s, id);
    leads_until(s, id, id, until_ms);
    return writes(s, id, epoch);
}

uint32_t begins_to_work(struct tale *s, uint16_t id, double until_ms, uint64_t epoch, int64_t count)
{
    begins_its_barrier(s, id, until_ms, epoch);
    later(s, 0.2);
    return is_told(s, id, count);
}

void writes_as(struct tale *s, uint16_t id, uint64_t epoch, int64_t count)
{
    writes(s, id, epoch);
    later(s, 0.2);
    is_told(s, id, count);
}

void is_rejected(struct tale *s, uint16_t id, uint64_t epoch)
{
    writes(s, id, epoch);
    later(s, 0.2);
    gets(s, id, STORE_NIL);
}

uint8_t ending_of_work(struct tale *s, struct work_count *work)
{
    struct judged_trial trial;
    assert_true(checks_judge(&s->history, &trial));
    uint8_t how = trial.checks[check_find("stale_write")].ending;
    *work = trial.violations.work;
    judged_trial_free(&trial);
    return how;
}

void the_first_is_paused(struct tale *s, bool fencing)
{
    has_work(s, fencing);
    everybody_runs(s);
    at(s, 100);
    begins_to_work(s, 1, 1500, fencing ? 33 : 0, 1);
    at(s, 1000);
    begins_fault(s, 1, "pause");
    is_paused(s, 1);
    at(s, 2500);
    begins_to_work(s, 2, 9000, fencing ? 34 : 0, 2);
    at(s, 3000);
    resumes(s, 1);
    writes(s, 1, fencing ? 33 : 0);
}
