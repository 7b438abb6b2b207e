/* The article's election as one protocol: id 0 runs the master's program, everybody else the
 * node's. See article.h. */
#include "src/article/article.h"

#include <assert.h>
#include <stddef.h>
#include <string.h>

#include "src/protocol.h"
#include "src/units.h"

static void step(const struct settings *settings, struct process *process,
                 const struct event *event, struct action *action)
{
    struct article self = {
        .settings = settings, .process = process, .event = event, .action = action};
    if (event->kind == EVENT_STARTED) {
        self.state = (struct article_state){.decided.id = NOBODY, .known.id = NOBODY};
    } else {
        memcpy(&self.state, process->own, sizeof self.state);
        assert(self.state.phase <= ARTICLE_UNLOCKING);
    }
    if (process->id == MASTER_ID) {
        article_master_step(&self);
    } else {
        article_node_step(&self);
    }
    memcpy(process->own, &self.state, sizeof self.state);
}

static struct decision rules(const struct settings *settings, struct ballot ballot,
                             int32_t incumbent)
{
    struct choice choice = article_elect(settings, ballot, incumbent);
    assert(choice.rule >= 0 && choice.rule <= 3);
    return (struct decision){.leader = choice.id, .reason = (uint16_t)choice.rule};
}

/* Whom the rules give for the true statuses; a paused process goes on being what it says. */
static bool acceptable(const struct settings *settings, const struct truth *truth, int32_t leader,
                       int32_t incumbent)
{
    return leader != NOBODY && article_elect(settings, truth->live, incumbent).id == leader;
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
                      .fallback = 100 * NS_PER_MS,
                      .high = NS_PER_M},
    [ARTICLE_REPORT] = {.name = "report",
                        .summary = "how often a node reports its status again, with one look at "
                                   "the result in between at least; the article's reports once",
                        .type = PARAM_DURATION,
                        .words = "on_change",
                        .low = NS_PER_MS,
                        .high = NS_PER_H},
    {.type = PARAM_NONE},
};

static const char *const texts[] = {
    [ARTICLE_REPORTS] = "reports its status",
    [ARTICLE_LOOKS_UP] = "looks up the last result",
    [ARTICLE_READS] = "reads everybody's status",
    [ARTICLE_PUBLISHES] = "publishes the new leader",
    [ARTICLE_LOCK_RAN_OUT] = "its lock has run out",
    [ARTICLE_STORE_FAILED] = "the store failed: gives up the round",
    [ARTICLE_UNREADABLE_STATUSES] = "cannot read everybody's status: gives up the round",
    [ARTICLE_FLIPPED] = "its status was flipped",
    [ARTICLE_LOOKS] = "looks who is elected",
    [ARTICLE_UNREADABLE_RESULT] = "cannot read the result: waits for the next election",
    [ARTICLE_WAITS] = "waits",
};

/* By the number of the rule. */
static const char *const reasons[] = {NULL, "rule 1", "rule 2", "rule 3", NULL};

static const uint16_t times[] = {offsetof(struct article_state, reported_ns), NO_MORE_TIMES};

const struct protocol_row protocol_article = {
    .name = "article",
    .topologies = 1u << TOPOLOGY_SINGLE | 1u << TOPOLOGY_INDEPENDENT, /* it asks the first server */
    .summary = "nodes report prepare or submit under a lock; the lowest id wins, by three rules",
    .asks = 1u << STORE_SET_STATUS | 1u << STORE_READ_BALLOT | 1u << STORE_GET_RESULT |
            1u << STORE_SET_RESULT,
    .params = params,
    .has_master = true,
    .texts = texts,
    .reasons = reasons,
    .times = times,
    .step = step,
    .moments = moments,
    .acceptable = acceptable,
    .rules = rules,
};
