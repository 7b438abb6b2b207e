/* The article's node: reports its number and status under the lock, then looks now and then who has
 * been elected. Found elected, it turns to submit and reports again.
 *
 *     def report_status(self):
 *         if self.acquire_lock():            -> article_round_begin
 *             hset("nodes", id, status)      -> round.c, step 1 (steps 2 to 4 if nodes decide)
 *             self.release_lock()            -> the end of the round
 *
 * The article's node reports once and never reads the result; what it does with one (follow it) is
 * said in its text only.
 */
#include <assert.h>

#include "src/article/article.h"

/* A report of what is in the store already waits for a look at the result: else a node that reports
 * as often as it looks would never get round to looking. */
static bool report_is_due(const struct article *self)
{
    int64_t report = article_param(self->settings, ARTICLE_REPORT);
    bool again = report > 0 && self->event->now_ns - self->state.reported_ns >= report;
    return self->state.must_report || (again && self->state.looked);
}

static void report_status(struct article *self)
{
    assert(self->process->id != MASTER_ID);
    self->state.must_report = 1;
    self->state.looked = 0;
    article_round_begin(self);
}

/* Nothing is under way: report again at once if the status has changed, else rest. */
static void go_on(struct article *self)
{
    assert(self->action->sends == 0);
    if (self->state.must_report && !self->state.round_failed) {
        report_status(self);
    } else {
        article_rest(self);
    }
}

static void woke(struct article *self)
{
    assert(self->event->kind == EVENT_WOKE);
    if (article_decides(self->settings, self->process->id) || report_is_due(self)) {
        report_status(self);
    } else {
        self->state.looked = 1;
        article_ask_result(self);
    }
}

void article_node_step(struct article *self)
{
    if (self->event->kind == EVENT_STARTED) {
        report_status(self);
    } else if (self->event->kind == EVENT_COMMAND) {
        if (article_flipped(self)) {
            report_status(self);
        }
    } else if (self->state.phase == ARTICLE_IDLE) {
        woke(self);
    } else if (self->state.phase == ARTICLE_ASKING) {
        assert(self->event->kind == EVENT_REPLY);
        self->state.round_failed = 0;
        article_hear_result(self);
        go_on(self);
    } else if (article_round_step(self)) {
        go_on(self);
    }
}
