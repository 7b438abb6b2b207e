/* What a keeper makes of what its program writes. See program_keeper.h. */
#include "sim/processes/program_keeper.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "sim/program/claims.h"
#include "sim/system/tree.h"
#include "src/protocol.h"
#include "src/units.h"

_Noreturn void keeper_leave(struct keeper *keeper, int code)
{
    while (atomic_load(&keeper->member.slot->felled)) {
        pause();
    }
    tree_kill(getpid());
    member_notify(&keeper->member);
    _exit(code);
}

/* --- what it writes --------------------------------------------------------------------------- */

static _Noreturn void refuse_line(struct keeper *keeper, const char *why)
{
    struct member_slot *slot = keeper->member.slot;
    snprintf(slot->refusal, sizeof slot->refusal, "%s", why);
    keeper_leave(keeper, KEEPER_BAD_LINE);
}

/* Of programs that only lock nobody is judged as a leader: it would go unheard. */
static void mind_leading(struct keeper *keeper, const struct claim *claim)
{
    if (claim->leads && !protocol_has_leaders(keeper->member.settings)) {
        refuse_line(keeper, "claims that it leads, and with protocol: own_lock nobody is elected; "
                            "write protocol: own_leader");
    }
}

/* Whoever writes without a pause would fill the history with claims. */
#define LINES_A_SECOND 10000

static void mind_rate(struct keeper *keeper)
{
    int64_t now_ns = monotonic_ns();
    if (now_ns - keeper->second_ns >= NS_PER_S) {
        keeper->second_ns = now_ns;
        keeper->second_lines = 0;
    }
    if (++keeper->second_lines > LINES_A_SECOND) {
        refuse_line(keeper, "wrote more than 10,000 lines on its standard output within a second; "
                            "make a claim when something has changed");
    }
}

static void take_line(struct keeper *keeper)
{
    mind_rate(keeper);
    struct said said;
    char error[CLAIMS_ERROR];
    const struct settings *settings = keeper->member.settings;
    if (!claims_read(keeper->lines.bytes, keeper->lines.overlong, keeper->id, settings->nodes,
                     monotonic_ns(), &said, error)) {
        refuse_line(keeper, error);
    }
    switch (said.kind) {
    case SAID_CLAIM:
        mind_leading(keeper, &said.claim);
        keeper_claims(keeper, &said);
        return;
    case SAID_STOP:
        keeper_stops(keeper);
        return;
    default:
        if (settings->work_every_ns == 0) {
            refuse_line(keeper, "wrote to the protected resource, and there is none; add work: "
                                "{every: 100ms}, which is how often members of ours write");
        }
        keeper_writes(keeper, said.token);
    }
}

/* Takes lines of what was read until it stands, or all are taken. */
static void take_lines(struct keeper *keeper)
{
    while (keeper->taken < keeper->got && keeper_is_idle(keeper)) {
        bool whole;
        keeper->taken += line_take(&keeper->lines, keeper->bytes + keeper->taken,
                                   keeper->got - keeper->taken, &whole);
        if (whole) {
            take_line(keeper);
        }
    }
}

static bool read_some(struct keeper *keeper, int *fd, char *bytes, size_t size, size_t *got)
{
    ssize_t read_now = *fd >= 0 ? read(*fd, bytes, size) : -1;
    (void)keeper;
    if (read_now == 0) {
        close(*fd);
        *fd = -1;
    }
    *got = read_now > 0 ? (size_t)read_now : 0;
    return read_now > 0;
}

bool keeper_read(struct keeper *keeper)
{
    if (keeper->taken == keeper->got && keeper_is_idle(keeper)) {
        keeper->taken = 0;
        read_some(keeper, &keeper->out, keeper->bytes, sizeof keeper->bytes, &keeper->got);
    }
    bool some = keeper->taken < keeper->got && keeper_is_idle(keeper);
    take_lines(keeper);
    return some;
}

/* Keeps it in its file, up to a bound; what cannot be written is lost, as a log may be. */
static void keep_log(struct keeper *keeper, const char *bytes, size_t size)
{
    static const char rest[] = "\n[hustings keeps 256 KiB of a log: the rest is left out]\n";
    if (keeper->log_file < 0 || keeper->log_length > LOG_FILE_BYTES || size == 0) {
        return;
    }
    size_t room = LOG_FILE_BYTES - keeper->log_length;
    size_t kept = size < room ? size : room;
    bool wrote = write(keeper->log_file, bytes, kept) == (ssize_t)kept;
    keeper->log_length += kept;
    if (kept < size || !wrote) {
        keeper->log_length = LOG_FILE_BYTES + 1; /* nothing more */
        wrote = write(keeper->log_file, rest, sizeof rest - 1) > 0;
    }
    (void)wrote;
}

bool keeper_read_log(struct keeper *keeper)
{
    char bytes[4096];
    size_t got;
    bool some = read_some(keeper, &keeper->err, bytes, sizeof bytes, &got);
    log_take(&keeper->log, bytes, got);
    keep_log(keeper, bytes, got);
    return some;
}

void keeper_drain(struct keeper *keeper)
{
    for (int i = 0; i < 32 && keeper_read(keeper); i++) {
    }
    for (int i = 0; i < 32 && keeper_read_log(keeper); i++) {
    }
}
