/* What the relay's witness makes of a program's traffic: over several servers, of one that claims
 * for itself, of what nobody knows; and how that is fitted in among what else is known. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "sim/processes/crowd.h"
#include "sim/processes/witness.h"

#define LOG 3

static struct witness slots;
static struct relay_witness witness;

static int set_up(void **state)
{
    (void)state;
    slots = (struct witness){
        .shared = shared_map(LOG + 1), .log = LOG, .notify_fd = -1, .prefix = "p:", .servers = 3};
    assert_non_null(slots.shared);
    witness = witness_of(&slots);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    shared_unmap(slots.shared);
    return 0;
}

static struct witness_place on(uint8_t server)
{
    return (struct witness_place){.id = 2, .server = server, .connection = server + 1u};
}

static void believes(uint8_t server, bool begins, int64_t at_ns)
{
    const struct witness_place place = on(server);
    const struct belief_change change = {
        .begins = begins, .ends = !begins, .why = begins ? BELIEF_LASTS : BELIEF_RELEASED};
    witness.believes(witness.self, &place, &change, at_ns);
}

static uint32_t asks_op(uint8_t server, uint8_t kind, uint8_t op, int64_t at_ns)
{
    const struct witness_place place = on(server);
    struct wild_request request = {.kind = kind, .op = op, .name = "EVAL", .key = "p:k\xc3\xa9"};
    request.token = (struct token){.high = 1, .low = (uint64_t)at_ns};
    request.obscure = kind == WILD_SCRIPT ? "it sent what nobody knows" : NULL;
    return witness.asked(witness.self, &place, &request, at_ns);
}

static uint32_t asks(uint8_t server, uint8_t kind, int64_t at_ns)
{
    return asks_op(server, kind, STORE_PUT_IF_ABSENT, at_ns);
}

static void in_driver(struct history *driver, uint8_t kind, int64_t at_ns)
{
    struct history_event event = {.kind = kind, .process = 2, .at_ns = at_ns};
    assert_true(history_append(driver, &event));
}

/* The history in words, the driver's events in it. */
static void expect(struct history *driver, const char *wanted)
{
    struct history history = {0};
    char told[512] = "";
    assert_true(shared_collect(slots.shared, driver, 0, &history));
    for (size_t i = 0; i < history.count; i++) {
        const struct history_event *event = &history.events[i];
        size_t used = strlen(told);
        char words[40] = "";
        if (event->kind == HISTORY_CLAIM) {
            snprintf(words, sizeof words, "%s", event->claim.claim.in_section ? "in" : "out");
        } else if (event->kind == HISTORY_REQUEST) {
            snprintf(words, sizeof words, "asks-%u", event->request.number);
        } else if (event->kind == HISTORY_COMMAND) {
            snprintf(words, sizeof words, "%s-%s", event->command.name, event->command.key);
        } else if (event->kind == HISTORY_OBSCURE) {
            snprintf(words, sizeof words, "obscure");
        } else {
            snprintf(words, sizeof words, "%u", event->kind);
        }
        snprintf(told + used, sizeof told - used, "%s%s@%d", used ? " " : "", words,
                 (int)event->at_ns);
    }
    assert_string_equal(told, wanted);
    history_free(&history);
    history_free(driver);
}

_Static_assert(HISTORY_STARTED == 1 && HISTORY_DIED == 2 && HISTORY_PAUSED == 3 &&
                   HISTORY_RESUMED == 4,
               "as below");

static void who_has_most_has_the_lock(void **state)
{
    struct history driver = {0};
    (void)state;
    in_driver(&driver, HISTORY_STARTED, 1);
    believes(0, true, 10);
    believes(2, true, 20);
    believes(1, true, 30);
    believes(0, false, 40);
    believes(1, false, 50);
    believes(2, false, 60);
    expect(&driver, "1@1 in@20 out@50");
}

static void of_who_claims_nothing_is_inferred(void **state)
{
    struct history driver = {0};
    struct history_event claim = {.kind = HISTORY_CLAIM, .process = 2, .at_ns = 40};
    (void)state;
    in_driver(&driver, HISTORY_STARTED, 1);
    believes(0, true, 10);
    believes(1, true, 20);
    claim.claim.claim.in_section = 1;
    slot_record(slots.shared, &slots.shared->slots[2], &claim);
    atomic_store(&slots.shared->slots[2].claims, 1);
    believes(0, false, 50);
    asks(0, WILD_SCRIPT, 60); /* what it believes it says itself, not what it does to the lock */
    expect(&driver, "1@1 in@40 EVAL-k??@60 obscure@60");
}

static void what_nobody_knows_is_told_once(void **state)
{
    struct history driver = {0};
    (void)state;
    in_driver(&driver, HISTORY_STARTED, 1);
    asks(0, WILD_SCRIPT, 10);
    asks(0, WILD_SCRIPT, 20);
    expect(&driver, "1@1 EVAL-k??@10 obscure@10 EVAL-k??@20");
}

/* It heard late of what had been sent; and of who is dead nothing counts but that. */
static void what_is_heard_late_is_fitted_in(void **state)
{
    struct history driver = {0};
    struct history_event write = {.kind = HISTORY_REQUEST, .process = 2, .at_ns = 25};
    (void)state;
    in_driver(&driver, HISTORY_STARTED, 1);
    asks(0, WILD_LOCK, 30); /* counted first, and heard late */
    write.request.number = ++slots.shared->slots[2].request_number;
    slot_record(slots.shared, &slots.shared->slots[2], &write);
    in_driver(&driver, HISTORY_PAUSED, 28);
    in_driver(&driver, HISTORY_RESUMED, 50);
    in_driver(&driver, HISTORY_DIED, 100);
    asks(0, WILD_LOCK, 120);
    believes(0, true, 130);
    believes(1, true, 140);
    expect(&driver, "1@1 asks-1@25 asks-2@27 3@28 4@50 asks-3@99 2@100");
}

static void was_sent(uint32_t number, int64_t at_ns)
{
    const struct witness_place place = on(0);
    witness.sent(witness.self, &place, number, at_ns);
}

/* What removes or extends a lock, and stood or was held up, counts when the relay passed it on:
 * then it met the lock that was there. Who asks for the lock has waited since it asked; and of a
 * dead one nothing counts later than its death. */
static void what_was_held_up_counts_when_it_is_passed_on(void **state)
{
    struct history driver = {0};
    (void)state;
    in_driver(&driver, HISTORY_STARTED, 1);
    asks_op(0, WILD_LOCK, STORE_DELETE, 10);
    in_driver(&driver, HISTORY_PAUSED, 12);
    in_driver(&driver, HISTORY_RESUMED, 50);
    was_sent(1, 52);
    asks_op(0, WILD_LOCK, STORE_EXPIRE, 60);
    asks(0, WILD_LOCK, 70);
    was_sent(2, 80);
    was_sent(3, 80);
    asks_op(0, WILD_LOCK, STORE_DELETE, 90);
    in_driver(&driver, HISTORY_DIED, 100);
    was_sent(4, 120);
    expect(&driver, "1@1 3@12 4@50 asks-1@52 asks-2@70 asks-3@80 asks-4@90 2@100");
}

/* Who is killed while it is paused has sent nothing since the pause began. */
static void who_died_paused_sent_it_before(void **state)
{
    struct history driver = {0};
    (void)state;
    in_driver(&driver, HISTORY_STARTED, 1);
    in_driver(&driver, HISTORY_PAUSED, 50);
    in_driver(&driver, HISTORY_DIED, 100);
    asks(0, WILD_LOCK, 120);
    in_driver(&driver, HISTORY_STARTED, 200);
    asks(0, WILD_LOCK, 210);
    in_driver(&driver, HISTORY_DIED, 300);
    asks(0, WILD_LOCK, 310);
    expect(&driver, "1@1 asks-1@49 3@50 2@100 1@200 asks-2@210 asks-3@299 2@300");
}

/* What has nothing to do with the lock costs no memory without a bound. */
static void a_crowd_of_commands_is_counted(void **state)
{
    const struct witness_place place = on(0);
    struct talk_reply reply = {.request = {.kind = WILD_ELSEWHERE, .name = "PING"}};
    struct history driver = {0}, history = {0};
    (void)state;
    in_driver(&driver, HISTORY_STARTED, 1);
    for (uint32_t i = 0; i < CROWD_TOLD + 2 * CROWD_OF + 1; i++) {
        reply.tag = asks(0, WILD_ELSEWHERE, 10);
        witness.told(witness.self, &place, &reply, 10);
    }
    asks(0, WILD_COMMAND, 20);
    assert_true(shared_collect(slots.shared, &driver, 0, &history));
    assert_int_equal(history.count, 1 + 2 * CROWD_TOLD + 2 + 1);
    assert_string_equal(history.events[history.count - 2].command.name, "1000 commands");
    assert_int_equal(history.events[history.count - 1].command.number,
                     CROWD_TOLD + 2 * CROWD_OF + 2);
    history_free(&history);
    history_free(&driver);
}

static void the_token_that_it_had_is_found(void **state)
{
    struct token token;
    (void)state;
    asks(1, WILD_LOCK, 10);
    believes(0, true, 11);
    believes(1, true, 12);
    assert_false(slot_lock_token(slots.shared, 2, 1, 11, &token));
    assert_true(slot_lock_token(slots.shared, 2, 1, 12, &token));
    assert_int_equal(token.low, 10);
    assert_false(slot_lock_token(slots.shared, 1, 1, 12, &token));
}

#define WITNESSED(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITNESSED(who_has_most_has_the_lock),
        WITNESSED(of_who_claims_nothing_is_inferred),
        WITNESSED(what_nobody_knows_is_told_once),
        WITNESSED(what_is_heard_late_is_fitted_in),
        WITNESSED(what_was_held_up_counts_when_it_is_passed_on),
        WITNESSED(who_died_paused_sent_it_before),
        WITNESSED(the_token_that_it_had_is_found),
        WITNESSED(a_crowd_of_commands_is_counted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
