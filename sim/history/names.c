/* The tables of names. See names.h. */
#include "sim/history/names.h"

const char *const kind_names[HISTORY_KINDS] = {
    [HISTORY_BORN] = "born",       [HISTORY_STARTED] = "started", [HISTORY_DIED] = "died",
    [HISTORY_PAUSED] = "paused",   [HISTORY_RESUMED] = "resumed", [HISTORY_REQUEST] = "request",
    [HISTORY_REPLY] = "reply",     [HISTORY_CLAIM] = "claim",     [HISTORY_DECIDED] = "decided",
    [HISTORY_FAULT] = "fault",     [HISTORY_HEALED] = "healed",   [HISTORY_EXPIRED] = "expired",
    [HISTORY_SKIPPED] = "skipped", [HISTORY_OUTSIDE] = "outside", [HISTORY_UNDECIDED] = "undecided",
    [HISTORY_OBSCURE] = "obscure", [HISTORY_COMMAND] = "command", [HISTORY_PHASE] = "phase",
    [HISTORY_MORE] = "more",
};

const char *const phase_names[HISTORY_PHASES] = {
    [PHASE_SAFETY] = "safety",
    [PHASE_LIVENESS] = "liveness",
    [PHASE_END] = "end",
};

const char *const key_names[STORE_KEYS] = {
    [KEY_LOCK] = "lock",   [KEY_NODES] = "nodes",   [KEY_RESULT] = "result",
    [KEY_EPOCH] = "epoch", [KEY_WRITES] = "writes",
};

const char *const outcome_names[STORE_OUTCOMES] = {
    [STORE_OK] = "ok",
    [STORE_NIL] = "nil",
    [STORE_REFUSED] = "refused",
    [STORE_UNKNOWN] = "unknown",
    [STORE_UNREADABLE] = "unreadable",
};
