/* Orders by hand, as they are typed: `c3` crash node 3, `p1` and Enter, `e` expire the lock. Pure.
 * A number that no digit can follow needs no Enter; `m` and `0` are the master. */
#ifndef HUSTINGS_LIVE_TYPING_H
#define HUSTINGS_LIVE_TYPING_H

#include "sim/host/host.h"

/* Nothing is typed: {0}. */
struct typing {
    char letter; /* 0: none yet */
    bool digits; /* there is a number */
    uint32_t number;
};

enum typed {
    TYPED_NOTHING, /* the key is no part of an order, and what was typed is forgotten */
    TYPED_PART,    /* it is one: typing_text() asks for the rest */
    TYPED_ORDER,   /* the order is whole */
    TYPED_WRONG    /* there is no such member; what was typed is forgotten */
};

/* Takes in a key (keys.h). The members are those from `first` to `last`. */
enum typed typing_key(struct typing *typing, int key, uint16_t first, uint16_t last,
                      struct hand_order *order);

/* What is typed so far, and what is missing. Returns `out`. */
char *typing_text(const struct typing *typing, uint16_t first, uint16_t last, char *out,
                  size_t size);

/* What came of an order: "done: crash node 3", "crash node 3: not done, it was dead". `bits` is how
 * its member stood (enum scene_bit): ordered again, it is undone. Returns `out`. */
char *order_told(const struct hand_order *order, uint32_t bits, const char *why_not, char *out,
                 size_t size);

#endif
