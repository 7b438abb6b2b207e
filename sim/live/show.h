/* A player on a terminal: draws it, waits for keys, lets time pass. */
#ifndef HUSTINGS_LIVE_SHOW_H
#define HUSTINGS_LIVE_SHOW_H

#include "sim/live/player.h"
#include "sim/live/tty.h"

/* Draws it once, as large as the terminal is now; the frame is its memory, at first {0}. False:
 * memory is out. */
bool show_player(const struct terminal_options *options, const struct player *player,
                 struct frame *frame);

/* What a key means that means nothing to the player. May be NULL. False: nothing. */
struct show_more {
    void *self;
    bool (*key)(void *self, struct player *player, int key);
    int fd; /* readable: it ends; -1: there is none */
};

enum shown {
    SHOWN_ENDED, /* by `q` */
    SHOWN_NEXT,  /* the next trial is wanted, or the one before */
    SHOWN_PREVIOUS,
    SHOWN_BROKEN_OFF, /* `fd` was readable */
    SHOWN_GONE        /* there is no terminal any more, or no memory */
};

/* Shows it until a key, or something else, wants something that is not the player's. */
enum shown show(struct tty *tty, const struct terminal_options *options, struct player *player,
                const struct show_more *more);

#endif
