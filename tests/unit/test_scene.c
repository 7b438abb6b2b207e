/* How the cluster stands after each event: whose the lock is by the answers, until when, how each
 * hold ended, and what a member shows. */
#include "tests/support/story.h"

#include "sim/scene/scene.h"

#define MS INT64_C(1000000)

/* The scene after the whole story; scene_free() it. Holds that ended are counted. */
static struct scene after(const struct tale *story, struct scene_hold *ended, unsigned *count)
{
    struct scene scene;
    assert_true(scene_new(&scene, &story->history.facts));
    *count = 0;
    for (uint32_t i = 0; i < story->history.count; i++) {
        scene_apply(&scene, &story->history, i);
        if (scene.has_ended) {
            ended[(*count)++] = scene.ended;
        }
    }
    return scene;
}

/* Of three nodes, since 100 ms; it is still that time. */
static struct tale *node_1_has_the_lock(void)
{
    struct tale *s = tale_new(3);
    everybody_runs(s);
    at(s, 100);
    asks_lock(s, 1, 11);
    gets_lock(s, 1);
    return s;
}

static void a_lock_is_taken_extended_and_released(void **state)
{
    (void)state;
    struct tale *s = tale_new(3);
    struct scene_hold ended[4];
    unsigned count;
    everybody_runs(s);
    at(s, 100);
    asks_lock(s, 1, 11);
    at(s, 101);
    gets_lock(s, 1);
    at(s, 600);
    extends(s, 1, 11);
    is_told(s, 1, 1);
    struct scene held = after(s, ended, &count);
    assert_int_equal(count, 0);
    assert_int_equal(held.locks[0].holder, 1);
    assert_int_equal(held.locks[0].from_ns, 100 * MS);
    assert_int_equal(held.locks[0].until_ns, 2600 * MS);
    assert_int_equal(scene_bits(&held, 1), SCENE_BORN | SCENE_ALIVE | SCENE_STARTED | SCENE_INSIDE);
    at(s, 700);
    releases(s, 1, 11);
    at(s, 702);
    is_told(s, 1, 1);
    struct scene free_again = after(s, ended, &count);
    assert_int_equal(count, 1);
    assert_int_equal(ended[0].ended, SCENE_RELEASED);
    assert_int_equal(ended[0].ended_ns, 702 * MS);
    assert_int_equal(free_again.locks[0].holder, NOBODY);
    scene_free(&held);
    scene_free(&free_again);
    tale_free(s);
}

static void the_store_and_its_holder_may_differ(void **state)
{
    (void)state;
    struct tale *s = node_1_has_the_lock();
    struct scene_hold ended[4];
    unsigned count;
    is_paused(s, 1);
    at(s, 2100);
    lock_runs_out(s);
    at(s, 2200);
    asks_lock(s, 2, 12);
    gets_lock(s, 2);
    struct scene scene = after(s, ended, &count);
    assert_int_equal(count, 1);
    assert_int_equal(ended[0].holder, 1);
    assert_int_equal(ended[0].ended, SCENE_RAN_OUT);
    assert_int_equal(ended[0].ended_ns, 2100 * MS);
    assert_int_equal(scene.locks[0].holder, 2);
    assert_true(scene_bits(&scene, 1) & SCENE_INSIDE);
    assert_true(scene_bits(&scene, 1) & SCENE_PAUSED);
    assert_true(scene_bits(&scene, 2) & SCENE_INSIDE);
    scene_free(&scene);
    tale_free(s);
}

/* Its answer never came, and others find the lock busy that nobody else has. */
static void one_may_have_it_unawares(void **state)
{
    (void)state;
    struct tale *s = tale_new(3);
    struct scene_hold ended[4];
    unsigned count;
    everybody_runs(s);
    at(s, 100);
    asks_lock(s, 1, 11);
    gets(s, 1, STORE_UNKNOWN);
    struct scene before = after(s, ended, &count);
    assert_int_equal(before.locks[0].holder, NOBODY);
    at(s, 300);
    asks_lock(s, 2, 12);
    finds_it_busy(s, 2);
    struct scene scene = after(s, ended, &count);
    assert_int_equal(scene.locks[0].holder, 1);
    assert_true(scene.locks[0].unawares);
    assert_true(scene_bits(&scene, 2) & SCENE_WAITS);
    scene_free(&before);
    scene_free(&scene);
    tale_free(s);
}

/* The answer to its renewal is lost; whoever looks afterwards is told its token all the same. */
static void a_hold_may_outlive_its_time(void **state)
{
    (void)state;
    struct tale *s = node_1_has_the_lock();
    struct scene_hold ended[4];
    unsigned count;
    at(s, 1500);
    extends(s, 1, 11);
    gets(s, 1, STORE_UNKNOWN);
    at(s, 2300);
    looks_whose(s, 2, 12);
    finds_token(s, 2, 11);
    struct scene scene = after(s, ended, &count);
    assert_int_equal(count, 0);
    assert_int_equal(scene.locks[0].holder, 1);
    assert_int_equal(scene.locks[0].until_ns, INT64_MAX);
    at(s, 3600);
    asks_lock(s, 2, 12);
    gets_lock(s, 2);
    struct scene later = after(s, ended, &count);
    assert_int_equal(count, 1);
    assert_int_equal(ended[0].ended, SCENE_TAKEN_OVER);
    assert_int_equal(ended[0].ended_ns, 3600 * MS);
    assert_int_equal(later.locks[0].holder, 2);
    scene_free(&scene);
    scene_free(&later);
    tale_free(s);
}

/* Its request came late, and the answer never: another is told its token. */
static void a_token_tells_whose_the_lock_is(void **state)
{
    (void)state;
    struct tale *s = node_1_has_the_lock();
    struct scene_hold ended[4];
    unsigned count;
    at(s, 200);
    asks_lock(s, 3, 13);
    gets(s, 3, STORE_UNKNOWN);
    at(s, 300);
    releases(s, 1, 11);
    is_told(s, 1, 1);
    at(s, 400);
    looks_whose(s, 2, 12);
    finds_token(s, 2, 13);
    looks_whose(s, 2, 12);
    finds_token(s, 2, 99); /* a stranger's */
    struct scene scene = after(s, ended, &count);
    assert_int_equal(count, 1);
    assert_int_equal(ended[0].ended, SCENE_RELEASED);
    assert_int_equal(scene.locks[0].holder, 3);
    assert_true(scene.locks[0].unawares);
    assert_int_equal(scene.locks[0].from_ns, 300 * MS);
    scene_free(&scene);
    tale_free(s);
}

static void never_started_is_not_dead(void **state)
{
    (void)state;
    struct tale *s = tale_new(3);
    struct scene_hold ended[4];
    unsigned count;
    runs(s, 1);
    born(s, 2);
    at(s, 50);
    dies(s, 1);
    begins_fault(s, 2, "cut");
    struct scene scene = after(s, ended, &count);
    assert_int_equal(scene_bits(&scene, 1), SCENE_BORN | SCENE_STARTED);
    assert_int_equal(scene_bits(&scene, 2), SCENE_BORN | SCENE_ALIVE | SCENE_CUT);
    assert_int_equal(scene_bits(&scene, 3), 0);
    assert_int_equal(scene.members[3].last, EVENT_NONE);
    scene_free(&scene);
    tale_free(s);
}

/* Going on from a copy ends as going on from the scene itself does. */
static void a_copy_goes_on_by_itself(void **state)
{
    (void)state;
    struct tale *s = tale_new(3);
    struct scene kept, scene;
    everybody_runs(s);
    at(s, 100);
    asks_lock(s, 1, 11);
    uint32_t middle = gets_lock(s, 1);
    at(s, 200);
    releases(s, 1, 11);
    is_told(s, 1, 1);
    follows(s, 2, 1);
    assert_true(scene_new(&scene, &s->history.facts));
    assert_true(scene_new(&kept, &s->history.facts));
    for (uint32_t i = 0; i < s->history.count; i++) {
        scene_apply(&scene, &s->history, i);
        if (i == middle) {
            scene_copy(&kept, &scene);
        }
    }
    assert_int_equal(kept.locks[0].holder, 1);
    for (uint32_t i = middle + 1; i < s->history.count; i++) {
        scene_apply(&kept, &s->history, i);
    }
    assert_int_equal(kept.locks[0].holder, scene.locks[0].holder);
    for (uint16_t id = 0; id <= 3; id++) {
        assert_int_equal(scene_bits(&kept, id), scene_bits(&scene, id));
        assert_int_equal(kept.view.processes[id].claim.follows,
                         scene.view.processes[id].claim.follows);
    }
    scene_free(&kept);
    scene_free(&scene);
    tale_free(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_lock_is_taken_extended_and_released),
        cmocka_unit_test(the_store_and_its_holder_may_differ),
        cmocka_unit_test(one_may_have_it_unawares),
        cmocka_unit_test(a_hold_may_outlive_its_time),
        cmocka_unit_test(a_token_tells_whose_the_lock_is),
        cmocka_unit_test(never_started_is_not_dead),
        cmocka_unit_test(a_copy_goes_on_by_itself),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
