/* Trials side by side: threads that each run trials of a model of their own, and one place where
 * the results come out in the order of the trials' numbers.
 *
 *     next number ──▶ worker: its own model, its own memory ──▶ slot ──▶ in order ──▶ the caller
 *                ──▶ worker …                              ──▶ slot ──┘
 *                ──▶ the caller himself, while nothing is to be handed on
 *                ──▶ one more worker, once somebody has a processor to spare
 *
 * Between the taking of a number and the filling of its slot a worker touches nothing that others
 * write. It takes a number by one atomic exchange; only who has nothing to do takes a lock, to
 * sleep.
 */
#ifndef HUSTINGS_MODEL_HOST_POOL_H
#define HUSTINGS_MODEL_HOST_POOL_H

#include "sim/host/spare.h"
#include "sim/model/model.h"

struct pool_options {
    const struct scenario *scenario;
    const struct network *network;
    uint32_t trials, jobs;
    struct spare *spare; /* workers besides the jobs are started with what is in it; or NULL */
    uint64_t seed;       /* of the run */
    void *self;          /* the caller's, for the calls below */
    /* A trial has run to its end; in the thread of the worker that ran it. False: it has failed,
     * for want of memory. May be NULL. */
    bool (*digest)(void *self, const struct trial *trial, uint32_t worker);
    bool digest_is_all; /* `done` gets no histories: none waits for its turn */
    /* The following calls are made in the caller's thread. */
    /* A trial has come to its end; the next one in order. False: stop the run. */
    bool (*done)(void *self, struct trial *trial);
    /* Now and then, at least ten times a second; `model` is the caller's own one, with a trial that
     * runs or has run. False: stop, what runs is interrupted. */
    bool (*idle)(void *self, const struct model *model);
};

/* Runs all trials, or until it is told to stop, or until a trial fails (which is handed on like the
 * others). False: memory or threads were not to be had; nothing was run. */
bool pool_run(const struct pool_options *options);

#endif
