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

/* Whether the line tells of something at the time at which the violation begins; and, if it must,
 * of a guilty event. */
static bool begins_it(const struct teller *teller, const struct draft *draft,
                      const struct violation *violation, bool must)
{
    assert(violation->event_count <= VIOLATION_EVENTS_MAX);
    const struct history *history = teller->history;
    bool in_time = false, guilty = false;
    for (int i = -1; i < DRAFT_EVENTS; i++) {
        uint32_t event = i < 0 ? draft->line.event : draft->events[i];
        if (event != EVENT_NONE) {
            in_time = in_time || history->events[event].at_ns == violation->at_ns;
            guilty = guilty || is_of(violation, event);
        }
    }
    return !draft->dropped && draft->fold == FOLD_NONE && in_time && (guilty || !must);
}

/* A line tells of events that lie no farther apart than this. */
#define NEAR_NS INT64_C(10000000000)

/* The first of so many lines, which are in order of time, that is later. */
static size_t first_after(const struct drafts *drafts, size_t count, int64_t at_ns)
{
    size_t low = 0, high = count;
    assert(count <= drafts->count);
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (drafts->list[middle].line.at_ns <= at_ns) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

/* The last such line of the first `count`; NO_DRAFT: there is none. */
static size_t line_of(const struct teller *teller, const struct violation *violation, size_t count)
{
    const struct drafts *drafts = &teller->drafts;
    size_t from = first_after(drafts, count, violation->at_ns - NEAR_NS);
    size_t to = first_after(drafts, count, violation->at_ns + NEAR_NS);
    for (int must = 1; must >= 0; must--) {
        for (size_t i = to; i-- > from;) {
            if (begins_it(teller, &drafts->list[i], violation, must)) {
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

/* Weights fall with each violation, so that the first ones are told whole. */
static uint16_t lighter(unsigned weight, size_t rank)
{
    assert(weight >= 400 && weight <= UINT16_MAX);
    return (uint16_t)(weight - (rank < 40 ? rank : 40) * 10);
}

/* Which one of its check a violation is, from 0; and how many of this check there are. */
static size_t place_in_check(const struct violations *found, size_t index, size_t *of)
{
    size_t before = 0;
    *of = 0;
    for (size_t i = 0; i < found->count; i++) {
        bool same = found->list[i].check == found->list[index].check;
        before += same && i < index;
        *of += same;
    }
    assert(*of > 0 && before < *of);
    return before;
}

/* The first of each check is what the story is about; the second shows that it goes on. */
static uint16_t weight_of(size_t nth, size_t index)
{
    return nth == 0   ? lighter(STORY_BROKEN, index)
           : nth == 1 ? STORY_NEWS + 3000
                      : STORY_ROUTINE + 1;
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
    const size_t told = drafts->count; /* what is added here is not in order */
    for (size_t i = 0; i < found->count; i++) {
        const struct violation *violation = &found->list[i];
        size_t place = line_of(teller, violation, told);
        bool alone = place == NO_DRAFT;
        place = alone ? add_line(teller, violation) : place;
        if (place == NO_DRAFT) {
            return;
        }
        struct draft *draft = &drafts->list[place];
        bool first = draft->line.violation < 0;
        draft->line.violation = first ? (int32_t)i : draft->line.violation;
        size_t of, nth = place_in_check(found, i, &of);
        say_name(teller, place, violation, first, alone);
        if (nth == 0 && of > 1) {
            teller_say(teller, place, ", the first of %s", text_count(of).text);
        }
        weigh(draft, weight_of(nth, i));
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

#define CAUSE_STEP 40    /* of weight, from one fault to the next farther one */
#define CAUSES_MAX 35    /* beyond so many, all are equally far */
#define FOREIGN_LESS 200 /* of weight: what befell none of the guilty, or came later */

/* Whether the violation may be due to the fault that the line tells of; `*own`: it befell one of
 * the guilty. */
static bool may_explain(const struct teller *teller, const struct draft *draft,
                        const struct violation *violation, bool *own)
{
    const struct history_event *event = &teller->history->events[draft->line.event];
    *own = event->kind == HISTORY_FAULT && has_process(violation, event->process);
    return event->kind == HISTORY_FAULT && draft->fold == FOLD_NONE &&
           (*own || event->process == HISTORY_HARNESS);
}

/* The nearer to its beginning, the likelier the cause. `nth` counts those that are nearer. */
static void weigh_cause(struct draft *draft, size_t rank, bool own, size_t nth)
{
    unsigned far = (unsigned)(nth < CAUSES_MAX ? nth : CAUSES_MAX) * CAUSE_STEP;
    unsigned nearest = STORY_BROKEN - 1000u - (own ? 0 : FOREIGN_LESS);
    weigh(draft, lighter(nearest - far, rank));
}

/* Faults that befell the guilty, or a server or a lock, before the violation or while it lasted. */
static void weigh_causes(struct teller *teller, const struct violation *violation, size_t rank)
{
    struct drafts *drafts = &teller->drafts;
    size_t begins = first_after(drafts, drafts->count, violation->at_ns);
    size_t ends = first_after(drafts, drafts->count, violation->until_ns);
    size_t of_guilty = 0, others = 0, later = 0;
    bool own;
    for (size_t i = begins; i-- > 0;) {
        if (may_explain(teller, &drafts->list[i], violation, &own)) {
            weigh_cause(&drafts->list[i], rank, own, own ? of_guilty++ : others++);
        }
    }
    for (size_t i = begins; i < ends; i++) {
        if (may_explain(teller, &drafts->list[i], violation, &own)) {
            weigh_cause(&drafts->list[i], rank, false, later++);
        }
    }
}

/* The first violation of each check is what the story is about. */
static void weigh_faults(struct teller *teller, const struct violations *found)
{
    for (size_t i = 0; i < found->count; i++) {
        size_t of;
        if (place_in_check(found, i, &of) == 0) {
            weigh_causes(teller, &found->list[i], i);
        }
    }
}

/* --- choosing --------------------------------------------------------------------------------- */

/* In order of their events; then as they were told. */
static int by_event(const void *a, const void *b)
{
    const struct draft *one = *(const struct draft *const *)a;
    const struct draft *other = *(const struct draft *const *)b;
    if (one->line.event != other->line.event) {
        return one->line.event < other->line.event ? -1 : 1;
    }
    return one < other ? -1 : one > other;
}

static int by_weight(const void *a, const void *b)
{
    const struct draft *one = *(const struct draft *const *)a;
    const struct draft *other = *(const struct draft *const *)b;
    if (one->line.weight != other->line.weight) {
        return one->line.weight > other->line.weight ? -1 : 1;
    }
    return by_event(a, b);
}

/* Those that may be told, in no order; `*all` counts every line. */
static size_t candidates(const struct drafts *drafts, bool in_full, const struct draft **out,
                         size_t *all)
{
    size_t count = 0;
    *all = 0;
    for (size_t i = 0; i < drafts->count; i++) {
        const struct draft *draft = &drafts->list[i];
        assert(draft->line.event != EVENT_NONE);
        *all += !draft->dropped;
        if (!draft->dropped && (in_full || draft->line.weight >= STORY_NEWS)) {
            out[count++] = draft;
        }
    }
    return count;
}

/* The `most` weightiest lines. */
static bool choose_lines(const struct drafts *drafts, size_t most, struct story *story)
{
    size_t all;
    const struct draft **chosen = calloc(drafts->count + 1, sizeof(void *));
    struct story_line *lines = calloc(drafts->count + 1, sizeof *lines);
    if (!chosen || !lines) {
        free(chosen);
        free(lines);
        return false;
    }
    size_t count = candidates(drafts, most == SIZE_MAX, chosen, &all);
    if (count > most) {
        qsort(chosen, count, sizeof(void *), by_weight);
        count = most;
    }
    qsort(chosen, count, sizeof(void *), by_event);
    for (size_t i = 0; i < count; i++) {
        lines[i] = chosen[i]->line;
    }
    free(chosen);
    *story = (struct story){.lines = lines, .count = count, .left_out = all - count};
    return true;
}

bool tell_chosen(struct teller *teller, const struct violations *found, size_t most,
                 struct story *story)
{
    weigh_guilty(teller);
    weigh_faults(teller, found);
    drafts_close(&teller->drafts);
    name_violations(teller, found);
    return !teller->drafts.lost && choose_lines(&teller->drafts, most, story);
}
