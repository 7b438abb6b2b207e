/* Elections in a story: who decided, from which statuses; what was published, and over whom; and
 * when all agree. */
#include <assert.h>
#include <stdlib.h>

#include "sim/history/elected.h"
#include "sim/history/text.h"
#include "sim/ops/values.h"
#include "sim/story/teller.h"
#include "src/protocol.h"

/* A publication whose answer comes this soon is told in one line with it. */
#define AT_ONCE_NS INT64_C(20000000)

/* Of a status; a row is consecutive numbers. */
#define ROWS_TOLD 8

/* "node 1 by rule 3, term 2" */
static void say_decision(struct teller *teller, size_t place, const struct decision *decision)
{
    const char *reason = protocol_reason(&teller->history->facts.settings, decision->reason);
    teller_say(teller, place, "%s", text_process(decision->leader).text);
    if (reason) {
        teller_say(teller, place, " by %s", reason);
    }
    if (decision->term > 0) {
        teller_say(teller, place, ", term %llu", (unsigned long long)decision->term);
    }
}

/* The end of the row of consecutive numbers in this status that begins at `from`. */
static size_t row_end(const struct vote *votes, size_t count, size_t from)
{
    size_t end = from + 1;
    assert(from < count);
    while (end < count && votes[end].status == votes[from].status &&
           votes[end].id == votes[end - 1].id + 1) {
        end++;
    }
    return end;
}

static size_t in_status(const struct vote *votes, size_t count, int status)
{
    size_t found = 0;
    for (size_t i = 0; i < count; i++) {
        found += votes[i].status == status;
    }
    return found;
}

/* "in submit 1 and 3": those in one status; nothing if there are none. */
static bool say_status(struct teller *teller, size_t place, const struct vote *votes, size_t count,
                       int status, const char *before)
{
    unsigned told = 0;
    for (size_t i = 0; i < count; i++) {
        if (votes[i].status != status) {
            continue;
        }
        size_t end = row_end(votes, count, i);
        if (told == ROWS_TOLD) {
            teller_say(teller, place, " and %zu more", in_status(votes + i, count - i, status));
            return true;
        }
        if (told == 0) {
            teller_say(teller, place, "%sin %s ", before, status_names[status]);
        }
        teller_say(teller, place, "%s%u", told > 0 ? ", " : "", votes[i].id);
        if (end > i + 1) {
            teller_say(teller, place, "%s%u", end > i + 2 ? " to " : ", ", votes[end - 1].id);
        }
        i = end - 1;
        told++;
    }
    return told > 0;
}

static void say_read(struct teller *teller, size_t place, uint32_t read)
{
    const struct history *history = teller->history;
    if (read == EVENT_NONE || history->events[read].kind != HISTORY_REPLY) {
        return;
    }
    size_t count = history_ballot(history, read, NULL, 0);
    struct vote *votes = calloc(count + 1, sizeof *votes);
    if (!votes) {
        teller->drafts.lost = true;
        return;
    }
    history_ballot(history, read, votes, count);
    if (count > 0) {
        teller_say(teller, place, " (");
        bool some = say_status(teller, place, votes, count, STATUS_SUBMIT, "");
        say_status(teller, place, votes, count, STATUS_PREPARE, some ? "; " : "");
        teller_say(teller, place, ")");
    }
    free(votes);
}

static bool is_published(const struct teller *teller, const struct decision *decision)
{
    return decision->leader == teller->published.leader && decision->term == teller->published.term;
}

void tell_decided(struct teller *teller)
{
    assert(teller->event->kind == HISTORY_DECIDED);
    const struct view_process *process = teller_member(teller, teller->event->process);
    const struct decision decision = history_decision(teller->history, teller->index);
    struct member_note *note = &teller->notes[teller->event->process];
    bool guilty = teller_is_guilty(teller, teller->index) ||
                  teller_is_guilty(teller, process->read_event) ||
                  teller_is_guilty(teller, process->read_reply_event);
    note->decision = NO_DRAFT;
    if (protocol_leads_by_claim(&teller->history->facts.settings) ||
        (is_published(teller, &decision) && !guilty)) {
        return;
    }
    size_t place = teller_line(teller, STORY_NEWS + 2000);
    teller_say(teller, place, "decides for ");
    say_decision(teller, place, &decision);
    say_read(teller, place, process->read_reply_event);
    draft_tells(&teller->drafts, place, process->read_event);
    draft_tells(&teller->drafts, place, process->read_reply_event);
    note->decision = place;
}

/* Whether the decision just told is told by the publication that follows at once. */
static bool drop_decision(struct teller *teller, const struct member_note *note)
{
    struct drafts *drafts = &teller->drafts;
    if (note->decision == NO_DRAFT || note->decision + 1 != drafts->count) {
        return false;
    }
    struct draft *draft = &drafts->list[note->decision];
    draft->dropped = draft->line.at_ns == teller->event->at_ns;
    return draft->dropped;
}

void tell_publication(struct teller *teller)
{
    assert(teller->event->request.moment == MOMENT_PUBLISHES);
    const struct view_process *process = teller_member(teller, teller->event->process);
    const struct decision decision = history_decision(teller->history, teller->index);
    struct member_note *note = &teller->notes[teller->event->process];
    bool dropped = drop_decision(teller, note);
    bool news = !is_published(teller, &decision);
    size_t place = teller_line(teller, news ? STORY_NEWS + 4000 : STORY_NEWS - 300);
    teller_say(teller, place, "publishes ");
    say_decision(teller, place, &decision);
    if (dropped) {
        say_read(teller, place, process->read_reply_event);
        draft_tells(&teller->drafts, place, process->read_event);
        draft_tells(&teller->drafts, place, process->read_reply_event);
        draft_tells(&teller->drafts, place, teller->drafts.list[note->decision].line.event);
    }
    note->publication = place;
    note->published = teller->index;
    note->decision = NO_DRAFT;
}

/* Over whom: what the store had before. */
static void say_over(struct teller *teller, size_t place, const struct decision *now)
{
    const struct decision *was = &teller->published;
    if (was->leader == NOBODY || was->leader == now->leader) {
        return;
    }
    teller_say(teller, place, ": overwrites %s", text_process(was->leader).text);
    if (was->term > 0) {
        teller_say(teller, place, ", term %llu", (unsigned long long)was->term);
    }
}

/* What became of the request, behind ", and " or in a line of its own. */
static const char *answer_words(uint8_t outcome, bool alone)
{
    if (outcome == STORE_REFUSED) {
        return alone ? "is told that its result is refused" : ", and is refused";
    }
    return alone ? "gets no answer to its result" : ", and gets no answer";
}

void tell_published(struct teller *teller)
{
    assert(teller->event->kind == HISTORY_REPLY);
    const struct history_event *event = teller->event;
    struct member_note *note = &teller->notes[event->process];
    size_t asked = history_asked(teller->history, teller->index);
    if (asked == HISTORY_NOWHERE || note->publication == NO_DRAFT || asked != note->published) {
        return;
    }
    const struct decision now = history_decision(teller->history, asked);
    size_t place = note->publication;
    bool alone = event->at_ns - teller->history->events[asked].at_ns > AT_ONCE_NS;
    note->publication = NO_DRAFT;
    if (alone) {
        place = teller_line(teller, STORY_NEWS + 3500);
    } else {
        draft_tells(&teller->drafts, place, teller->index);
    }
    if (!history_applied(&event->reply)) {
        teller_say(teller, place, "%s", answer_words(event->reply.outcome, alone));
        return;
    }
    teller_say(teller, place, "%s", alone ? "is told that its result stands" : "");
    say_over(teller, place, &now);
}

/* Whether the answer may be older than what is known to be published: it was asked for before. */
static bool is_old(const struct teller *teller)
{
    size_t asked = history_asked(teller->history, teller->index);
    assert(teller->event->kind == HISTORY_REPLY);
    return teller->published_event != EVENT_NONE && asked != HISTORY_NOWHERE &&
           asked < teller->published_event;
}

void note_published(struct teller *teller)
{
    const struct decision *now = &teller->scene.view.published;
    struct decision found;
    bool set = history_published(teller->history, teller->index) != HISTORY_NOWHERE;
    bool told = !set && history_tells(teller->event, &found);
    if (set || (told && !is_old(teller) && !is_published(teller, now))) {
        teller->published_event = teller->index;
        teller->published = *now;
    }
}

/* Who sent this result, and when: it may have come late. Nothing, if nobody did. */
static void say_sender(struct teller *teller, size_t place, const struct decision *found)
{
    const struct history *history = teller->history;
    for (size_t i = teller->index; i-- > 0;) {
        if (!history_publishes(&history->events[i])) {
            continue;
        }
        const struct decision sent = history_decision(history, i);
        if (sent.leader == found->leader && sent.term == found->term) {
            bool own = history->events[i].process == teller->event->process;
            teller_say(teller, place, ", which %s sent at %s,",
                       own ? "it" : text_process(history->events[i].process).text,
                       text_seconds(history->events[i].at_ns).text);
            return;
        }
    }
}

/* Somebody finds another result than the last one that is known to have been published: it came
 * late, or went with the data. */
void tell_found(struct teller *teller, const struct decision *found)
{
    const struct decision *known = &teller->published;
    assert(teller->event->kind == HISTORY_REPLY);
    if (known->leader == NOBODY || is_published(teller, found) || is_old(teller)) {
        return;
    }
    size_t place = teller_line(teller, STORY_NEWS + 3800);
    if (found->leader == NOBODY) {
        teller_say(teller, place, "finds no result any more");
    } else {
        teller_say(teller, place, "finds ");
        say_decision(teller, place, found);
        say_sender(teller, place, found);
        teller_say(teller, place, " in the place of %s", text_process(known->leader).text);
    }
}

void tell_settled(struct teller *teller)
{
    const struct view *view = &teller->scene.view;
    int32_t on = view_settled_on(view);
    bool all = view->standing.following == view->standing.up; /* … who are asked to follow */
    struct drafts *drafts = &teller->drafts;
    if (on == NOBODY || on == teller->settled) {
        return;
    }
    teller->settled = on;
    const struct history_event *event = teller->event;
    size_t last = drafts->count - 1;
    bool of_event = drafts->count > 0 && drafts->list[last].line.event == teller->index;
    if (of_event && event->kind == HISTORY_CLAIM) {
        struct draft *draft = &drafts->list[last];
        bool alone = teller_other_leader(teller, (uint16_t)on) == NOBODY;
        teller_say(teller, last, "%s",
                   !all                   ? ""
                   : event->process != on ? ", as all do now"
                   : alone                ? ", and all follow it"
                                          : "");
        if (draft->line.weight < STORY_NEWS + 1200) {
            draft->line.weight = STORY_NEWS + 1200;
        }
    } else {
        size_t place =
            drafts_add(drafts, event->at_ns, teller->index, HISTORY_HARNESS, STORY_NEWS + 1200);
        teller_say(teller, place, all ? "all follow %s" : "%s alone leads", text_process(on).text);
    }
}
