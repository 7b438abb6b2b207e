/* A story on the screen: two members are inside at once, since one of them stood still. */
#ifndef HUSTINGS_TESTS_LIVE_PLAYED_H
#define HUSTINGS_TESTS_LIVE_PLAYED_H

#include "tests/support/rounds.h"
#include "tests/terminal/golden.h"

#include "sim/live/player.h"

#define MS INT64_C(1000000)

/* Node 3 of four is never started, node 4 dies. */
static inline struct tale *stalled_holder(uint16_t nodes)
{
    struct tale *s = tale_new(nodes);
    snprintf(s->history.facts.scenario, sizeof s->history.facts.scenario, "a-stalled-holder");
    snprintf(s->history.facts.host, sizeof s->history.facts.host, "processes");
    s->history.facts.trial = 2;
    phase(s, PHASE_SAFETY);
    for (uint16_t id = 0; id <= nodes; id++) {
        if (id == 3) {
            born(s, id);
        } else {
            runs(s, id);
        }
    }
    at(s, 100);
    reports(s, 1);
    reports(s, 2);
    at(s, 149);
    reads(s, MASTER_ID);
    gets_statuses(s, MASTER_ID, "-pp");
    decides(s, MASTER_ID, 1, 3);
    has_published(s, MASTER_ID, 1, 3, 1);
    at(s, 160);
    obeys(s, 1, 1, 1);
    obeys(s, 2, 1, 1);
    at(s, 200);
    if (nodes >= 4) {
        begins_fault(s, 4, "crash");
        dies(s, 4);
    }
    at(s, 300);
    acquires_lock(s, 2);
    begins_fault(s, 2, "pause");
    is_paused(s, 2);
    at(s, 1900);
    asks_lock(s, 1, 77);
    finds_it_busy(s, 1);
    at(s, 2300);
    lock_runs_out(s);
    at(s, 2310.5);
    asks_lock(s, 1, 78);
    at(s, 2310.6);
    gets_lock(s, 1);
    at(s, 2400);
    ends_fault(s, 2, "pause");
    resumes(s, 2);
    at(s, 2400.1);
    leaves(s, 2);
    at(s, 2500);
    phase(s, PHASE_END);
    return s;
}

/* A player of a story, judged. */
static inline void play_story(struct player *player, const struct tale *s)
{
    struct judged_trial judged;
    assert_true(player_new(player, &s->history, (struct live_world){0}, 2500 * MS));
    assert_true(checks_judge(&s->history, &judged));
    player_judge(player, &judged.violations);
    judged_trial_free(&judged);
}

#endif
