/* What a step of the history is called on the screen. Pure. */
#ifndef HUSTINGS_LIVE_STEPS_H
#define HUSTINGS_LIVE_STEPS_H

#include "sim/history/history.h"

/* A sentence, without full stop: "node 1 publishes the new leader". Returns `out`. */
char *step_sentence(const struct history *history, const struct history_event *event, char *out,
                    size_t size);

/* A few words for the row of its member: "publishes the new leader". Returns `out`. */
char *step_words(const struct history *history, const struct history_event *event, char *out,
                 size_t size);

/* What exactly: "sends set_result: node 1 by rule 3, term 2"; "" if the sentence says it all.
 * Returns `out`. */
char *step_exactly(const struct history *history, const struct history_event *event, char *out,
                   size_t size);

/* All that as a line for a pipe: time, who, what. Returns `out`. */
char *step_line(const struct history *history, const struct history_event *event, char *out,
                size_t size);

#endif
