/* What all who tell a story have in common. See teller.h. */
#include "sim/story/teller.h"

#include <assert.h>

#include "sim/faults/fault.h"
#include "sim/history/text.h"
#include "src/protocol.h"

const struct view_process *teller_member(const struct teller *teller, uint16_t id)
{
    assert(id <= teller->history->facts.settings.nodes);
    return &teller->scene.view.processes[id];
}

bool teller_is_guilty(const struct teller *teller, uint32_t event)
{
    assert(event == EVENT_NONE || event < teller->history->count);
    return event != EVENT_NONE && teller->guilt[event] > 0;
}

/* The servers, and one more place for what befalls no server. */
#define PLACES (SERVERS_MAX + 1u)

/* The members, and one more for the servers themselves. */
static size_t subjects(const struct history *history)
{
    assert(history->facts.settings.servers <= SERVERS_MAX);
    return history->facts.settings.nodes + 2u;
}

size_t teller_in_force_size(const struct history *history)
{
    size_t kinds = 0;
    while (fault_rows[kinds]) {
        kinds++;
    }
    return kinds * subjects(history) * PLACES;
}

uint16_t *teller_in_force(const struct teller *teller)
{
    const struct history_event *event = teller->event;
    size_t count = subjects(teller->history);
    size_t subject = event->process == HISTORY_HARNESS ? count - 1 : event->process;
    size_t server = event->server < SERVERS_MAX ? event->server : SERVERS_MAX;
    assert(event->kind == HISTORY_FAULT || event->kind == HISTORY_HEALED);
    assert(subject < count);
    return &teller->in_force[(event->fault.kind * count + subject) * PLACES + server];
}

void teller_ends_folds(struct teller *teller, uint16_t id)
{
    assert(id <= teller->history->facts.settings.nodes);
    for (int fold = 0; fold < FOLDS; fold++) {
        teller->notes[id].folds[fold] = NO_DRAFT;
    }
}

size_t teller_line(struct teller *teller, uint16_t weight)
{
    const struct history_event *event = teller->event;
    assert(event == &teller->history->events[teller->index]);
    size_t place = drafts_add(&teller->drafts, event->at_ns, teller->index, event->process, weight);
    if (event->process != HISTORY_HARNESS) {
        teller_ends_folds(teller, event->process);
        teller_say(teller, place, "%s ", text_process(event->process).text);
    }
    return place;
}

void teller_fold(struct teller *teller, enum fold fold)
{
    const struct history_event *event = teller->event;
    assert(fold != FOLD_NONE && fold < FOLDS);
    size_t *open = &teller->notes[event->process].folds[fold];
    struct drafts *drafts = &teller->drafts;
    if (*open == NO_DRAFT) {
        *open = drafts_add(drafts, event->at_ns, teller->index, event->process, STORY_ROUTINE);
    }
    if (*open != NO_DRAFT) {
        struct draft *draft = &drafts->list[*open];
        draft->fold = (uint8_t)fold;
        draft->count++;
        draft->until_ns = event->at_ns;
    }
}

static int32_t other(const struct teller *teller, uint16_t id,
                     bool (*is)(const struct view *, const struct view_process *))
{
    const struct view *view = &teller->scene.view;
    assert(id <= view->facts->settings.nodes);
    for (uint32_t i = 0; i <= view->facts->settings.nodes; i++) {
        if (i != id && is(view, &view->processes[i])) {
            return (int32_t)i;
        }
    }
    return NOBODY;
}

int32_t teller_other_inside(const struct teller *teller, uint16_t id)
{
    return other(teller, id, view_is_inside);
}

int32_t teller_other_leader(const struct teller *teller, uint16_t id)
{
    return other(teller, id, view_acts_as_leader);
}

/* A renewal that is under way: it may have reached the server already. */
struct renewal {
    bool any;         /* there is one */
    bool good;        /* its answer will say so */
    int64_t until_ns; /* then the lock lasts until this time */
};

/* The last request of a member that dates its lock on this server, if its answer is still out. */
static struct renewal renewal_under_way(const struct teller *teller, uint16_t id, uint8_t server)
{
    const struct history *history = teller->history;
    assert(server < SERVERS_MAX);
    uint32_t asked = teller->notes[id].dates[server];
    if (asked == EVENT_NONE) {
        return (struct renewal){0};
    }
    const struct history_event *request = &history->events[asked];
    struct renewal renewal = {.any = true};
    for (size_t i = teller->index + 1u; i < history->count; i++) {
        const struct history_event *event = &history->events[i];
        bool own = event->process == id;
        if (own && event->kind == HISTORY_REPLY && history_asked(history, i) == asked) {
            renewal.good = history_applied(&event->reply);
            break;
        }
        if (own && event->kind == HISTORY_DIED) {
            break;
        }
    }
    renewal.until_ns =
        request->at_ns + op_ttl_ms(request->request.op, request->request.ttl_ms) * NS_PER_MS;
    return renewal;
}

/* When a member's lock on a server is over, by the answers; by its request, if it outlived that. */
static int64_t hold_ends(const struct teller *teller, uint16_t id, uint8_t server)
{
    int64_t until_ns = teller->scene.locks[server].until_ns;
    assert(teller->scene.locks[server].holder == id);
    return until_ns == INT64_MAX ? teller->notes[id].ends_ns[server] : until_ns;
}

/* " (lock until 0.550 s)", as far as the answers tell, those to renewals that are under way, too.
 * Where none will come, "at least until". */
static void say_until(struct teller *teller, size_t place, uint16_t id)
{
    const struct settings *settings = &teller->history->facts.settings;
    assert(id <= settings->nodes && settings->servers <= SERVERS_MAX);
    unsigned held = 0;
    bool perhaps = false;
    int64_t until_ns = INT64_MAX;
    for (uint8_t server = 0; server < settings->servers; server++) {
        const struct scene_hold *hold = &teller->scene.locks[server];
        if (hold->holder != id) {
            continue;
        }
        const struct renewal renewal = renewal_under_way(teller, id, server);
        int64_t ends_ns = renewal.good ? renewal.until_ns : hold_ends(teller, id, server);
        held++;
        perhaps = perhaps || (!renewal.good && (renewal.any || teller->notes[id].unheard[server]));
        until_ns = ends_ns < until_ns ? ends_ns : until_ns;
    }
    if (held > 0) {
        bool ends = until_ns != INT64_MAX, over = until_ns <= teller->event->at_ns;
        const char *words = !ends     ? "without end"
                            : over    ? "beyond its time, which ended at "
                            : perhaps ? "at least until "
                                      : "until ";
        teller_say(teller, place, " (lock %s%s", words, ends ? text_seconds(until_ns).text : "");
        if (settings->servers > 1) {
            teller_say(teller, place, " on %u of %u servers", held, settings->servers);
        }
        teller_say(teller, place, ")");
    }
}

/* Whether it was told so by some server; it need not act upon it yet. */
static bool holds_lock(const struct teller *teller, uint16_t id)
{
    for (uint8_t server = 0; server < teller->history->facts.settings.servers; server++) {
        if (teller->scene.locks[server].holder == id) {
            return true;
        }
    }
    return false;
}

static bool asks_for_lock(const struct teller *teller, uint16_t id)
{
    const struct scene_member *member = &teller->scene.members[id];
    for (uint8_t server = 0; server < teller->history->facts.settings.servers; server++) {
        if (member->asked[server] != EVENT_NONE) {
            return true;
        }
    }
    return false;
}

bool teller_say_where(struct teller *teller, size_t place, uint16_t id, enum where where)
{
    assert(teller->scene.view.now_ns == teller->event->at_ns);
    const struct view *view = &teller->scene.view;
    const struct view_process *process = teller_member(teller, id);
    bool known = where == WHERE_KNOWN;
    if (view_is_inside(view, process) && !protocol_holds_on(&view->facts->settings)) {
        teller_say(teller, place, "%s%s", where == WHERE_APART ? "," : "",
                   known ? "" : " in its critical section");
        say_until(teller, place, id);
    } else if (view_acts_as_leader(view, process)) {
        teller_say(teller, place, ", while it leads");
        say_until(teller, place, id);
    } else if (!known && holds_lock(teller, id)) {
        teller_say(teller, place, ", while it has the lock");
        say_until(teller, place, id);
    } else if (!known && asks_for_lock(teller, id)) {
        teller_say(teller, place, ", while its request for the lock is under way");
    } else {
        return false;
    }
    return true;
}

/* Whether a lock that the member still has is beyond its time, on whatever server. */
static bool outlives(const struct teller *teller, uint16_t id)
{
    for (uint8_t server = 0; server < teller->history->facts.settings.servers; server++) {
        if (teller->scene.locks[server].holder == id &&
            hold_ends(teller, id, server) <= teller->event->at_ns) {
            return true;
        }
    }
    return false;
}

void teller_say_belief(struct teller *teller, size_t place, uint16_t id)
{
    const struct view *view = &teller->scene.view;
    const struct view_process *process = teller_member(teller, id);
    assert(view->now_ns == teller->event->at_ns);
    bool inside = view_is_inside(view, process), leads = view_acts_as_leader(view, process);
    bool over = outlives(teller, id);
    bool another = leads && teller_other_leader(teller, id) != NOBODY;
    if (inside && (over || teller->notes[id].lost)) {
        teller_say(teller, place, ", still believing that it %sholds the lock",
                   another ? "leads and " : "");
    } else if (another) {
        teller_say(teller, place, ", still believing that it leads");
    } else if (inside && holds_lock(teller, id)) {
        teller_say(teller, place, ", and still holds the lock");
    } else if (inside) { /* what it asked by a script of its own, nobody knows */
        teller_say(teller, place, leads ? ", and still leads" : ", still in its critical section");
    } else if (process->claim.leads && process->alive && !leads) {
        teller_say(teller, place, ", though its time as leader is over");
    }
}
