/* hustings run --watch on the model: the trials on the screen, one after the other. The cluster can
 * be held, played at any speed, stepped forward and back, and hurt by hand. */
#ifndef HUSTINGS_CLI_WATCH_MODEL_H
#define HUSTINGS_CLI_WATCH_MODEL_H

#include "sim/host/host.h"
#include "sim/live/pace.h"
#include "sim/terminal/terminal.h"

/* Runs all trials, as host_row.run does: until somebody ends the screen as it is shown, and the
 * others without it. They are judged and written as they were made by hand. */
enum trial_end watch_model(const struct scenario *scenario, const struct host_options *options,
                           const struct host_events *events,
                           const struct terminal_options *terminal, struct pace pace, char *error,
                           size_t error_size);

#endif
