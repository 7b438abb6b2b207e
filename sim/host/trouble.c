/* The troubles of one link. See trouble.h. */
#include "sim/host/trouble.h"

#include "sim/host/dice.h"

#define NS_PER_S INT64_C(1000000000)

void trouble_init(struct trouble *trouble, uint64_t seed, uint16_t id)
{
    /* Other streams than the processes' own dice are. */
    uint64_t dice = (seed ^ 0x6c696e6b73ULL) + 0x9e3779b97f4a7c15ULL * (id + 1u);
    *trouble = (struct trouble){.lurks = LINK_HEAL, .dice = dice};
}

bool heals(const struct link_order *order, enum link_trouble trouble, enum way way)
{
    if (order->trouble != LINK_HEAL) {
        return false;
    }
    if (order->undo == LINK_HEAL) {
        return true;
    }
    bool both_ways = trouble == LINK_LATE || trouble == LINK_LOSE_REPLY || trouble == LINK_RESET;
    return order->undo == trouble && (both_ways || (order->directions & WAY_BIT(way)));
}

/* --- orders ----------------------------------------------------------------------------------- */

/* Takes a heal's directions out of what is in force. */
static bool undo(uint8_t *in_force, const struct link_order *order, enum link_trouble trouble)
{
    uint8_t before = *in_force;
    for (int way = 0; way < WAYS; way++) {
        if (heals(order, trouble, (enum way)way)) {
            *in_force &= (uint8_t)~WAY_BIT(way);
        }
    }
    return *in_force != before;
}

static bool heal(struct trouble *trouble, const struct link_order *order)
{
    bool changed = undo(&trouble->cut, order, LINK_CUT);
    changed = undo(&trouble->delayed, order, LINK_DELAY) || changed;
    changed = undo(&trouble->slow, order, LINK_SLOW) || changed;
    if (trouble->lurks != LINK_HEAL &&
        heals(order, (enum link_trouble)trouble->lurks, WAY_REQUESTS)) {
        trouble->lurks = LINK_HEAL;
        changed = true;
    }
    return changed;
}

static bool put_in_force(uint8_t *in_force, uint8_t directions)
{
    if (directions == 0 || (*in_force & directions)) {
        return false;
    }
    *in_force |= directions;
    return true;
}

static bool delay(struct trouble *trouble, const struct link_order *order)
{
    if (!put_in_force(&trouble->delayed, order->directions)) {
        return false;
    }
    for (int way = 0; way < WAYS; way++) {
        if (order->directions & WAY_BIT(way)) {
            trouble->by_ns[way] = order->by_ns;
            trouble->jitter_ns[way] = order->jitter_ns;
        }
    }
    return true;
}

static bool slow(struct trouble *trouble, const struct link_order *order)
{
    if (order->bytes_per_s <= 0 || !put_in_force(&trouble->slow, order->directions)) {
        return false;
    }
    for (int way = 0; way < WAYS; way++) {
        if (order->directions & WAY_BIT(way)) {
            trouble->bytes_per_s[way] = order->bytes_per_s;
            trouble->free_ns[way] = 0;
        }
    }
    return true;
}

static bool lurk(struct trouble *trouble, const struct link_order *order)
{
    if (trouble->lurks != LINK_HEAL) {
        return false;
    }
    trouble->lurks = order->trouble;
    trouble->applied = order->applied;
    trouble->late_ns = order->by_ns;
    return true;
}

bool trouble_order(struct trouble *trouble, const struct link_order *order)
{
    switch ((enum link_trouble)order->trouble) {
    case LINK_HEAL:
        return heal(trouble, order);
    case LINK_CUT:
        return put_in_force(&trouble->cut, order->directions);
    case LINK_DELAY:
        return delay(trouble, order);
    case LINK_SLOW:
        return slow(trouble, order);
    case LINK_LATE:
    case LINK_LOSE_REPLY:
    case LINK_RESET:
        return lurk(trouble, order);
    }
    return false;
}

/* --- messages --------------------------------------------------------------------------------- */

struct hold trouble_hold(struct trouble *trouble, enum way way, size_t size, int64_t now_ns)
{
    struct hold hold = {.begins_ns = now_ns, .sent_ns = now_ns};
    if (trouble->slow & WAY_BIT(way)) {
        int64_t begins = trouble->free_ns[way] > now_ns ? trouble->free_ns[way] : now_ns;
        double takes = (double)size / (double)trouble->bytes_per_s[way] * (double)NS_PER_S;
        hold.sent_ns = begins + (int64_t)takes;
        trouble->free_ns[way] = hold.sent_ns;
    }
    if (trouble->delayed & WAY_BIT(way)) {
        hold.delay_ns =
            trouble->by_ns[way] + dice_between(&trouble->dice, 0, trouble->jitter_ns[way]);
    }
    return hold;
}

bool hold_heal(struct hold *hold, enum way way, const struct link_order *order)
{
    struct hold before = *hold;
    if (heals(order, LINK_SLOW, way)) {
        hold->sent_ns = hold->begins_ns;
    }
    if (heals(order, LINK_DELAY, way)) {
        hold->delay_ns = 0;
    }
    if (heals(order, LINK_LATE, way)) {
        hold->until_ns = 0;
    }
    return hold->sent_ns != before.sent_ns || hold->delay_ns != before.delay_ns ||
           hold->until_ns != before.until_ns;
}

int64_t hold_ends(const struct hold *hold)
{
    int64_t there = hold->sent_ns + hold->delay_ns;
    return there > hold->until_ns ? there : hold->until_ns;
}
