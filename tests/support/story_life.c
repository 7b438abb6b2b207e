/* Stories: lives, phases and faults. See story.h. */
#include "sim/faults/fault.h"
#include "src/protocol.h"
#include "tests/support/story.h"

static const struct history_event nothing_more;

uint32_t born(struct story *story, uint16_t id)
{
    story->claims[id] = process_new(id).claim;
    return story_tell(story, HISTORY_BORN, id, nothing_more);
}

uint32_t runs(struct story *story, uint16_t id)
{
    born(story, id);
    return story_tell(story, HISTORY_STARTED, id, nothing_more);
}

void everybody_runs(struct story *story)
{
    const struct settings *settings = &story->history.facts.settings;
    for (uint16_t id = protocol_first_id(settings); id <= settings->nodes; id++) {
        runs(story, id);
    }
}

uint32_t dies(struct story *story, uint16_t id)
{
    return story_tell(
        story, HISTORY_DIED, id,
        (struct history_event){.died = {.by_fault = 1, .exit_status = -1, .signal = 9}});
}

uint32_t is_paused(struct story *story, uint16_t id)
{
    return story_tell(story, HISTORY_PAUSED, id, nothing_more);
}

uint32_t resumes(struct story *story, uint16_t id)
{
    return story_tell(story, HISTORY_RESUMED, id, nothing_more);
}

uint32_t phase(struct story *story, enum history_phase phase)
{
    return story_tell(story, HISTORY_PHASE, HISTORY_HARNESS,
                      (struct history_event){.phase = (uint8_t)phase});
}

uint32_t ends(struct story *story)
{
    return phase(story, PHASE_END);
}

uint32_t lock_runs_out(struct story *story)
{
    return story_tell(story, HISTORY_EXPIRED, HISTORY_HARNESS,
                      (struct history_event){.key = KEY_LOCK});
}

static uint32_t tells_fault(struct story *story, uint8_t kind, uint16_t id, const char *name)
{
    struct history_event event = {.fault = {.kind = (uint16_t)fault_find(name)}};
    return story_tell(story, kind, id, event);
}

uint32_t begins_fault(struct story *story, uint16_t id, const char *name)
{
    return tells_fault(story, HISTORY_FAULT, id, name);
}

uint32_t ends_fault(struct story *story, uint16_t id, const char *name)
{
    return tells_fault(story, HISTORY_HEALED, id, name);
}

uint32_t is_flipped(struct story *story, uint16_t id, enum status to)
{
    struct history_event event = {.fault = {.kind = (uint16_t)fault_find("flip"), .param = to}};
    uint32_t fault = story_tell(story, HISTORY_FAULT, id, event);
    story->claims[id].status = (uint8_t)to;
    claims(story, id, 0);
    return fault;
}

uint32_t clock_jumps(struct story *story)
{
    return begins_fault(story, HISTORY_HARNESS, "jump");
}

uint32_t clock_is_right(struct story *story)
{
    return ends_fault(story, HISTORY_HARNESS, "jump");
}

uint32_t lock_is_made_to_run_out(struct story *story)
{
    uint32_t fault = begins_fault(story, HISTORY_HARNESS, "expire_lock");
    lock_runs_out(story);
    return fault;
}
