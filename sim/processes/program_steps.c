/* What a keeper does with what its program has said, step by step: at each it may have to stand
 * until a fault is applied. See program_keeper.h.
 *
 *     a claim    ─▶ recorded ─▶ stands                      the program goes on meanwhile
 *     a write    ─▶ stands (before) ─▶ sent ─▶ stands (applied) ─▶ stands ─▶ answered
 *     a stop     ─▶ stands ─▶ answered
 *
 * A program that waits for an answer does nothing until it comes, so a fault at a write or a stop
 * is exact. While its keeper stands, nothing more of it is read. */
#include <assert.h>
#include <string.h>
#include <unistd.h>

#include "sim/history/history.h"
#include "sim/host/event_record.h"
#include "sim/processes/program_keeper.h"
#include "src/protocol.h"
#include "src/work.h"

/* Shows a step to the breakpoints. True: it stands. */
static bool stands_at(struct keeper *keeper, uint32_t moments, bool before, bool applied)
{
    struct member_slot *slot = keeper->member.slot;
    const struct step_moments step = {.id = keeper->id,
                                      .before = before,
                                      .applied = applied,
                                      .moments = moments,
                                      .claim = keeper->member.shown};
    struct breakpoint_hits hits;
    assert(!keeper_stands(keeper));
    if (moments == 0 || !breakpoints_hit(&keeper->run->shared->breakpoints, &step, &hits)) {
        return false;
    }
    slot->kept_hits = hits;
    atomic_store(&slot->kept_since_ns, monotonic_ns());
    atomic_fetch_add(&slot->kept_stopped, 1);
    member_notify(&keeper->member);
    return true;
}

/* A line for the program. If it does not read, and the pipe is full, the line is lost. */
static void answer(const struct keeper *keeper, const char *line)
{
    ssize_t written = write(keeper->in, line, strlen(line));
    (void)written;
}

/* --- claims ----------------------------------------------------------------------------------- */

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
    if (claim->in_section && !before->in_section) {
        moments |= 1u << MOMENT_ACQUIRES_LOCK;
    }
    return moments;
}

/* From now on, nothing is inferred. True: something was that it does not say, so that its first
 * claim is one, though it says what was so at the beginning. */
static bool ends_inferring(struct member *member)
{
    struct claim inferred;
    bool first = atomic_exchange(&member->slot->claims, 1) == 0;
    return first && (!slot_claim(member->slot, &inferred) ||
                     inferred.in_section != member->shown.in_section ||
                     inferred.leads != member->shown.leads);
}

void keeper_claims(struct keeper *keeper, const struct said *said)
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
    if (!ends_inferring(member) &&
        event_record_same_claim(&member->shown, &claim, claim.until_ns)) {
        return;
    }
    bool left = member->shown.in_section && !claim.in_section;
    event.claim.claim = claim;
    event.claim.happened = moments_between(&member->shown, &claim);
    member_record(member, &event);
    member->shown = claim;
    slot_set_claim(member->slot, &claim);
    member_notify(member);
    /* One says that one is outside before one gives the lock back. */
    stands_at(keeper, event.claim.happened | (left ? 1u << MOMENT_RELEASES_LOCK : 0), false, false);
}

/* --- writes and stops ------------------------------------------------------------------------- */

/* Writes to the protected resource on its behalf; no fault is aimed at that, so it answers soon. */
static void send_write(struct keeper *keeper)
{
    struct member *member = &keeper->member;
    struct history_event event;
    struct request request = {.op = STORE_WRITE,
                              .key = KEY_WRITES,
                              .moment = MOMENT_WRITES,
                              .server = (uint8_t)settings_resource(member->settings),
                              .tag = TAG_WORK,
                              .value.number = keeper->write_token};
    uint32_t number = ++member->slot->request_number;
    int64_t now_ns = monotonic_ns();
    member->now_ns = now_ns > member->now_ns ? now_ns : member->now_ns;
    event_record_request(&event, &request, NULL, number);
    member_record(member, &event);
    keeper->write_reply = link_request(&keeper->resource, &request);
    member->now_ns = monotonic_ns();
    event_record_reply(&event, &request, &keeper->write_reply, number);
    member_record(member, &event);
}

static void answer_write(const struct keeper *keeper)
{
    enum store_outcome outcome = keeper->write_reply.outcome;
    answer(keeper, outcome == STORE_OK    ? "{\"written\": true}\n"
                   : outcome == STORE_NIL ? "{\"written\": false}\n"
                                          : "{\"written\": null}\n");
}

/* One step. True: it stands, and goes on later. */
static bool take_next(struct keeper *keeper)
{
    const uint32_t writes = 1u << MOMENT_WRITES;
    enum keeper_next next = keeper->next;
    keeper->next = next == NEXT_SEND    ? NEXT_AFTER
                   : next == NEXT_AFTER ? NEXT_ANSWER_WRITE
                                        : NEXT_NOTHING;
    switch (next) {
    case NEXT_NOTHING:
        return false;
    case NEXT_SEND:
        send_write(keeper);
        return keeper->write_reply.outcome == STORE_OK && stands_at(keeper, writes, false, true);
    case NEXT_AFTER:
        return stands_at(keeper, writes, false, false);
    case NEXT_ANSWER_WRITE:
        answer_write(keeper);
        return false;
    case NEXT_ANSWER_STOP:
        answer(keeper, "{\"go\": true}\n");
        return false;
    }
    return false;
}

void keeper_goes_on(struct keeper *keeper)
{
    assert(!keeper_stands(keeper));
    while (keeper->next != NEXT_NOTHING && !take_next(keeper)) {
    }
}

void keeper_writes(struct keeper *keeper, uint64_t token)
{
    assert(keeper->next == NEXT_NOTHING);
    keeper->next = NEXT_SEND;
    keeper->write_token = token;
    if (!stands_at(keeper, 1u << MOMENT_WRITES, true, false)) {
        keeper_goes_on(keeper);
    }
}

void keeper_stops(struct keeper *keeper)
{
    assert(keeper->next == NEXT_NOTHING);
    keeper->next = NEXT_ANSWER_STOP;
    if (!stands_at(keeper, 1u << MOMENT_STOPS, false, false)) {
        keeper_goes_on(keeper);
    }
}
