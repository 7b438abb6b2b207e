/* Faults that were not done. See not_done.h.
 *
 *   Not done: crash 2 (line 5), since node 2 never led; crash leader (line 6), since nobody led at
 *   0.010 s.
 *   Not done: crash leader (line 6) in 3 of 20 trials, since nobody led.
 */
#include "sim/outcome/not_done.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/history/text.h"
#include "sim/outcome/unmet_moment.h"

/* So many are named in a sentence; the others are counted. */
#define NAMED_MAX 8
#define WHY_SIZE 240  /* of its reason, with the time */
#define TEXT_SIZE 640 /* of one of them */

/* --- of one trial ----------------------------------------------------------------------------- */

/* What became of a fault. */
struct fate {
    bool applied;
    bool met;                            /* one that awaits commands: a command met it */
    uint32_t awaits;                     /* so many more; … */
    uint32_t in_force;                   /* … or all, so many times */
    uint16_t process;                    /* of this one */
    size_t since;                        /* when it was applied last */
    const struct history_event *skipped; /* the first time; NULL: never */
};

/* A fault that awaits commands was applied, or is over. */
static void note_awaiting(const struct fault_spec *spec, const struct history_event *event,
                          size_t index, struct fate *fate)
{
    struct link_order order = {0};
    if (!fault_is_by_command(spec)) {
        return;
    }
    fault_rows[spec->kind]->wait_for(spec, &order);
    if (event->kind == HISTORY_HEALED) {
        fate->in_force -= order.lasts && fate->in_force > 0;
    } else if (event->kind == HISTORY_FAULT) {
        fate->in_force += order.lasts;
        fate->awaits += order.lasts ? 0 : order.count > 0 ? order.count : 1;
        fate->process = event->process;
        fate->since = index;
    }
}

static bool awaits_one(const struct fate *fate, uint16_t process)
{
    return fate->process == process && fate->awaits + fate->in_force > 0;
}

/* A command that has met a fault has its text. Of several with equal texts it met the one that was
 * there first and awaited one still, as with the host (host/command_faults.h); if none seems to,
 * one that has met none. `scenario` NULL: nobody asks. */
static void note_met(const struct scenario *scenario, const struct history_event *event,
                     struct fate *fates, size_t count)
{
    bool met = scenario && event->kind == HISTORY_COMMAND && event->why;
    struct fate *first = NULL, *any = NULL;
    for (size_t i = 0; met && i < count; i++) {
        struct fate *fate = &fates[i];
        if (strcmp(event->why, scenario->faults[i].text) != 0) {
            continue;
        }
        any = any || fate->met ? any : fate;
        if (awaits_one(fate, event->process) && (!first || fate->since < first->since)) {
            first = fate;
        }
    }
    if (first) {
        first->met = true;
        first->awaits -= first->awaits > 0;
    } else if (any) {
        any->met = true;
    }
}

/* Returns whether the trial was seen to its end and can be judged: what has not become due then
 * never did. */
static bool read_fates(const struct scenario *scenario, const struct history *history,
                       struct fate *fates, size_t count)
{
    bool ended = false, judged = true;
    for (size_t i = 0; i < history->count; i++) {
        const struct history_event *event = &history->events[i];
        judged = judged && event->kind != HISTORY_UNDECIDED;
        ended = ended || (event->kind == HISTORY_PHASE && event->phase == PHASE_END);
        note_met(scenario, event, fates, count);
        bool is_fault = event->kind == HISTORY_FAULT || event->kind == HISTORY_SKIPPED ||
                        event->kind == HISTORY_HEALED;
        if (!is_fault || event->fault.index >= count) {
            continue;
        }
        struct fate *fate = &fates[event->fault.index];
        if (scenario) {
            note_awaiting(&scenario->faults[event->fault.index], event, i, fate);
        }
        fate->applied = fate->applied || event->kind == HISTORY_FAULT;
        if (event->kind == HISTORY_SKIPPED && !fate->skipped) {
            fate->skipped = event;
        }
    }
    return ended && judged;
}

/* What a program may have sent that cannot be met, so that it does not count; members of ours send
 * no such thing. */
static const char *uncounted(const struct fault_spec *spec, bool programs)
{
    if (!programs) {
        return "";
    }
    return fault_rows[spec->kind] == &fault_refuse_command
               ? " (under 12 bytes, over 32 KiB or unanswered ones do not count)"
               : " (unanswered ones do not count)";
}

/* Fills `entry`, if the fault was not done. `programs`: some members are programs. */
static bool take_fate(const struct fault_spec *spec, const struct fate *fate, bool ended,
                      bool programs, struct not_done *entry)
{
    if (fate->applied && ended && fault_is_by_command(spec) && !fate->met) {
        char commands[80];
        entry->at_ns = NEVER_NS;
        snprintf(entry->why, sizeof entry->why, "it met no command: %s was not sent often enough%s",
                 pattern_text(&spec->of, commands, sizeof commands), uncounted(spec, programs));
        return true;
    }
    if (fate->applied) {
        return false;
    }
    if (fate->skipped) {
        const char *why = fate->skipped->why;
        entry->at_ns = fate->skipped->at_ns;
        snprintf(entry->why, sizeof entry->why, "%s", why ? why : "it was skipped");
        return true;
    }
    if (!ended || spec->trigger.kind == TRIGGER_RANDOMLY) {
        return false;
    }
    entry->at_ns = NEVER_NS;
    unmet_moment(spec, entry->why, sizeof entry->why);
    return true;
}

bool not_done_derive(const struct scenario *scenario, const struct history *history,
                     struct outcome *outcome)
{
    assert(!outcome->not_done && outcome->not_done_count == 0);
    size_t faults = scenario->fault_count;
    struct fate *fates = faults > 0 ? calloc(faults, sizeof *fates) : NULL;
    if (!fates) {
        return faults == 0;
    }
    bool whole = true, ended = read_fates(scenario, history, fates, faults);
    for (size_t i = 0; whole && i < faults; i++) {
        struct not_done entry = {.fault = (uint16_t)i};
        if (!take_fate(&scenario->faults[i], &fates[i], ended, scenario->programs != NULL,
                       &entry)) {
            continue;
        }
        size_t count = outcome->not_done_count;
        struct not_done *list = realloc(outcome->not_done, (count + 1) * sizeof *list);
        whole = list != NULL;
        if (whole) {
            list[count] = entry;
            outcome->not_done = list;
            outcome->not_done_count++;
        }
    }
    free(fates);
    return whole;
}

void not_done_unfinished(const struct scenario *scenario, const struct history *history,
                         struct outcome *outcome)
{
    uint32_t begun = 0, over = 0;
    assert(outcome->unfinished == 0);
    for (size_t i = 0; i < history->count && !scenario->heal; i++) {
        const struct history_event *event = &history->events[i];
        bool of_fault = event->kind == HISTORY_FAULT || event->kind == HISTORY_HEALED;
        if (!of_fault || event->fault.index >= scenario->fault_count) {
            continue;
        }
        const struct fault_spec *spec = &scenario->faults[event->fault.index];
        if (fault_rows[spec->kind] == &fault_pause && spec->params[0] > 0) {
            begun += event->kind == HISTORY_FAULT;
            over += event->kind == HISTORY_HEALED;
        }
    }
    outcome->unfinished = begun > over ? begun - over : 0;
}

/* --- of all trials ---------------------------------------------------------------------------- */

/* "nobody led at 0.010 s" */
static void say_why(const struct not_done *entry, bool with_time, char *out, size_t size)
{
    if (with_time && entry->at_ns != NEVER_NS) {
        snprintf(out, size, "%s at %s", entry->why, text_seconds(entry->at_ns).text);
    } else {
        snprintf(out, size, "%s", entry->why);
    }
}

static void say_one(const struct fault_spec *spec, const struct not_done_sum *sum, size_t count,
                    char *out, size_t size)
{
    assert(sum->trials > 0 && sum->trials <= count);
    char trials[80] = "", why[WHY_SIZE];
    if (count > 1) {
        snprintf(trials, sizeof trials, " in %s of %s trials", text_count(sum->trials).text,
                 text_count(count).text);
    }
    say_why(&sum->first, count == 1, why, sizeof why);
    snprintf(out, size, "%s (line %d)%s, since %s", spec->text, spec->line, trials, why);
}

/* Adds one to a sentence, or counts it among those that have no room. */
static void add(char *out, size_t size, size_t nth, const char *text)
{
    size_t used = strlen(out);
    assert(used < size);
    if (nth < NAMED_MAX) {
        snprintf(out + used, size - used, "%s%s", nth > 0 ? "; " : "Not done: ", text);
    }
}

static bool end_sentence(char *out, size_t size, size_t said)
{
    size_t used = strlen(out);
    assert(used < size);
    if (said > NAMED_MAX) {
        snprintf(out + used, size - used, "; and %s more.", text_count(said - NAMED_MAX).text);
    } else if (said > 0) {
        snprintf(out + used, size - used, ".");
    }
    return said > 0;
}

bool not_done_sentence(const struct trials *trials, char *out, size_t size)
{
    size_t said = 0;
    out[0] = '\0';
    for (size_t i = 0; i < trials->scenario->fault_count; i++) {
        const struct not_done_sum *sum = &trials->not_done[i];
        if (sum->trials > 0) {
            char text[TEXT_SIZE];
            say_one(&trials->scenario->faults[i], sum, trials->count, text, sizeof text);
            add(out, size, said++, text);
        }
    }
    return end_sentence(out, size, said);
}

bool not_done_each(const struct trials *trials, not_done_taker *take, void *into)
{
    bool whole = true;
    for (size_t i = 0; whole && i < trials->scenario->fault_count; i++) {
        const struct not_done_sum *sum = &trials->not_done[i];
        if (sum->trials > 0) {
            char why[WHY_SIZE];
            say_why(&sum->first, trials->count == 1, why, sizeof why);
            whole = take(into, &(struct not_done_told){i, trials->scenario->faults[i].text, why,
                                                       sum->trials});
        }
    }
    return whole;
}

/* --- of a history alone ----------------------------------------------------------------------- */

/* The first event of a fault that was skipped whenever it was due, in the order of faults. NULL:
 * there are no more. */
static const struct history_event *next_skipped(const struct fate *fates, size_t *fault)
{
    assert(*fault <= SCENARIO_FAULTS_MAX);
    for (; *fault < SCENARIO_FAULTS_MAX; (*fault)++) {
        if (!fates[*fault].applied && fates[*fault].skipped) {
            return fates[(*fault)++].skipped;
        }
    }
    return NULL;
}

/* "nobody led at 0.010 s" */
static void say_skipped(const struct history_event *event, char *out, size_t size)
{
    assert(event->kind == HISTORY_SKIPPED);
    snprintf(out, size, "%s at %s", event->why ? event->why : "it was skipped",
             text_seconds(event->at_ns).text);
}

bool not_done_of_history(const struct history *history, char *out, size_t size)
{
    size_t said = 0, fault = 0;
    struct fate *fates = calloc(SCENARIO_FAULTS_MAX, sizeof *fates);
    const struct history_event *event;
    out[0] = '\0';
    if (fates) {
        read_fates(NULL, history, fates, SCENARIO_FAULTS_MAX);
    }
    while (fates && (event = next_skipped(fates, &fault))) {
        char text[TEXT_SIZE], why[WHY_SIZE];
        say_skipped(event, why, sizeof why);
        snprintf(text, sizeof text, "%s (fault %zu of the scenario), since %s",
                 fault_rows[event->fault.kind]->name, fault, why);
        add(out, size, said++, text);
    }
    free(fates);
    return end_sentence(out, size, said);
}

bool not_done_each_of_history(const struct history *history, not_done_taker *take, void *into)
{
    size_t fault = 0;
    struct fate *fates = calloc(SCENARIO_FAULTS_MAX, sizeof *fates);
    const struct history_event *event;
    bool whole = fates != NULL;
    if (whole) {
        read_fates(NULL, history, fates, SCENARIO_FAULTS_MAX);
    }
    while (whole && (event = next_skipped(fates, &fault))) {
        char why[WHY_SIZE];
        say_skipped(event, why, sizeof why);
        whole = take(
            into, &(struct not_done_told){fault - 1, fault_rows[event->fault.kind]->name, why, 1});
    }
    free(fates);
    return whole;
}
