/* The results folder: outcomes of trials as CSV, and what belongs to them. results/README.md is the
 * data dictionary. */
#ifndef HUSTINGS_RESULTS_RESULTS_H
#define HUSTINGS_RESULTS_RESULTS_H

#include "sim/outcome/trials.h"

/* What run.json tells besides the scenario. Passwords are never in here. */
struct run_facts {
    const char *host;          /* "processes", "model" */
    const char *command;       /* as typed, for the record */
    const char *redis_version; /* "" in the model */
    const char
        *redis_server; /* "redis-server", "valkey-server", …, or the URL without its password */
    uint32_t jobs;
    const char *program; /* hustings, as it was called: "sim/hustings"; NULL: "hustings" */
    const char *folder;  /* in which it was called, from /; NULL: not known */
    const char *label;   /* results_label(); NULL: "" */
    const char *by_hand; /* the first of its trials that were saved by results_by_hand(), or NULL */
    uint32_t by_hand_more; /* so many others were */
    /* As given, for the command that repeats it; NULL: not given. */
    const char *out;           /* where results folders are made */
    const char *histories;     /* whose are kept */
    const char *latency;       /* the model's machine, a file of hustings calibrate */
    const char *redis_url;     /* without its password */
    const char *redis_program; /* of the private server */
    const char *const *sets;   /* values of the scenario that were set, "KEY=VALUE" */
    size_t set_count;
    bool allow_exec;
    size_t parts; /* it was merged from the parts in so many folders; 0: it was run as a whole */
    const char *grid; /* of one that was merged: the first line of the files of cells */
};

struct results; /* an open results folder */

/* Makes `base`/<utc>-<name>/ (base NULL: "results") and its files with their header rows,
 * datapackage.json and the scripts that load them, and points `base`/latest at it. NULL with one
 * line in `error` when the world fails. Several scenarios of one run share a folder (the first
 * one's name is in its name), their files are appended to; scenario.yaml is then
 * scenario-<name>.yaml from the second on. */
struct results *results_open(const char *base, const char *name, char *error, size_t error_size);

/* The same in exactly this folder, in which old results are written over; nothing points at it. It
 * will be called `later`: that is what results_path() and results_scenario() say. */
struct results *results_open_at(const char *folder, const char *later, char *error,
                                size_t error_size);

/* The folder's path, valid until closed. */
const char *results_path(const struct results *results);

/* A scenario's trials follow. Writes scenario.yaml and run.json. */
bool results_begin(struct results *results, const struct scenario *scenario,
                   const struct run_facts *facts);

/* What the names of the current scenario's history files begin with, valid until closed: "", or
 * "<name>-" from the second on. */
const char *results_label(const struct results *results);

/* What the paths of the logs of the current scenario's programs begin with, valid until the next
 * one begins: program/output.h has the rest. NULL: no member is a program. */
const char *results_logs(const struct results *results);

/* The copy of the current scenario's file, valid until the next one begins. */
const char *results_scenario(const struct results *results);

/* So many trials wait at most to be in the files. */
#define RESULTS_WAITING 256

/* Appends one trial: its rows, and its history as history/trial-0001.jsonl (with several scenarios:
 * history/<name>-trial-0001.jsonl), if one is given; without one, its programs' logs
 * are removed. Then it is in the files at once. Without a
 * history it waits for others: until results_flush(), or until one more comes when the first of
 * them has waited for 100 ms, or RESULTS_WAITING of them wait. A killed run leaves whole rows only.
 * False when the disk is full or not writable: results_error() says so in one line, and what waited
 * is lost. */
bool results_trial(struct results *results, const struct scenario *scenario,
                   const struct run_facts *facts, const struct outcome *outcome,
                   const struct history *history);

/* Saves a trial in which something was done by hand, as a scenario, in by-hand-0001.yaml (with
 * several scenarios: <name>-by-hand-0001.yaml). Returns its path, the caller's to free(); NULL when
 * it cannot: results_error() says why. */
char *results_by_hand(struct results *results, uint32_t trial, const char *text, size_t length);

/* Writes what waits. False when it cannot: results_error() says why, and what waited is lost. */
bool results_flush(struct results *results);

/* How many trials of the current scenario are in the files: always the first so many of those that
 * results_trial() was given. */
size_t results_sealed(const struct results *results);

/* Ends a scenario: what waits, and its row of summary.csv. */
bool results_end(struct results *results, const struct run_facts *facts,
                 const struct trials *trials, const struct judgement *judgement);

const char *results_error(const struct results *results);

/* Closes and frees. False when the last of it could not be written (a network file system may say
 * so only now). */
bool results_close(struct results *results);

#endif
