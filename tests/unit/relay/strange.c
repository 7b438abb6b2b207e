/* A stage with a stranger. See strange.h. */
#include "tests/unit/relay/strange.h"

#include <sys/eventfd.h>

struct witness slots;
static struct relay_witness witness;

int strange_set_up(void **state)
{
    static const bool strangers[] = {false, true};
    slots.shared = shared_map(5); /* the last for the relay */
    slots.log = 4;
    slots.prefix = "";
    slots.servers = 1;
    assert_non_null(slots.shared);
    slots.notify_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    witness = witness_of(&slots);
    return stage_set_up_with(
        state,
        (struct relay_plan){.strangers = strangers, .lock_key = "lock", .witness = &witness});
}

int strange_tear_down(void **state)
{
    int status = stage_tear_down(state);
    close(slots.notify_fd);
    shared_unmap(slots.shared);
    return status;
}

void arm(enum moment moment, bool before, bool applied)
{
    const struct trigger trigger = {.kind = TRIGGER_WHEN,
                                    .moment = (uint8_t)moment,
                                    .before = before,
                                    .applied = applied,
                                    .nth = 1,
                                    .who = {.kind = TARGET_IDS, .count = 1, .ids = {3}}};
    breakpoints_arm(&slots.shared->breakpoints, 0, &trigger);
}

void stands(void)
{
    eventfd_t times;
    assert_true(something_comes(slots.notify_fd, TIMEOUT_MS));
    assert_int_equal(eventfd_read(slots.notify_fd, &times), 0);
    atomic_store(&slots.shared->notified, 0);
    assert_int_equal(slots.shared->slots[3].stopped, slots.shared->slots[3].go + 1);
}

void let_go(void)
{
    struct member_slot *slot = &slots.shared->slots[3];
    atomic_store(&slot->go, atomic_load(&slot->stopped));
    slot_wake(&slots.shared->slots[slots.log]);
}
