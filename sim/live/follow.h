/* The screen of a trial that runs by itself, in real time: it shows what has happened so far, and
 * takes orders by hand for it. It is the struct host_hand of a host (host/host.h).
 *
 *     struct follow *follow = follow_open(&options, settings, trials);
 *     const struct host_hand hand = follow_hand(follow);
 *     … the host runs, with options.hand = &hand …
 *     follow_close(follow);
 */
#ifndef HUSTINGS_LIVE_FOLLOW_H
#define HUSTINGS_LIVE_FOLLOW_H

#include "sim/host/host.h"
#include "sim/terminal/terminal.h"

struct follow;

/* Takes the terminal. The options must outlive it. NULL, errno set: there is no terminal, or no
 * memory. */
struct follow *follow_open(const struct terminal_options *options, const struct settings *settings);

/* The terminal is as it was until the host feeds again: something is to be told on it. NULL:
 * nothing. */
void follow_rest(struct follow *follow);

/* Gives the terminal back; before the histories that it was fed go. NULL: nothing. */
void follow_close(struct follow *follow);

/* What the host calls. */
struct host_hand follow_hand(struct follow *follow);

#endif
