/* What a step of the history is called. See steps.h. */
#include "sim/live/steps.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "sim/history/elected.h"
#include "sim/history/text.h"
#include "sim/ops/values.h"

#define WORDS 200

/* What a member makes of an answer: "has the lock", "finds the lock taken". NULL: there are no
 * words for it but those of the operation. */
static const char *answer_words(const struct history_reply *reply)
{
    static const struct {
        const char *done, *not_done;
    } words[MOMENTS] = {
        [MOMENT_ASKS_LOCK] = {"has the lock", "finds the lock taken"},
        [MOMENT_EXTENDS_LOCK] = {"has extended the lock", "cannot extend the lock"},
        [MOMENT_RELEASES_LOCK] = {"has released the lock", "finds no lock of its own"},
        [MOMENT_REPORTS] = {"has reported", "has not reported"},
        [MOMENT_READS] = {"has read the statuses", "finds no statuses"},
        [MOMENT_PUBLISHES] = {"has published", "has not published"},
        [MOMENT_WRITES] = {"has written", "its write is rejected"},
    };
    if (reply->outcome == STORE_UNKNOWN) {
        return "gets no answer";
    }
    if (reply->outcome == STORE_REFUSED || reply->outcome == STORE_UNREADABLE) {
        return NULL;
    }
    if (reply->moment >= MOMENTS) {
        return NULL;
    }
    return history_applied(reply) ? words[reply->moment].done : words[reply->moment].not_done;
}

/* "looks who is elected" is answered by that. */
static bool tell_leader(const struct history_event *event, char *out, size_t size)
{
    struct decision found;
    if (event->reply.moment < MOMENTS || !history_tells(event, &found)) {
        return false;
    }
    if (found.leader == NOBODY) {
        snprintf(out, size, "sees nobody elected");
    } else {
        snprintf(out, size, "sees %s, term %" PRIu64, text_process(found.leader).text, found.term);
    }
    return true;
}

/* What a step of its own changed, the most telling first. */
static bool tell_claim(const struct history_event *event, char *out, size_t size)
{
    const struct claim *claim = &event->claim.claim;
    uint32_t happened = event->claim.happened;
    if (happened & 1u << MOMENT_LEADS) {
        snprintf(out, size, "leads, term %" PRIu64, claim->term);
    } else if (happened & 1u << MOMENT_RESIGNS) {
        snprintf(out, size, "no longer leads");
    } else if (happened & 1u << MOMENT_ACQUIRES_LOCK) {
        snprintf(out, size, "is inside");
    } else if (happened & 1u << MOMENT_FOLLOWS) {
        snprintf(out, size, "follows %s", text_process(claim->follows).text);
    } else if (event->why) {
        snprintf(out, size, "%s", event->why);
    } else {
        snprintf(out, size, "%s, follows %s", status_names[claim->status],
                 text_process(claim->follows).text);
    }
    return true;
}

/* What a member makes of an answer, or of a step of its own. False: the words of the history do. */
static bool tell_own(const struct history_event *event, char *out, size_t size)
{
    if (event->kind == HISTORY_CLAIM) {
        return tell_claim(event, out, size);
    }
    if (event->kind != HISTORY_REPLY) {
        return false;
    }
    const char *words = answer_words(&event->reply);
    if (words) {
        snprintf(out, size, "%s", words);
    }
    return words || tell_leader(event, out, size);
}

char *step_words(const struct history *history, const struct history_event *event, char *out,
                 size_t size)
{
    assert(event->kind < HISTORY_KINDS);
    if (event->kind == HISTORY_REQUEST && event->why) {
        snprintf(out, size, "%s", event->why);
    } else if (!tell_own(event, out, size)) {
        history_describe(history, event, out, size);
    }
    return out;
}

char *step_sentence(const struct history *history, const struct history_event *event, char *out,
                    size_t size)
{
    char words[WORDS];
    snprintf(out, size, "%s %s%s", text_subject(history, event).text,
             step_words(history, event, words, sizeof words), text_where(history, event).text);
    return out;
}

char *step_exactly(const struct history *history, const struct history_event *event, char *out,
                   size_t size)
{
    char words[WORDS], what[WORDS];
    step_words(history, event, words, sizeof words);
    history_describe(history, event, what, sizeof what);
    bool told = !event->why || strcmp(words, event->why) == 0 || strcmp(what, event->why) == 0 ||
                event->kind == HISTORY_EXPIRED;
    bool same = strcmp(words, what) == 0;
    snprintf(out, size, "%s%s%s", same ? "" : what, told || same ? "" : "; ",
             told ? "" : event->why);
    return out;
}

char *step_line(const struct history *history, const struct history_event *event, char *out,
                size_t size)
{
    char sentence[2 * WORDS], exactly[2 * WORDS];
    step_sentence(history, event, sentence, sizeof sentence);
    step_exactly(history, event, exactly, sizeof exactly);
    snprintf(out, size, "%11.6f s  %s%s%s%s", (double)event->at_ns / 1e9, sentence,
             *exactly ? " (" : "", exactly, *exactly ? ")" : "");
    return out;
}
