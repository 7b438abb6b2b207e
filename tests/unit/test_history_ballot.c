/* The list of events, and ballots as runs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "sim/history/history.h"

#define VOTES_MAX (NODE_ID_MAX + 1)

static void append(void *history, struct history_event *event)
{
    struct history *own = history;
    if (event->at_ns == 0) {
        event->at_ns = 77; /* a writer that stamps */
    }
    event->seq = (uint32_t)own->count;
    assert_true(history_append(own, event));
}

static struct history_event reply_of(uint16_t process)
{
    return (struct history_event){
        .kind = HISTORY_REPLY,
        .process = process,
        .reply = {.number = 5, .op = STORE_READ_BALLOT, .outcome = STORE_OK}};
}

/* Writes a ballot and reads it back; returns how many events it took. */
static size_t back_and_forth(const struct vote *votes, uint32_t count)
{
    struct history history = {0};
    struct history_event reply = reply_of(3);
    struct vote *read = calloc(VOTES_MAX, sizeof *read);
    assert_non_null(read);
    history_put_ballot(&reply, (struct ballot){.votes = votes, .count = count}, append, &history);
    assert_int_equal(history_ballot(&history, 0, read, VOTES_MAX), count);
    if (count > 0) {
        assert_memory_equal(read, votes, count * sizeof *votes);
    }
    for (size_t i = 0; i < history.count; i++) {
        assert_int_equal(history.events[i].kind, i ? HISTORY_MORE : HISTORY_REPLY);
        assert_int_equal(history.events[i].at_ns, 77);
        assert_int_equal(history.events[i].process, 3);
    }
    size_t events = history.count;
    history_free(&history);
    free(read);
    return events;
}

static void a_ballot_of_one_mind_is_one_event(void **state)
{
    struct vote *votes = calloc(VOTES_MAX, sizeof *votes);
    (void)state;
    assert_non_null(votes);
    for (uint32_t i = 0; i < VOTES_MAX; i++) {
        votes[i].id = (uint16_t)i;
    }
    assert_int_equal(back_and_forth(votes, 0), 1);
    assert_int_equal(back_and_forth(votes, 1), 1);
    assert_int_equal(back_and_forth(votes, VOTES_MAX), 1);
    votes[5000].status = STATUS_SUBMIT;
    assert_int_equal(back_and_forth(votes, VOTES_MAX), 1);
    votes[7000].status = STATUS_UNKNOWN;
    assert_int_equal(back_and_forth(votes, VOTES_MAX), 2);
    free(votes);
}

static void a_ballot_of_many_runs_takes_more_events(void **state)
{
    struct vote votes[100];
    (void)state;
    for (uint16_t i = 0; i < 100; i++) {
        /* gaps and changes: no two votes make a run */
        votes[i] = (struct vote){.id = (uint16_t)(2 * i + 1), .status = (uint8_t)(i % 3)};
    }
    for (uint32_t count = 1; count <= 100; count++) {
        size_t more = count > 3 ? (count - 3 + 4) / 5 : 0;
        assert_int_equal(back_and_forth(votes, count), 1 + more);
    }
}

static void a_gap_ends_a_run(void **state)
{
    struct vote votes[] = {{.id = 1}, {.id = 2}, {.id = 4}, {.id = 5, .status = STATUS_SUBMIT}};
    struct history history = {0};
    struct history_event reply = reply_of(0);
    (void)state;
    history_put_ballot(&reply, (struct ballot){.votes = votes, .count = 4}, append, &history);
    const struct ballot_run *runs = history.events[0].reply.value.runs;
    assert_int_equal(history.events[0].reply.runs, 3);
    assert_int_equal(runs[0].from, 1);
    assert_int_equal(runs[0].to, 2);
    assert_int_equal(runs[1].from, 4);
    assert_int_equal(runs[1].to, 4);
    assert_int_equal(runs[2].from, 5);
    assert_int_equal(runs[2].status, STATUS_SUBMIT);
    history_free(&history);
}

static void what_does_not_fit_is_counted(void **state)
{
    struct vote votes[] = {{.id = 1}, {.id = 2}, {.id = 3}, {.id = 9}};
    struct vote read[2] = {{0}};
    struct history history = {0};
    struct history_event reply = reply_of(0);
    (void)state;
    history_put_ballot(&reply, (struct ballot){.votes = votes, .count = 4}, append, &history);
    assert_int_equal(history_ballot(&history, 0, read, 2), 4);
    assert_int_equal(read[0].id, 1);
    assert_int_equal(read[1].id, 2);
    history_free(&history);
}

/* The writer was killed between the reply and the rest of its ballot. */
static void a_ballot_cut_short_ends_there(void **state)
{
    struct vote votes[10];
    struct vote read[10];
    struct history history = {0};
    struct history_event reply = reply_of(0);
    (void)state;
    for (uint16_t i = 0; i < 10; i++) {
        votes[i] = (struct vote){.id = (uint16_t)(2 * i)};
    }
    history_put_ballot(&reply, (struct ballot){.votes = votes, .count = 10}, append, &history);
    assert_int_equal(history.count, 3);
    history.count = 2;
    assert_int_equal(history_ballot(&history, 0, read, 10), 8);
    history.events[1].kind = HISTORY_CLAIM;
    assert_int_equal(history_ballot(&history, 0, read, 10), 3);
    history_free(&history);
}

static void only_a_good_answer_has_a_ballot(void **state)
{
    struct history history = {0};
    struct history_event event = reply_of(0);
    struct vote read[1];
    (void)state;
    event.reply.runs = 1;
    event.reply.outcome = STORE_UNKNOWN;
    assert_true(history_append(&history, &event));
    assert_int_equal(history_ballot(&history, 0, read, 1), 0);
    history_free(&history);
}

static void the_list_grows(void **state)
{
    struct history history = {0};
    (void)state;
    for (uint32_t i = 0; i < 10000; i++) {
        struct history_event event = {.seq = i, .at_ns = i};
        assert_true(history_append(&history, &event));
    }
    assert_int_equal(history.count, 10000);
    assert_int_equal(history.events[9999].seq, 9999);
    history_free(&history);
    assert_null(history.events);
    assert_int_equal(history.count, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_ballot_of_one_mind_is_one_event),
        cmocka_unit_test(a_ballot_of_many_runs_takes_more_events),
        cmocka_unit_test(a_gap_ends_a_run),
        cmocka_unit_test(what_does_not_fit_is_counted),
        cmocka_unit_test(a_ballot_cut_short_ends_there),
        cmocka_unit_test(only_a_good_answer_has_a_ballot),
        cmocka_unit_test(the_list_grows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
