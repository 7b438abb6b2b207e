/* Ballots in a history: as runs of consecutive ids of equal status, so that a cluster that agrees
 * fits into its reply however large it is. See history.h. */
#include <assert.h>
#include <string.h>

#include "sim/history/history.h"
#include "sim/ops/op.h"

/* The run that begins with vote `first`; returns the vote after it. */
static uint32_t run_from(struct ballot ballot, uint32_t first, struct ballot_run *run)
{
    assert(first < ballot.count);
    const struct vote *votes = ballot.votes;
    uint32_t next = first + 1;
    while (next < ballot.count && votes[next].status == votes[first].status &&
           votes[next].id == votes[next - 1].id + 1) {
        next++;
    }
    *run = (struct ballot_run){
        .from = votes[first].id, .to = votes[next - 1].id, .status = votes[first].status};
    return next;
}

/* How many runs there are from vote `first` on. */
static uint32_t count_runs(struct ballot ballot, uint32_t first)
{
    struct ballot_run run;
    uint32_t runs = 0;
    for (uint32_t next = first; next < ballot.count; runs++) {
        next = run_from(ballot, next, &run);
    }
    return runs;
}

void history_put_ballot(struct history_event *reply, struct ballot ballot,
                        void (*put)(void *writer, struct history_event *event), void *writer)
{
    assert(reply->kind == HISTORY_REPLY);
    uint32_t next = 0, runs = 0;
    memset(&reply->reply.value, 0, sizeof reply->reply.value);
    for (; runs < HISTORY_REPLY_RUNS && next < ballot.count; runs++) {
        next = run_from(ballot, next, &reply->reply.value.runs[runs]);
    }
    runs += count_runs(ballot, next);
    assert(runs <= UINT16_MAX);
    reply->reply.runs = (uint16_t)runs;
    put(writer, reply);

    /* `put` may have stamped the reply; the rest bears the same time, so that nothing sorts itself
     * in between. */
    while (next < ballot.count) {
        struct history_event more = {
            .at_ns = reply->at_ns, .kind = HISTORY_MORE, .process = reply->process};
        for (int i = 0; i < HISTORY_MORE_RUNS && next < ballot.count; i++) {
            next = run_from(ballot, next, &more.more[i]);
        }
        put(writer, &more);
    }
}

/* Run number `nth` of the reply at `index`, or NULL if the history lacks it. */
static const struct ballot_run *run_at(const struct history *history, size_t index, uint16_t nth)
{
    assert(index < history->count);
    if (nth < HISTORY_REPLY_RUNS) {
        return &history->events[index].reply.value.runs[nth];
    }
    size_t place = (size_t)nth - HISTORY_REPLY_RUNS;
    size_t more = index + 1 + place / HISTORY_MORE_RUNS;
    if (more >= history->count || history->events[more].kind != HISTORY_MORE) {
        return NULL;
    }
    return &history->events[more].more[place % HISTORY_MORE_RUNS];
}

size_t history_ballot(const struct history *history, size_t index, struct vote *votes,
                      size_t capacity)
{
    assert(history->events[index].kind == HISTORY_REPLY);
    const struct history_reply *reply = &history->events[index].reply;
    size_t count = 0;
    if (op_rows[reply->op]->answers != VALUE_BALLOT || reply->outcome != STORE_OK) {
        return 0;
    }
    for (uint16_t nth = 0; nth < reply->runs; nth++) {
        const struct ballot_run *run = run_at(history, index, nth);
        if (!run) {
            break;
        }
        for (uint32_t id = run->from; id <= run->to; id++) {
            if (count < capacity) {
                votes[count] = (struct vote){.id = (uint16_t)id, .status = (uint8_t)run->status};
            }
            count++;
        }
    }
    return count;
}
