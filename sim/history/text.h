/* How a history is told to people: names of processes, times, and what an event was, in a few
 * words. The short ones are returned by value, to be used within a printf. */
#ifndef HUSTINGS_TEXT_H
#define HUSTINGS_TEXT_H

#include "sim/history/history.h"

struct short_text {
    char text[28];
};

/* "node 3", "the master", "nobody" (NOBODY) or "the harness" (HISTORY_HARNESS). */
struct short_text text_process(int32_t id);

/* A moment after t0: "3.012 s". A duration: "812.400 ms". */
struct short_text text_seconds(int64_t ns);
struct short_text text_ms(int64_t ns);

/* What happened: "sends put_if_absent lock", "gets ok: rule 2, node 3, term 7", "dies by signal 9".
 * Without the time, the process and the event's `why`. Returns `out`. */
char *history_describe(const struct history_event *event, char *out, size_t size);

#endif
