/* The faults of one link. See link_faults.h. */
#include "sim/host/link_faults.h"

#include <assert.h>

#include "sim/host/rng.h"
#include "src/units.h"

void link_faults_init(struct link_faults *link_faults, uint64_t seed, uint16_t id)
{
    /* Other streams than the processes' own random numbers are. */
    uint64_t rng = (seed ^ 0x6c696e6b73ULL) + 0x9e3779b97f4a7c15ULL * (id + 1u);
    *link_faults = (struct link_faults){.lurks = LINK_HEAL, .rng = rng};
}

/* Something lies in wait as long as it awaits requests; nothing is dropped where nothing is cut. */
static bool is_sound(const struct link_faults *link_faults)
{
    return (link_faults->lurks == LINK_HEAL) == (link_faults->left == 0) &&
           !(link_faults->drops & ~link_faults->cut);
}

bool heals(const struct link_order *order, enum link_fault fault)
{
    return order->fault == LINK_HEAL && order->undo == fault;
}

/* --- orders ----------------------------------------------------------------------------------- */

/* What takes this long at one rate, at another. */
static int64_t at_rate(int64_t takes_ns, int64_t old_rate, int64_t new_rate)
{
    assert(takes_ns >= 0 && old_rate > 0 && new_rate > 0);
    return (int64_t)((double)takes_ns * (double)old_rate / (double)new_rate);
}

/* When what goes out until `at_ns` at the old rate will have gone out at the new one. */
static int64_t sent_at(int64_t at_ns, int64_t old_rate, int64_t new_rate, int64_t now_ns)
{
    if (at_ns <= now_ns || old_rate == new_rate) {
        return at_ns;
    }
    return old_rate && new_rate ? now_ns + at_rate(at_ns - now_ns, old_rate, new_rate) : now_ns;
}

static bool heal(struct link_faults *link_faults, const struct link_order *order)
{
    if (order->by_command) {
        return command_faults_remove(&link_faults->commands, order->instance);
    }
    if (link_faults->lurks == LINK_HEAL || !heals(order, (enum link_fault)link_faults->lurks)) {
        return false;
    }
    link_faults->lurks = LINK_HEAL;
    link_faults->left = 0;
    return true;
}

static bool cut(struct link_faults *link_faults, const struct link_order *order)
{
    assert(!(order->directions & ~(LINK_REQUESTS | LINK_REPLIES)));
    link_faults->cut = order->directions;
    link_faults->drops = order->drops & order->directions;
    return true;
}

static bool delay(struct link_faults *link_faults, const struct link_order *order)
{
    assert(order->by_ns >= 0 && order->jitter_ns >= 0);
    for (int way = 0; way < WAYS; way++) {
        if (order->directions & WAY_BIT(way)) {
            link_faults->by_ns[way] = order->by_ns;
            link_faults->jitter_ns[way] = order->jitter_ns;
        }
    }
    return true;
}

static bool slow(struct link_faults *link_faults, const struct link_order *order, int64_t now_ns)
{
    assert(order->bytes_per_s >= 0);
    for (int way = 0; way < WAYS; way++) {
        if (order->directions & WAY_BIT(way)) {
            link_faults->free_ns[way] =
                sent_at(link_faults->free_ns[way], link_faults->bytes_per_s[way],
                        order->bytes_per_s, now_ns);
            link_faults->bytes_per_s[way] = order->bytes_per_s;
        }
    }
    return true;
}

static bool lurk(struct link_faults *link_faults, const struct link_order *order)
{
    if (link_faults->lurks != LINK_HEAL) {
        return false;
    }
    link_faults->lurks = order->fault;
    link_faults->left = order->count > 0 ? order->count : 1;
    link_faults->applied = order->applied;
    link_faults->late_ns = order->by_ns;
    return true;
}

/* So many of them, or a share. */
static bool lose(struct link_faults *link_faults, const struct link_order *order)
{
    if (!order->lasts) {
        return lurk(link_faults, order);
    }
    assert(order->lost_ppm >= 0 && order->lost_ppm <= LOST_WHOLE);
    link_faults->lost_ppm[order->fault == LINK_LOSE ? WAY_REQUESTS : WAY_REPLIES] = order->lost_ppm;
    return true;
}

bool link_faults_order(struct link_faults *link_faults, const struct link_order *order,
                       int64_t now_ns)
{
    assert(is_sound(link_faults));
    if (order->by_command && order->fault != LINK_HEAL) {
        return command_faults_add(&link_faults->commands, order);
    }
    switch ((enum link_fault)order->fault) {
    case LINK_HEAL:
        return heal(link_faults, order);
    case LINK_CUT:
        return cut(link_faults, order);
    case LINK_DELAY:
        return delay(link_faults, order);
    case LINK_SLOW:
        return slow(link_faults, order, now_ns);
    case LINK_LOSE:
    case LINK_LOSE_REPLY:
        return lose(link_faults, order);
    case LINK_LATE:
    case LINK_RESET:
        return lurk(link_faults, order);
    case LINK_REFUSE:
        break;
    }
    assert(false && "an order that nobody carries out");
    return false;
}

/* --- messages --------------------------------------------------------------------------------- */

/* Draws only where something can be lost, so that a sound link leaves the random numbers as they
 * are. */
static bool draw_loss(struct link_faults *link_faults, enum way way)
{
    int64_t lost_ppm = link_faults->lost_ppm[way];
    return lost_ppm > 0 && (int64_t)rng_below(&link_faults->rng, LOST_WHOLE) < lost_ppm;
}

struct link_met link_faults_meet(struct link_faults *link_faults, const struct command_seen *seen)
{
    assert(is_sound(link_faults));
    struct link_met met = command_faults_meet(&link_faults->commands, seen, &link_faults->rng);
    if (met.fault != LINK_HEAL) {
        return met;
    }
    met = (struct link_met){.fault = link_faults->lurks,
                            .applied = link_faults->applied,
                            .late_ns = link_faults->late_ns};
    if (met.fault != LINK_HEAL) {
        link_faults->left--;
        link_faults->lurks = link_faults->left > 0 ? met.fault : LINK_HEAL;
    } else if (draw_loss(link_faults, WAY_REQUESTS)) {
        met.fault = LINK_LOSE;
    } else if (draw_loss(link_faults, WAY_REPLIES)) {
        met.fault = LINK_LOSE_REPLY;
    }
    return met;
}

void link_faults_meet_again(struct link_faults *link_faults, const struct link_met *met)
{
    uint8_t what = met->fault;
    assert(what != LINK_HEAL);
    if (met->by_command) {
        command_faults_meet_again(&link_faults->commands, met);
    } else if (link_faults->lurks == what) {
        link_faults->left++;
    } else if (link_faults->lurks == LINK_HEAL) {
        link_faults->lurks = what;
        link_faults->left = 1;
        link_faults->applied = true; /* only who was applied has an answer */
    }
    assert(is_sound(link_faults));
}

bool link_faults_drops(const struct link_faults *link_faults, enum way way)
{
    return link_faults->cut & link_faults->drops & WAY_BIT(way);
}

struct hold link_faults_hold(struct link_faults *link_faults, enum way way, size_t size,
                             int64_t now_ns)
{
    struct hold hold = {.sent_ns = now_ns};
    if (link_faults->bytes_per_s[way]) {
        int64_t begins = link_faults->free_ns[way] > now_ns ? link_faults->free_ns[way] : now_ns;
        double takes = (double)size / (double)link_faults->bytes_per_s[way] * (double)NS_PER_S;
        hold.sent_ns = begins + (int64_t)takes;
        link_faults->free_ns[way] = hold.sent_ns;
    }
    if (link_faults->by_ns[way] || link_faults->jitter_ns[way]) {
        hold.delay_ns = link_faults->by_ns[way] +
                        rng_between(&link_faults->rng, 0, link_faults->jitter_ns[way]);
    }
    assert(hold.sent_ns >= now_ns && hold.delay_ns >= 0);
    return hold;
}

bool hold_follow(struct hold *hold, enum way way, const struct link_order *order,
                 const struct link_faults *before, int64_t now_ns)
{
    struct hold was = *hold;
    bool this_way = order->directions & WAY_BIT(way);
    if (order->fault == LINK_SLOW && this_way) {
        hold->sent_ns =
            sent_at(hold->sent_ns, before->bytes_per_s[way], order->bytes_per_s, now_ns);
    }
    if (order->fault == LINK_DELAY && this_way) {
        int64_t most_ns = order->by_ns + order->jitter_ns;
        hold->delay_ns = hold->delay_ns < most_ns ? hold->delay_ns : most_ns;
    }
    if (heals(order, LINK_LATE)) {
        hold->until_ns = 0;
    }
    return hold->sent_ns != was.sent_ns || hold->delay_ns != was.delay_ns ||
           hold->until_ns != was.until_ns;
}

int64_t hold_ends(const struct hold *hold)
{
    int64_t there = hold->sent_ns + hold->delay_ns;
    return there > hold->until_ns ? there : hold->until_ns;
}
