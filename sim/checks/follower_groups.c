/* Groups of followers. See follower_groups.h. */
#include "sim/checks/follower_groups.h"

#include <assert.h>

/* More are among the processes, but not in the sentence. */
#define CAMPS_SAID 3

void groups_name(struct violation *violation, const struct view *view, int32_t changed,
                 bool idle_too)
{
    assert(changed == NOBODY || changed <= view->facts->settings.nodes);
    int32_t leaders[VIOLATION_PROCESSES_MAX] = {0};
    int count = 0;
    for (int32_t id = 0; id <= view->facts->settings.nodes; id++) {
        const struct view_process *process = id == changed ? &view->before : &view->processes[id];
        int32_t leader = process->claim.follows;
        if (!view_is_up(process) || (leader == NOBODY && !idle_too)) {
            continue;
        }
        int known = 0;
        while (known < count && leaders[known] != leader) {
            known++;
        }
        if (known < count || count == VIOLATION_PROCESSES_MAX) {
            continue;
        }
        leaders[count++] = leader;
        violation_process(violation, (uint16_t)id);
        violation_event(violation, process->follows_event);
        if (count <= CAMPS_SAID) {
            violation_say(violation, "%s%s followed %s", count > 1 ? " and " : "",
                          text_process(id).text, text_process(leader).text);
        }
    }
}
