/* Stories: lives, phases and faults. See story.h. */
#include "sim/faults/fault.h"
#include "src/protocol.h"
#include "tests/support/story.h"

static const struct history_event nothing_more;

uint32_t born(struct tale *story, uint16_t id)
{
    story->claims[id] = process_new(id).claim;
    return tale_event(story, HISTORY_BORN, id, nothing_more);
}

uint32_t runs(struct tale *story, uint16_t id)
{
    born(story, id);
    return tale_event(story, HISTORY_STARTED, id, nothing_more);
}

void everybody_runs(struct tale *story)
{
    const struct settings *settings = &story->history.facts.settings;
    for (uint16_t id = protocol_first_id(settings); id <= settings->nodes; id++) {
        runs(story, id);
    }
}

uint32_t dies(struct tale *story, uint16_t id)
{
    return tale_event(
        story, HISTORY_DIED, id,
        (struct history_event){.died = {.by_fault = 1, .exit_status = -1, .signal = 9}});
}

uint32_t is_paused(struct tale *story, uint16_t id)
{
    return tale_event(story, HISTORY_PAUSED, id, nothing_more);
}

uint32_t resumes(struct tale *story, uint16_t id)
{
    return tale_event(story, HISTORY_RESUMED, id, nothing_more);
}

uint32_t phase(struct tale *story, enum history_phase phase)
{
    return tale_event(story, HISTORY_PHASE, HISTORY_HARNESS,
                      (struct history_event){.phase = (uint8_t)phase});
}

uint32_t ends(struct tale *story)
{
    return phase(story, PHASE_END);
}

uint32_t lock_runs_out(struct tale *story)
{
    return tale_event(story, HISTORY_EXPIRED, HISTORY_HARNESS,
                      (struct history_event){.key = KEY_LOCK});
}

static uint32_t tells_fault(struct tale *story, uint8_t kind, uint16_t id, const char *name)
{
    struct history_event event = {.fault = {.kind = (uint16_t)fault_find(name)}};
    return tale_event(story, kind, id, event);
}

uint32_t begins_fault(struct tale *story, uint16_t id, const char *name)
{
    return tells_fault(story, HISTORY_FAULT, id, name);
}

uint32_t ends_fault(struct tale *story, uint16_t id, const char *name)
{
    return tells_fault(story, HISTORY_HEALED, id, name);
}

uint32_t is_flipped(struct tale *story, uint16_t id, enum status to)
{
    struct history_event event = {.fault = {.kind = (uint16_t)fault_find("flip"), .param = to}};
    uint32_t fault = tale_event(story, HISTORY_FAULT, id, event);
    story->claims[id].status = (uint8_t)to;
    claims(story, id, 0);
    return fault;
}

uint32_t clock_jumps(struct tale *story)
{
    return begins_fault(story, HISTORY_HARNESS, "jump");
}

uint32_t clock_is_right(struct tale *story)
{
    return ends_fault(story, HISTORY_HARNESS, "jump");
}

uint32_t lock_is_made_to_run_out(struct tale *story)
{
    uint32_t fault = begins_fault(story, HISTORY_HARNESS, "expire_lock");
    lock_runs_out(story);
    return fault;
}
