/* Keys: what a terminal sends for them, byte by byte. Pure.
 *
 * An escape sequence may come in pieces; the escape key alone looks like the beginning of one. So
 * whoever reads calls keys_quiet() when nothing followed for a moment. */
#ifndef HUSTINGS_LIVE_KEYS_H
#define HUSTINGS_LIVE_KEYS_H

#include <stdint.h>

/* What is printed is its own key; the others: */
enum key {
    KEY_NONE = 0,
    KEY_ENTER = '\n',
    KEY_ESCAPE = 27,
    KEY_BACKSPACE = 127,
    KEY_UP = 256,
    KEY_DOWN,
    KEY_RIGHT,
    KEY_LEFT,
    KEY_HOME,
    KEY_END,
    KEY_PAGE_UP,
    KEY_PAGE_DOWN
};

/* Nothing has come so far: {0}. */
struct keys {
    uint8_t state;
    uint8_t number; /* the first of a sequence */
};

/* Takes in a byte. Returns the key that it ends; KEY_NONE: it ends none that we know. */
int keys_feed(struct keys *keys, unsigned char byte);

/* Nothing has followed for a moment: KEY_ESCAPE if that was all, or KEY_NONE. */
int keys_quiet(struct keys *keys);

#endif
