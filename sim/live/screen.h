/* The screen: a cluster at one moment of a trial, drawn into lines. It only draws: play.h moves it,
 * tty.h has the terminal.
 *
 *      a-stalled-holder  trial 2  article, lock token, on real processes
 *          2.310900 s ━━━━━━━━━━━━━━━━━━━━━━━━━── of 2.5 s  event 34 of 38
 *
 *        member  what it is       follows its lock             its last step
 *      ○ master  prepare          -       -                    has published
 *      ★ node 1  leads, submit    node 1  ━━━━━━━━ 1,999.6 ms  is inside
 *      ‖ node 2  paused, prepare  node 1  gone: unaware        paused
 *      · node 3  not started yet                               born
 *      × node 4  dead                                          dies by signal 9
 *        leader:    node 1; without a leader for 160.0 ms in all
 *        the Redis: the lock is node 1's for 1,999.6 ms; elected is node 1 in term 1
 *
 *        0.301 s  fault   node 2 is paused in its critical section (lock until 2.300 s)
 *        2.300 s          the lock runs out under node 2, which stands still
 *        2.311 s  broken  node 1 acquires the lock, while node 2 still is in its critical section
 *
 *      node 1 is inside
 *        now is in submit, follows node 1, acts as leader, is in the critical section
 *      held  speed 1/20  ?: keys  q: end  space: play  arrows: step
 *
 * It is legible without colour: what a member is, is told by its sign and in words. Where there are
 * more members than rows, those that matter have one, and the others are counted. */
#ifndef HUSTINGS_LIVE_SCREEN_H
#define HUSTINGS_LIVE_SCREEN_H

#include "sim/live/frame.h"
#include "sim/live/news.h"
#include "sim/live/pace.h"
#include "sim/live/reel.h"
#include "sim/outcome/led.h"

/* What is shown. */
struct screen {
    const struct reel *reel; /* the scene at its place and time */
    const struct news *news;
    const struct led *led; /* who leads, and for how long nobody did */
    int64_t now_ns;        /* of the trial */
    int64_t end_ns;        /* how far the bar goes */
    uint32_t last;         /* the number of events that there are; 0: it is not known yet */
    uint32_t trials;       /* how many there are; 0 or 1: this one alone */
    const char *world;     /* "the model", "real processes" */
    bool running;          /* time passes */
    bool over;             /* the trial is at its end */
    bool by_hand;          /* it can be hurt by hand */
    bool timeless;         /* time passes by itself: no speed, no steps */
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

/* One of them: of a server, and of who leads. */
void server_row_draw(const struct screen *screen, const struct terminal_options *options,
                     struct frame *frame, uint8_t server);
void leader_row_draw(const struct screen *screen, const struct terminal_options *options,
                     struct frame *frame);

/* Where names stand in a row. */
#define ROW_NAME_AT 3

/* So many lines it wants. */
int rows_wanted(const struct screen *screen);

#endif
