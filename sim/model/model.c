/* The model's memory, its events, and the calls of model.h. */
#include "sim/model/model.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/host/plan.h"
#include "sim/model/trial.h"

/* --- memory ----------------------------------------------------------------------------------- */

static bool allocate(struct model *model)
{
    uint32_t count = model->count;
    model->members = calloc(count, sizeof *model->members);
    model->progress = calloc(count, sizeof *model->progress);
    model->starts_ns = calloc(count, sizeof *model->starts_ns);
    model->connections = calloc(count, sizeof *model->connections);
    model->connection_capacity = count;
    model->check_run = check_run_new();
    if (count > STORE_FEW) {
        model->statuses = calloc(count, 1);
        model->modelled_server.image_statuses = calloc(count, 1);
    }
    return model->members && model->progress && model->starts_ns && model->connections &&
           model->check_run && links_allocate(model) &&
           (count <= STORE_FEW || (model->statuses && model->modelled_server.image_statuses)) &&
           queue_reset(&model->queue, 2 * count + 16);
}

struct model *model_new(const struct scenario *scenario, const struct network *network)
{
    struct model *model = calloc(1, sizeof *model);
    if (!model) {
        return NULL;
    }
    model->scenario = scenario;
    model->network = network;
    model->count = scenario->settings.nodes + 1u;
    model->newborn = process_new(0);
    plan_facts(scenario, MODEL_NAME, 0, 0, &model->facts);
    if (!allocate(model)) {
        model_free(model);
        return NULL;
    }
    return model;
}

void model_free(struct model *model)
{
    if (!model) {
        return;
    }
    queue_free(&model->queue);
    nemesis_free(&model->nemesis);
    ballots_free(&model->ballots);
    history_free(&model->own);
    check_run_free(model->check_run);
    free(model->members);
    free(model->progress);
    free(model->starts_ns);
    free(model->connections);
    free(model->statuses);
    free(model->modelled_server.image_statuses);
    free(model->links);
    free(model);
}

size_t model_size(const struct model *model)
{
    size_t each = sizeof *model->members + sizeof *model->progress + sizeof *model->starts_ns;
    return sizeof *model + model->count * each + (model->statuses ? 2 * model->count : 0) +
           model->connection_capacity * sizeof *model->connections +
           model->queue.capacity * sizeof(struct due) + ballots_size(&model->ballots) +
           links_size(model);
}

/* --- events ----------------------------------------------------------------------------------- */

void model_fail(struct model *model, const char *what)
{
    if (!model->failed) {
        snprintf(model->error, sizeof model->error, "%s", what);
    }
    model->failed = true;
    model->stop = true;
}

/* The history is only told of its events when somebody looks at it. */
void model_sync(struct model *model)
{
    model->history->count = model->event_count;
}

/* Doubles it. When memory is out, the trial fails and soon ends; until then the last events are
 * written over. */
struct history_event *model_more_room(struct model *model)
{
    struct history *history = model->history;
    struct history_event none = {0};
    model_sync(model);
    if (history_append(history, &none)) {
        model->place = history->events + model->event_count;
        model->places_end = history->events + history->capacity;
    } else {
        model_fail(model, "out of memory");
        model->event_count--;
        model->place--;
    }
    return model->place;
}

void model_record(struct model *model, enum history_kind kind, uint16_t process)
{
    struct history_event *event = model_event(model);
    *event = (struct history_event){.kind = (uint8_t)kind};
    model_recorded(model, event, process);
}

void model_record_event(void *self, struct history_event *event)
{
    struct model *model = self;
    struct history_event *place = model_event(model);
    *place = *event;
    model_recorded(model, place, event->process);
    event->at_ns = model->now_ns; /* what follows of the same ballot bears the same time */
    event->seq = place->seq;
}

int64_t model_now(void *self)
{
    const struct model *model = self;
    return model->now_ns;
}

void model_amend_event(void *self, uint32_t seq, uint8_t kind, const char *why)
{
    struct model *model = self;
    struct history_event *event = &model->history->events[seq];
    event->kind = kind;
    event->why = why;
}

/* Whether there is room for a first event. */
static bool has_room(struct history *history)
{
    struct history_event none = {0};
    return history->capacity > 0 || history_append(history, &none);
}

/* --- a trial ---------------------------------------------------------------------------------- */

enum trial_end model_trial(struct model *model, uint32_t number, uint64_t seed,
                           struct history *history, const struct violations **found)
{
    model->history = history ? history : &model->own;
    if (!has_room(model->history)) {
        snprintf(model->error, sizeof model->error, "out of memory");
        return TRIAL_WORLD_FAILED;
    }
    model->history->count = 0;
    model->event_count = 0;
    model->place = model->history->events;
    model->places_end = model->place + model->history->capacity;
    model->facts.trial = number;
    model->facts.seed = seed;
    model->history->facts = model->facts;
    model->checks = found ? model->check_run : NULL;
    if (found && !check_run_begin(model->check_run, model->history)) {
        snprintf(model->error, sizeof model->error, "out of memory");
        return TRIAL_WORLD_FAILED;
    }
    trial_run(model, seed);
    model_sync(model);
    model->counts.trials++;
    model->counts.events += model->history->count;
    model->counts.virtual_ns += (uint64_t)model->now_ns;
    if (found) {
        if (!check_run_end(model->check_run)) {
            model_fail(model, "out of memory");
        }
        *found = check_run_found(model->check_run);
    }
    if (model->failed) {
        return TRIAL_WORLD_FAILED;
    }
    return model->interrupted ? TRIAL_INTERRUPTED : TRIAL_RAN;
}

const char *model_error(const struct model *model)
{
    return model->error;
}

struct model_counts model_counts(const struct model *model)
{
    return model->counts;
}

void model_watch(struct model *model, bool (*look)(void *self), void *self)
{
    model->look = look;
    model->look_self = self;
}

void model_take_detours(struct model *model, bool detours)
{
    model->detours = detours;
}

struct progress model_progress(const struct model *model, uint32_t trials)
{
    const struct nemesis *nemesis = &model->nemesis;
    return (struct progress){
        .scenario = model->scenario,
        .trial = model->facts.trial,
        .trials = trials,
        .now_ns = model->now_ns > 0 ? model->now_ns : 0,
        .end_ns = model->scenario->duration_ns,
        .phase = model->phase,
        .processes = model->progress,
        .last_fault = nemesis->last,
        .last_fault_ns = nemesis->last_ns,
    };
}
