/* Clusters for the model's tests: a scenario made in a few words, run, and its history asked. */
#ifndef TESTS_MODEL_CLUSTER_H
#define TESTS_MODEL_CLUSTER_H

#include "sim/model/model.h"

#define MS INT64_C(1000000)

struct cluster {
    struct scenario scenario;
    struct network network;
    struct model *model;
    struct history history;
};

/* From a scenario's text, without its name; messages of a wrong one fail the test. */
void cluster_new(struct cluster *cluster, const char *yaml);
void cluster_free(struct cluster *cluster);

/* Runs a trial to its end into cluster->history. */
void cluster_run(struct cluster *cluster, uint64_t seed);

/* The nth event of this kind (from 1) of a process, or NULL. */
const struct history_event *nth_of(const struct history *history, enum history_kind kind,
                                   uint16_t process, int nth);

/* The first event of this kind of a process at or after a time, or NULL. */
const struct history_event *first_from(const struct history *history, enum history_kind kind,
                                       uint16_t process, int64_t at_ns);

/* When it happened; it must be there. */
int64_t at(const struct history_event *event);

/* How many there are. */
int count_of(const struct history *history, enum history_kind kind, uint16_t process);

/* The history as JSON lines; the caller's to free(). */
char *history_bytes(const struct history *history, size_t *length);

#endif
