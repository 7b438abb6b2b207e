/* What the formats for machines have in common. See machine.h. */
#include "sim/terminal/machine.h"

#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

/* There is no scenario without a node. */
bool is_refused(const struct scenario *scenario)
{
    return scenario->settings.nodes == 0;
}

const char *stop_name(const struct stop *stop)
{
    static const char *const names[STOPS] = {"interrupted", "world", "refused", "not begun"};
    return names[stop->kind];
}

void machine_repeat(const struct finish *finish, const struct point *point,
                    struct shell_command *command)
{
    bool one = point->unmet && point->unmet->trial > 0;
    reproduce_command(finish->scenario, finish->facts,
                      one ? point->unmet->seed : finish->scenario->seed,
                      one ? 1 : finish->scenario->trials, command);
}

bool machine_history(const struct finish *finish, const struct point *point, char *path,
                     size_t size)
{
    if (!finish->results_path || !point->unmet || point->unmet->trial == 0) {
        return false;
    }
    int length =
        snprintf(path, size, "%s/history/%strial-%04" PRIu32 ".jsonl", finish->results_path,
                 finish->facts->label ? finish->facts->label : "", point->unmet->trial);
    return length > 0 && (size_t)length < size && access(path, F_OK) == 0;
}
