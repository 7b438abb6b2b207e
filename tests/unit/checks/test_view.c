/* The view that the checks share: the cluster as it stands after each event, and its counts against
 * a look at every process. */
#include "tests/unit/checks/judged.h"

#include "sim/checks/view.h"
#include "sim/faults/fault.h"

struct cluster_view {
    struct view view;
    struct view_process processes[TALE_NODES_MAX + 1];
    uint32_t followers[TALE_NODES_MAX + 2];
};

static void begin(struct cluster_view *own, const struct tale *story)
{
    view_begin(&own->view, &story->history.facts, own->processes, own->followers);
}

/* What a host makes of the cluster by looking at everybody is the same. */
static void assert_as_counted_at_once(const struct view *view)
{
    struct cluster_member members[TALE_NODES_MAX + 1];
    uint32_t count = view->facts->settings.nodes + 1u;
    for (uint32_t id = 0; id < count; id++) {
        members[id] = view_member(&view->processes[id]);
        int32_t *follows = &members[id].claim.follows; /* all strangers are one */
        *follows = *follows > (int32_t)count ? (int32_t)count : *follows;
    }
    const struct cluster_standing standing = cluster_stands(members, count);
    int32_t leader = cluster_agrees_on(&standing, false);
    leader = leader < (int32_t)count ? leader : NOBODY;
    assert_int_equal(standing.up, view->standing.up);
    assert_int_equal(standing.following, view->standing.following);
    assert_int_equal(standing.groups > 1, view->standing.groups > 1);
    assert_int_equal(leader, view_agrees_on(view));
    bool settled = leader != NOBODY && cluster_is_settled(&members[leader], view->now_ns);
    assert_int_equal(settled ? leader : NOBODY, view_settled_on(view));
}

/* What was counted step by step is what there is. */
static void assert_counts(const struct cluster_view *own)
{
    const struct view *view = &own->view;
    uint32_t up = 0, following = 0, groups = 0, to_be_back = 0;
    uint32_t followers[TALE_NODES_MAX + 2] = {0};
    uint32_t nodes = view->facts->settings.nodes;
    for (uint32_t id = 0; id <= nodes; id++) {
        const struct view_process *process = &view->processes[id];
        int32_t leader = process->claim.follows;
        to_be_back += process->to_be_back;
        if (view_is_up(process)) {
            up++;
            if (leader != NOBODY) {
                following++;
                groups +=
                    followers[(uint32_t)leader <= nodes ? (uint32_t)leader : nodes + 1]++ == 0;
            }
        }
    }
    assert_int_equal(view->standing.up, up);
    assert_int_equal(view->standing.following, following);
    assert_int_equal(view->standing.groups, groups);
    assert_int_equal(view->standing.to_be_back, to_be_back);
    assert_as_counted_at_once(view);
    assert_memory_equal(view->followers, followers, (nodes + 2) * sizeof *followers);
}

static void the_counts_are_right_after_each_event(void **state)
{
    struct tale *s = story_of(state);
    struct cluster_view own;
    uint64_t rng = 7;
    everybody_runs(s);
    for (int i = 0; i < 2000; i++) {
        rng = rng * 6364136223846793005u + 1442695040888963407u;
        uint16_t id = (uint16_t)(rng >> 40 & 3);
        int32_t leader = (int32_t)(rng >> 50 & 7) - 1;
        at(s, i);
        switch (rng >> 33 & 7) {
        case 0:
            dies(s, id);
            break;
        case 1:
            runs(s, id);
            break;
        case 2:
            is_paused(s, id);
            break;
        case 3:
            resumes(s, id);
            break;
        default:
            follows(s, id, leader);
        }
    }
    begin(&own, s);
    for (uint32_t i = 0; i < s->history.count; i++) {
        view_apply(&own.view, &s->history, i);
        assert_counts(&own);
    }
}

/* Also for what is done to a process. */
static void before_is_the_events_own_process(void **state)
{
    struct tale *s = story_of(state);
    struct cluster_view own;
    everybody_runs(s);
    leads(s, 1, 1);
    follows(s, 2, 1);
    is_paused(s, 1);
    struct history_event fault = {.kind = HISTORY_FAULT,
                                  .process = 3,
                                  .seq = (uint32_t)s->history.count,
                                  .fault = {.kind = (uint16_t)fault_find("crash")}};
    assert_true(history_append(&s->history, &fault));
    dies(s, 2);
    begin(&own, s);
    for (uint32_t i = 0; i < s->history.count; i++) {
        const struct history_event *event = &s->history.events[i];
        struct view_process before = own.processes[event->process];
        view_apply(&own.view, &s->history, i);
        assert_int_equal(own.view.index, i);
        assert_memory_equal(&own.view.before, &before, sizeof before);
    }
    assert_int_equal(own.view.before.claim.follows, 1);
    assert_true(own.view.before.alive);
    assert_false(own.processes[2].alive);
}

/* view_message() is view_apply() without the copy of the process as it was. */
static void a_message_is_an_event(void **state)
{
    struct tale *s = story_of(state);
    struct cluster_view own, other;
    size_t count = s->history.facts.settings.nodes + 1u;
    uint32_t messages = 0;
    everybody_runs(s);
    publishes(s, 0, 2, 3, 1);
    gets(s, 0, STORE_OK);
    leads(s, 2, 1);
    for (uint16_t id = 1; id <= 3; id++) {
        looks(s, id);
        sees(s, id, 2, 3, 1);
        looks(s, id);
        gets(s, id, STORE_UNKNOWN);
    }
    begin(&own, s);
    begin(&other, s);
    for (uint32_t i = 0; i < s->history.count; i++) {
        bool message = view_is_message(&s->history.events[i]);
        messages += message;
        view_apply(&own.view, &s->history, i);
        (message ? view_message : view_apply)(&other.view, &s->history, i);
        assert_memory_equal(own.processes, other.processes, count * sizeof *own.processes);
        assert_memory_equal(&own.view.standing, &other.view.standing, sizeof own.view.standing);
        assert_int_equal(own.view.published.leader, other.view.published.leader);
        assert_int_equal(own.view.published.term, other.view.published.term);
        assert_int_equal(own.view.now_ns, other.view.now_ns);
        assert_int_equal(own.view.index, other.view.index);
        assert_int_equal(own.view.changes, other.view.changes);
    }
    assert_int_equal(messages, 2 + 3 * 4);
}

static void settled_is_what_all_follow(void **state)
{
    struct tale *s = story_of(state);
    struct cluster_view own;
    uint32_t next = 0;
    begin(&own, s);
    everybody_runs(s);
    leads(s, 1, 1);
    follows(s, 0, 1);
    follows(s, 2, 1);
    uint32_t last = follows(s, 3, 1);
    uint32_t pause = is_paused(s, 1);
    uint32_t resume = resumes(s, 1);
    uint32_t death = dies(s, 1);
    const int32_t expected[] = {[0] = 1, [1] = NOBODY, [2] = 1, [3] = NOBODY};
    const uint32_t events[] = {last, pause, resume, death};
    for (int i = 0; i < 4; i++) {
        for (; next < events[i]; next++) {
            view_apply(&own.view, &s->history, next);
        }
        assert_int_equal(i ? expected[i - 1] : NOBODY, view_settled_on(&own.view));
        view_apply(&own.view, &s->history, next++);
        assert_int_equal(expected[i], view_settled_on(&own.view));
    }
}

/* A fault that was skipped has done nothing to it, nor has what came from outside. */
static void the_lock_is_gone_by_time_or_by_fault(void **state)
{
    struct tale *s = story_of(state);
    struct cluster_view own;
    struct history_event fault = {.kind = HISTORY_FAULT,
                                  .process = HISTORY_HARNESS,
                                  .fault = {.kind = (uint16_t)fault_find("expire_lock")}};
    begin(&own, s);
    uint32_t expiry = lock_runs_out(s);
    fault.seq = expiry + 1;
    assert_true(history_append(&s->history, &fault));
    const uint8_t nothing[] = {HISTORY_SKIPPED, HISTORY_OUTSIDE, HISTORY_UNDECIDED};
    for (size_t i = 0; i < sizeof nothing; i++) {
        fault.kind = nothing[i];
        fault.seq++;
        assert_true(history_append(&s->history, &fault));
    }
    assert_int_equal(own.view.gone_event, EVENT_NONE);
    for (uint32_t i = 0; i < s->history.count; i++) {
        view_apply(&own.view, &s->history, i);
        assert_int_equal(own.view.gone_event, i == expiry ? expiry : expiry + 1);
    }
}

/* Takes in all that was told since the last time. */
static void catch_up(struct cluster_view *own, const struct tale *s)
{
    uint32_t next = s->history.count > 1 && own->view.index ? own->view.index + 1 : 0;
    for (; next < s->history.count; next++) {
        view_apply(&own->view, &s->history, next);
    }
}

static void the_result_is_what_the_replies_say(void **state)
{
    struct tale *s = story_of(state);
    struct cluster_view own;
    begin(&own, s);
    everybody_runs(s);
    publishes(s, 0, 2, 3, 1);
    catch_up(&own, s);
    assert_int_equal(own.view.published.leader, NOBODY); /* not answered yet */
    gets(s, 0, STORE_UNKNOWN);
    catch_up(&own, s);
    assert_int_equal(own.view.published.leader, NOBODY);
    publishes(s, 0, 2, 3, 1);
    gets(s, 0, STORE_OK);
    catch_up(&own, s);
    assert_int_equal(own.view.published.leader, 2);
    assert_int_equal(own.view.published.term, 1);
    looks(s, 3);
    sees(s, 3, 1, 2, 5);
    catch_up(&own, s);
    assert_int_equal(own.view.published.leader, 1);
    assert_int_equal(own.processes[3].recalled, 1);
    looks(s, 3);
    gets(s, 3, STORE_REFUSED);
    catch_up(&own, s);
    assert_int_equal(own.view.published.leader, 1);
    looks(s, 3);
    sees_nothing(s, 3);
    catch_up(&own, s);
    assert_int_equal(own.view.published.leader, NOBODY);
    assert_int_equal(own.processes[3].recalled, NOBODY);
}

static void events_say_when_it_began(void **state)
{
    struct tale *s = story_of(state);
    struct cluster_view own;
    begin(&own, s);
    everybody_runs(s);
    uint32_t leading = leads(s, 1, 1);
    uint32_t entering = enters(s, 1);
    uint32_t renewing = leads_until(s, 1, 1, 5000);
    catch_up(&own, s);
    const struct view_process *process = &own.processes[1];
    assert_int_equal(process->leads_event, leading);
    assert_int_equal(process->follows_event, leading);
    assert_int_equal(process->section_event, entering);
    assert_int_equal(process->claim_event, renewing);
    uint32_t new_term = leads(s, 1, 2);
    catch_up(&own, s);
    assert_int_equal(process->leads_event, new_term);
    assert_int_equal(process->follows_event, leading);
    uint32_t birth = born(s, 1);
    catch_up(&own, s);
    assert_int_equal(process->leads_event, EVENT_NONE);
    assert_int_equal(process->life_event, birth);
    assert_int_equal(process->claim.follows, NOBODY);
}

/* A run that was used for a small cluster takes a larger one, and a small one again. */
static void a_run_grows_with_the_cluster(void **state)
{
    struct tale *s = story_of(state);
    struct check_run *run = check_run_new();
    assert_non_null(run);
    const uint16_t sizes[] = {1, TALE_NODES_MAX, 2, TALE_NODES_MAX};
    for (int i = 0; i < 4; i++) {
        s->history.facts.settings.nodes = sizes[i];
        s->history.count = 0;
        everybody_runs(s);
        enters(s, 0);
        enters(s, sizes[i]);
        assert_true(check_run_begin(run, &s->history));
        assert_true(check_run_end(run));
        assert_int_equal(check_run_found(run)->count, 1);
        assert_int_equal(check_run_found(run)->list[0].processes[1], sizes[i]);
        s->claims[0].in_section = 0;
        s->claims[sizes[i]].in_section = 0;
    }
    check_run_free(run);
    check_run_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORY(the_counts_are_right_after_each_event),
        STORY(before_is_the_events_own_process),
        STORY(a_message_is_an_event),
        STORY(settled_is_what_all_follow),
        STORY(the_result_is_what_the_replies_say),
        STORY(events_say_when_it_began),
        STORY(a_run_grows_with_the_cluster),
        STORY(the_lock_is_gone_by_time_or_by_fault),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
