/* Finds what is missing in a history. See gaps.h. */
#include "sim/history/gaps.h"

#include <assert.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "sim/history/names.h"
#include "sim/history/text.h"
#include "sim/text/grown.h"

/* A request that waits for its answer. */
struct waiting {
    uint32_t number;
    uint8_t op;
};

/* What is known of a process so far. */
struct known {
    uint32_t number; /* of its last request; 0: none */
    bool alive, started, paused;
    bool asked;              /* it sent a request in this life */
    struct waiting *waiting; /* of this life; owned. More than there are tags: a request whose tag
                              * was dropped waits on, while others go out */
    size_t count, room;
};

struct search {
    const struct history *history;
    struct known *processes;
    size_t place;
    size_t granted; /* the first answer that is ok; SIZE_MAX: none */
    bool claimed, phases[PHASE_END + 1];
    int phase; /* that it is in; -1: none yet */
    struct history_gap *gap;
};

/* Events follow the head, a line each. */
#define LINE_OF(place) ((place) + 2)

#define OUT_OF_MEMORY "memory is out to look whether it is whole"

__attribute__((format(printf, 2, 3))) static bool missing(struct search *search, const char *format,
                                                          ...)
{
    struct history_gap *gap = search->gap;
    assert(search->place <= search->history->count);
    size_t line = search->place < search->history->count ? LINE_OF(search->place)
                                                         : LINE_OF(search->place) - 1;
    int used = snprintf(gap->text, sizeof gap->text, "line %zu: ", line);
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(gap->text + used, sizeof gap->text - (size_t)used, format, arguments);
    va_end(arguments);
    gap->place = search->place;
    return true;
}

static bool events_are_missing(struct search *search)
{
    const struct history_event *events = search->history->events;
    assert(search->place < search->history->count);
    uint32_t due = search->place ? events[search->place - 1].seq + 1 : 0;
    uint32_t seq = events[search->place].seq;
    if (seq == due) {
        return false;
    }
    return seq - due == 1
               ? missing(search, "event %" PRIu32 " is missing", due)
               : missing(search, "events %" PRIu32 " to %" PRIu32 " are missing", due, seq - 1);
}

/* A process counts its requests through all its lives, or anew in each. */
static bool request_is_missing(struct search *search, struct known *known, uint16_t process,
                               const struct history_request *request)
{
    assert(request->op < STORE_OPS);
    uint32_t number = request->number;
    bool follows = number == known->number + 1 || (!known->asked && number == 1);
    uint32_t due = known->number + 1;
    known->number = number;
    known->asked = true;
    struct waiting *list = grown(known->waiting, known->count, &known->room, sizeof *list);
    if (!list) {
        return missing(search, OUT_OF_MEMORY);
    }
    known->waiting = list;
    list[known->count++] = (struct waiting){.number = number, .op = request->op};
    return !follows &&
           missing(search, "request %" PRIu32 " of %s comes where request %" PRIu32 " is due",
                   number, text_process(process).text, due);
}

/* An answer to what was not asked, or not so, or is answered already. */
static bool question_is_missing(struct search *search, struct known *known, uint16_t process,
                                const struct history_reply *reply)
{
    assert(reply->op < STORE_OPS);
    uint32_t number = reply->number;
    if (number > known->number || !known->asked) {
        return missing(search,
                       "an answer to request %" PRIu32 " of %s, whose last request is %" PRIu32,
                       number, text_process(process).text, known->number);
    }
    size_t place = known->count;
    while (place > 0 && known->waiting[place - 1].number != number) {
        place--;
    }
    if (place == 0) {
        return missing(search, "another answer to request %" PRIu32 " of %s", number,
                       text_process(process).text);
    }
    uint8_t op = known->waiting[place - 1].op;
    known->waiting[place - 1] = known->waiting[--known->count];
    return op != reply->op &&
           missing(search, "an answer to %s, but request %" PRIu32 " of %s is %s",
                   op_rows[reply->op]->name, number, text_process(process).text, op_rows[op]->name);
}

/* An act of a process that cannot act. */
static bool life_is_missing(struct search *search, const struct known *known,
                            const struct history_event *event)
{
    assert(event->kind < HISTORY_KINDS);
    bool needs_start = event->kind == HISTORY_REQUEST || event->kind == HISTORY_REPLY ||
                       event->kind == HISTORY_CLAIM || event->kind == HISTORY_DECIDED;
    if (!known->alive && event->kind != HISTORY_BORN) {
        return missing(search, "\"%s\" of %s, of which no birth is told", kind_names[event->kind],
                       text_process(event->process).text);
    }
    bool again = event->kind == HISTORY_BORN      ? known->alive
                 : event->kind == HISTORY_STARTED ? known->started
                                                  : event->kind == HISTORY_PAUSED && known->paused;
    if (again) {
        return missing(search, "\"%s\" of %s, which is so already", kind_names[event->kind],
                       text_process(event->process).text);
    }
    if (event->kind == HISTORY_RESUMED && !known->paused) {
        return missing(search, "\"%s\" of %s, of which no pause is told", kind_names[event->kind],
                       text_process(event->process).text);
    }
    return needs_start && !known->started &&
           missing(search, "\"%s\" of %s, of which no start is told", kind_names[event->kind],
                   text_process(event->process).text);
}

static bool is_missing_before(struct search *search, const struct history_event *event)
{
    assert(event->process <= search->history->facts.settings.nodes);
    struct known *known = &search->processes[event->process];
    if (event->kind == HISTORY_OUTSIDE || event->kind == HISTORY_FAULT ||
        event->kind == HISTORY_HEALED || event->kind == HISTORY_SKIPPED) {
        return false;
    }
    if (life_is_missing(search, known, event)) {
        return true;
    }
    switch ((enum history_kind)event->kind) {
    case HISTORY_BORN:
        *known = (struct known){
            .number = known->number, .alive = true, .waiting = known->waiting, .room = known->room};
        return false;
    case HISTORY_STARTED:
        known->started = true;
        return false;
    case HISTORY_DIED:
        known->alive = false;
        return false;
    case HISTORY_PAUSED:
    case HISTORY_RESUMED:
        known->paused = event->kind == HISTORY_PAUSED;
        return false;
    case HISTORY_REQUEST:
        return request_is_missing(search, known, event->process, &event->request);
    case HISTORY_REPLY:
        if (search->granted == SIZE_MAX && event->reply.outcome == STORE_OK) {
            search->granted = search->place;
        }
        return question_is_missing(search, known, event->process, &event->reply);
    case HISTORY_CLAIM:
        search->claimed = true;
        return false;
    default:
        return false;
    }
}

/* At the end: what should have come. */
static bool end_is_missing(struct search *search)
{
    assert(search->place == search->history->count);
    if (search->history->count == 0) {
        return missing(search, "there is a head, and no event");
    }
    if (!search->phases[PHASE_END]) {
        return missing(search, "it has no end: it was cut off, or is still being written");
    }
    if (search->granted == SIZE_MAX || search->claimed) {
        return false;
    }
    search->place = search->granted;
    return missing(search, "a request is granted, but nobody claims anything: no claim is in it");
}

static bool phase_is_missing(struct search *search, const struct history_event *event)
{
    assert(event->phase <= PHASE_END && search->phase <= PHASE_END);
    if (event->phase <= search->phase) {
        return missing(search, "the phase \"%s\" begins after \"%s\"", phase_names[event->phase],
                       phase_names[search->phase]);
    }
    search->phase = event->phase;
    search->phases[event->phase] = true;
    return event->phase == PHASE_END && search->history->facts.heals &&
           !search->phases[PHASE_LIVENESS] &&
           missing(search, "it ends without the phase that demands a leader");
}

static bool find(struct search *search)
{
    const struct history *history = search->history;
    for (; search->place < history->count; search->place++) {
        const struct history_event *event = &history->events[search->place];
        if (events_are_missing(search)) {
            return true;
        }
        if (event->kind == HISTORY_PHASE && phase_is_missing(search, event)) {
            return true;
        }
        if (search->phases[PHASE_END]) {
            continue; /* the harness puts things away */
        }
        if (event->process != HISTORY_HARNESS && is_missing_before(search, event)) {
            return true;
        }
    }
    return end_is_missing(search);
}

bool history_find_gap(const struct history *history, struct history_gap *gap)
{
    struct search search = {.history = history, .granted = SIZE_MAX, .phase = -1, .gap = gap};
    size_t count = (size_t)history->facts.settings.nodes + 1;
    search.processes = calloc(count, sizeof(struct known));
    if (!search.processes) {
        return missing(&search, OUT_OF_MEMORY);
    }
    bool found = find(&search);
    for (size_t i = 0; i < count; i++) {
        free(search.processes[i].waiting);
    }
    free(search.processes);
    return found;
}
