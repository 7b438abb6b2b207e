/* The news of a history. See news.h. */
#include "sim/live/news.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "sim/faults/fault.h"
#include "sim/history/text.h"
#include "sim/text/grown.h"
#include "src/protocol.h"

void news_free(struct news *news)
{
    free(news->items);
    *news = (struct news){0};
}

/* Puts it where its event belongs: nearly always at the end. */
static bool add(struct news *news, const struct news_item *item)
{
    struct news_item *items = grown(news->items, news->count, &news->room, sizeof *items);
    if (!items) {
        return false;
    }
    news->items = items;
    size_t at = news->count++;
    for (; at > 0 && items[at - 1].event > item->event; at--) {
        items[at] = items[at - 1];
    }
    items[at] = *item;
    return true;
}

/* --- what is told ----------------------------------------------------------------------------- */

/* "pause node 2", "cut node 3 from redis 2", "expire_lock"; of what has neither, the name alone. */
static void tell_fault(const struct history *history, const struct history_event *event,
                       struct news_item *item)
{
    const struct fault_row *row = fault_rows[event->fault.kind];
    const char *name = row->name;
    bool whom = event->process != HISTORY_HARNESS;
    bool which = history->facts.settings.servers > 1 && event->server != NO_SERVER;
    char on[64] = "";
    if (whom) {
        snprintf(on, sizeof on, " %s%s%s", text_process(event->process).text, which ? " at " : "",
                 which ? text_server(history, event->server).text : "");
    } else if (which || row == &fault_stall) {
        snprintf(on, sizeof on, " %s", text_server(history, event->server).text);
    }
    if (event->kind == HISTORY_SKIPPED) {
        snprintf(item->text, sizeof item->text, "%s%s: not done, %s", name, on,
                 event->why ? event->why : "it could not be");
    } else {
        snprintf(item->text, sizeof item->text, "%s%s%s%s", name, on,
                 event->kind == HISTORY_HEALED ? " ends" : "",
                 event->fault.index == HISTORY_HAND ? ", by hand" : "");
    }
}

static void tell_election(struct news *news, const struct history *history,
                          const struct decision *decision, struct news_item *item)
{
    const char *reason = protocol_reason(&history->facts.settings, decision->reason);
    news->published = *decision;
    snprintf(item->text, sizeof item->text, "%s is elected%s%s, term %" PRIu64,
             text_process(decision->leader).text, reason ? " by " : "", reason ? reason : "",
             decision->term);
}

/* What the event at `index` is news of. False: of nothing. */
static bool is_news(struct news *news, const struct history *history, uint32_t index,
                    struct news_item *item)
{
    const struct history_event *event = &history->events[index];
    size_t asked;
    switch ((enum history_kind)event->kind) {
    case HISTORY_FAULT:
    case HISTORY_HEALED:
    case HISTORY_SKIPPED:
        tell_fault(history, event, item);
        return true;
    case HISTORY_OUTSIDE:
    case HISTORY_UNDECIDED:
        snprintf(item->text, sizeof item->text, "%s: %s", text_subject(history, event).text,
                 event->why ? event->why : "something from outside");
        return true;
    case HISTORY_REPLY:
        asked = history_published(history, index);
        if (asked != HISTORY_NOWHERE) {
            struct decision decision = history_decision(history, asked);
            item->kind = NEWS_ELECTION;
            bool other = decision.leader != news->published.leader ||
                         decision.term != news->published.term || news->published.term == 0;
            tell_election(news, history, &decision, item);
            return other;
        }
        return false;
    case HISTORY_CLAIM:
        item->kind = NEWS_ELECTION;
        snprintf(item->text, sizeof item->text, "%s leads, term %" PRIu64,
                 text_process(event->process).text, event->claim.claim.term);
        return (event->claim.happened & 1u << MOMENT_LEADS) != 0;
    default:
        return false;
    }
}

bool news_take(struct news *news, const struct history *history)
{
    bool whole = true;
    for (; news->seen < history->count; news->seen++) {
        const struct history_event *event = &history->events[news->seen];
        struct news_item item = {.event = news->seen, .kind = NEWS_FAULT, .at_ns = event->at_ns};
        if (is_news(news, history, news->seen, &item)) {
            whole = add(news, &item) && whole;
        }
    }
    return whole;
}

/* --- violations ------------------------------------------------------------------------------- */

/* It is told at the last of its events that is not later than its beginning is sure. */
static uint32_t event_of(const struct violation *violation, const struct history *history)
{
    uint32_t event = EVENT_NONE;
    for (unsigned i = 0; i < violation->event_count; i++) {
        uint32_t guilty = violation->events[i];
        if (guilty < history->count &&
            (event == EVENT_NONE || history->events[guilty].at_ns <= violation->at_ns)) {
            event = guilty;
        }
    }
    return event;
}

/* Those behind the first `count` events, and all violations: they are to be found again. */
static void forget(struct news *news, uint32_t count)
{
    size_t kept = 0;
    for (size_t i = 0; i < news->count; i++) {
        if (news->items[i].kind != NEWS_VIOLATION && news->items[i].event < count) {
            news->items[kept++] = news->items[i];
        }
    }
    news->count = kept;
}

bool news_judge(struct news *news, const struct history *history,
                const struct violations *violations)
{
    bool whole = true;
    forget(news, UINT32_MAX);
    for (size_t i = 0; i < violations->count; i++) {
        const struct violation *violation = &violations->list[i];
        struct news_item item = {.event = event_of(violation, history),
                                 .kind = NEWS_VIOLATION,
                                 .at_ns = violation->at_ns};
        snprintf(item.text, sizeof item.text, "%s: %s", check_rows[violation->check]->name,
                 violation->explanation);
        whole = (item.event == EVENT_NONE || add(news, &item)) && whole;
    }
    return whole;
}

/* --- where it is ------------------------------------------------------------------------------ */

void news_cut(struct news *news, const struct history *history, uint32_t count)
{
    forget(news, count);
    news->seen = news->seen < count ? news->seen : count;
    news->published = (struct decision){.leader = NOBODY};
    for (size_t i = count; i-- > 0;) {
        size_t asked = history_published(history, i);
        if (asked != HISTORY_NOWHERE) {
            news->published = history_decision(history, asked);
            break;
        }
    }
}

const struct news_item *news_next(const struct news *news, enum news_kind kind, uint32_t place)
{
    for (size_t i = 0; i < news->count; i++) {
        if (news->items[i].event >= place && news->items[i].kind == kind) {
            return &news->items[i];
        }
    }
    return NULL;
}

const struct news_item *news_previous(const struct news *news, enum news_kind kind, uint32_t place)
{
    for (size_t i = news->count; i-- > 0;) {
        if (news->items[i].event + 1 < place && news->items[i].kind == kind) {
            return &news->items[i];
        }
    }
    return NULL;
}
