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

static void run_election(struct article *self)
{
    assert(self->process->id == MASTER_ID && self->state.phase == ARTICLE_IDLE);
    if (article_decides(self->settings, MASTER_ID) || self->state.must_report) {
        article_round_begin(self);
    } else {
        article_ask_result(self);
    }
}

void article_master_step(struct article *self)
{
    if (self->event->kind == EVENT_COMMAND) {
        if (article_flipped(self)) {
            run_election(self);
        }
    } else if (self->state.phase == ARTICLE_IDLE) {
        run_election(self); /* just started, or rested */
    } else if (self->state.phase == ARTICLE_ASKING) {
        assert(self->event->kind == EVENT_REPLY);
        article_hear_result(self);
        article_rest(self);
    } else if (article_round_step(self)) {
        article_rest(self);
    }
}
