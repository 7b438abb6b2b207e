/* The words of scenarios for targets and triggers. */
#include "sim/faults/fault.h"

const char *const target_names[TARGET_KINDS] = {
    [TARGET_LEADER] = "leader", [TARGET_LOCK_HOLDER] = "lock_holder",
    [TARGET_ANY] = "any",       [TARGET_OTHERS] = "others",
    [TARGET_LOCK] = "lock",     [TARGET_REDIS] = "redis",
};

const char *const target_servers_names[SERVERS_KINDS] = {
    [SERVERS_MINORITY] = "minority",
    [SERVERS_MAJORITY] = "majority",
};

const struct trigger_row trigger_rows[TRIGGER_KINDS] = {
    [TRIGGER_AT] = {"at", "at a time after every process is up and connected",
                    "{at: 2s, crash: 3}"},
    [TRIGGER_EVERY] = {"every", "again and again, until a time (the end, unless said)",
                       "{every: 500ms, until: 3s, crash: any, for: 100ms}"},
    [TRIGGER_WHEN] = {"when",
                      "at the very step at which a process does something for the nth time "
                      "(nth: {from: 10, to: 50} draws it in each trial); with sends or gets "
                      "instead of does: at a command, or at the answer to one",
                      "{when: {who: 2, does: acquires_lock, nth: 1}, after: 10ms, crash: 2}"},
    [TRIGGER_SETTLED] = {"settled", "when everyone alive follows one live leader",
                         "{when: settled, after: 500ms, crash: leader}"},
    [TRIGGER_RANDOMLY] = {"randomly", "at random times, drawn by the seed, among several faults",
                          "{randomly: {mean: 400ms, until: 8s, at_most_down: 2}, "
                          "one_of: [{crash: any, for: 1s, weight: 2}, {flip: any, to: submit}]}"},
};
