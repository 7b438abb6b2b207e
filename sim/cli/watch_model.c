/* hustings run --watch on the model. See watch_model.h. */
#include "sim/cli/watch_model.h"

#include <assert.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "sim/live/held.h"
#include "sim/live/show.h"
#include "sim/live/typing.h"
#include "sim/model_host/machine.h"
#include "sim/system/interrupt.h"
#include "sim/text/errors.h"
#include "src/protocol.h"

struct watch {
    const struct scenario *scenario;
    const struct host_options *options;
    const struct host_events *events;
    const struct terminal_options *terminal;
    struct pace pace;
    struct model *model;
    struct held_trial held; /* the trial that is shown */
    struct typing typing;
    bool ended;  /* the screen was: the rest goes without it */
    int signals; /* by which Ctrl-C is told */
    char *error;
    size_t error_size;
};

/* --- orders ----------------------------------------------------------------------------------- */

/* What has happened by now stays; the rest is another future. */
static void carry_out(struct watch *watch, struct player *player, struct hand_order order)
{
    struct held_trial *held = &watch->held;
    int64_t now_ns = player->now_ns;
    uint32_t past = reel_at(&player->reel, now_ns);
    uint32_t bits = hand_takes_id(order.what) ? scene_bits(&player->reel.scene, order.id) : 0;
    char words[200];
    const char *why_not = held_order(held, order, now_ns);
    assert(held->history.count >= past);
    player_cut(player, past);
    player_go(player, held->reached_ns > now_ns ? held->reached_ns : now_ns);
    player_say(player, order_told(&order, bits, why_not, words, sizeof words));
}

static bool key(void *self, struct player *player, int key)
{
    struct watch *watch = self;
    const struct settings *settings = &watch->scenario->settings;
    uint16_t first = protocol_first_id(settings), last = settings->nodes;
    struct hand_order order;
    bool began = watch->typing.letter != 0;
    switch (typing_key(&watch->typing, key, first, last, &order)) {
    case TYPED_PART:
        typing_text(&watch->typing, first, last, player->message, sizeof player->message);
        return true;
    case TYPED_ORDER:
        carry_out(watch, player, order);
        return true;
    case TYPED_WRONG:
        player_say(player, "there is no such member");
        return true;
    case TYPED_NOTHING:
        break;
    }
    if (began) {
        player_say(player, "");
    }
    return began && key == 27; /* it has called the order off, and does nothing else */
}

/* --- trials ----------------------------------------------------------------------------------- */

static bool no_memory(const struct watch *watch)
{
    snprintf(watch->error, watch->error_size, "out of memory for the model");
    return false;
}

/* Shows it until somebody has seen enough. */
static enum shown show_trial(struct watch *watch, struct tty *tty)
{
    struct player player;
    const struct live_world world = {
        .self = &watch->held, .go_on = held_go_on, .found = held_found};
    const struct show_more more = {.self = watch, .key = key, .fd = watch->signals};
    if (!player_new(&player, &watch->held.history, world, watch->scenario->duration_ns)) {
        return SHOWN_GONE;
    }
    player.pace = watch->pace;
    player.trials = watch->options->trials;
    player.name = "the model";
    player.by_hand = true;
    player.running = true;
    enum shown shown;
    player_go(&player, 0);
    do {
        shown = show(tty, watch->terminal, &player, &more);
        player_say(&player, "a trial that was left is over");
    } while (shown == SHOWN_PREVIOUS);
    watch->pace = player.pace;
    player_free(&player);
    return shown;
}

/* Hands the trial on; it is at its end. False: the run is to stop. */
static bool hand_on(struct watch *watch)
{
    struct held_trial *held = &watch->held;
    const struct host_events *events = watch->events;
    struct trial *trial = calloc(1, sizeof *trial);
    bool good = trial || no_memory(watch);
    if (good) {
        trial->number = held->number;
        trial->seed = held->seed;
        trial->history = held->history;
        held->history = (struct history){0};
        good = !events->digest || events->digest(events->self, trial, 0) || no_memory(watch);
        good = good && events->trial_done(events->self, trial);
        history_free(&trial->history);
    }
    free(trial);
    return good;
}

/* Ctrl-C has come. */
static bool is_interrupted(const struct watch *watch)
{
    struct signalfd_siginfo info;
    if (read(watch->signals, &info, sizeof info) == (ssize_t)sizeof info) {
        interrupt_note(); /* a second is final, whatever is still to be written */
    }
    return interrupt_came();
}

/* Shows the trial. The screen is its own: between trials, lines are printed. */
static bool take_screen(struct watch *watch)
{
    struct tty *tty = tty_open(watch->terminal->out);
    if (!tty) {
        snprintf(watch->error, watch->error_size, "the terminal cannot be taken: %s",
                 error_words(errno));
        return false;
    }
    watch->ended = show_trial(watch, tty) != SHOWN_NEXT;
    tty_close(tty);
    return true;
}

/* Now and then while a trial runs that nobody watches. False: it is to be broken off. */
static bool look(void *self)
{
    const struct watch *watch = self;
    if (watch->events->progress) {
        struct progress progress = model_progress(watch->model, watch->options->trials);
        watch->events->progress(watch->events->self, &progress);
    }
    return !is_interrupted(watch);
}

/* Has the trial run to its end: on the screen, or, when that was left, without it. */
static enum trial_end run_one(struct watch *watch, uint32_t number)
{
    struct held_trial *held = &watch->held;
    uint64_t seed = trial_seed(watch->options->seed, number);
    if (watch->ended) {
        *held = (struct held_trial){.number = number, .seed = seed};
        look(watch);
        return model_trial(watch->model, number, seed, &held->history, NULL);
    }
    if (!held_begin(held, watch->model, number, seed)) {
        no_memory(watch);
        return TRIAL_WORLD_FAILED;
    }
    if (!take_screen(watch)) {
        return TRIAL_WORLD_FAILED;
    }
    held_go_on(held, INT64_MAX);
    return model_error(watch->model)[0] ? TRIAL_WORLD_FAILED : TRIAL_RAN;
}

/* One trial; `end` says how it ended. False: no more of them. */
static bool run_trial(struct watch *watch, uint32_t number, enum trial_end *end)
{
    *end = run_one(watch, number);
    *end = is_interrupted(watch) ? TRIAL_INTERRUPTED : *end;
    bool more = *end == TRIAL_RAN && hand_on(watch);
    if (*end == TRIAL_WORLD_FAILED && !watch->error[0]) {
        snprintf(watch->error, watch->error_size, "%s", model_error(watch->model));
    }
    *end = watch->error[0] && *end == TRIAL_RAN ? TRIAL_WORLD_FAILED : *end;
    held_free(&watch->held);
    return more;
}

/* Ctrl-C is told by a descriptor, so that the screen sees it. */
static bool open_all(struct watch *watch, const struct network *network, sigset_t *before)
{
    sigset_t set;
    interrupt_set(&set);
    pthread_sigmask(SIG_BLOCK, &set, before);
    watch->signals = signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
    watch->model = model_new_for_hand(watch->scenario, network);
    return watch->model || no_memory(watch);
}

enum trial_end watch_model(const struct scenario *scenario, const struct host_options *options,
                           const struct host_events *events,
                           const struct terminal_options *terminal, struct pace pace, char *error,
                           size_t error_size)
{
    sigset_t before;
    struct watch watch = {.scenario = scenario,
                          .options = options,
                          .events = events,
                          .terminal = terminal,
                          .pace = pace,
                          .error = error,
                          .error_size = error_size};
    enum trial_end end = TRIAL_WORLD_FAILED;
    error[0] = '\0';
    struct network *network = machine_network(scenario, options->latency, error, error_size);
    if (!network) {
        return end;
    }
    bool more = open_all(&watch, network, &before);
    if (more) {
        model_watch(watch.model, look, &watch);
    }
    for (uint32_t number = 1; more && number <= options->trials; number++) {
        more = run_trial(&watch, number, &end);
    }
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (watch.signals >= 0) {
        close(watch.signals);
    }
    model_free(watch.model);
    free(network);
    return end;
}
