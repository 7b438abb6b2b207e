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
static bool report_is_due(const struct settings *settings, const struct process *process,
                          int64_t now_ns)
{
    bool again = article_param(settings, ARTICLE_REPORT) > 0 &&
                 now_ns - process->reported_ns >= article_param(settings, ARTICLE_REPORT);
    return process->must_report || (again && process->looked);
}

static void report_status(const struct settings *settings, struct process *process,
                          const struct event *event, struct action *action)
{
    process->must_report = 1;
    process->looked = 0;
    article_round_begin(settings, process, event, action);
}

/* Nothing is under way: report again at once if the status has changed, else rest. */
static void go_on(const struct settings *settings, struct process *process,
                  const struct event *event, struct action *action)
{
    if (process->must_report && !process->round_failed) {
        report_status(settings, process, event, action);
    } else {
        article_rest(settings, process, event, action);
    }
}

static void woke(const struct settings *settings, struct process *process,
                 const struct event *event, struct action *action)
{
    if (article_decides(settings, process->id) || report_is_due(settings, process, event->now_ns)) {
        report_status(settings, process, event, action);
    } else {
        process->looked = 1;
        article_ask_result(process, action);
    }
}

void article_node_step(const struct settings *settings, struct process *process,
                       const struct event *event, struct action *action)
{
    if (event->kind == EVENT_STARTED) {
        report_status(settings, process, event, action);
    } else if (event->kind == EVENT_FLIPPED) {
        if (article_flipped(process, event->flip_to, action)) {
            report_status(settings, process, event, action);
        }
    } else if (process->phase == ARTICLE_IDLE) {
        woke(settings, process, event, action);
    } else if (process->phase == ARTICLE_ASKING) {
        assert(event->kind == EVENT_REPLY);
        process->round_failed = 0;
        article_hear_result(settings, process, event->reply, action);
        go_on(settings, process, event, action);
    } else if (article_round_step(settings, process, event, action)) {
        go_on(settings, process, event, action);
    }
}
