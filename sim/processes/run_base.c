/* What all of a trial's files need. See run.h. */
#include "sim/processes/run.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>

#include "sim/text/clock.h"

void run_fail(struct run *run, const char *format, ...)
{
    if (run->failed) {
        return;
    }
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(run->error, sizeof run->error, format, arguments);
    va_end(arguments);
    assert(run->error[0]);
    run->failed = true;
}

void run_fail_link(struct trial_server *server, const char *what)
{
    char telling[LINK_TELLING];
    link_tell(&server->control, telling, sizeof telling);
    run_fail(server->run, "%s%s", what, telling);
}

void run_record(void *self, struct history_event *event)
{
    struct run *run = self;
    assert(event->kind < HISTORY_KINDS);
    event->at_ns = monotonic_ns();
    event->seq = (uint32_t)run->own.count;
    bool fault = event->kind == HISTORY_FAULT || event->kind == HISTORY_SKIPPED;
    if (fault && event->fault.index == HISTORY_HAND && event->why) {
        event->why = texts_intern(&run->texts, &run->own, event->why); /* it outlives the nemesis */
    }
    if (!history_append(&run->own, event)) {
        run_fail(run, "out of memory");
    }
}

void run_amend(void *self, uint32_t seq, uint8_t kind, const char *why)
{
    struct run *run = self;
    if (seq < run->own.count) { /* memory was not out */
        assert(run->own.events[seq].kind == HISTORY_FAULT && kind == HISTORY_SKIPPED);
        run->own.events[seq].kind = kind;
        run->own.events[seq].why = why;
    }
}

void run_tell(struct run *run, uint8_t kind, struct fault_place at, const char *format, ...)
{
    char text[256];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    struct history_event event = {.kind = kind, .process = at.id, .server = at.server};
    event.why = texts_intern(&run->texts, &run->own, text);
    if (!event.why) {
        run_fail(run, "out of memory");
    }
    run_record(run, &event);
}

struct server_text server_name(const struct trial_server *server)
{
    struct server_text name;
    assert(server->run->common->program);
    const char *program = server->run->common->program->name;
    if (server->run->scenario->settings.servers > 1) {
        snprintf(name.text, sizeof name.text, "%s %u", program, server->index + 1u);
    } else {
        snprintf(name.text, sizeof name.text, "%s", program);
    }
    return name;
}

void run_look(struct run *run)
{
    for (uint32_t id = 0; id < slots_of(run); id++) {
        if (run->members[id].alive) {
            assert(run->pids[id] > 0);
            slot_claim(&run->shared->slots[id], &run->members[id].claim); /* or as it was */
        }
    }
}
