/* The article's election as one protocol: id 0 runs the master's program, everybody else the
 * node's; and what both do between two rounds. See article.h. */
#include "src/article/article.h"

#include "src/protocol.h"

void article_obey(const struct settings *settings, struct process *process, struct result result,
                  struct action *action)
{
    struct claim *claim = &process->claim;
    bool elected = result.id == process->id;
    bool newly = elected && (!claim->leads || result.term != process->obeyed_term);

    process->known = result;
    if (claim->follows != result.id) {
        action->happened |= 1u << MOMENT_FOLLOWS;
    }
    claim->follows = result.id;
    claim->term = result.term;
    claim->leads = elected;
    if (!newly) {
        return;
    }
    action->happened |= 1u << MOMENT_LEADS;
    process->obeyed_term = result.term;
    /* "Submit: this node has finished the election and become the new master." */
    if (settings->submits == SUBMITS_ELECTED && claim->status != STATUS_SUBMIT) {
        claim->status = STATUS_SUBMIT;
        process->must_report = 1;
    }
}

bool article_flipped(struct process *process, enum status to, struct action *action)
{
    process->claim.status = (uint8_t)to;
    process->must_report = 1;
    if (process->phase == ARTICLE_IDLE) {
        return true;
    }
    action->kind = ACTION_KEEP;
    action->why = "its status was flipped";
    return false;
}

void article_ask_result(struct process *process, struct action *action)
{
    process->phase = ARTICLE_ASKING;
    action->kind = ACTION_REQUEST;
    action->request = (struct request){.op = STORE_GET_RESULT, .key = KEY_RESULT};
    action->why = "looks who is elected";
}

void article_hear_result(const struct settings *settings, struct process *process,
                         const struct reply *reply, struct action *action)
{
    if (reply->outcome == STORE_OK) {
        article_obey(settings, process, reply->value.result, action);
    } else if (reply->outcome == STORE_NIL) {
        article_obey(settings, process, (struct result){.id = NOBODY}, action);
    } else if (reply->outcome == STORE_UNREADABLE) {
        action->why = "cannot read the result: waits for the next election";
    }
    /* Refused, unknown or unreadable: it believes what it believed. */
}

void article_rest(const struct settings *settings, struct process *process,
                  const struct event *event, struct action *action)
{
    int64_t wait = settings->poll_ns;
    /* After a failure it rests in full, or an overdue report would be tried without pause. */
    if (settings->report_ns > 0 && process->id != MASTER_ID && !process->round_failed) {
        int64_t due = process->reported_ns + settings->report_ns - event->now_ns;
        wait = due < wait ? (due > 0 ? due : 0) : wait;
    }
    process->phase = ARTICLE_IDLE;
    action->kind = ACTION_WAIT;
    action->wake_min_ns = wait;
    action->wake_max_ns = wait;
    if (!action->why) {
        action->why = "waits";
    }
}

static void step(const struct settings *settings, struct process *process,
                 const struct event *event, struct action *action)
{
    if (process->id == MASTER_ID) {
        article_master_step(settings, process, event, action);
    } else {
        article_node_step(settings, process, event, action);
    }
}

static struct choice rightful(const struct settings *settings, struct ballot truth,
                              int32_t incumbent)
{
    return rules_elect(truth, settings->sticky ? incumbent : NOBODY);
}

const struct protocol_row protocol_article = {
    .name = "article",
    .summary = "nodes report prepare or submit under a lock; the lowest id wins, by three rules",
    .asks = 1u << STORE_SET_STATUS | 1u << STORE_READ_BALLOT | 1u << STORE_GET_RESULT |
            1u << STORE_SET_RESULT,
    .step = step,
    .rightful = rightful,
};
