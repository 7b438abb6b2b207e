/* The lines of a story while it is being told. See drafts.h. */
#include "sim/story/drafts.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/history/text.h"
#include "sim/text/grown.h"

/* Once, and more often: then the number stands in between. */
struct fold_words {
    const char *once, *often;
};
static const struct fold_words fold_words[FOLDS] = {
    [FOLD_ROUND] = {"has the lock for a moment", "has the lock for a moment"},
    [FOLD_RENEWAL] = {"renews", "renews"},
    [FOLD_FOREIGN] = {"extends another's lock", "extends another's lock"},
    [FOLD_BUSY] = {"finds the lock busy", "finds the lock busy"},
    [FOLD_UNANSWERED] = {"gets no answer", "gets no answer"},
    [FOLD_REFUSED] = {"is refused", "is refused"},
    [FOLD_NO_WAY] = {"finds no way to the Redis", "finds no way to the Redis"},
    [FOLD_UNREADABLE] = {"cannot read what it finds", "cannot read what it finds"},
    [FOLD_WRITE] = {"writes to the resource", "writes to the resource"},
    [FOLD_REJECTED] = {"has a write rejected by the resource",
                       "has writes rejected by the resource"},
};

void drafts_free(struct drafts *drafts)
{
    free(drafts->list);
    *drafts = (struct drafts){0};
}

size_t drafts_add(struct drafts *drafts, int64_t at_ns, uint32_t event, uint16_t process,
                  uint16_t weight)
{
    assert(drafts->count <= drafts->capacity && event != EVENT_NONE);
    struct draft *list =
        grown(drafts->list, drafts->count, &drafts->capacity, sizeof *drafts->list);
    if (!list) {
        drafts->lost = true;
        return NO_DRAFT;
    }
    drafts->list = list;
    struct draft *draft = &list[drafts->count];
    *draft = (struct draft){.line = {.at_ns = at_ns, .event = event, .weight = weight},
                            .process = process,
                            .until_ns = at_ns};
    draft->line.violation = -1;
    for (int i = 0; i < DRAFT_EVENTS; i++) {
        draft->events[i] = EVENT_NONE;
    }
    if (weight >= STORY_NEWS) {
        drafts->news = drafts->count;
    }
    return drafts->count++;
}

void draft_say(struct drafts *drafts, size_t place, const char *format, ...)
{
    if (place == NO_DRAFT) {
        return;
    }
    assert(place < drafts->count);
    char *text = drafts->list[place].line.text;
    size_t used = strlen(text);
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text + used, STORY_TEXT - used, format, arguments);
    va_end(arguments);
}

void draft_tells(struct drafts *drafts, size_t place, uint32_t event)
{
    if (place == NO_DRAFT || event == EVENT_NONE) {
        return;
    }
    assert(place < drafts->count);
    struct draft *draft = &drafts->list[place];
    for (int i = 0; i < DRAFT_EVENTS; i++) {
        if (draft->events[i] == EVENT_NONE) {
            draft->events[i] = event;
            return;
        }
    }
}

void drafts_close(struct drafts *drafts)
{
    for (size_t i = 0; i < drafts->count; i++) {
        struct draft *draft = &drafts->list[i];
        assert(draft->fold < FOLDS);
        if (draft->fold == FOLD_NONE) {
            continue;
        }
        const struct fold_words *words = &fold_words[draft->fold];
        draft_say(drafts, i, "%s %s", text_process(draft->process).text,
                  draft->count > 1 ? words->often : words->once);
        if (draft->count > 1) {
            draft_say(drafts, i, " %s times, until %s", text_count(draft->count).text,
                      text_seconds(draft->until_ns).text);
        }
    }
}
