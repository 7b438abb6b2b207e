/* The tables of names. See names.h. */
#include "sim/history/names.h"

const char *const kind_names[HISTORY_KINDS] = {
    [HISTORY_BORN] = "born",       [HISTORY_STARTED] = "started", [HISTORY_DIED] = "died",
    [HISTORY_PAUSED] = "paused",   [HISTORY_RESUMED] = "resumed", [HISTORY_REQUEST] = "request",
    [HISTORY_REPLY] = "reply",     [HISTORY_CLAIM] = "claim",     [HISTORY_DECIDED] = "decided",
    [HISTORY_FAULT] = "fault",     [HISTORY_HEALED] = "healed",   [HISTORY_EXPIRED] = "expired",
    [HISTORY_SKIPPED] = "skipped", [HISTORY_OUTSIDE] = "outside", [HISTORY_UNDECIDED] = "undecided",
    [HISTORY_PHASE] = "phase",     [HISTORY_MORE] = "more",
};

const char *const phase_names[HISTORY_PHASES] = {
    [PHASE_SAFETY] = "safety",
    [PHASE_LIVENESS] = "liveness",
    [PHASE_END] = "end",
};

const char *const op_names[STORE_OPS] = {
    [STORE_PUT_IF_ABSENT] = "put_if_absent",
    [STORE_DELETE_IF_EQUAL] = "delete_if_equal",
    [STORE_EXTEND_IF_EQUAL] = "extend_if_equal",
    [STORE_GET_TOKEN] = "get_token",
    [STORE_SET_STATUS] = "set_status",
    [STORE_READ_BALLOT] = "read_ballot",
    [STORE_GET_RESULT] = "get_result",
    [STORE_SET_RESULT] = "set_result",
    [STORE_EXPIRE] = "expire",
    [STORE_DELETE] = "delete",
};

const char *const key_names[STORE_KEYS] = {
    [KEY_LOCK] = "lock",
    [KEY_NODES] = "nodes",
    [KEY_RESULT] = "result",
};

const char *const outcome_names[STORE_OUTCOMES] = {
    [STORE_OK] = "ok",
    [STORE_NIL] = "nil",
    [STORE_REFUSED] = "refused",
    [STORE_UNKNOWN] = "unknown",
    [STORE_UNREADABLE] = "unreadable",
};

const char *const status_names[STATUSES] = {
    [STATUS_PREPARE] = "prepare",
    [STATUS_SUBMIT] = "submit",
    [STATUS_UNKNOWN] = "unknown",
};

bool op_has_token(uint8_t op)
{
    return op == STORE_PUT_IF_ABSENT || op == STORE_DELETE_IF_EQUAL ||
           op == STORE_EXTEND_IF_EQUAL || op == STORE_GET_TOKEN;
}

bool op_has_ttl(uint8_t op)
{
    return op == STORE_PUT_IF_ABSENT || op == STORE_EXTEND_IF_EQUAL || op == STORE_EXPIRE;
}

bool op_answers_integer(uint8_t op)
{
    return op == STORE_DELETE_IF_EQUAL || op == STORE_EXTEND_IF_EQUAL || op == STORE_EXPIRE ||
           op == STORE_DELETE;
}
