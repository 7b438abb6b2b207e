/* The news of a history. See news.h. */
#include "sim/live/news.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

#include "sim/history/elected.h"

void news_free(struct news *news)
{
    free(news->items);
    *news = (struct news){0};
}

static enum news_kind kind_of(const struct history *history, const struct story_line *line)
{
    const struct history_event *event = &history->events[line->event];
    if (line->violation >= 0) {
        return NEWS_VIOLATION;
    }
    switch ((enum history_kind)event->kind) {
    case HISTORY_FAULT:
    case HISTORY_HEALED:
    case HISTORY_SKIPPED:
    case HISTORY_OUTSIDE:
    case HISTORY_UNDECIDED:
    case HISTORY_OBSCURE:
        return NEWS_FAULT;
    case HISTORY_REQUEST:
        return history_publishes(event) ? NEWS_ELECTION : NEWS_STEP;
    case HISTORY_REPLY:
        return event->reply.moment == MOMENT_PUBLISHES ? NEWS_ELECTION : NEWS_STEP;
    case HISTORY_CLAIM:
        return event->claim.happened & 1u << MOMENT_LEADS ? NEWS_ELECTION : NEWS_STEP;
    default:
        return NEWS_STEP;
    }
}

static void take_line(struct news *news, const struct history *history,
                      const struct story_line *line)
{
    assert(line->event < history->count);
    struct news_item *item = &news->items[news->count++];
    *item = (struct news_item){
        .event = line->event, .kind = (uint8_t)kind_of(history, line), .at_ns = line->at_ns};
    snprintf(item->text, sizeof item->text, "%s", line->text);
}

bool news_tell(struct news *news, const struct history *history, const struct violations *found)
{
    struct story story;
    struct news told = {0};
    if (history->count == 0) {
        news_free(news);
        return true;
    }
    if (!story_tell(&story, history, found, SIZE_MAX)) {
        return false;
    }
    told.items = calloc(story.count + 1, sizeof *told.items);
    for (size_t i = 0; told.items && i < story.count; i++) {
        if (story.lines[i].weight >= STORY_NEWS && story.lines[i].event < history->count) {
            take_line(&told, history, &story.lines[i]);
        }
    }
    story_free(&story);
    if (told.items) {
        news_free(news);
        *news = told;
    }
    return told.items;
}

void news_cut(struct news *news, uint32_t count)
{
    while (news->count > 0 && news->items[news->count - 1].event >= count) {
        news->count--;
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
