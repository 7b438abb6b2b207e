/* Leases together: four candidates over a store that stalls and loses answers, with
 * members that are paused and die, in virtual time, for many seeds. Inside what the lease assumes
 * (clocks of one rate, a store that forgets nothing) there are never two leaders by their own
 * claims; and a takeover comes when it can come, neither sooner nor later. Outside of it the test
 * sees two leaders: it is able to fail.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "lease_world.h"

/* ---- claims ---- */

static void all_follow_one_leader(const struct world *world, uint64_t seed)
{
    int32_t leader = world->members[1].process.claim.follows;
    for (int id = 1; id <= NODES; id++) {
        const struct claim *claim = &world->members[id].process.claim;
        if (claim->follows != leader || claim->leads != (id == leader)) {
            fail_msg("seed %llu: %d follows %d, and not %d", (unsigned long long)seed, id,
                     claim->follows, leader);
        }
        assert_int_equal(claim->term, world->members[1].process.claim.term);
    }
    assert_true(leader > 0 && leader <= NODES);
}

static struct world run(uint64_t seeds, struct faults faults, enum holder_id holder_id)
{
    struct world seen = {.leads = 0};
    for (uint64_t seed = 0; seed < seeds; seed++) {
        struct world *world = new_world(seed, faults, holder_id);
        while (happen(world)) {
        }
        all_follow_one_leader(world, seed);
        seen.leads += world->leads;
        seen.resigns += world->resigns;
        seen.adopted += world->adopted;
        seen.two_leaders += world->two_leaders;
    }
    print_message("%d led, %d resigned, %d took their own up again, %d two leaders\n", seen.leads,
                  seen.resigns, seen.adopted, seen.two_leaders);
    return seen;
}

static void there_are_never_two_leaders(void **state)
{
    (void)state;
    struct faults faults = {.stalls = 12, .losses = 20, .pauses = 60, .crashes = 150};
    struct world seen = run(300, faults, HOLDER_FRESH);
    assert_int_equal(seen.two_leaders, 0);
    assert_true(seen.leads > 500 && seen.resigns > 500 && seen.adopted > 50);
}

/* A stable id asks for more: nothing that a former life has sent may still be under way. */
static void nor_with_stable_ids_if_nothing_is_late(void **state)
{
    (void)state;
    struct faults faults = {.losses = 20, .pauses = 60, .crashes = 150};
    struct world seen = run(150, faults, HOLDER_STABLE);
    assert_int_equal(seen.two_leaders, 0);
    assert_true(seen.adopted > 100);
    faults = (struct faults){.stalls = 4, .losses = 10, .crashes = 40};
    assert_true(run(150, faults, HOLDER_STABLE).two_leaders > 0);
}

/* A store that forgets its locks is outside of what a lease can bear. */
static void where_locks_are_forgotten_there_are_two(void **state)
{
    (void)state;
    struct faults faults = {.forgets = 200};
    assert_true(run(20, faults, HOLDER_FRESH).two_leaders > 20);
}

/* The leader dies. The next one leads when the lock has run out, counted from the last renewal that
 * was applied, and at most one wait of a candidate later. */
static void a_takeover_comes_when_it_can(void **state)
{
    (void)state;
    int64_t least_ns = NEVER, most_ns = 0;
    const int64_t wait_ns = RETRY + RETRY / 1000 * JITTER;
    for (uint64_t seed = 1; seed < 4001; seed += 2) {
        struct world *world = new_world(seed, (struct faults){0}, HOLDER_FRESH);
        int64_t dies_ns = (3000 + (int64_t)roll(world, 1000)) * MS;
        while (world->now_ns < dies_ns && happen(world)) {
        }
        int32_t dead = world->members[1].process.claim.follows;
        assert_true(dead > 0);
        world->members[dead].paused_ns = NEVER - 1;
        world->members[dead].process.claim.leads = 0; /* it is dead */
        world->members[dead].process.claim.in_section = 0;
        int led = world->leads;
        while (world->leads == led && happen(world)) {
        }
        int64_t took_ns = world->now_ns - world->before_ns;
        least_ns = took_ns < least_ns ? took_ns : least_ns;
        most_ns = took_ns > most_ns ? took_ns : most_ns;
    }
    print_message("taken over after %g to %g ms\n", (double)least_ns / (double)MS,
                  (double)most_ns / (double)MS);
    assert_true(least_ns >= DURATION);
    assert_true(most_ns <= DURATION + wait_ns + 3 * MS);
    assert_true(most_ns > DURATION + wait_ns / 2); /* they do wait */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(there_are_never_two_leaders),
        cmocka_unit_test(nor_with_stable_ids_if_nothing_is_late),
        cmocka_unit_test(where_locks_are_forgotten_there_are_two),
        cmocka_unit_test(a_takeover_comes_when_it_can),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
