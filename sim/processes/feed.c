/* The events of a trial so far. See feed.h. */
#include "sim/processes/feed.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "sim/host/plan.h"

/* An expiry that is heard of so soon after a fault that takes the lock away is its doing. */
#define GONE_NS (100 * NS_PER_MS)

static bool begin(struct feed *feed, const struct run *run)
{
    feed_free(feed);
    feed->places = calloc(run->shared->slot_count, sizeof *feed->places);
    if (!feed->places) {
        return false;
    }
    feed->trial = run->number;
    for (int i = 0; i < SERVERS_MAX; i++) {
        feed->gone_ns[i] = INT64_MIN / 2;
    }
    plan_facts(run->scenario, run->common->host->name, run->number, run->seed,
               &feed->history.facts);
    return true;
}

static bool is_told(struct feed *feed, const struct history_event *event)
{
    bool takes = event->kind == HISTORY_FAULT && event->server < SERVERS_MAX &&
                 fault_rows[event->fault.kind]->lock_effect == LOCK_GOES;
    if (takes) {
        feed->gone_ns[event->server] = event->at_ns;
    }
    if (event->kind != HISTORY_EXPIRED || event->why) {
        return true;
    }
    assert(event->server < SERVERS_MAX);
    return event->at_ns - feed->gone_ns[event->server] < GONE_NS;
}

/* In order, and without what is not told. */
static void tidy(struct feed *feed, size_t from)
{
    struct history *history = &feed->history;
    size_t count = from;
    assert(from <= history->count);
    for (size_t i = from; i < history->count; i++) {
        struct history_event event = history->events[i];
        if (!is_told(feed, &event)) {
            continue;
        }
        bool late = count > 0 && event.at_ns < history->events[count - 1].at_ns;
        event.at_ns = late ? history->events[count - 1].at_ns : event.at_ns;
        event.seq = (uint32_t)count;
        history->events[count++] = event;
    }
    history->count = count;
}

bool feed_take(struct feed *feed, const struct run *run)
{
    assert(run->t0_ns > 0 && run->shared);
    if (feed->trial != run->number && !begin(feed, run)) {
        return false;
    }
    size_t from = feed->history.count;
    bool whole =
        shared_take(run->shared, feed->places, &run->own, &feed->own, run->t0_ns, &feed->history);
    tidy(feed, from);
    return whole;
}

void feed_free(struct feed *feed)
{
    history_free(&feed->history);
    free(feed->places);
    *feed = (struct feed){0};
}
