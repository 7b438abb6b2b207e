/* Elections in few bytes. See packed.h.
 *
 *     cause and ending │ verdict and flags │ [reason] │ cause's node │ elected │ five times
 *
 * Whole numbers are written seven bits at a time, the lowest first; those with a sign have it in
 * the lowest bit. A time is the distance from the one before it, plus one: 0 is NEVER_NS. */
#include "sim/outcome/packed.h"

#include <assert.h>
#include <string.h>

#define FLAG_UNSETTLED 1
#define FLAG_REASON 2 /* it has another reason than the election before it */
#define FLAG_BITS 2

_Static_assert(CAUSES <= 16 && ENDINGS <= 16, "they share a byte");
_Static_assert(VERDICTS < 1 << (8 - FLAG_BITS), "it shares a byte with the flags");

/* --- numbers ---------------------------------------------------------------------------------- */

static uint8_t *put_number(uint8_t *out, uint64_t number)
{
    for (; number > 127; number >>= 7) {
        *out++ = (uint8_t)(number | 128);
    }
    *out++ = (uint8_t)number;
    return out;
}

static uint64_t take_number(const uint8_t **bytes)
{
    uint64_t number = 0;
    for (unsigned shift = 0;; shift += 7) {
        uint8_t byte = *(*bytes)++;
        assert(shift < 64);
        number |= (uint64_t)(byte & 127) << shift;
        if (byte < 128) {
            return number;
        }
    }
}

static uint64_t folded(int64_t number)
{
    return number < 0 ? ((uint64_t) - (number + 1) << 1) + 1 : (uint64_t)number << 1;
}

static int64_t unfolded(uint64_t number)
{
    int64_t half = (int64_t)(number >> 1);
    return number & 1 ? -half - 1 : half;
}

/* `*before_ns` is the time before it. */
static uint8_t *put_time(uint8_t *out, int64_t ns, int64_t *before_ns)
{
    if (ns == NEVER_NS) {
        return put_number(out, 0);
    }
    assert(ns > INT64_MIN / 4 && ns < INT64_MAX / 4);
    out = put_number(out, folded(ns - *before_ns) + 1);
    *before_ns = ns;
    return out;
}

static int64_t take_time(const uint8_t **bytes, int64_t *before_ns)
{
    uint64_t number = take_number(bytes);
    if (number == 0) {
        return NEVER_NS;
    }
    return *before_ns += unfolded(number - 1);
}

/* --- elections -------------------------------------------------------------------------------- */

static uint8_t *put_election(uint8_t *out, const struct election *election, const char *reason)
{
    bool another = election->reason != reason;
    int64_t before_ns = 0;
    *out++ = (uint8_t)(election->cause | election->ended << 4);
    *out++ = (uint8_t)(election->verdict << FLAG_BITS | (election->unsettled ? FLAG_UNSETTLED : 0) |
                       (another ? FLAG_REASON : 0));
    if (another) {
        memcpy(out, &election->reason, sizeof election->reason);
        out += sizeof election->reason;
    }
    out = put_number(out, folded(election->cause_node));
    out = put_number(out, folded(election->elected));
    out = put_time(out, election->due_ns, &before_ns);
    out = put_time(out, election->since_ns, &before_ns);
    out = put_time(out, election->published_ns, &before_ns);
    out = put_time(out, election->settled_ns, &before_ns);
    return put_time(out, election->until_ns, &before_ns);
}

static const uint8_t *take_election(const uint8_t *bytes, struct election *election)
{
    const char *reason = election->reason; /* of the one before it */
    uint8_t first = *bytes++, second = *bytes++;
    int64_t before_ns = 0;
    if (second & FLAG_REASON) {
        memcpy(&reason, bytes, sizeof reason);
        bytes += sizeof reason;
    }
    *election = (struct election){.nth = election->nth + 1,
                                  .cause = first & 15,
                                  .ended = first >> 4,
                                  .verdict = second >> FLAG_BITS,
                                  .unsettled = second & FLAG_UNSETTLED,
                                  .reason = reason,
                                  .reported_ns = NEVER_NS,
                                  .decided_ns = NEVER_NS,
                                  .lock_wait_ns = NEVER_NS,
                                  .rightful = NOBODY};
    election->cause_node = (int32_t)unfolded(take_number(&bytes));
    election->elected = (int32_t)unfolded(take_number(&bytes));
    election->due_ns = take_time(&bytes, &before_ns);
    election->since_ns = take_time(&bytes, &before_ns);
    election->published_ns = take_time(&bytes, &before_ns);
    election->settled_ns = take_time(&bytes, &before_ns);
    election->until_ns = take_time(&bytes, &before_ns);
    assert(election->cause < CAUSES && election->ended < ENDINGS);
    return bytes;
}

size_t packed_write(const struct election *elections, size_t count, uint8_t *out)
{
    uint8_t *end = out;
    const char *reason = NULL;
    for (size_t i = 0; i < count; i++) {
        assert(elections[i].nth == i + 1);
        end = put_election(end, &elections[i], reason);
        reason = elections[i].reason;
    }
    assert((size_t)(end - out) <= count * PACKED_ELECTION_MAX);
    return (size_t)(end - out);
}

struct election_walk election_walk(const struct outcome *outcome)
{
    return (struct election_walk){.outcome = outcome,
                                  .bytes = outcome->elections_packed ? outcome->packed : NULL};
}

const struct election *election_next(struct election_walk *walk)
{
    const struct outcome *outcome = walk->outcome;
    if (walk->done == outcome->election_count) {
        return NULL;
    }
    size_t index = walk->done++;
    if (!outcome->elections_packed) {
        return &outcome->elections[index];
    }
    walk->bytes = take_election(walk->bytes, &walk->now);
    return &walk->now;
}
