/* What a person sees of a run: a moving picture while it runs, tables and sentences at its end.
 *
 * With a TTY: colour (unless NO_COLOR) and a picture that is redrawn in place; without: plain
 * lines, no escapes, nothing until a trial is done.
 *
 *     terminal_probe ─▶ terminal_begin ─▶ (terminal_progress … terminal_trial)* ─▶ terminal_end
 *                       └───────────────────── once for each scenario ─────────────────────┘
 *
 * Nothing is written but to `options.out`. What is on the screen is remembered in `options.state`,
 * so that the next call can take it away; whoever writes to the same terminal in between (an error
 * on stderr) calls terminal_erase() first.
 */
#ifndef HUSTINGS_TERMINAL_TERMINAL_H
#define HUSTINGS_TERMINAL_TERMINAL_H

#include <stdio.h>

#include "sim/host/host.h"
#include "sim/results/json_out.h"
#include "sim/results/results.h"
#include "sim/story/story.h"

enum format { FORMAT_TEXT, FORMAT_JSON, FORMAT_JUNIT, FORMAT_TAP };

/* What the terminal remembers between calls. The caller's, zeroed once; nobody else's business. */
struct terminal_state {
    int lines;            /* of the picture now on the screen; the cursor stands below them */
    bool counting;        /* they say how many trials are done, and stay when one is */
    uint32_t trials;      /* of the scenario that runs */
    uint32_t jobs;        /* as above: trials at a time */
    uint32_t failures;    /* of its trials so far */
    uint32_t told;        /* trials that left a line or a picture */
    int64_t began_ns;     /* CLOCK_MONOTONIC, when it began; for the time left */
    int64_t drawn_ns;     /* … when the picture was last drawn */
    uint32_t reported;    /* machine formats: scenarios so far */
    uint32_t points;      /* FORMAT_TAP: test points so far */
    struct json_out json; /* FORMAT_JSON: the scenario's object, … */
    bool json_open;       /* … if it has been begun */
};

struct terminal_options {
    enum format format;
    bool quiet; /* only what failed, and where the files are */
    bool brief; /* only what happened: no head, no checks, no files */
    bool watch; /* the picture stays large, and each trial's last picture is kept */
    bool tty, colour;
    bool utf8; /* glyphs beyond ASCII may be used */
    int columns;
    int rows;
    bool more; /* another scenario follows in this run: terminal_end() suggests none */
    FILE *out; /* NULL: terminal_probe() makes it stdout */
    struct terminal_state *state; /* must be given */
};

/* Reads the options' tty, colour, utf8, columns and rows off `out` (stdout unless given) and the
 * environment: NO_COLOR, TERM=dumb, COLUMNS, and the locale that main() has set by setlocale(). */
void terminal_probe(struct terminal_options *options);

/* "Running dead-leader: …": what is run, in a sentence. */
void terminal_begin(const struct terminal_options *options, const struct scenario *scenario,
                    const struct run_facts *facts, uint32_t trials);

/* Redraws the picture of a trial that runs (10 times a second at most); of those that pass faster
 * than one could look it counts, when a second has passed. `done` trials are done. */
void terminal_progress(const struct terminal_options *options, const struct progress *progress,
                       uint32_t done);

/* Takes the picture off the screen; the cursor is then where the picture began. */
void terminal_erase(const struct terminal_options *options);

/* One trial is done. */
void terminal_trial(const struct terminal_options *options, const struct scenario *scenario,
                    const struct outcome *outcome);

/* The story of one of its trials. */
struct told_story {
    const struct story *story;
    uint32_t trial;
    bool broke; /* it is told since a promise, or an expectation, was broken in it first */
    bool kept;  /* its history is in the results folder */
};

/* At the end of a run a story has at most so many lines. */
#define STORY_LINES 12

/* A scenario is done: elections, checks, who was elected and how long it took in words, the story
 * of a trial (NULL: there is none), what broke, where the files are, the command that repeats a
 * failure, what to try next. */
void terminal_end(const struct terminal_options *options, const struct run_facts *facts,
                  const struct trials *trials, const struct judgement *judgement,
                  const char *results_path, const struct told_story *told);

/* Why not all trials of a scenario ran. */
enum stop_kind {
    STOP_INTERRUPTED, /* before or in one of its trials */
    STOP_WORLD,       /* the world failed, likewise */
    STOP_REFUSED,     /* it is no good scenario, or cannot be run here */
    STOP_NOT_BEGUN,   /* because of what happened to another one */
    STOPS
};
struct stop {
    enum stop_kind kind;
    const char *why; /* one line */
};

/* Several scenarios are done, or will not be: one line that counts them. `ok` to `stopped` are
 * those that began. Nothing if there is but one, if none began, or for machines. */
struct total {
    uint32_t scenarios, ok, failed, undecided, stopped;
};
void terminal_total(const struct terminal_options *options, const struct total *total);

/* The whole run for machines: FORMAT_JSON, JUNIT or TAP of all scenarios, on `out`. Call
 * terminal_machine_begin once; for each scenario in order _trial for each of its trials, and then
 * _scenario; _end once. Text prints nothing here.
 *
 * However a run ends, each of its scenarios is reported, and _end is called: with the exit code,
 * and in one line what broke the run off (NULL: nothing). A scenario with a `stop` has not all of
 * its trials, or none (NULL); what of it was not judged is reported as skipped. One that was
 * refused has its name and path alone, all else zeroed. */
void terminal_machine_begin(const struct terminal_options *options,
                            const struct scenario *scenarios, size_t count);
void terminal_machine_trial(const struct terminal_options *options, const struct scenario *scenario,
                            const struct run_facts *facts, const char *results_path,
                            const struct outcome *outcome);
void terminal_machine_scenario(const struct terminal_options *options,
                               const struct scenario *scenario, const struct run_facts *facts,
                               const struct trials *trials, const struct judgement *judgement,
                               const char *results_path, const struct stop *stop);
void terminal_machine_end(const struct terminal_options *options, int exit_code, const char *error);

#endif
