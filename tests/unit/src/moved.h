/* A step that is taken twice: by the process as it is, and by one that was moved in time, which
 * must do the same at the moved time. To be included after cmocka.h. */
#ifndef TESTS_MOVED_H
#define TESTS_MOVED_H

#include <stddef.h>

#include "src/protocol.h"

static inline void step_moved(const struct settings *settings, struct process *process,
                              struct event *event, struct action *action)
{
    const int64_t by_ns = INT64_C(987654321000000);
    struct process moved = *process;
    struct event later = *event;
    struct action same;
    later.now_ns += by_ns;
    process_shift(settings, &moved, by_ns);
    process_step(settings, &moved, &later, &same);
    process_step(settings, process, event, action);
    process_shift(settings, &moved, -by_ns);
    assert_memory_equal(&moved, process, sizeof moved);
    assert_memory_equal(&same, action,
                        offsetof(struct action, send) + action->sends * sizeof *action->send);
}

#endif
