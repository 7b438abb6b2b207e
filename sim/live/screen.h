/* The screen: a cluster at one moment of a trial, drawn into lines. It only draws: play.h moves it,
 * tty.h has the terminal.
 *
 *      the-lock-expires  trial 1  article, lock token                             the model
 *        0.553 120 s ━━━━━━━━━━━━━──────────────────────────────── 5.0 s     event 124 of 960
 *
 *        member    what it is          follows    lock                  last step
 *      ○ master    waits 12.1 ms       -          -                     0.541 asks for the lock
 *      ★ node 1    leads, submit       node 1     ■■■■■■□□ 1,204.3 ms   0.552 publishes the result
 *      ‖ node 2    paused, submit      node 2     gone, believes it     0.300 reports its status
 *      · node 3    not started yet
 *        the Redis  lock: node 1's, for 1,204.3 ms   result: node 1, term 2
 *
 *      0.300 s  fault     pause node 2
 *      0.552 s  elected   node 1 is elected by rule 3, term 2
 *
 *      node 1 publishes the new leader
 *      held  speed 1/20  space goes on  ← → a step  ? keys  q ends
 *
 * It is legible without colour: what a member is, is told by its sign and in words. Where there are
 * more members than rows, those that matter have one, and the others are counted. */
#ifndef HUSTINGS_LIVE_SCREEN_H
#define HUSTINGS_LIVE_SCREEN_H

#include "sim/live/frame.h"
#include "sim/live/news.h"
#include "sim/live/pace.h"
#include "sim/live/reel.h"

/* What is shown. */
struct screen {
    const struct reel *reel; /* the scene at its place and time */
    const struct news *news;
    int64_t now_ns;    /* of the trial */
    int64_t end_ns;    /* how far the bar goes */
    uint32_t last;     /* the number of events that there are; 0: it is not known yet */
    uint32_t trials;   /* how many there are; 0 or 1: this one alone */
    const char *world; /* "the model", "real processes" */
    bool running;      /* time passes */
    bool over;         /* the trial is at its end */
    bool by_hand;      /* it can be hurt by hand */
    bool timeless;     /* time passes by itself: no speed, no steps */
    struct pace pace;
    const char *message; /* what is typed, or was done; NULL: none */
    bool help;           /* the keys are shown in the place of all that */
};

/* Draws it, as large as the options say. False: memory is out. */
bool screen_draw(const struct screen *screen, const struct terminal_options *options,
                 struct frame *frame);

/* --- between its files ------------------------------------------------------------------------ */

/* The rows of the members and of the servers, in at most so many lines. */
void rows_draw(const struct screen *screen, const struct terminal_options *options,
               struct frame *frame, int most);

/* So many lines it wants. */
int rows_wanted(const struct screen *screen);

#endif
