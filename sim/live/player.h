/* The player: where one is in a trial, whether time passes, and what the keys do. Pure: time is
 * told to it, and what it shows is drawn by screen.h.
 *
 * The history may be whole, or its end may be one that goes on: then `world` lets it. */
#ifndef HUSTINGS_LIVE_PLAYER_H
#define HUSTINGS_LIVE_PLAYER_H

#include "sim/live/screen.h"

/* A trial that can go on. */
struct live_world {
    void *self;
    /* Has the trial go on until everything has happened that happens by `until_ns`, or, if that is
     * INT64_MIN, until there is one more event. False: it is over; nothing comes any more. */
    bool (*go_on)(void *self, int64_t until_ns);
    /* What the checks have found so far; NULL: nothing. */
    const struct violations *(*found)(void *self);
};

enum player_wish { WISH_NONE, WISH_END, WISH_NEXT, WISH_PREVIOUS };

struct player {
    struct reel reel;
    struct news news;
    struct led led;
    struct pace pace;
    struct live_world world; /* go_on NULL: the history is whole */
    int64_t now_ns, end_ns;  /* end_ns: how long it lasts, as far as it is known */
    bool running, help, over;
    bool by_hand;          /* it can be hurt by hand: others do that */
    bool timeless;         /* time passes by itself, and there are no steps */
    enum player_wish wish; /* what the last key wants of others */
    uint32_t trials;
    const char *name;  /* of the world: "the model" */
    char message[160]; /* "" : none; until the next key */
    int64_t judge_ns;  /* of one that is followed: when the checks look at it again */
    size_t judged;     /* so many events were judged, of a trial that goes on */
};

/* At the beginning of a trial, held. `end_ns` is its planned end. False: memory is out. */
bool player_new(struct player *player, const struct history *history, struct live_world world,
                int64_t end_ns);
void player_free(struct player *player);

/* Tells the news of a history that is whole, with what was found in it. */
void player_judge(struct player *player, const struct violations *found);

/* Goes to this time. */
void player_go(struct player *player, int64_t at_ns);

/* So much real time has passed. */
void player_pass(struct player *player, int64_t real_ns);

/* A key was pressed. False: it means nothing to the player. */
bool player_key(struct player *player, int key);

/* Of a trial that runs by itself: all that has happened, now. */
void player_follow(struct player *player, int64_t now_ns);

/* Says something in the last line, until the next key. */
void player_say(struct player *player, const char *text);

/* What is on the screen. */
struct screen player_screen(const struct player *player);

/* The history has been cut off at a number of events, and may have grown again. */
void player_cut(struct player *player, uint32_t count);

#endif
