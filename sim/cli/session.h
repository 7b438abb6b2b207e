/* A session: what one `hustings run` does with its scenarios, one after the other. */
#ifndef HUSTINGS_CLI_SESSION_H
#define HUSTINGS_CLI_SESSION_H

#include "sim/cli/by_hand.h"
#include "sim/cli/option.h"
#include "sim/host/host.h"
#include "sim/live/pace.h"
#include "sim/results/results.h"
#include "sim/terminal/terminal.h"

#define TRIALS_MAX 1000000
#define JOBS_MAX 64

/* Of which trials the histories are kept: of all, of few (the first ones, and after those the first
 * that were not as expected), of none; or as the host has it, all on processes and few in the
 * model. */
struct session;

/* Trials that were run before: they are handed on, and nothing is run. */
struct session_replay {
    void *self;
    size_t parts;       /* from the parts in so many folders */
    const char *grid;   /* the first line of their files of cells: head.h */
    const char *beside; /* where the results are written, before they are put into session.out */
    /* Fills the session's digested outcomes, and calls `done`, trial by trial; as host_row.run. */
    enum trial_end (*run)(void *self, struct session *session,
                          bool (*done)(void *session, struct trial *trial));
};

enum keep { KEEP_ALL, KEEP_FEW, KEEP_NONE, KEEP_AS_HOST };

/* So many are few: of the first trials, and of those that failed. */
#define KEEP_FEW_TRIALS 100

struct session {
    const char *program; /* as it was called: "sim/hustings" */
    char *folder;        /* in which it was called; NULL: not known */
    const struct host_row *host;
    const struct session_replay *replay; /* NULL: it is run */
    const char *out;                     /* NULL: results; of a replay the folder itself */
    const char *copy, *latency_copy; /* read instead of scenario and latency; NULL: there is none */
    const char *redis_url, *redis_server, *latency;
    uint32_t trials; /* 0: as the scenario says */
    uint32_t jobs;
    enum keep keep;
    const char *histories;   /* `keep` as it was asked for; NULL: it was not */
    struct option_list sets; /* values of the scenarios that are set, "KEY=VALUE" */
    bool allow_exec;         /* scenarios may start programs of the user's */
    bool print_plan;         /* of the one trial that is run, on stdout */
    uint32_t explain;        /* the trial whose story is told in full; 0: none */
    bool has_seed;
    uint64_t seed;
    struct terminal_options terminal;
    struct pace pace;       /* of a trial of the model that is watched */
    char command[2048];     /* as typed */
    char redis_shown[1024]; /* redis_url without its password */

    /* while it runs */
    struct results *results;
    struct outcome_maker *makers[JOBS_MAX]; /* [0 … jobs - 1], one for each worker */
    const struct scenario *scenario;
    struct host_facts store;
    struct run_facts facts;
    struct trials *all;                      /* of the scenario that runs; owned */
    struct outcome *digested;                /* [HOST_PLACES], by place; owned */
    struct outcome first;                    /* which `all` borrows */
    struct outcome waiting[RESULTS_WAITING]; /* those done that `all` has not taken in yet … */
    struct story story;                      /* of the trial that is told of; owned */
    struct told_story told;                  /* no trial yet: 0 */
    int story_worth;                         /* see session.c */
    size_t done, planned;                    /* … as they are not in the files */
    uint32_t failures_kept;                  /* histories, besides the first ones */
    struct follow *follow;                   /* the screen of what runs on processes; or NULL */
    struct by_hand_files by_hand;            /* trials that were saved as scenarios */
    char *folder_made;                       /* owned; the results folder, once there is one */
    struct total total;
    bool world_failed;
    char error[HOST_ERROR];
};

/* Loads all scenarios first, then runs them. Returns the exit code. */
int session_run(struct session *session, char **paths, size_t count);

/* Loads the scenario that a word names, with what the session sets of it; scenario_free() it.
 * False, with what is wrong said on `said`: it is none, or the host cannot run it. */
bool session_load(const struct session *session, const char *word, struct scenario *scenario,
                  FILE *said);

/* --- between series.c and session.c ----------------------------------------------------------- */

/* Runs one scenario, judges and reports it, and counts it in `total` if it began. Returns the exit
 * code that it alone is worth; with EXIT_WORLD, `error` has one line. */
int session_run_one(struct session *session, struct scenario *scenario);

/* Whether trials are shown on a screen that takes keys. */
bool session_has_screen(const struct session *session);

/* Whether a trial's history goes into the results folder, by what was kept before it. */
bool session_keeps(const struct session *session, const struct outcome *outcome);

/* Whether it goes there, or its story is to be told. */
bool session_wants_history(const struct session *session, const struct outcome *outcome);

/* Tells the story of a trial, if it is to be told rather than the one that was told before. Without
 * memory there is none. */
void session_take_story(struct session *session, const struct outcome *outcome,
                        const struct history *history);

/* How the host is to run it. */
struct host_options session_options(const struct session *session, const struct scenario *scenario);

#endif
