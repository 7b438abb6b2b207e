/* Lives in a story: starts, deaths, standstills; the phases of the run; what was not its doing. */
#include <assert.h>
#include <string.h>

#include "sim/history/text.h"
#include "sim/story/teller.h"
#include "src/protocol.h"
#include "src/units.h"

/* The fault that brought it about told of it already. */
static bool was_told(struct teller *teller)
{
    struct member_note *note = &teller->notes[teller->event->process];
    bool told = note->fault != NO_DRAFT && note->then == teller->event->kind;
    if (told) {
        draft_tells(&teller->drafts, note->fault, teller->index);
        note->fault = NO_DRAFT;
    }
    return told;
}

/* --- starts ----------------------------------------------------------------------------------- */

/* "5 nodes and the master start, until 0.302 s": one line for those who start one after the other
 * before anything else happens. */
static void say_starts(struct teller *teller)
{
    assert(teller->nodes_started > 0 || teller->master_started);
    struct drafts *drafts = &teller->drafts;
    if (teller->start == NO_DRAFT) {
        return;
    }
    struct draft *draft = &drafts->list[teller->start];
    uint32_t nodes = teller->nodes_started;
    uint32_t all = nodes + teller->master_started;
    draft->line.text[0] = '\0';
    if (nodes == 1) {
        teller_say(teller, teller->start, "%s", text_process(teller->node_started).text);
    } else if (nodes > 1) {
        bool programs = protocol_is_foreign(&teller->history->facts.settings);
        teller_say(teller, teller->start, "%s %s", text_count(nodes).text,
                   programs ? "programs" : "nodes");
    }
    teller_say(teller, teller->start, "%s%s start%s",
               nodes > 0 && teller->master_started ? " and " : "",
               teller->master_started ? "the master" : "", all == 1 ? "s" : "");
    if (draft->until_ns - draft->line.at_ns >= NS_PER_MS) {
        teller_say(teller, teller->start, ", until %s", text_seconds(draft->until_ns).text);
    }
}

static void tell_start(struct teller *teller)
{
    assert(teller->event->kind == HISTORY_STARTED);
    const struct history_event *event = teller->event;
    struct member_note *note = &teller->notes[event->process];
    struct drafts *drafts = &teller->drafts;
    bool again = note->started;
    note->started = true;
    if (again) {
        return; /* its birth was told */
    }
    if (teller->start == NO_DRAFT || drafts->news != teller->start) {
        teller->start =
            drafts_add(drafts, event->at_ns, teller->index, HISTORY_HARNESS, STORY_NEWS + 200);
        teller->nodes_started = 0;
        teller->master_started = false;
    }
    if (teller->start != NO_DRAFT) {
        drafts->list[teller->start].until_ns = event->at_ns;
    }
    teller->nodes_started += event->process != MASTER_ID;
    teller->node_started = event->process != MASTER_ID ? event->process : teller->node_started;
    teller->master_started = teller->master_started || event->process == MASTER_ID;
    say_starts(teller);
}

/* --- the rest of life ------------------------------------------------------------------------- */

static void tell_death(struct teller *teller)
{
    char what[STORY_TEXT - 80];
    assert(teller->event->kind == HISTORY_DIED);
    size_t place = teller_line(teller, STORY_CAUSE);
    history_describe(teller->history, teller->event, what, sizeof what);
    teller_say(teller, place, "%s", what);
    teller_say_where(teller, place, teller->event->process, WHERE_HERE);
}

void tell_life(struct teller *teller)
{
    const struct history_event *event = teller->event;
    struct member_note *note = &teller->notes[event->process];
    assert(event->process <= teller->history->facts.settings.nodes);
    if (event->kind == HISTORY_BORN) {
        note->lost = false;
        note->decision = NO_DRAFT;
        note->publication = NO_DRAFT;
    }
    if (was_told(teller) || (event->kind == HISTORY_BORN && !note->started)) {
        return;
    }
    size_t place;
    switch ((enum history_kind)event->kind) {
    case HISTORY_STARTED:
        tell_start(teller);
        break;
    case HISTORY_BORN:
        place = teller_line(teller, STORY_NEWS + 3000);
        teller_say(teller, place, "is started again, and remembers nothing");
        break;
    case HISTORY_DIED:
        tell_death(teller);
        break;
    case HISTORY_PAUSED:
        place = teller_line(teller, STORY_CAUSE);
        teller_say(teller, place, "stands still");
        teller_say_where(teller, place, event->process, WHERE_HERE);
        break;
    default:
        assert(event->kind == HISTORY_RESUMED);
        place = teller_line(teller, STORY_CAUSE);
        teller_say(teller, place, "goes on");
        teller_say_belief(teller, place, event->process);
    }
}

/* --- the run ---------------------------------------------------------------------------------- */

/* Appends whose the lock is, where there is one: that is who keeps it from all others. */
static void say_holder(struct teller *teller, size_t place)
{
    const struct scene_hold *hold = &teller->scene.locks[0];
    if (teller->history->facts.settings.servers != 1 || hold->holder == NOBODY) {
        return;
    }
    assert(hold->ended == SCENE_HELD);
    teller_say(teller, place, ", and the lock still is that of %s",
               text_process(hold->holder).text);
    if (hold->until_ns != INT64_MAX && hold->until_ns > teller->event->at_ns) {
        teller_say(teller, place, " until %s", text_seconds(hold->until_ns).text);
    } else if (hold->unawares) {
        teller_say(teller, place, ", which was never told so");
    }
}

/* Appends who leads, by their own words: ": node 1 and node 3 lead". */
static void say_leaders(struct teller *teller, size_t place)
{
    const struct view *view = &teller->scene.view;
    int32_t first = NOBODY;
    uint32_t leaders = 0;
    assert(teller->event->kind == HISTORY_PHASE);
    if (!protocol_has_leaders(&view->facts->settings)) {
        return;
    }
    for (uint32_t id = 0; id <= view->facts->settings.nodes; id++) {
        if (view_acts_as_leader(view, &view->processes[id])) {
            teller_say(teller, place, "%s%s", leaders == 0 ? ": " : " and ",
                       text_process((int32_t)id).text);
            first = first == NOBODY ? (int32_t)id : first;
            leaders++;
        }
    }
    if (leaders == 0) {
        teller_say(teller, place, ": nobody leads");
        say_holder(teller, place);
    } else if (leaders > 1) {
        teller_say(teller, place, " lead");
    } else {
        bool all = view_settled_on(view) == first && view->standing.following == view->standing.up;
        teller_say(teller, place, " leads%s", all ? ", and all follow it" : "");
    }
}

void tell_phase(struct teller *teller)
{
    const struct history_event *event = teller->event;
    assert(event->kind == HISTORY_PHASE);
    if (event->phase == PHASE_SAFETY) {
        return;
    }
    bool healed = event->phase == PHASE_LIVENESS;
    uint16_t weight = !healed             ? STORY_NEWS + 1500
                      : teller->any_fault ? STORY_NEWS + 100
                                          : STORY_ROUTINE;
    size_t place =
        drafts_add(&teller->drafts, event->at_ns, teller->index, HISTORY_HARNESS, weight);
    if (healed) {
        teller_say(teller, place, "everything is healed");
    } else {
        teller_say(teller, place, "the trial ends");
        say_leaders(teller, place);
    }
}

void tell_outside(struct teller *teller)
{
    const struct history_event *event = teller->event;
    char what[200];
    assert(event->kind == HISTORY_OUTSIDE || event->kind == HISTORY_UNDECIDED ||
           event->kind == HISTORY_OBSCURE);
    size_t place = drafts_add(&teller->drafts, event->at_ns, teller->index, HISTORY_HARNESS,
                              STORY_CAUSE + 2000);
    history_describe(teller->history, event, what, sizeof what);
    if (event->kind == HISTORY_UNDECIDED) {
        teller_say(teller, place, "from here on the trial cannot be judged: %s", what);
    } else if (event->kind == HISTORY_OBSCURE) {
        bool believes = event->why && strcmp(event->why, OBSCURE_OUTLIVED) == 0;
        teller_say(teller, place, "from here on nobody can tell what %s %s: %s",
                   text_subject(teller->history, event).text,
                   believes ? "believes" : "does to the lock", what);
    } else {
        teller_say(teller, place, "%s %s, which is not the scenario's doing",
                   text_subject(teller->history, event).text, what);
    }
}
