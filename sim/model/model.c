/* The model's memory, and the calls of model.h. */
#include "sim/model/model.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/host/plan.h"
#include "sim/model/exchange.h"
#include "sim/model/links.h"
#include "sim/model/server.h"
#include "sim/model/sound.h"
#include "sim/model/trial.h"

/* --- memory ----------------------------------------------------------------------------------- */

static bool allocate(struct model *model, bool by_hand)
{
    uint32_t count = model->count;
    model->members = calloc(count, sizeof *model->members);
    model->progress = calloc(count, sizeof *model->progress);
    model->starts_ns = calloc(count, sizeof *model->starts_ns);
    model->check_run = check_run_new();
    return model->members && model->progress && model->starts_ns && model->check_run &&
           exchanges_allocate(model) && servers_allocate(model) && links_allocate(model, by_hand) &&
           queue_reset(&model->queue, 2 * count + 16);
}

/* `by_hand`: its links may come to be cut, whatever the scenario says. */
static struct model *make(const struct scenario *scenario, const struct network *network,
                          bool by_hand)
{
    struct model *model = calloc(1, sizeof *model);
    if (!model) {
        return NULL;
    }
    model->scenario = scenario;
    model->network = network;
    model->count = scenario->settings.nodes + 1u;
    model->server_count = settings_all_servers(&scenario->settings);
    assert(model->server_count > 0);
    model->step = process_step;
    model->newborn = process_new(0);
    plan_facts(scenario, MODEL_NAME, 0, 0, &model->facts);
    if (!allocate(model, by_hand)) {
        model_free(model);
        return NULL;
    }
    return model;
}

struct model *model_new(const struct scenario *scenario, const struct network *network)
{
    return make(scenario, network, false);
}

struct model *model_new_for_hand(const struct scenario *scenario, const struct network *network)
{
    return make(scenario, network, true);
}

void model_free(struct model *model)
{
    if (!model) {
        return;
    }
    queue_free(&model->queue);
    nemesis_free(&model->nemesis);
    history_free(&model->own);
    check_run_free(model->check_run);
    free(model->members);
    free(model->progress);
    free(model->starts_ns);
    exchanges_free(model);
    servers_free(model);
    free(model->links);
    free(model);
}

size_t model_size(const struct model *model)
{
    size_t each = sizeof *model->members + sizeof *model->progress + sizeof *model->starts_ns;
    return sizeof *model + model->count * each + model->queue.capacity * sizeof(struct due) +
           exchanges_size(model) + servers_size(model) + links_size(model);
}

/* Whether there is room for a first event. */
static bool has_room(struct history *history)
{
    struct history_event none = {0};
    return history->capacity > 0 || history_append(history, &none);
}

/* --- a trial ---------------------------------------------------------------------------------- */

/* Its history is empty, and its events go there. */
static bool begin(struct model *model, uint32_t number, uint64_t seed, struct history *history)
{
    model->history = history ? history : &model->own;
    if (!has_room(model->history)) {
        snprintf(model->error, sizeof model->error, "out of memory");
        return false;
    }
    model->facts.trial = number;
    model->facts.seed = seed;
    model->event_count = 0;
    model_write_to(model, model->history);
    model->history->facts = model->facts;
    return true;
}

enum trial_end model_trial(struct model *model, uint32_t number, uint64_t seed,
                           struct history *history, const struct violations **found)
{
    if (!begin(model, number, seed, history)) {
        return TRIAL_WORLD_FAILED;
    }
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

/* --- in steps --------------------------------------------------------------------------------- */

bool model_begin(struct model *model, uint32_t number, uint64_t seed, struct history *history)
{
    if (!begin(model, number, seed, history)) {
        return false;
    }
    model->checks = NULL;
    trial_begin(model, seed);
    model_sync(model);
    return !model->failed;
}

bool model_is_over(const struct model *model)
{
    return model->stop;
}

/* What was sent before it on its connection, and goes the same way, goes first. */
static bool would_overtake(const struct model *model, const struct due *due)
{
    bool answer = due->what == DUE_ANSWER;
    if (due->what != DUE_ARRIVAL && due->what != DUE_SERVICE && !answer) {
        return false;
    }
    const struct exchange *exchange = exchange_at(model, due->whom);
    uint32_t i = model->exchanges.connections[exchange->connection].list.first;
    for (; i != due->whom; i = exchange_at(model, i)->next) {
        const struct exchange *before = exchange_at(model, i);
        if (before->state == exchange->state && before->held == HELD_NOT &&
            before->next_ns < INT64_MAX) {
            return true;
        }
    }
    return false;
}

size_t model_enabled(const struct model *model, struct model_choice *choices, size_t most)
{
    struct due due[MODEL_CHOICES_MAX];
    uint32_t wanted = most < MODEL_CHOICES_MAX ? (uint32_t)most : MODEL_CHOICES_MAX;
    uint32_t found = model->stop ? 0 : queue_first(&model->queue, due, wanted);
    bool alarm_left = !model->stop;
    size_t count = 0;
    for (uint32_t i = 0; i < found && count < most; i++) {
        if (alarm_left && model->alarm_ns <= due[i].at_ns) {
            alarm_left = false;
            choices[count++] = (struct model_choice){.at_ns = model->alarm_ns, .alarm = true};
        }
        if (count < most && !would_overtake(model, &due[i])) {
            choices[count++] = (struct model_choice){.at_ns = due[i].at_ns, .seq = due[i].seq};
        }
    }
    if (alarm_left && count < most) {
        choices[count++] = (struct model_choice){.at_ns = model->alarm_ns, .alarm = true};
    }
    return count;
}

void model_take(struct model *model, struct model_choice choice)
{
    assert(!model->stop && (!choice.alarm || choice.at_ns == model->alarm_ns));
    if (choice.alarm) {
        trial_take_alarm(model);
    } else {
        trial_take_due(model, choice.seq);
    }
    if (model->stop) {
        trial_end(model);
    }
    model_assert_sound(model);
    model_sync(model);
}

const char *model_order(struct model *model, struct hand_order order, int64_t at_ns)
{
    if (model->stop) {
        return "the trial is over";
    }
    const char *why_not = trial_order(model, order, at_ns);
    if (model->stop) {
        trial_end(model);
    }
    model_assert_sound(model);
    model_sync(model);
    return why_not;
}

const char *model_error(const struct model *model)
{
    return model->error;
}

struct model_counts model_counts(const struct model *model)
{
    return (struct model_counts){.trials = model->counts.trials,
                                 .steps = model->counts.steps,
                                 .requests = model->counts.requests,
                                 .events = model->counts.events,
                                 .virtual_ns = model->counts.virtual_ns};
}

void model_watch(struct model *model, bool (*look)(void *self), void *self)
{
    model->look = look;
    model->look_self = self;
}

void model_step_with(struct model *model, model_step *step)
{
    assert(step);
    model->step = step;
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
        .virtual_time = true,
        .last_fault = nemesis->last,
        .last_fault_ns = nemesis->last_ns,
    };
}
