/* Looking back in a history. See lookback.h. */
#include "sim/outcome/lookback.h"

#include <assert.h>

#include "sim/outcome/outcome.h"

static bool is(const struct history_event *event, uint8_t kind, uint16_t process)
{
    return event->kind == kind && event->process == process;
}

/* The request of `process` with this number, before the event at `from`. */
static size_t find_request(const struct history *history, size_t from, uint16_t process,
                           uint32_t number)
{
    assert(from <= history->count);
    for (size_t i = from; i-- > 0;) {
        const struct history_event *event = &history->events[i];
        if (is(event, HISTORY_REQUEST, process) && event->request.number == number) {
            return i;
        }
        if (is(event, HISTORY_BORN, process)) {
            break; /* a restarted process counts its requests anew */
        }
    }
    return NOT_FOUND;
}

size_t lookback_decided(const struct history *history, size_t from, size_t to, uint16_t process)
{
    assert(from <= history->count);
    for (size_t i = from; i-- > to;) {
        if (is(&history->events[i], HISTORY_DECIDED, process)) {
            return i;
        }
    }
    return NOT_FOUND;
}

size_t lookback_read(const struct history *history, size_t decided)
{
    assert(decided < history->count && history->events[decided].kind == HISTORY_DECIDED);
    const struct history_event *event = &history->events[decided];
    return find_request(history, decided, event->process, event->decided.number);
}

size_t lookback_has_read(const struct history *history, size_t read, size_t decided)
{
    assert(read < decided && decided < history->count);
    const struct history_event *asks = &history->events[read];
    for (size_t i = decided; i-- > read;) {
        const struct history_event *event = &history->events[i];
        if (is(event, HISTORY_REPLY, asks->process) &&
            event->reply.number == asks->request.number) {
            return i;
        }
    }
    return decided;
}

size_t lookback_publication(const struct history *history, size_t from, size_t to,
                            struct decision decision)
{
    assert(from <= history->count);
    for (size_t i = from; i-- > to;) {
        const struct history_event *event = &history->events[i];
        if (!history_publishes(event)) {
            continue;
        }
        const struct decision published = history_decision(history, i);
        if (published.leader == decision.leader && published.term == decision.term) {
            return i;
        }
    }
    return NOT_FOUND;
}

int64_t lookback_reported(const struct history *history, size_t due, size_t decided,
                          int32_t reporter)
{
    assert(decided < history->count);
    size_t from = decided;
    if (reporter == NOBODY) {
        size_t read = lookback_read(history, decided);
        from = read == NOT_FOUND ? decided : read;
    }
    for (size_t i = from; i-- > due;) {
        const struct history_event *event = &history->events[i];
        if (event->kind == HISTORY_REPLY && event->reply.moment == MOMENT_REPORTS &&
            event->reply.outcome == STORE_OK &&
            (reporter == NOBODY || event->process == reporter)) {
            return event->at_ns;
        }
    }
    return NEVER_NS;
}

/* The first of the requests for the lock before `from`, all with one token: it is kept over the
 * tries of one wait. */
static size_t first_asked(const struct history *history, size_t from, uint16_t process)
{
    assert(from <= history->count);
    size_t first = NOT_FOUND;
    struct token token = {0};
    for (size_t i = from; i-- > 0;) {
        const struct history_event *event = &history->events[i];
        if (!is(event, HISTORY_REQUEST, process)) {
            continue;
        }
        if (event->request.key != KEY_LOCK) {
            break;
        }
        if (event->request.moment != MOMENT_ASKS_LOCK) {
            continue; /* it looks whose the lock is */
        }
        if (first != NOT_FOUND && !token_equal(event->request.value.token, token)) {
            break;
        }
        token = event->request.value.token;
        first = i;
    }
    return first;
}

bool lookback_lock(const struct history *history, size_t from, uint16_t process, size_t *asked,
                   size_t *acquired)
{
    for (size_t i = from; i-- > 0;) {
        const struct history_event *event = &history->events[i];
        if (is(event, HISTORY_BORN, process) ||
            (is(event, HISTORY_CLAIM, process) && !event->claim.claim.in_section)) {
            break;
        }
        if (is(event, HISTORY_CLAIM, process) &&
            event->claim.happened & 1u << MOMENT_ACQUIRES_LOCK) {
            *acquired = i;
            *asked = first_asked(history, i, process);
            return *asked != NOT_FOUND;
        }
    }
    return false;
}

size_t lookback_first_try(const struct history *history, size_t acquired, size_t due,
                          uint16_t process)
{
    size_t first = NOT_FOUND;
    for (size_t i = acquired; i-- > due;) {
        const struct history_event *event = &history->events[i];
        if (is(event, HISTORY_BORN, process) ||
            (is(event, HISTORY_CLAIM, process) && event->claim.claim.in_section)) {
            break;
        }
        if (is(event, HISTORY_REQUEST, process) && event->request.key == KEY_LOCK &&
            event->request.moment != MOMENT_RELEASES_LOCK &&
            event->request.moment != MOMENT_EXTENDS_LOCK) {
            first = i;
        }
    }
    return first;
}

uint32_t lookback_requests(const struct history *history, size_t begin, size_t end,
                           uint16_t process)
{
    assert(begin <= end && end <= history->count);
    uint32_t requests = 0;
    for (size_t i = begin; i < end; i++) {
        requests += is(&history->events[i], HISTORY_REQUEST, process);
    }
    return requests;
}
