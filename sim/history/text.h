/* How a history is told to people: names of processes, times, and what an event was, in a few
 * words. The short ones are returned by value, to be used within a printf. */
#ifndef HUSTINGS_HISTORY_TEXT_H
#define HUSTINGS_HISTORY_TEXT_H

#include "sim/history/history.h"

struct short_text {
    char text[28];
};

/* "node 3", "the master", "nobody" (NOBODY) or "the harness" (HISTORY_HARNESS). */
struct short_text text_process(int32_t id);

/* "the Redis", or where there are several servers "redis 2"; `server` counts from 0. */
struct short_text text_server(const struct history *history, uint8_t server);

/* Who did it, or whom it befell: as text_process(), but what is no process's is a Redis's or the
 * run's. */
struct short_text text_subject(const struct history *history, const struct history_event *event);

/* Numbers in sentences and on the screen, by one rule. A moment after t0: "3.012 s". A duration:
 * "812.4 ms", "1,504.0 ms", from ten seconds on "12.3 s", and "less than 0.1 ms" if it would be
 * 0.0; and the bare number of ms. */
struct short_text text_seconds(int64_t ns);
struct short_text text_ms(int64_t ns);
struct short_text text_ms_number(int64_t ns);

/* A number of things: "14", "62,032". (The number *of* a thing, which may be typed, stays bare.) */
struct short_text text_count(uint64_t count);

/* What happened: "sends put_if_absent lock", "gets ok: rule 2, node 3, term 7", "dies by signal 9".
 * Without the time, the process, the server and the event's `why`. Returns `out`. */
char *history_describe(const struct history *history, const struct history_event *event, char *out,
                       size_t size);

/* The server of what a process does: " to redis 2", " from redis 2", " on redis 2"; or "", also
 * where there is only one. */
struct short_text text_where(const struct history *history, const struct history_event *event);

#endif
