/* A trial in the model. See play.h. */
#include "tests/unit/servers/play.h"
#include "sim/scenario/load.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const char *const HEAD = "name: model\nnodes: 3\nduration: 4s\n"
                                "network: {latency: {p50: 1ms, p99: 1ms}}\n";

void play(struct play *play, const char *more, uint64_t seed)
{
    char text[2048];
    struct scenario_report report;
    struct network network;
    memset(play, 0, sizeof *play);
    snprintf(text, sizeof text, "%s%s", HEAD, more);
    if (!scenario_parse("model.yaml", text, strlen(text), &play->scenario, &report)) {
        scenario_report_print(stderr, "model.yaml", &report);
        fail();
    }
    network_of(&play->scenario, &network);
    struct model *model = model_new(&play->scenario, &network);
    assert_non_null(model);
    assert_int_equal(model_trial(model, 1, seed, &play->history, NULL), TRIAL_RAN);
    model_free(model);
}

void end(struct play *play)
{
    history_free(&play->history);
    scenario_free(&play->scenario);
}

int count_replies(const struct play *play, enum store_outcome outcome, int64_t from_ms,
                  int64_t to_ms)
{
    int count = 0;
    for (size_t i = 0; i < play->history.count; i++) {
        const struct history_event *event = &play->history.events[i];
        count += event->kind == HISTORY_REPLY && event->reply.outcome == outcome &&
                 event->at_ns >= from_ms * MS && event->at_ns < to_ms * MS;
    }
    return count;
}

const struct history_event *first_of(const struct play *play, enum history_kind kind,
                                     int64_t from_ms)
{
    for (size_t i = 0; i < play->history.count; i++) {
        const struct history_event *event = &play->history.events[i];
        if (event->kind == kind && event->at_ns >= from_ms * MS) {
            return event;
        }
    }
    return NULL;
}
