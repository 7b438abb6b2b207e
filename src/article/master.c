/* The article's master, id 0: reads everybody's status, elects by the rules, publishes, and looks
 * again after a while.
 *
 *     def run_election(self):
 *         while True:
 *             nodes = self.get_status()          -> round.c, step 2
 *             … submit_nodes … prepare_nodes     -> rules.c
 *             time.sleep(0.1)                    -> article_rest, the parameter poll
 *
 * The article's code reads without the lock and returns at the first result; its text has everybody
 * take the lock first and the result put into Redis, and that is the default here
 * (the parameter master_locks). A master whose status was flipped reports it, as a node does; that
 * is how rule 1 comes into play. Where the nodes decide, it only looks who is elected.
 */
#include <assert.h>

#include "src/article/article.h"

static void run_election(const struct settings *settings, struct process *process,
                         const struct event *event, struct action *action)
{
    if (article_decides(settings, MASTER_ID) || process->must_report) {
        article_round_begin(settings, process, event, action);
    } else {
        article_ask_result(process, action);
    }
}

void article_master_step(const struct settings *settings, struct process *process,
                         const struct event *event, struct action *action)
{
    if (event->kind == EVENT_FLIPPED) {
        if (article_flipped(process, event->flip_to, action)) {
            run_election(settings, process, event, action);
        }
    } else if (process->phase == ARTICLE_IDLE) {
        run_election(settings, process, event, action); /* just started, or rested */
    } else if (process->phase == ARTICLE_ASKING) {
        assert(event->kind == EVENT_REPLY);
        article_hear_result(settings, process, event->reply, action);
        article_rest(settings, process, event, action);
    } else if (article_round_step(settings, process, event, action)) {
        article_rest(settings, process, event, action);
    }
}
