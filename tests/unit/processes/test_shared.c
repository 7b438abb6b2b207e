/* The memory that a driver and its processes share: what was written is there, whoever dies. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "sim/processes/shared.h"

static int map(void **state)
{
    *state = shared_map(4);
    return *state ? 0 : -1;
}

static int unmap(void **state)
{
    shared_unmap(*state);
    return 0;
}

static void put(struct shared *shared, uint16_t process, int64_t at_ns)
{
    struct history_event event = {.kind = HISTORY_STARTED, .process = process, .at_ns = at_ns};
    slot_record(shared, &shared->slots[process], &event);
}

static void events_come_in_order_of_time(void **state)
{
    struct shared *shared = *state;
    struct history own = {0};
    struct history all = {0};
    const int64_t t0 = 1000;
    struct history_event phase = {.kind = HISTORY_PHASE, .process = HISTORY_HARNESS};
    for (int i = 0; i < 300; i++) { /* several chunks, handed out in turn */
        put(shared, (uint16_t)(i % 3), t0 + (i % 3) * 1000 + i / 3);
    }
    phase.at_ns = t0 + 1000; /* as the first event of slot 1: the driver's goes before */
    assert_true(history_append(&own, &phase));
    assert_true(shared_collect(shared, &own, t0, &all));
    assert_int_equal(all.count, 301);
    for (size_t i = 0; i < all.count; i++) {
        assert_int_equal(all.events[i].seq, i);
        assert_true(all.events[i].kind < HISTORY_KINDS);
        assert_true(i == 0 || all.events[i - 1].at_ns <= all.events[i].at_ns);
    }
    assert_int_equal(all.events[0].at_ns, 0);
    assert_int_equal(all.events[100].process, HISTORY_HARNESS);
    assert_int_equal(all.events[101].process, 1);
    history_free(&own);
    history_free(&all);
}

static void equal_times_keep_a_lanes_order(void **state)
{
    struct shared *shared = *state;
    struct history all = {0};
    const struct history none = {0};
    for (uint32_t i = 0; i < 200; i++) {
        struct history_event event = {.kind = HISTORY_REQUEST, .process = 2, .at_ns = 5};
        event.request.number = i;
        slot_record(shared, &shared->slots[2], &event);
    }
    assert_true(shared_collect(shared, &none, 0, &all));
    for (uint32_t i = 0; i < 200; i++) {
        assert_int_equal(all.events[i].request.number, i);
    }
    history_free(&all);
}

static void what_a_killed_child_wrote_is_there(void **state)
{
    struct shared *shared = *state;
    struct history all = {0};
    const struct history none = {0};
    pid_t child = fork();
    if (child == 0) {
        for (int i = 0; i < 1000; i++) {
            put(shared, 1, i + 1);
        }
        kill(getpid(), SIGKILL);
    }
    assert_int_equal(waitpid(child, NULL, 0), child);
    assert_true(shared_collect(shared, &none, 0, &all));
    assert_int_equal(all.count, 1000);
    assert_int_equal(all.events[999].at_ns, 1000);
    history_free(&all);
}

static void a_full_pool_is_noted_and_loses_nothing_older(void **state)
{
    struct shared *shared = *state;
    struct history all = {0};
    const struct history none = {0};
    shared->chunk_limit = 3; /* chunk 0 is never used */
    for (int i = 0; i < 1000; i++) {
        put(shared, (uint16_t)(i % 2), i + 1);
    }
    assert_int_equal(atomic_load(&shared->overflow), 1);
    assert_true(shared_collect(shared, &none, 0, &all));
    assert_int_equal(all.count, 2 * CHUNK_EVENTS);
    history_free(&all);
}

/* A writer that changes all of its claim again and again must never be seen half-way. */
static void a_claim_is_not_torn(void **state)
{
    struct shared *shared = *state;
    struct member_slot *slot = &shared->slots[1];
    struct claim zero = {0};
    slot_set_claim(slot, &zero);
    pid_t child = fork();
    if (child == 0) {
        for (uint32_t i = 0;; i++) {
            struct claim claim = {.follows = (int32_t)(i & 0x7fffffff),
                                  .term = i & 0x7fffffff,
                                  .until_ns = i & 0x7fffffff};
            slot_set_claim(slot, &claim);
        }
    }
    int changes = 0;
    int64_t last = 0;
    /* On a busy machine the two may share a processor, and hardly ever run at once. */
    int64_t until = monotonic_ns() + 5000000000;
    while (changes < 20000 && monotonic_ns() < until) {
        struct claim claim;
        if (!slot_claim(slot, &claim)) {
            continue;
        }
        if ((uint64_t)claim.follows != claim.term || claim.until_ns != claim.follows) {
            kill(child, SIGKILL);
            fail_msg("torn: %d, %d, %d", claim.follows, (int)claim.term, (int)claim.until_ns);
        }
        changes += claim.until_ns != last;
        last = claim.until_ns;
    }
    kill(child, SIGKILL);
    assert_int_equal(waitpid(child, NULL, 0), child);
    assert_true(changes > 0);
    atomic_store(&slot->claim_turn, 7); /* as if it had died in the middle */
    assert_false(slot_claim(slot, &zero));
}

static void a_bell_wakes_who_waits(void **state)
{
    struct shared *shared = *state;
    struct member_slot *slot = &shared->slots[0];
    int status;
    pid_t child = fork();
    if (child == 0) {
        slot_wait(slot, INT64_MAX);
        _exit(7);
    }
    slot_wake(slot);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(WEXITSTATUS(status), 7);
    slot_wake(slot);
    slot_wait(slot, INT64_MAX); /* it was woken before: returns at once */
    int64_t until = monotonic_ns() + 2000000;
    slot_wait(slot, until);
    assert_true(monotonic_ns() >= until);
}

/* A claim waits for the other who writes one; what is inferred gives way to what was claimed. */
static void a_claim_waits_for_its_turn(void **state)
{
    struct shared *shared = *state;
    struct member_slot *slot = &shared->slots[1];
    const struct claim inside = {.follows = NOBODY, .in_section = 1};
    const struct claim outside = {.follows = NOBODY};
    struct claim seen;
    atomic_store(&slot->claim_turn, 1);
    pid_t other = fork();
    if (other == 0) {
        usleep(30000);
        atomic_store(&slot->claim_turn, 2);
        _exit(0);
    }
    slot_infer_claim(slot, &inside);
    assert_true(slot_claim(slot, &seen) && seen.in_section);
    assert_int_equal(waitpid(other, NULL, 0), other);
    slot_set_claim(slot, &outside);
    atomic_store(&slot->claims, 1);
    slot_infer_claim(slot, &inside);
    assert_true(slot_claim(slot, &seen) && !seen.in_section);
    atomic_store(&slot->claim_turn, 7); /* who is dead leaves it so */
    atomic_store(&slot->felled, 1);
    slot_set_claim(slot, &inside);
    assert_false(slot_claim(slot, &seen));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(events_come_in_order_of_time, map, unmap),
        cmocka_unit_test_setup_teardown(equal_times_keep_a_lanes_order, map, unmap),
        cmocka_unit_test_setup_teardown(what_a_killed_child_wrote_is_there, map, unmap),
        cmocka_unit_test_setup_teardown(a_full_pool_is_noted_and_loses_nothing_older, map, unmap),
        cmocka_unit_test_setup_teardown(a_claim_is_not_torn, map, unmap),
        cmocka_unit_test_setup_teardown(a_bell_wakes_who_waits, map, unmap),
        cmocka_unit_test_setup_teardown(a_claim_waits_for_its_turn, map, unmap),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
