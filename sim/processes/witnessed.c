/* What the relay tells of programs. See witnessed.h. */
#include "sim/processes/witnessed.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

static enum history_kind kind_of(const struct history_event *event)
{
    return (enum history_kind)(event->kind & (OF_RELAY - 1));
}

static void live(struct witnessed *process, const struct history_event *event)
{
    enum history_kind kind = kind_of(event);
    bool begins = kind == HISTORY_STARTED || kind == HISTORY_RESUMED;
    if (!begins && kind != HISTORY_DIED && kind != HISTORY_PAUSED) {
        return;
    }
    assert(event->at_ns >= process->since_ns);
    bool stood = kind == HISTORY_DIED && process->still;
    process->runs = kind == HISTORY_DIED ? false : kind == HISTORY_STARTED ? true : process->runs;
    process->still = kind == HISTORY_PAUSED;
    process->since_ns = stood ? process->since_ns : event->at_ns; /* it sent nothing since then */
}

struct history_event witnessed_sent(uint8_t server, uint32_t number)
{
    struct history_event event = {.kind = HISTORY_REQUEST, .server = server};
    assert(number > 0);
    event.request.number = number;
    event.request.zero = WITNESSED_SENT;
    return event;
}

/* The request of which this tells, among the first `count`, moves to now, if its sender lives. One
 * that takes the lock stays: its sender has waited since. */
static void move(struct history *history, size_t count, const struct witnessed *process,
                 const struct history_event *sent)
{
    assert(witnessed_is_sent(sent) && count <= history->count);
    for (size_t i = count; i-- > 0 && process->runs;) {
        struct history_event *event = &history->events[i];
        if (kind_of(event) == HISTORY_REQUEST && event->kind & OF_RELAY &&
            event->process == sent->process && event->request.number == sent->request.number) {
            bool moves = op_has(event->request.op, OP_REMOVES_LOCK | OP_DATES_LOCK) &&
                         !op_has(event->request.op, OP_TAKES_LOCK);
            event->at_ns = moves ? sent->at_ns : event->at_ns;
            return;
        }
    }
}

void witnessed_forget_sent(struct history *history, size_t from)
{
    size_t count = from;
    assert(from <= history->count);
    for (size_t i = from; i < history->count; i++) {
        if (!witnessed_is_sent(&history->events[i])) {
            history->events[count++] = history->events[i];
        }
    }
    history->count = count;
}

/* False: the event counts for nothing. */
static bool fit(const struct witnessed *process, struct history_event *event)
{
    enum history_kind kind = kind_of(event);
    bool told = event->kind & OF_RELAY;
    assert(kind < HISTORY_KINDS);
    bool inferred = kind == HISTORY_CLAIM && event->claim.inferred;
    bool belief = inferred || (kind == HISTORY_OBSCURE && event->why &&
                               strcmp(event->why, OBSCURE_OUTLIVED) == 0);
    if (belief && process->claims) {
        return false;
    }
    if (!told || (process->runs && !process->still)) {
        return true;
    }
    if (kind == HISTORY_REQUEST || (kind == HISTORY_COMMAND && !event->command.answered)) {
        event->at_ns = process->since_ns - 1;
        return true;
    }
    return process->runs;
}

void witnessed_fit(struct history *history, struct witnessed *processes)
{
    size_t count = 0;
    for (size_t i = 0; i < history->count; i++) {
        struct history_event event = history->events[i];
        bool counts = true;
        if (witnessed_is_sent(&event)) {
            move(history, count, &processes[event.process], &event);
            continue;
        }
        if (event.process != HISTORY_HARNESS) {
            live(&processes[event.process], &event);
            counts = fit(&processes[event.process], &event);
        }
        if (counts) {
            history->events[count++] = event;
        }
    }
    assert(count <= history->count);
    history->count = count;
}

/* Room for the requests of those of whom the relay has told. */
static bool make_room(const struct history *history, struct witnessed *processes, uint32_t count)
{
    for (size_t i = 0; i < history->count; i++) {
        const struct history_event *event = &history->events[i];
        if (kind_of(event) == HISTORY_REQUEST) {
            struct witnessed *process = &processes[event->process];
            uint32_t number = event->request.number;
            process->told = process->told || event->kind & OF_RELAY;
            process->room = number >= process->room ? number + 1 : process->room;
        }
    }
    for (uint32_t id = 0; id < count; id++) {
        struct witnessed *process = &processes[id];
        process->places = process->told ? calloc(process->room, sizeof *process->places) : NULL;
        if (process->told && !process->places) {
            return false;
        }
    }
    return true;
}

bool witnessed_count(struct history *history, struct witnessed *processes, uint32_t count)
{
    if (!make_room(history, processes, count)) {
        return false;
    }
    assert(count > 0);
    for (size_t i = 0; i < history->count; i++) {
        struct history_event *event = &history->events[i];
        enum history_kind kind = kind_of(event);
        if (event->process >= count || !processes[event->process].told) {
            continue;
        }
        struct witnessed *process = &processes[event->process];
        if (kind == HISTORY_REQUEST) {
            uint32_t *place = &process->places[event->request.number];
            *place = ++process->count;
            event->request.number = *place;
        } else if (kind == HISTORY_REPLY) {
            assert(event->reply.number < process->room && process->count > 0);
            event->reply.number = process->places[event->reply.number];
        }
    }
    return true;
}
