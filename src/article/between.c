/* What the article's node and master do between two rounds. See article.h. */
#include <assert.h>

#include "src/article/article.h"

void article_obey(struct article *self, struct result result)
{
    struct claim *claim = &self->process->claim;
    bool elected = result.id == self->process->id;
    bool newly = elected && (!claim->leads || result.term != self->state.obeyed_term);

    self->state.known = result;
    if (claim->follows != result.id) {
        self->action->happened |= 1u << MOMENT_FOLLOWS;
    }
    claim->follows = result.id;
    claim->term = result.term;
    claim->leads = elected;
    if (!newly) {
        return;
    }
    self->action->happened |= 1u << MOMENT_LEADS;
    self->state.obeyed_term = result.term;
    /* "Submit: this node has finished the election and become the new master." */
    if (article_param(self->settings, ARTICLE_SUBMITS) == SUBMITS_ELECTED &&
        claim->status != STATUS_SUBMIT) {
        claim->status = STATUS_SUBMIT;
        self->state.must_report = 1;
    }
}

bool article_flipped(struct article *self)
{
    assert(self->event->command == COMMAND_FLIP);
    assert(self->event->value == STATUS_PREPARE || self->event->value == STATUS_SUBMIT);
    self->process->claim.status = (uint8_t)self->event->value;
    self->state.must_report = 1;
    if (self->state.phase == ARTICLE_IDLE) {
        self->action->wake[TIMER_PROTOCOL].order = TIMER_CANCEL;
        return true;
    }
    self->action->why = why_of(OWNER_PROTOCOL, ARTICLE_FLIPPED);
    return false;
}

void article_ask_result(struct article *self)
{
    assert(self->state.phase == ARTICLE_IDLE && !self->process->claim.in_section);
    self->state.phase = ARTICLE_ASKING;
    self->action->why = why_of(OWNER_PROTOCOL, ARTICLE_LOOKS);
    action_send(self->action, STORE_GET_RESULT, KEY_RESULT, MOMENT_NONE);
}

void article_hear_result(struct article *self)
{
    const struct reply *reply = self->event->reply;
    assert(self->state.phase == ARTICLE_ASKING);
    if (reply->outcome == STORE_OK) {
        article_obey(self, reply->value.result);
    } else if (reply->outcome == STORE_NIL) {
        article_obey(self, (struct result){.id = NOBODY});
    } else if (reply->outcome == STORE_UNREADABLE) {
        self->action->why = why_of(OWNER_PROTOCOL, ARTICLE_UNREADABLE_RESULT);
    }
    /* Refused, unknown or unreadable: it believes what it believed. */
}

void article_rest(struct article *self)
{
    int64_t wait = article_param(self->settings, ARTICLE_POLL);
    int64_t report = article_param(self->settings, ARTICLE_REPORT);
    /* After a failure it rests in full, or an overdue report would be tried without pause. */
    if (report > 0 && self->process->id != MASTER_ID && !self->state.round_failed) {
        int64_t due = self->state.reported_ns + report - self->event->now_ns;
        wait = due < wait ? (due > 0 ? due : 0) : wait;
    }
    assert(self->action->sends == 0 && !self->process->claim.in_section);
    self->state.phase = ARTICLE_IDLE;
    action_wait(self->action, wait, wait);
    if (!self->action->why) {
        self->action->why = why_of(OWNER_PROTOCOL, ARTICLE_WAITS);
    }
}
