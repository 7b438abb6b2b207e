/* A machine that is a script. See script.h. */
#include "tests/unit/model/script.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "src/units.h"

struct script script;

void script_step(const struct settings *settings, struct process *process,
                 const struct event *event, struct action *action)
{
    (void)settings;
    memset(action, 0, sizeof *action);
    if (event->kind == EVENT_STARTED) { /* what it wakes for never comes: trials are shorter */
        action_wake(action, TIMER_WORK, NS_PER_H, NS_PER_H);
    }
    if (process->id != 1) {
        return;
    }
    if (event->kind == EVENT_STARTED) {
        script.zero_ns = event->now_ns;
        script.count = 0;
    }
    assert_true(script.count < SEEN_MAX);
    script.list[script.count++] =
        (struct seen){.now_ns = event->now_ns - script.zero_ns,
                      .kind = (uint8_t)event->kind,
                      .tag = event->tag,
                      .outcome = event->kind == EVENT_REPLY ? event->reply->outcome : 0};
    script.play(event, action);
}

void script_ask(struct action *action, uint8_t server, uint8_t tag, uint32_t timeout_ms)
{
    struct request *request = action_send(action, STORE_GET_TOKEN, KEY_LOCK, MOMENT_NONE);
    request->server = server;
    request->tag = tag;
    request->timeout_ms = timeout_ms;
}

void script_run(struct cluster *cluster, const char *more,
                void (*play)(const struct event *event, struct action *action), bool detours)
{
    char yaml[1000];
    snprintf(yaml, sizeof yaml, SCRIPT_CLUSTER "%s", more);
    cluster_new(cluster, yaml);
    script.play = play;
    model_step_with(cluster->model, script_step);
    model_take_detours(cluster->model, detours);
    cluster_run(cluster, 5);
}
