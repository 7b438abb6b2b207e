/* Faults in a story: what befell whom, where that one was, and how it ended. */
#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "sim/faults/fault.h"
#include "sim/history/text.h"
#include "sim/ops/values.h"
#include "sim/story/teller.h"
#include "src/units.h"

/* A time as a scenario plans it: "3 s", "1,500 ms". It may be negative. */
static void say_planned(struct teller *teller, size_t place, int64_t ns)
{
    assert(ns != INT64_MIN);
    int64_t unit = ns % NS_PER_S == 0 ? NS_PER_S : NS_PER_MS;
    if (ns % unit == 0) {
        teller_say(teller, place, "%s%s %s", ns < 0 ? "-" : "",
                   text_count((uint64_t)((ns < 0 ? -ns : ns) / unit)).text,
                   unit == NS_PER_S ? "s" : "ms");
    } else {
        teller_say(teller, place, "%s", text_ms(ns).text);
    }
}

/* What its row says, with the server in the place of `@`. */
static void say_row(struct teller *teller, size_t place, const char *words)
{
    assert(words);
    const char *at = strchr(words, '@');
    if (!at) {
        teller_say(teller, place, "%s", words);
        return;
    }
    const struct history_event *event = teller->event;
    struct short_text server = text_server(teller->history, event->server);
    teller_say(teller, place, "%.*s", (int)(at - words), words);
    if (place != NO_DRAFT && event->server < SERVERS_MAX) {
        teller->links = (struct link_line){.place = place,
                                           .at = strlen(teller->drafts.list[place].line.text),
                                           .length = strlen(server.text),
                                           .servers = 1u << event->server};
    }
    teller_say(teller, place, "%s%s", server.text, at + 1);
}

static void say_hand(struct teller *teller, size_t place)
{
    assert(teller->event->kind == HISTORY_FAULT);
    if (teller->event->fault.index == HISTORY_HAND) {
        teller_say(teller, place, ", by hand");
    }
}

/* Whether its main parameter is how long it lasts. */
static bool lasts(const struct history_fault *fault)
{
    const struct param_row *param = &fault_rows[fault->kind]->params[0];
    return param->type == PARAM_DURATION && strcmp(param->name, "for") == 0 && fault->param != 0;
}

/* " to submit", " by -2 s": its main parameter, unless that is how long it lasts. */
static void say_param(struct teller *teller, size_t place)
{
    const struct history_fault *fault = &teller->event->fault;
    const struct fault_row *row = fault_rows[fault->kind];
    const struct param_row *param = &row->params[0];
    if (row == &fault_drift && fault->param != 0) {
        int64_t ppm = fault->param < 0 ? -fault->param : fault->param;
        teller_say(teller, place, " %s ppm too %s", text_count((uint64_t)ppm).text,
                   fault->param < 0 ? "slow" : "fast");
    }
    bool is_time = param->type == PARAM_DURATION || param->type == PARAM_SHIFT;
    if (row == &fault_flip && fault->param >= 0 && fault->param < STATUSES) {
        teller_say(teller, place, " to %s", status_names[fault->param]);
    } else if (is_time && fault->param != 0 && !lasts(fault)) {
        teller_say(teller, place, " %s ", param->name);
        say_planned(teller, place, fault->param);
    }
}

/* " for 3 s", or ", for 3 s" behind something else. */
static void say_length(struct teller *teller, size_t place, bool behind)
{
    if (lasts(&teller->event->fault)) {
        teller_say(teller, place, "%s for ", behind ? "," : "");
        say_planned(teller, place, teller->event->fault.param);
    }
}

static bool is_on_lock(const struct fault_row *row)
{
    assert(row->targets != 0);
    return row->targets & 1u << TARGET_LOCK;
}

/* Whom it befalls, if that is no member: a server, or the lock there. */
static void say_subject(struct teller *teller, size_t place, const struct fault_row *row)
{
    const struct history *history = teller->history;
    uint8_t server = teller->event->server;
    assert(teller->event->kind == HISTORY_FAULT || teller->event->kind == HISTORY_HEALED);
    if (!is_on_lock(row)) {
        teller_say(teller, place, "%s ", text_server(history, server).text);
    } else if (history->facts.settings.servers > 1 && server != NO_SERVER) {
        teller_say(teller, place, "the lock on %s ", text_server(history, server).text);
    } else {
        teller_say(teller, place, "the lock ");
    }
}

/* What follows at once in the history, and need not be told again. */
static uint8_t then(const struct fault_row *row)
{
    switch (row->becomes) {
    case STATE_DEAD:
        return HISTORY_DIED;
    case STATE_STOPPED:
        return HISTORY_PAUSED;
    case STATE_UP:
        return row->needs == STATE_DEAD ? HISTORY_BORN : HISTORY_RESUMED;
    default:
        return HISTORY_KINDS;
    }
}

/* "all 5 servers", "redis 1, redis 2 and redis 4" */
static void put_servers(const struct teller *teller, uint32_t servers, char *out, size_t size)
{
    uint8_t all = teller->history->facts.settings.servers;
    unsigned left = 0;
    size_t used = 0;
    assert(all <= SERVERS_MAX && size > 0);
    for (uint8_t server = 0; server < all; server++) {
        left += servers >> server & 1u;
    }
    if (left == all) {
        snprintf(out, size, "%s %u servers", all == 2 ? "both" : "all", (unsigned)all);
        return;
    }
    for (uint8_t server = 0; server < all && used < size; server++) {
        if (servers >> server & 1u) {
            left--;
            used += (size_t)snprintf(out + used, size - used, "%s%s",
                                     text_server(teller->history, server).text,
                                     left > 1   ? ", "
                                     : left > 0 ? " and "
                                                : "");
        }
    }
}

/* Whether an event is that fault, or its end, on the same member's link to another server. */
static bool is_alike(const struct history_event *one, const struct history_event *other)
{
    return one->kind == other->kind && one->process == other->process &&
           one->fault.kind == other->fault.kind && one->fault.index == other->fault.index &&
           one->fault.param == other->fault.param && one->at_ns == other->at_ns;
}

/* The same on the link to another server is told by the same line. False: it is not. */
static bool is_same_again(struct teller *teller, const char *words)
{
    const struct history_event *event = teller->event;
    struct link_line *links = &teller->links;
    if (!strchr(words, '@') || event->server >= SERVERS_MAX || links->place == NO_DRAFT ||
        links->place + 1 != teller->drafts.count) {
        return false;
    }
    struct draft *draft = &teller->drafts.list[links->place];
    if (!is_alike(&teller->history->events[draft->line.event], event)) {
        return false;
    }
    char text[STORY_TEXT], names[SERVERS_MAX * 24];
    links->servers |= 1u << event->server;
    put_servers(teller, links->servers, names, sizeof names);
    assert(links->at + links->length <= strlen(draft->line.text));
    snprintf(text, sizeof text, "%.*s%s%s", (int)links->at, draft->line.text, names,
             draft->line.text + links->at + links->length);
    links->length = strlen(names);
    memcpy(draft->line.text, text, sizeof text);
    draft_tells(&teller->drafts, links->place, teller->index);
    return true;
}

static void tell_on_member(struct teller *teller, const struct fault_row *row)
{
    uint16_t id = teller->event->process;
    if (is_same_again(teller, row->told)) {
        return;
    }
    assert(id <= teller->history->facts.settings.nodes);
    struct member_note *note = &teller->notes[id];
    bool again = row->becomes == STATE_STOPPED && teller_member(teller, id)->paused;
    size_t place = teller_line(teller, STORY_CAUSE);
    say_row(teller, place, row->told);
    if (again) {
        teller_say(teller, place, " anew, while it stands still");
    }
    say_hand(teller, place);
    if (row->becomes == STATE_UP) {
        teller_say_belief(teller, place, id);
    } else {
        say_param(teller, place);
        if (row->later) {
            say_length(teller, place, false); /* it begins there */
        }
        enum where where = row->later ? WHERE_KNOWN : row->becomes ? WHERE_HERE : WHERE_APART;
        bool said = teller_say_where(teller, place, id, where);
        if (!row->later) {
            say_length(teller, place, said || again);
        }
    }
    note->then = again ? HISTORY_KINDS : then(row); /* nothing more follows of it */
    note->fault = note->then == HISTORY_KINDS ? NO_DRAFT : place;
    note->flipped = row == &fault_flip;
}

static void tell_on_server(struct teller *teller, const struct fault_row *row)
{
    const struct scene *scene = &teller->scene;
    const struct history_event *event = teller->event;
    size_t place =
        drafts_add(&teller->drafts, event->at_ns, teller->index, HISTORY_HARNESS, STORY_CAUSE);
    say_subject(teller, place, row);
    say_row(teller, place, row->told);
    say_param(teller, place);
    say_length(teller, place, false);
    int32_t holder = scene->has_ended ? scene->ended.holder : NOBODY;
    if (is_on_lock(row) && holder == NOBODY && event->server < SERVERS_MAX) {
        holder = scene->locks[event->server].holder;
    }
    if (is_on_lock(row) && holder != NOBODY) {
        teller_say(teller, place, " under %s", text_process(holder).text);
    }
    say_hand(teller, place);
    teller->lock_fault = is_on_lock(row) ? place : NO_DRAFT;
}

void tell_fault(struct teller *teller)
{
    const struct history_event *event = teller->event;
    const struct fault_row *row = fault_rows[event->fault.kind];
    assert(event->kind == HISTORY_FAULT);
    teller->any_fault = true;
    (*teller_in_force(teller))++;
    if (event->process == HISTORY_HARNESS || is_on_lock(row)) {
        tell_on_server(teller, row);
    } else {
        tell_on_member(teller, row);
    }
}

/* Whether what the fault did is over: no other one like it is in force on the same place, and
 * whoever is to notice it is alive. */
static bool is_over(struct teller *teller)
{
    const struct history_event *event = teller->event;
    const struct fault_row *row = fault_rows[event->fault.kind];
    uint16_t *in_force = teller_in_force(teller);
    *in_force = (uint16_t)(*in_force > 0 ? *in_force - 1 : 0);
    if (*in_force > 0) {
        return false;
    }
    if (event->process == HISTORY_HARNESS) {
        bool down = row == &fault_stall || row == &fault_crash || row == &fault_power_loss;
        return !down || event->server >= SERVERS_MAX ||
               !reach_is_down(&teller->scene.reach, event->server);
    }
    return !strchr(row->over, '@') || teller_member(teller, event->process)->alive;
}

/* What brings a member back into a state is told by its life. */
void tell_healed(struct teller *teller)
{
    assert(teller->event->kind == HISTORY_HEALED);
    const struct history_event *event = teller->event;
    const struct fault_row *row = fault_rows[event->fault.kind];
    bool of_life = event->process != HISTORY_HARNESS && row->becomes;
    if (!row->over || of_life || !is_over(teller) || is_same_again(teller, row->over)) {
        return;
    }
    bool on_server = event->process == HISTORY_HARNESS;
    size_t place = on_server ? drafts_add(&teller->drafts, event->at_ns, teller->index,
                                          HISTORY_HARNESS, STORY_NEWS + 2500)
                             : teller_line(teller, STORY_NEWS + 2500);
    if (on_server) {
        say_subject(teller, place, row);
    }
    say_row(teller, place, row->over);
}

void tell_skipped(struct teller *teller)
{
    assert(teller->event->kind == HISTORY_SKIPPED);
    const struct history_event *event = teller->event;
    size_t place =
        drafts_add(&teller->drafts, event->at_ns, teller->index, HISTORY_HARNESS, STORY_ROUTINE);
    teller_say(teller, place, "the fault %s", fault_rows[event->fault.kind]->name);
    if (event->process != HISTORY_HARNESS) {
        teller_say(teller, place, " of %s", text_process(event->process).text);
    }
    teller_say(teller, place, " is not done%s%s", event->why ? ": " : "",
               event->why ? event->why : "");
}
