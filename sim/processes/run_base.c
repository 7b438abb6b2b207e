/* What all files of a trial need: its failure, the driver's own events, how members and server are.
 * See run.h. */
#include <stdarg.h>
#include <stdio.h>

#include "sim/processes/server_verbs.h"

void run_fail(struct run *run, const char *format, ...)
{
    if (run->failed) {
        return;
    }
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(run->error, sizeof run->error, format, arguments);
    va_end(arguments);
    run->failed = true;
}

void run_fail_link(struct run *run, const char *what)
{
    char telling[LINK_TELLING];
    link_tell(&run->control, telling, sizeof telling);
    run_fail(run, "%s%s", what, telling);
}

void run_record(void *self, struct history_event *event)
{
    struct run *run = self;
    event->at_ns = monotonic_ns();
    event->seq = (uint32_t)run->own.count;
    if (!history_append(&run->own, event)) {
        run_fail(run, "out of memory");
    }
}

void run_amend(void *self, uint32_t seq, uint8_t kind, const char *why)
{
    struct run *run = self;
    if (seq < run->own.count) { /* memory was not out */
        run->own.events[seq].kind = kind;
        run->own.events[seq].why = why;
    }
}

void run_tell(struct run *run, uint8_t kind, uint16_t process, const char *format, ...)
{
    char text[256];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    struct history_event event = {.kind = kind, .process = process};
    event.why = texts_intern(&run->texts, &run->own, text);
    if (!event.why) {
        run_fail(run, "out of memory");
    }
    run_record(run, &event);
}

void run_look(struct run *run)
{
    for (uint32_t id = 0; id < slots_of(run); id++) {
        if (run->members[id].alive) {
            slot_claim(&run->shared->slots[id], &run->members[id].claim); /* or as it was */
        }
    }
}

bool run_server_ready(const struct run *run)
{
    return !run->common->program || run->server.state == SERVER_UP;
}

void run_lock_gone(struct run *run, const char *why)
{
    struct history_event event = {.kind = HISTORY_EXPIRED, .process = HISTORY_HARNESS, .why = why};
    event.key = KEY_LOCK;
    run_record(run, &event);
}
