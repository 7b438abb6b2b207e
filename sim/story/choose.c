/* Which lines are told, and which violations they name. See teller.h. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "sim/history/text.h"
#include "sim/story/teller.h"

/* --- where a violation begins ----------------------------------------------------------------- */

static bool is_of(const struct violation *violation, uint32_t event)
{
    assert(event != EVENT_NONE);
    for (int i = 0; i < violation->event_count; i++) {
        if (violation->events[i] == event) {
            return true;
        }
    }
    return false;
}

/* Whether the line tells of something at the time at which the violation begins; of a guilty event,
 * if it must be one. */
static bool begins_it(const struct teller *teller, const struct draft *draft,
                      const struct violation *violation, bool guilty)
{
    assert(violation->event_count <= VIOLATION_EVENTS_MAX);
    const struct history *history = teller->history;
    if (draft->dropped || draft->fold != FOLD_NONE) {
        return false;
    }
    for (int i = -1; i < DRAFT_EVENTS; i++) {
        uint32_t event = i < 0 ? draft->line.event : draft->events[i];
        if (event != EVENT_NONE && history->events[event].at_ns == violation->at_ns &&
            (!guilty || is_of(violation, event))) {
            return true;
        }
    }
    return false;
}

/* The last such line; NO_DRAFT: there is none. */
static size_t line_of(const struct teller *teller, const struct violation *violation)
{
    const struct drafts *drafts = &teller->drafts;
    for (int guilty = 1; guilty >= 0; guilty--) {
        for (size_t i = drafts->count; i-- > 0;) {
            if (begins_it(teller, &drafts->list[i], violation, guilty)) {
                return i;
            }
        }
    }
    return NO_DRAFT;
}

/* The last event that is not after this time. */
static uint32_t last_event(const struct history *history, int64_t at_ns)
{
    uint32_t low = 0, high = (uint32_t)history->count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (history->events[middle].at_ns <= at_ns) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low > 0 ? low - 1 : 0;
}

/* " (stale_result, two_lock_holders for 450.0 ms)" */
static void say_name(struct teller *teller, size_t place, const struct violation *violation,
                     bool first, bool alone)
{
    const char *name = check_rows[violation->check]->name;
    teller_say(teller, place, "%s%s", first ? " (" : ", ", name);
    if (alone) {
        return; /* its sentence says for how long */
    }
    if (violation->times > 1) {
        teller_say(teller, place, " %s times, for %s in all", text_count(violation->times).text,
                   text_ms(violation->broken_ns).text);
    } else if (violation->until_ns > violation->at_ns) {
        teller_say(teller, place, " for %s", text_ms(violation->until_ns - violation->at_ns).text);
    }
}

/* The length of the first clause of a sentence: "node 2 stayed leader for 6,699.9 ms". */
static size_t first_clause(const char *sentence)
{
    static const char *const ends[] = {", ", ": ", "; ", " ("};
    size_t length = strlen(sentence);
    assert(length < STORY_TEXT);
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        const char *end = strstr(sentence, ends[i]);
        if (end && (size_t)(end - sentence) < length) {
            length = (size_t)(end - sentence);
        }
    }
    return length;
}

/* A line of its own, for what begins at no event: what the check says. */
static size_t add_line(struct teller *teller, const struct violation *violation)
{
    uint32_t event = last_event(teller->history, violation->at_ns);
    size_t place =
        drafts_add(&teller->drafts, violation->at_ns, event, HISTORY_HARNESS, STORY_BROKEN);
    teller_say(teller, place, "%.*s", (int)first_clause(violation->explanation),
               violation->explanation);
    return place;
}

static bool is_first_of_check(const struct violations *found, size_t index)
{
    for (size_t i = 0; i < index; i++) {
        if (found->list[i].check == found->list[index].check) {
            return false;
        }
    }
    return true;
}

/* Weights fall with each violation, so that the first ones are told whole. */
static uint16_t lighter(unsigned weight, size_t rank)
{
    assert(weight >= 400 && weight <= UINT16_MAX);
    return (uint16_t)(weight - (rank < 40 ? rank : 40) * 10);
}

static void weigh(struct draft *draft, uint16_t weight)
{
    draft->line.weight = weight > draft->line.weight ? weight : draft->line.weight;
}

/* Names each violation where it begins, and weighs that line. Lines that name several are closed at
 * the end. */
static void name_violations(struct teller *teller, const struct violations *found)
{
    struct drafts *drafts = &teller->drafts;
    for (size_t i = 0; i < found->count; i++) {
        const struct violation *violation = &found->list[i];
        size_t place = line_of(teller, violation);
        bool alone = place == NO_DRAFT;
        place = alone ? add_line(teller, violation) : place;
        if (place == NO_DRAFT) {
            return;
        }
        struct draft *draft = &drafts->list[place];
        bool first = draft->line.violation < 0;
        draft->line.violation = first ? (int32_t)i : draft->line.violation;
        say_name(teller, place, violation, first, alone);
        weigh(draft, lighter(is_first_of_check(found, i) ? STORY_BROKEN : STORY_CAUSE + 500, i));
    }
    for (size_t i = 0; i < drafts->count; i++) {
        if (drafts->list[i].line.violation >= 0) {
            teller_say(teller, i, ")");
        }
    }
}

/* What violations rest on. */
static void weigh_guilty(struct teller *teller)
{
    for (size_t i = 0; i < teller->drafts.count; i++) {
        struct draft *draft = &teller->drafts.list[i];
        weigh(draft, teller->guilt[draft->line.event]);
        for (int j = 0; j < DRAFT_EVENTS; j++) {
            if (draft->events[j] != EVENT_NONE) {
                weigh(draft, teller->guilt[draft->events[j]]);
            }
        }
    }
}

static bool has_process(const struct violation *violation, uint16_t process)
{
    assert(violation->process_count <= VIOLATION_PROCESSES_MAX);
    for (int i = 0; i < violation->process_count; i++) {
        if (violation->processes[i] == process) {
            return true;
        }
    }
    return false;
}

/* Faults that befell the guilty, or a server, before the first violation that they may explain. */
static void weigh_faults(struct teller *teller, const struct violations *found)
{
    for (size_t i = 0; i < teller->drafts.count; i++) {
        struct draft *draft = &teller->drafts.list[i];
        const struct history_event *event = &teller->history->events[draft->line.event];
        if (event->kind != HISTORY_FAULT || draft->fold != FOLD_NONE) {
            continue;
        }
        for (size_t j = 0; j < found->count; j++) {
            const struct violation *violation = &found->list[j];
            if (event->at_ns <= violation->until_ns &&
                (event->process == HISTORY_HARNESS || has_process(violation, event->process))) {
                weigh(draft, lighter(STORY_BROKEN - 1000, j));
                break;
            }
        }
    }
}

/* --- choosing --------------------------------------------------------------------------------- */

static int by_event(const void *a, const void *b)
{
    const struct story_line *one = a, *other = b;
    if (one->event != other->event) {
        return one->event < other->event ? -1 : 1;
    }
    return one->at_ns < other->at_ns ? -1 : one->at_ns > other->at_ns;
}

static int by_weight(const void *a, const void *b)
{
    const struct story_line *one = a, *other = b;
    if (one->weight != other->weight) {
        return one->weight > other->weight ? -1 : 1;
    }
    return by_event(a, b);
}

bool tell_chosen(struct teller *teller, const struct violations *found, size_t most,
                 struct story *story)
{
    struct drafts *drafts = &teller->drafts;
    weigh_guilty(teller);
    weigh_faults(teller, found);
    drafts_close(drafts);
    name_violations(teller, found);
    struct story_line *lines = calloc(drafts->count + 1, sizeof *lines);
    if (!lines || drafts->lost) {
        free(lines);
        return false;
    }
    size_t all = 0, count = 0;
    for (size_t i = 0; i < drafts->count; i++) {
        assert(drafts->list[i].line.event < teller->history->count);
        all += !drafts->list[i].dropped;
        if (!drafts->list[i].dropped &&
            (most == SIZE_MAX || drafts->list[i].line.weight >= STORY_NEWS)) {
            lines[count++] = drafts->list[i].line;
        }
    }
    if (count > most) {
        qsort(lines, count, sizeof *lines, by_weight);
        count = most;
    }
    qsort(lines, count, sizeof *lines, by_event);
    *story = (struct story){.lines = lines, .count = count, .left_out = all - count};
    return true;
}
