/* What is shown, and what is ordered by hand. See watch.h. */
#include "sim/processes/watch.h"

#include <assert.h>

#include "sim/host/hand.h"

#define PROGRESS_EVERY_NS (100 * NS_PER_MS)
#define FEED_EVERY_NS (50 * NS_PER_MS)

int64_t watch_due(const struct watch *watch)
{
    if (watch->hand) {
        return watch->shown_ns + FEED_EVERY_NS;
    }
    return watch->events->progress ? watch->shown_ns + PROGRESS_EVERY_NS : INT64_MAX;
}

bool watch_show(struct watch *watch, const struct run *run)
{
    int64_t now = monotonic_ns();
    assert(now >= watch->shown_ns);
    if (now < watch_due(watch) || watch->left) {
        return true;
    }
    watch->shown_ns = now;
    if (watch->hand && run->t0_ns == 0) {
        return true; /* nothing has happened yet */
    }
    bool whole = !watch->hand || feed_take(&watch->feed, run);
    struct progress progress = run_progress(run, watch->trials);
    if (watch->hand) {
        watch->hand->feed(watch->hand->self, &watch->feed.history, &progress);
    } else {
        watch->events->progress(watch->events->self, &progress);
    }
    return whole;
}

void watch_leave(struct watch *watch)
{
    if (watch->hand && !watch->left) {
        watch->left = true;
        watch->hand->leave(watch->hand->self);
    }
}

static const char *carry_out(struct run *run, struct hand_order order)
{
    if (!run || run->state > RUN_LIVENESS) {
        return "the trial is over";
    }
    if (run->state < RUN_SAFETY) {
        return "not everybody is connected yet";
    }
    assert(run->t0_ns > 0 && !run->failed);
    run_look(run);
    return hand_do(&run->nemesis, order, monotonic_ns() - run->t0_ns);
}

void watch_orders(const struct watch *watch, struct run *run)
{
    struct hand_order order;
    assert(watch->hand);
    while (watch->hand->order(watch->hand->self, &order)) {
        const char *why_not = carry_out(run, order);
        watch->hand->told(watch->hand->self, &order, why_not);
    }
}
