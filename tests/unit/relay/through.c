/* One channel, without sockets. See through.h. */
#include "tests/unit/relay/through.h"

#include <stdlib.h>
#include <string.h>

int through_set_up(void **state)
{
    struct through *through = calloc(1, sizeof *through);
    link_faults_init(&through->link_faults, 1, 3);
    channel_init(&through->channel, &through->link_faults, NULL);
    *state = through;
    return 0;
}

int through_tear_down(void **state)
{
    struct through *through = *state;
    channel_free(&through->channel);
    free(through);
    return 0;
}

void comes(struct through *through, enum way way, const char *bytes)
{
    assert_true(channel_take(&through->channel, way, bytes, strlen(bytes), through->now_ns));
}

void passes(struct through *through, enum way way, const char *wanted)
{
    const char *bytes;
    size_t size = channel_ready(&through->channel, way, through->now_ns, &bytes);
    assert_int_equal(size, strlen(wanted));
    if (size > 0) {
        assert_memory_equal(bytes, wanted, size);
    }
    channel_passed(&through->channel, way, size);
}

void at(struct through *through, int64_t ms)
{
    through->now_ns = ms * MS;
}

bool through_ordered(struct through *through, struct link_order order)
{
    struct link_faults before = through->link_faults;
    bool changed = link_faults_order(&through->link_faults, &order, through->now_ns);
    return channel_follow(&through->channel, &order, &before, through->now_ns) || changed;
}

bool through_healed(struct through *through, enum link_fault what)
{
    bool waits =
        what == LINK_LATE || what == LINK_LOSE || what == LINK_LOSE_REPLY || what == LINK_RESET;
    struct link_order call_off = {.fault = LINK_HEAL, .undo = (uint8_t)what};
    struct link_order none = {.fault = (uint8_t)what, .directions = what == LINK_CUT ? 0 : BOTH};
    return through_ordered(through, waits ? call_off : none);
}

bool over(const struct through *through, enum way way)
{
    return channel_over(&through->channel, way, through->now_ns);
}
