/* What a keeper makes of what its program writes. See program_keeper.h. */
#include "sim/processes/program_keeper.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "sim/host/event_record.h"
#include "sim/program/claims.h"
#include "sim/system/tree.h"
#include "src/protocol.h"
#include "src/work.h"

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

/* What has happened between two claims, as bits 1u << enum moment. */
static uint32_t moments_between(const struct claim *before, const struct claim *claim)
{
    uint32_t moments = 0;
    if (claim->leads && (!before->leads || before->term != claim->term)) {
        moments |= 1u << MOMENT_LEADS;
    }
    if (before->leads && !claim->leads) {
        moments |= 1u << MOMENT_RESIGNS;
    }
    if (claim->follows != NOBODY && claim->follows != before->follows) {
        moments |= 1u << MOMENT_FOLLOWS;
    }
    return moments;
}

static void take_claim(struct keeper *keeper, const struct said *said)
{
    struct member *member = &keeper->member;
    struct claim claim = said->claim;
    struct history_event event = {.kind = HISTORY_CLAIM};
    int64_t at_ns = said->at_ns != INT64_MIN ? said->at_ns : monotonic_ns();
    member->now_ns = at_ns > member->now_ns ? at_ns : member->now_ns; /* never before the last */
    if (said->for_ns != INT64_MAX) {
        claim.until_ns = member->now_ns + said->for_ns;
    }
    claim.status = member->shown.status;
    if (event_record_same_claim(&member->shown, &claim, claim.until_ns)) {
        return;
    }
    atomic_store(&member->slot->claims, 1); /* from now on, nothing is inferred */
    event.claim.claim = claim;
    event.claim.happened = moments_between(&member->shown, &claim);
    member_record(member, &event);
    member->shown = claim;
    slot_set_claim(member->slot, &claim);
    member_notify(member);
}

/* A line for the program. If it does not read, and the pipe is full, the line is lost. */
static void answer(const struct keeper *keeper, const char *line)
{
    ssize_t written = write(keeper->in, line, strlen(line));
    (void)written;
}

/* Writes to the protected resource on its behalf; no fault is aimed at that, so it answers soon. */
static void write_for(struct keeper *keeper, uint64_t token)
{
    struct member *member = &keeper->member;
    struct history_event event;
    struct request request = {.op = STORE_WRITE,
                              .key = KEY_WRITES,
                              .moment = MOMENT_WRITES,
                              .server = (uint8_t)settings_resource(member->settings),
                              .tag = TAG_WORK,
                              .value.number = token};
    uint32_t number = ++member->slot->request_number;
    int64_t now_ns = monotonic_ns();
    member->now_ns = now_ns > member->now_ns ? now_ns : member->now_ns;
    event_record_request(&event, &request, NULL, number);
    member_record(member, &event);
    struct reply reply = link_request(&keeper->resource, &request);
    member->now_ns = monotonic_ns();
    event_record_reply(&event, &request, &reply, number);
    member_record(member, &event);
    answer(keeper, reply.outcome == STORE_OK    ? "{\"written\": true}\n"
                   : reply.outcome == STORE_NIL ? "{\"written\": false}\n"
                                                : "{\"written\": null}\n");
}

static _Noreturn void refuse_line(struct keeper *keeper, const char *why)
{
    struct member_slot *slot = keeper->member.slot;
    snprintf(slot->refusal, sizeof slot->refusal, "%s", why);
    keeper_leave(keeper, KEEPER_BAD_LINE);
}

static void take_line(struct keeper *keeper)
{
    struct said said;
    char error[CLAIMS_ERROR];
    const struct settings *settings = keeper->member.settings;
    if (!claims_read(keeper->lines.bytes, keeper->lines.overlong, keeper->id, settings->nodes,
                     monotonic_ns(), &said, error)) {
        refuse_line(keeper, error);
    }
    if (said.kind == SAID_CLAIM) {
        take_claim(keeper, &said);
    } else if (settings->work_every_ns > 0) {
        write_for(keeper, said.token);
    } else {
        refuse_line(keeper, "wrote to the protected resource, and there is none; add work: "
                            "{every: 100ms}, which is how often members of ours write");
    }
}

bool keeper_read(struct keeper *keeper, int *fd)
{
    char bytes[4096];
    ssize_t got = *fd >= 0 ? read(*fd, bytes, sizeof bytes) : -1;
    if (got == 0) {
        close(*fd);
        *fd = -1;
    }
    if (got <= 0) {
        return false;
    }
    if (fd == &keeper->err) {
        log_take(&keeper->log, bytes, (size_t)got);
        return true;
    }
    for (size_t taken = 0; taken < (size_t)got;) {
        bool whole;
        taken += line_take(&keeper->lines, bytes + taken, (size_t)got - taken, &whole);
        if (whole) {
            take_line(keeper);
        }
    }
    return true;
}

void keeper_drain(struct keeper *keeper)
{
    for (int i = 0; i < 32 && keeper_read(keeper, &keeper->out); i++) {
    }
    for (int i = 0; i < 32 && keeper_read(keeper, &keeper->err); i++) {
    }
}
