/* Violations: making them, and the list of them. See violation.h and check.h. */
#include "sim/checks/violation.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/text/grown.h"

void violations_free(struct violations *violations)
{
    assert(violations->count <= violations->capacity);
    free(violations->list);
    memset(violations, 0, sizeof *violations);
}

static void sort_events(struct violation *violation)
{
    assert(violation->event_count <= VIOLATION_EVENTS_MAX);
    for (int i = 1; i < violation->event_count; i++) {
        for (int j = i; j > 0 && violation->events[j - 1] > violation->events[j]; j--) {
            uint32_t later = violation->events[j - 1];
            violation->events[j - 1] = violation->events[j];
            violation->events[j] = later;
        }
    }
}

void violations_add(struct violations *violations, const struct violation *violation)
{
    assert(violation->at_ns <= violation->until_ns && violation->at_ns <= violation->sure_ns);
    assert(violation->check < check_count() && violation->explanation[0]);
    struct violation *list =
        grown(violations->list, violations->count, &violations->capacity, sizeof *list);
    if (!list) {
        violations->lost = true;
        return;
    }
    violations->list = list;
    violations->list[violations->count] = *violation;
    sort_events(&violations->list[violations->count++]);
}

struct violation violation_new(const struct check_row *check, int64_t at_ns)
{
    struct violation violation;
    memset(&violation, 0, sizeof violation);
    while (check_rows[violation.check] != check) {
        assert(check_rows[violation.check]);
        violation.check++;
    }
    violation.at_ns = at_ns;
    violation.until_ns = at_ns;
    violation.sure_ns = at_ns;
    return violation;
}

void violation_process(struct violation *violation, uint16_t process)
{
    assert(process != HISTORY_HARNESS);
    for (int i = 0; i < violation->process_count; i++) {
        if (violation->processes[i] == process) {
            return;
        }
    }
    if (violation->process_count < VIOLATION_PROCESSES_MAX) {
        violation->processes[violation->process_count++] = process;
    }
}

void violation_event(struct violation *violation, uint32_t event)
{
    assert(violation->event_count <= VIOLATION_EVENTS_MAX);
    for (int i = 0; i < violation->event_count; i++) {
        if (violation->events[i] == event) {
            return;
        }
    }
    if (event != EVENT_NONE && violation->event_count < VIOLATION_EVENTS_MAX) {
        violation->events[violation->event_count++] = event;
    }
}

void violation_say(struct violation *violation, const char *format, ...)
{
    size_t used = strlen(violation->explanation);
    assert(used < sizeof violation->explanation);
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(violation->explanation + used, sizeof violation->explanation - used, format,
              arguments);
    va_end(arguments);
}

static void tell_of(struct violation *violation, const struct view_process *processes)
{
    int told = 0;
    for (int i = 0; i < violation->process_count && told < 3; i++) {
        uint16_t id = violation->processes[i];
        if (processes[id].inferred) {
            violation_say(violation, "%s%s", told == 0 ? "; inferred from the traffic of " : ", ",
                          text_process(id).text);
            told++;
        }
    }
    assert(told <= violation->process_count);
}

void inferred_tell(struct violations *found, const struct view_process *processes)
{
    for (size_t i = 0; i < found->count; i++) {
        const struct check_row *row = check_rows[found->list[i].check];
        assert(row);
        if (row->on_belief || row->on_lock_traffic) {
            tell_of(&found->list[i], processes);
        }
    }
}
