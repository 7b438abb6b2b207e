/* The story of a trial, event by event. See story.h. */
#include "sim/story/story.h"

#include <assert.h>
#include <stdlib.h>

#include "sim/story/teller.h"

/* --- what violations rest on ------------------------------------------------------------------ */

/* The causes of the first violation of each check weigh; what came after it is no news, but is told
 * by itself. */
static void note_guilt(struct teller *teller, const struct violations *found)
{
    bool seen[CHECKS_MAX] = {false};
    for (size_t i = 0; i < found->count; i++) {
        const struct violation *violation = &found->list[i];
        bool again = seen[violation->check];
        seen[violation->check] = true;
        size_t rank = i < 40 ? i : 40;
        uint16_t cause = (uint16_t)(STORY_BROKEN - 2000 - rank * 10);
        for (int j = 0; j < violation->event_count; j++) {
            uint32_t event = violation->events[j];
            if (event >= teller->history->count) {
                continue;
            }
            bool before = teller->history->events[event].at_ns <= violation->at_ns;
            uint16_t weight = before && !again ? cause : STORY_ROUTINE + 1;
            teller->guilt[event] = weight > teller->guilt[event] ? weight : teller->guilt[event];
        }
    }
}

/* --- memory ----------------------------------------------------------------------------------- */

static void forget(struct teller *teller)
{
    scene_free(&teller->scene);
    drafts_free(&teller->drafts);
    free(teller->notes);
    free(teller->guilt);
    free(teller->in_force);
}

static bool prepare(struct teller *teller, const struct history *history)
{
    assert(history->count < EVENT_NONE);
    size_t members = history->facts.settings.nodes + 1u;
    *teller = (struct teller){.history = history,
                              .published = {.leader = NOBODY},
                              .published_event = EVENT_NONE,
                              .drafts = {.news = NO_DRAFT},
                              .lock_fault = NO_DRAFT,
                              .links = {.place = NO_DRAFT},
                              .start = NO_DRAFT,
                              .settled = NOBODY};
    teller->notes = calloc(members, sizeof *teller->notes);
    teller->guilt = calloc(history->count + 1, sizeof *teller->guilt);
    teller->in_force = calloc(teller_in_force_size(history), sizeof *teller->in_force);
    if (!teller->notes || !teller->guilt || !teller->in_force ||
        !scene_new(&teller->scene, &history->facts)) {
        return false;
    }
    for (size_t id = 0; id < members; id++) {
        struct member_note *note = &teller->notes[id];
        note->fault = NO_DRAFT;
        note->decision = NO_DRAFT;
        note->publication = NO_DRAFT;
        for (unsigned server = 0; server < SERVERS_MAX; server++) {
            note->dates[server] = EVENT_NONE;
            note->ends_ns[server] = INT64_MAX;
        }
        teller_ends_folds(teller, (uint16_t)id);
    }
    return true;
}

/* --- events ----------------------------------------------------------------------------------- */

static void tell(struct teller *teller)
{
    assert(teller->event->kind < HISTORY_KINDS);
    switch ((enum history_kind)teller->event->kind) {
    case HISTORY_BORN:
    case HISTORY_STARTED:
    case HISTORY_DIED:
    case HISTORY_PAUSED:
    case HISTORY_RESUMED:
        tell_life(teller);
        break;
    case HISTORY_REQUEST:
        tell_request(teller);
        break;
    case HISTORY_REPLY:
        tell_reply(teller);
        break;
    case HISTORY_CLAIM:
        tell_claim(teller);
        break;
    case HISTORY_DECIDED:
        tell_decided(teller);
        break;
    case HISTORY_FAULT:
        tell_fault(teller);
        break;
    case HISTORY_HEALED:
        tell_healed(teller);
        break;
    case HISTORY_SKIPPED:
        tell_skipped(teller);
        break;
    case HISTORY_OUTSIDE:
    case HISTORY_UNDECIDED:
    case HISTORY_OBSCURE:
        tell_outside(teller);
        break;
    case HISTORY_EXPIRED:
        tell_expired(teller);
        break;
    case HISTORY_PHASE:
        tell_phase(teller);
        break;
    case HISTORY_COMMAND:
    case HISTORY_MORE:
    case HISTORY_KINDS:
        break;
    }
}

static bool ends(const struct history_event *event)
{
    return event->kind == HISTORY_PHASE && event->phase == PHASE_END;
}

bool story_tell(struct story *story, const struct history *history, const struct violations *found,
                size_t most)
{
    struct teller teller;
    bool over = false, good = prepare(&teller, history);
    *story = (struct story){0};
    for (uint32_t i = 0; good && !over && i < history->count; i++) {
        teller.event = &history->events[i];
        teller.index = i;
        if (i == 0) {
            note_guilt(&teller, found);
        }
        scene_apply(&teller.scene, history, i);
        note_renewals(&teller);
        tell(&teller);
        tell_settled(&teller);
        note_published(&teller);
        over = ends(teller.event);
    }
    good = good && tell_chosen(&teller, found, most, story);
    forget(&teller);
    return good;
}

void story_free(struct story *story)
{
    free(story->lines);
    *story = (struct story){0};
}
