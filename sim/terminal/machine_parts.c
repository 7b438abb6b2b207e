/* What the formats for machines have in common. See machine.h. */
#include "sim/terminal/machine.h"

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
