/* Orders by hand, as they are typed. See typing.h. */
#include "sim/live/typing.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>

#include "sim/history/text.h"
#include "sim/live/keys.h"
#include "sim/scene/scene.h"

static const struct {
    char letter;
    const char *words, *again;
} orders[HANDS] = {
    [HAND_CRASH] = {'c', "crash", "start"},         [HAND_PAUSE] = {'p', "pause", "resume"},
    [HAND_CUT] = {'x', "cut off", "reconnect"},     [HAND_FLIP] = {'f', "flip", NULL},
    [HAND_EXPIRE] = {'e', "expire the lock", NULL}, [HAND_HEAL] = {'h', "heal everything", NULL},
};

/* HANDS: none. */
static uint8_t order_of(int letter)
{
    uint8_t what = 0;
    while (what < HANDS && orders[what].letter != letter) {
        what++;
    }
    return what;
}

static enum typed whole(struct typing *typing, uint16_t first, uint16_t last,
                        struct hand_order *order)
{
    bool good = typing->number >= first && typing->number <= last;
    *order = (struct hand_order){.what = order_of(typing->letter), .id = (uint16_t)typing->number};
    *typing = (struct typing){0};
    return good ? TYPED_ORDER : TYPED_WRONG;
}

static enum typed digit(struct typing *typing, uint32_t value, uint16_t first, uint16_t last,
                        struct hand_order *order)
{
    typing->number = 10 * typing->number + value;
    typing->digits = true;
    bool can_go_on = typing->number > 0 && 10 * typing->number <= last;
    return can_go_on ? TYPED_PART : whole(typing, first, last, order);
}

/* The first key of an order. */
static enum typed begin(struct typing *typing, int key, struct hand_order *order)
{
    uint8_t what = order_of(key);
    *typing = (struct typing){0};
    if (what == HANDS) {
        return TYPED_NOTHING;
    }
    if (hand_takes_id(what)) {
        typing->letter = (char)key;
        return TYPED_PART;
    }
    *order = (struct hand_order){.what = what};
    return TYPED_ORDER;
}

enum typed typing_key(struct typing *typing, int key, uint16_t first, uint16_t last,
                      struct hand_order *order)
{
    assert(first <= last);
    if (!typing->letter) {
        return begin(typing, key, order);
    }
    if (key >= '0' && key <= '9') {
        return digit(typing, (uint32_t)(key - '0'), first, last, order);
    }
    if (key == 'm' && !typing->digits) {
        typing->number = MASTER_ID;
        return whole(typing, first, last, order);
    }
    if (key == KEY_ENTER && typing->digits) {
        return whole(typing, first, last, order);
    }
    if (key == KEY_BACKSPACE && typing->digits) {
        typing->number /= 10;
        typing->digits = typing->number > 0;
        return TYPED_PART;
    }
    return begin(typing, key, order); /* another order, or none at all */
}

char *typing_text(const struct typing *typing, uint16_t first, uint16_t last, char *out,
                  size_t size)
{
    uint8_t what = order_of(typing->letter);
    assert(what < HANDS);
    if (typing->digits) {
        snprintf(out, size, "%s node %" PRIu32 "? Enter, or one more digit", orders[what].words,
                 typing->number);
    } else {
        snprintf(out, size, "%s whom? %s%u to %u; Esc: nobody", orders[what].words,
                 first == MASTER_ID ? "0 the master, " : "", first == MASTER_ID ? 1u : first,
                 (unsigned)last);
    }
    return out;
}

/* Whether it undoes what was done. */
static bool is_again(const struct hand_order *order, uint32_t bits)
{
    return order->what == HAND_CRASH   ? !(bits & SCENE_ALIVE)
           : order->what == HAND_PAUSE ? (bits & SCENE_PAUSED) != 0
                                       : order->what == HAND_CUT && bits & SCENE_CUT;
}

char *order_told(const struct hand_order *order, uint32_t bits, const char *why_not, char *out,
                 size_t size)
{
    assert(order->what < HANDS);
    bool whom = hand_takes_id(order->what);
    const char *words =
        is_again(order, bits) ? orders[order->what].again : orders[order->what].words;
    snprintf(out, size, "%s%s%s%s%s%s", why_not ? "" : "done: ", words, whom ? " " : "",
             whom ? text_process(order->id).text : "", why_not ? ": not done, " : "",
             why_not ? why_not : "");
    return out;
}
