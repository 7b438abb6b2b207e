/* What a person sees of a run: a moving picture while it runs, tables and sentences at its end.
 *
 * With a TTY: colour (unless NO_COLOR) and a picture that is redrawn in place; without: plain
 * lines, no escapes, nothing until a trial is done.
 */
#ifndef HUSTINGS_TERMINAL_H
#define HUSTINGS_TERMINAL_H

#include "sim/host/host.h"
#include "sim/results/results.h"

enum format { FORMAT_TEXT, FORMAT_JSON, FORMAT_JUNIT, FORMAT_TAP };

struct terminal_options {
    enum format format;
    bool quiet; /* only what failed, and where the files are */
    bool watch; /* the picture stays large, and each trial's last picture is kept */
    bool tty, colour;
    int columns;
};

/* Reads the options' tty, colour and columns off stdout and the environment. */
void terminal_probe(struct terminal_options *options);

/* "Running dead-leader: …": what is run, in a sentence. */
void terminal_begin(const struct terminal_options *options, const struct scenario *scenario,
                    const struct run_facts *facts, uint32_t trials);

/* Redraws the picture of a trial that runs (10 times a second at most). `done` trials are done. */
void terminal_progress(const struct terminal_options *options, const struct progress *progress,
                       uint32_t done);

/* One trial is done. */
void terminal_trial(const struct terminal_options *options, const struct scenario *scenario,
                    const struct outcome *outcome);

/* A scenario is done: elections, checks, who was elected and how long it took in words, what broke,
 * where the files are, the command that repeats a failure, what to try next. */
void terminal_end(const struct terminal_options *options, const struct scenario *scenario,
                  const struct run_facts *facts, const struct outcome *outcomes, size_t count,
                  const struct judgement *judgement, const char *results_path);

/* The whole run for machines: FORMAT_JSON, JUNIT or TAP of all scenarios, on stdout. Call
 * terminal_machine_begin once, _scenario for each, _end once; text prints nothing here. */
void terminal_machine_begin(const struct terminal_options *options, size_t scenarios);
void terminal_machine_scenario(const struct terminal_options *options,
                               const struct scenario *scenario, const struct run_facts *facts,
                               const struct outcome *outcomes, size_t count,
                               const struct judgement *judgement, const char *results_path);
void terminal_machine_end(const struct terminal_options *options);

#endif
