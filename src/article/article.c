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
    if (article_param(settings, ARTICLE_SUBMITS) == SUBMITS_ELECTED &&
        claim->status != STATUS_SUBMIT) {
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
    int64_t wait = article_param(settings, ARTICLE_POLL);
    /* After a failure it rests in full, or an overdue report would be tried without pause. */
    if (article_param(settings, ARTICLE_REPORT) > 0 && process->id != MASTER_ID &&
        !process->round_failed) {
        int64_t due =
            process->reported_ns + article_param(settings, ARTICLE_REPORT) - event->now_ns;
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
    return rules_elect(truth, article_param(settings, ARTICLE_STICKY) ? incumbent : NOBODY);
}

static uint32_t moments(const struct settings *settings, uint16_t id)
{
    const uint32_t all = 1u << MOMENT_REPORTS | 1u << MOMENT_FOLLOWS | 1u << MOMENT_LEADS;
    const uint32_t elects = 1u << MOMENT_READS | 1u << MOMENT_DECIDES | 1u << MOMENT_PUBLISHES;
    return article_decides(settings, id) ? all | elects : all;
}

static const struct param_row params[] = {
    [ARTICLE_DECIDED_BY] = {.name = "decided_by",
                            .summary = "who reads, decides and publishes: the master, as in the "
                                       "article's code, or every node, as in its text",
                            .type = PARAM_WORD,
                            .words = "master|nodes"},
    [ARTICLE_SUBMITS] = {.name = "submits",
                         .summary = "who turns to submit: the node that finds itself elected, or "
                                    "nobody, as in the article's code",
                         .type = PARAM_WORD,
                         .words = "elected|nobody"},
    [ARTICLE_STICKY] = {.name = "sticky",
                        .summary = "whether a leader that is still in submit keeps the office "
                                   "against a lower number",
                        .type = PARAM_FLAG},
    [ARTICLE_MASTER_LOCKS] = {.name = "master_locks",
                              .summary = "whether the master takes the lock too; false as in the "
                                         "article's code",
                              .type = PARAM_FLAG,
                              .fallback = 1},
    [ARTICLE_POLL] = {.name = "poll",
                      .summary = "rest between two elections, and between two looks at the result",
                      .type = PARAM_DURATION,
                      .fallback = 100 * PARAM_NS_PER_MS,
                      .high = PARAM_NS_PER_M},
    [ARTICLE_REPORT] = {.name = "report",
                        .summary = "how often a node reports its status again, with one look at "
                                   "the result in between at least; the article's reports once",
                        .type = PARAM_DURATION,
                        .words = "on_change",
                        .low = PARAM_NS_PER_MS,
                        .high = PARAM_NS_PER_H},
    {.type = PARAM_NONE},
};

const struct protocol_row protocol_article = {
    .name = "article",
    .summary = "nodes report prepare or submit under a lock; the lowest id wins, by three rules",
    .asks = 1u << STORE_SET_STATUS | 1u << STORE_READ_BALLOT | 1u << STORE_GET_RESULT |
            1u << STORE_SET_RESULT,
    .params = params,
    .step = step,
    .moments = moments,
    .rightful = rightful,
};
