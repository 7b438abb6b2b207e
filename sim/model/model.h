/* The model: a scenario's step machines, a modelled Redis and modelled links in one process, in
 * virtual time.
 *
 *     seed ──▶ ┌──────────────────────────────────────────────────┐
 *              │ queue: what is due next?                          │
 *              │   a process wakes, a request arrives, an answer … │ ──▶ history ──▶ checks
 *              │ nemesis: faults, as on every host                │
 *              └──────────────────────────────────────────────────┘
 *
 * Time is a number that jumps from one thing that is due to the next, so a trial takes as long as
 * its steps and no longer. Order is by (time, sequence number): of two things due at once, the one
 * that was caused first. There are no threads in it, no clock and no random numbers but those of
 * the seed: equal seeds give equal histories, byte for byte, on every machine and with every
 * compiler.
 *
 * It means the same as the processes host (sim/processes/), fault by fault. What differs: the
 * histories' events of one moment stand in the order of cause and effect, and a fault that asks the
 * server for something (expire_lock) is done at once.
 *
 * A model is for one thread at a time and takes no memory from one trial to the next, once a trial
 * of the same kind has been run.
 */
#ifndef HUSTINGS_MODEL_MODEL_H
#define HUSTINGS_MODEL_MODEL_H

#include "sim/checks/check.h"
#include "sim/host/host.h"
#include "sim/model/network.h"
#include "sim/model/parts.h"
#include "sim/model/verbs.h"

#define MODEL_NAME "model" /* what histories call this host */

struct model;

/* What all its trials together did. */
struct model_counts {
    uint64_t trials, steps, requests, events, virtual_ns;
};

/* A model of this scenario; both must outlive it. NULL: memory is out. */
struct model *model_new(const struct scenario *scenario, const struct network *network);

/* The same, with links that may be cut by hand though no fault of the scenario has to do with them.
 * Histories are the same bytes. */
struct model *model_new_for_hand(const struct scenario *scenario, const struct network *network);
void model_free(struct model *model);

/* Runs trial `number` with this seed. Its events go into `history`, which is emptied first but
 * keeps its memory (start with a zeroed one and history_free() it); NULL: nobody wants them. What
 * the checks find is put into `found`, which is the model's until its next trial; NULL: they are
 * not run. TRIAL_WORLD_FAILED: memory is out, or the trial does not come to an end; model_error()
 * says which. TRIAL_INTERRUPTED: the watcher (below) said so. */
enum trial_end model_trial(struct model *model, uint32_t number, uint64_t seed,
                           struct history *history, const struct violations **found);

const char *model_error(const struct model *model);

struct model_counts model_counts(const struct model *model);

/* Bytes of memory that it holds, its own history and the checks' memory aside. */
size_t model_size(const struct model *model);

/* `look` is called every few thousand steps, so that a long trial can be shown or given up: if it
 * returns false, the trial is interrupted. */
void model_watch(struct model *model, bool (*look)(void *self), void *self);

/* --- in steps: for those who explore what could happen ---------------------------------------- */

/* Something that could happen next. Of its fields only `at_ns` means something to others: when it
 * is due; something else may be taken first, and then it is late. */
struct model_choice {
    int64_t at_ns;
    uint32_t seq;
    bool alarm; /* the nemesis, a lock's TTL or the end of the phase */
};

/* The most that model_enabled() gives. */
#define MODEL_CHOICES_MAX 64

/* Begins a trial to be stepped through: by taking always the first of what is enabled it becomes
 * what model_trial() makes of it. False: memory is out; model_error() says so. */
bool model_begin(struct model *model, uint32_t number, uint64_t seed, struct history *history);

/* The trial has come to its end. */
bool model_is_over(const struct model *model);

/* What could happen next, the next first; what would overtake something on its connection is left
 * out. Returns how many; 0: it is over. */
size_t model_enabled(const struct model *model, struct model_choice *choices, size_t most);

/* Has one of it happen. It was enabled since the last one was taken. */
void model_take(struct model *model, struct model_choice choice);

/* Carries out an order by hand: at this time, but after what has happened and before what is due
 * next, so it comes between these two when it is done again as a fault of a scenario (unless they
 * are due at the same nanosecond). NULL: it was done; else why not, as hand_do() of host/hand.h
 * says. The texts of such faults are the model's: they are there until model_free(). */
const char *model_order(struct model *model, struct hand_order order, int64_t at_ns);

/* A trial's state, as a block of plain bytes without pointers: its size now; written to a block of
 * that size; and read from one, by this model or another one of the same scenario and network.
 * Events from then on go into `history`, which is emptied and begins in the middle. False: memory
 * is out, and the model has no trial. */
size_t model_state_size(struct model *model);
void model_save(struct model *model, void *state);
bool model_load(struct model *model, const void *state, struct history *history);

/* A number for what the state is, as far as the future depends on it: with times relative to now,
 * without the numbers of events and requests. Different numbers: the states differ. */
uint64_t model_hash(const struct model *model);

/* For tests: what nothing else can come before goes through the queue all the same. Histories are
 * the same bytes with and without. */
void model_take_detours(struct model *model, bool detours);

/* For tests: the processes are this machine instead of their protocol. */
void model_step_with(struct model *model, model_step *step);

/* For the picture, from within `look` or after a trial. */
struct progress model_progress(const struct model *model, uint32_t trials);

#endif
