/* A machine for the model's tests that is a script: process 1 does at each event what the test
 * says, the others nothing. What it saw is written down. Each of them has set TIMER_WORK, so none
 * is without anything to come. */
#ifndef TESTS_MODEL_SCRIPT_H
#define TESTS_MODEL_SCRIPT_H

#include "src/process.h"
#include "tests/unit/model/cluster.h"

struct seen {
    int64_t now_ns; /* since it started, by its own clock */
    uint8_t kind, tag, outcome;
};

#define SEEN_MAX 400000

struct script {
    void (*play)(const struct event *event, struct action *action);
    struct seen list[SEEN_MAX]; /* in its last life */
    size_t count;
    int64_t zero_ns;
};

extern struct script script;

/* One node and three servers that know nothing of each other; to be followed by more. */
#define SCRIPT_CLUSTER                                                                             \
    "nodes: 1\nlock: none\nredis: {topology: independent, servers: 3}\nheal: false\n"              \
    "expect: {checks: {no_leader: allowed}}\nrequest_timeout: 500ms\n"

/* Runs a trial of it with this script. */
void script_run(struct cluster *cluster, const char *more,
                void (*play)(const struct event *event, struct action *action), bool detours);

/* For model_step_with(). */
void script_step(const struct settings *settings, struct process *process,
                 const struct event *event, struct action *action);

/* Adds a request to the action. */
void script_ask(struct action *action, uint8_t server, uint8_t tag, uint32_t timeout_ms);

#endif
