/* Overlaps. See overlap.h. */
#include "sim/checks/overlap.h"

#include <assert.h>

#define OTHERS_SAID 4

void overlap_begin(struct overlap *overlap, const struct check_row *check, uint16_t nodes)
{
    overlap->check = check;
    overlap->earliest_ns = INT64_MAX;
    overlap->count = 0;
    overlap->most = 0;
    overlap->waits = false;
    overlap->entered_ns = NEVER_ENTERED;
    for (uint32_t i = 0; i <= nodes; i++) {
        overlap->places[i].number = OVERLAP_OUT;
    }
}

static void take_part(struct overlap *overlap, uint16_t process)
{
    assert(overlap_has(overlap, process));
    violation_process(&overlap->draft, process);
    violation_event(&overlap->draft, overlap->places[process].event);
}

bool overlap_enter(struct overlap *overlap, uint16_t process, uint32_t event, int64_t now_ns,
                   int64_t until_ns)
{
    struct overlap_place *place = &overlap->places[process];
    assert(place->number == OVERLAP_OUT);
    overlap->entered_ns = now_ns < overlap->entered_ns ? now_ns : overlap->entered_ns;
    overlap->places[overlap->count].member = process;
    place->number = (uint16_t)overlap->count++;
    place->event = event;
    overlap_extend(overlap, process, until_ns);
    bool begins = overlap->count == 2 && !overlap->waits;
    if (begins) {
        overlap->draft = violation_new(overlap->check, now_ns);
        overlap->most = 0;
        overlap->stretches = 0;
        overlap->on_ns = 0;
        take_part(overlap, overlap->places[0].member);
    }
    if (overlap->count == 2) {
        overlap->stretches++;
        overlap->on_since_ns = now_ns;
        overlap->waits = false;
    }
    if (overlap->count >= 2) {
        take_part(overlap, process);
    }
    overlap->most = overlap->count > overlap->most ? overlap->count : overlap->most;
    return begins;
}

void overlap_extend(struct overlap *overlap, uint16_t process, int64_t until_ns)
{
    assert(overlap_has(overlap, process));
    overlap->places[process].until_ns = until_ns;
    if (until_ns < overlap->earliest_ns) {
        overlap->earliest_ns = until_ns;
    }
}

bool overlap_leave(struct overlap *overlap, uint16_t process, int64_t now_ns, const char *how)
{
    struct overlap_place *place = &overlap->places[process];
    assert(place->number < overlap->count && overlap->places[place->number].member == process);
    uint16_t last = overlap->places[--overlap->count].member;
    overlap->places[place->number].member = last;
    overlap->places[last].number = place->number;
    place->number = OVERLAP_OUT;
    if (overlap->count == 0 && overlap->waits) {
        overlap->waits = false;
        return true;
    }
    if (overlap->count != 1) {
        return false;
    }
    overlap->draft.until_ns = now_ns;
    overlap->on_ns += now_ns - overlap->on_since_ns;
    overlap->last_left = process;
    overlap->last_how = how;
    overlap->waits = overlap->places[0].member == overlap->draft.processes[0];
    return !overlap->waits;
}

bool overlap_end(struct overlap *overlap, int64_t now_ns)
{
    assert(!overlap->waits || overlap->count == 1);
    if (overlap->count >= 2) {
        overlap->draft.until_ns = now_ns;
        overlap->on_ns += now_ns - overlap->on_since_ns;
        overlap->last_how = NULL;
        return true;
    }
    return overlap->waits;
}

int32_t overlap_earliest(struct overlap *overlap, int64_t now_ns)
{
    assert(now_ns >= overlap->earliest_ns);
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
    assert(due != NOBODY || overlap->earliest_ns == INT64_MAX);
    return overlap->earliest_ns <= now_ns ? due : NOBODY;
}

void overlap_say_who(struct overlap *overlap)
{
    assert(overlap->most >= 2 && overlap->draft.process_count >= 2);
    struct violation *draft = &overlap->draft;
    if (overlap->most == 2) {
        int others = draft->process_count - 1;
        violation_say(draft, "%s and%s ", text_process(draft->processes[0]).text,
                      others > 1 ? ", in turn," : "");
        for (int i = 1; i <= others && i < OTHERS_SAID; i++) {
            bool last = i == others;
            violation_say(draft, "%s%s",
                          i == 1 ? ""
                          : last ? " and "
                                 : ", ",
                          text_process(draft->processes[i]).text);
        }
        violation_say(draft, "%s were both", others >= OTHERS_SAID ? " and others" : "");
        return;
    }
    violation_say(draft, "up to %u processes (", overlap->most);
    for (int i = 0; i < draft->process_count && i < 4; i++) {
        violation_say(draft, "%s%s", i ? ", " : "", text_process(draft->processes[i]).text);
    }
    violation_say(draft, "%s) were at once", draft->process_count > 4 ? ", …" : "");
}

void overlap_say_how_long(struct overlap *overlap)
{
    assert(overlap->stretches > 0 && overlap->on_ns >= 0);
    struct violation *draft = &overlap->draft;
    draft->times = overlap->stretches;
    draft->broken_ns = overlap->on_ns;
    if (overlap->stretches > 1) {
        violation_say(draft, " %s times, for %s in all", text_count(overlap->stretches).text,
                      text_ms(overlap->on_ns).text);
    } else {
        violation_say(draft, " for %s", text_ms(overlap->on_ns).text);
    }
}
