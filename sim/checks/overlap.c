/* Overlaps. See overlap.h. */
#include "sim/checks/overlap.h"

#include <assert.h>

void overlap_begin(struct overlap *overlap, const struct check_row *check, uint16_t nodes)
{
    overlap->check = check;
    overlap->earliest_ns = INT64_MAX;
    overlap->count = 0;
    overlap->most = 0;
    for (uint32_t i = 0; i <= nodes; i++) {
        overlap->places[i].number = OVERLAP_OUT;
    }
}

bool overlap_has(const struct overlap *overlap, uint16_t process)
{
    return overlap->places[process].number != OVERLAP_OUT;
}

bool overlap_is_on(const struct overlap *overlap)
{
    return overlap->count >= 2;
}

static void take_part(struct overlap *overlap, uint16_t process)
{
    violation_process(&overlap->draft, process);
    violation_event(&overlap->draft, overlap->places[process].event);
}

bool overlap_enter(struct overlap *overlap, uint16_t process, uint32_t event, int64_t now_ns,
                   int64_t until_ns)
{
    struct overlap_place *place = &overlap->places[process];
    assert(place->number == OVERLAP_OUT);
    overlap->places[overlap->count].member = process;
    place->number = (uint16_t)overlap->count++;
    place->event = event;
    overlap_extend(overlap, process, until_ns);
    if (overlap->count == 2) {
        overlap->draft = violation_new(overlap->check, now_ns);
        overlap->most = 0;
        take_part(overlap, overlap->places[0].member);
    }
    if (overlap->count >= 2) {
        take_part(overlap, process);
    }
    overlap->most = overlap->count > overlap->most ? overlap->count : overlap->most;
    return overlap->count == 2;
}

void overlap_extend(struct overlap *overlap, uint16_t process, int64_t until_ns)
{
    overlap->places[process].until_ns = until_ns;
    if (until_ns < overlap->earliest_ns) {
        overlap->earliest_ns = until_ns;
    }
}

bool overlap_leave(struct overlap *overlap, uint16_t process, int64_t now_ns)
{
    struct overlap_place *place = &overlap->places[process];
    assert(place->number != OVERLAP_OUT);
    uint16_t last = overlap->places[--overlap->count].member;
    overlap->places[place->number].member = last;
    overlap->places[last].number = place->number;
    place->number = OVERLAP_OUT;
    if (overlap->count != 1) {
        return false;
    }
    overlap->draft.until_ns = now_ns;
    return true;
}

int32_t overlap_due(struct overlap *overlap, int64_t now_ns)
{
    if (now_ns < overlap->earliest_ns) {
        return NOBODY;
    }
    int32_t due = NOBODY;
    overlap->earliest_ns = INT64_MAX;
    for (uint32_t i = 0; i < overlap->count; i++) {
        uint16_t process = overlap->places[i].member;
        int64_t until_ns = overlap->places[process].until_ns;
        if (until_ns < overlap->earliest_ns) {
            overlap->earliest_ns = until_ns;
            due = process;
        }
    }
    return overlap->earliest_ns <= now_ns ? due : NOBODY;
}

void overlap_say_who(struct overlap *overlap)
{
    struct violation *draft = &overlap->draft;
    if (overlap->most == 2 && draft->process_count == 2) {
        violation_say(draft, "%s and %s were both", text_process(draft->processes[0]).text,
                      text_process(draft->processes[1]).text);
        return;
    }
    violation_say(draft, "up to %u processes (", overlap->most);
    for (int i = 0; i < draft->process_count && i < 4; i++) {
        violation_say(draft, "%s%s", i ? ", " : "", text_process(draft->processes[i]).text);
    }
    violation_say(draft, "%s) were at once", draft->process_count > 4 ? ", …" : "");
}
