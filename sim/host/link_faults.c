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

bool heals(const struct link_order *order, enum link_trouble trouble)
{
    return order->trouble == LINK_HEAL && order->undo == trouble;
}

/* --- orders ----------------------------------------------------------------------------------- */

/* What takes this long at one rate, at another. */
static int64_t at_rate(int64_t takes_ns, int64_t old_rate, int64_t new_rate)
{
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

static bool heal(struct trouble *trouble, const struct link_order *order)
{
    if (trouble->lurks == LINK_HEAL || !heals(order, (enum link_trouble)trouble->lurks)) {
        return false;
    }
    trouble->lurks = LINK_HEAL;
    trouble->left = 0;
    return true;
}

static bool cut(struct trouble *trouble, const struct link_order *order)
{
    trouble->cut = order->directions;
    trouble->drops = order->drops & order->directions;
    return true;
}

static bool delay(struct trouble *trouble, const struct link_order *order)
{
    for (int way = 0; way < WAYS; way++) {
        if (order->directions & WAY_BIT(way)) {
            trouble->by_ns[way] = order->by_ns;
            trouble->jitter_ns[way] = order->jitter_ns;
        }
    }
    return true;
}

static bool slow(struct trouble *trouble, const struct link_order *order, int64_t now_ns)
{
    for (int way = 0; way < WAYS; way++) {
        if (order->directions & WAY_BIT(way)) {
            trouble->free_ns[way] = sent_at(trouble->free_ns[way], trouble->bytes_per_s[way],
                                            order->bytes_per_s, now_ns);
            trouble->bytes_per_s[way] = order->bytes_per_s;
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
    trouble->left = order->count > 0 ? order->count : 1;
    trouble->applied = order->applied;
    trouble->late_ns = order->by_ns;
    return true;
}

/* So many of them, or a share. */
static bool lose(struct trouble *trouble, const struct link_order *order)
{
    if (!order->lasts) {
        return lurk(trouble, order);
    }
    trouble->lost_ppm[order->trouble == LINK_LOSE ? WAY_REQUESTS : WAY_REPLIES] = order->lost_ppm;
    return true;
}

bool trouble_order(struct trouble *trouble, const struct link_order *order, int64_t now_ns)
{
    switch ((enum link_trouble)order->trouble) {
    case LINK_HEAL:
        return heal(trouble, order);
    case LINK_CUT:
        return cut(trouble, order);
    case LINK_DELAY:
        return delay(trouble, order);
    case LINK_SLOW:
        return slow(trouble, order, now_ns);
    case LINK_LOSE:
    case LINK_LOSE_REPLY:
        return lose(trouble, order);
    case LINK_LATE:
    case LINK_RESET:
        return lurk(trouble, order);
    }
    return false;
}

/* --- messages --------------------------------------------------------------------------------- */

/* Draws only where something can be lost, so that a sound link leaves the dice as they are. */
static bool draw_loss(struct trouble *trouble, enum way way)
{
    int64_t lost_ppm = trouble->lost_ppm[way];
    return lost_ppm > 0 && (int64_t)dice_below(&trouble->dice, LOST_WHOLE) < lost_ppm;
}

uint8_t trouble_meet(struct trouble *trouble)
{
    uint8_t met = trouble->lurks;
    if (met != LINK_HEAL) {
        trouble->left--;
        trouble->lurks = trouble->left > 0 ? met : LINK_HEAL;
    } else if (draw_loss(trouble, WAY_REQUESTS)) {
        met = LINK_LOSE;
    } else if (draw_loss(trouble, WAY_REPLIES)) {
        met = LINK_LOSE_REPLY;
    }
    return met;
}

void trouble_meet_again(struct trouble *trouble, uint8_t what)
{
    if (trouble->lurks == what) {
        trouble->left++;
    } else if (trouble->lurks == LINK_HEAL) {
        trouble->lurks = what;
        trouble->left = 1;
        trouble->applied = true; /* only who was applied has an answer */
    }
}

bool trouble_drops(const struct trouble *trouble, enum way way)
{
    return trouble->cut & trouble->drops & WAY_BIT(way);
}

struct hold trouble_hold(struct trouble *trouble, enum way way, size_t size, int64_t now_ns)
{
    struct hold hold = {.sent_ns = now_ns};
    if (trouble->bytes_per_s[way]) {
        int64_t begins = trouble->free_ns[way] > now_ns ? trouble->free_ns[way] : now_ns;
        double takes = (double)size / (double)trouble->bytes_per_s[way] * (double)NS_PER_S;
        hold.sent_ns = begins + (int64_t)takes;
        trouble->free_ns[way] = hold.sent_ns;
    }
    if (trouble->by_ns[way] || trouble->jitter_ns[way]) {
        hold.delay_ns =
            trouble->by_ns[way] + dice_between(&trouble->dice, 0, trouble->jitter_ns[way]);
    }
    return hold;
}

bool hold_follow(struct hold *hold, enum way way, const struct link_order *order,
                 const struct trouble *before, int64_t now_ns)
{
    struct hold was = *hold;
    bool this_way = order->directions & WAY_BIT(way);
    if (order->trouble == LINK_SLOW && this_way) {
        hold->sent_ns =
            sent_at(hold->sent_ns, before->bytes_per_s[way], order->bytes_per_s, now_ns);
    }
    if (order->trouble == LINK_DELAY && this_way) {
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
