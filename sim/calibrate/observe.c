/* What the histories of a cluster tell of the machine under it. See observe.h. */
#include "sim/calibrate/observe.h"

#include <stdlib.h>

const char *const observed_names[OBSERVED] = {
    [OBSERVED_TIMER_ALONE] = "timer, alone",
    [OBSERVED_TIMER_SLEPT] = "all slept",
    [OBSERVED_TIMER_SHARED] = "timer, shared",
    [OBSERVED_HOT_ALONE] = "hot, alone",
    [OBSERVED_HOT_SHARED] = "hot, shared",
    [OBSERVED_COLD_ALONE] = "cold, alone",
    [OBSERVED_COLD_SLEPT] = "server slept",
    [OBSERVED_COLD_KIND] = "kind of that",
    [OBSERVED_COLD_FIRST] = "cold, first of many",
    [OBSERVED_COLD_SHARED] = "cold, shared",
    [OBSERVED_APART] = "apart",
    [OBSERVED_ROUND_SHORT] = "whole round, short",
    [OBSERVED_ROUND_LONG] = "whole round, long",
    [OBSERVED_TRIAL] = "a trial's rounds",
    [OBSERVED_START] = "start",
    [OBSERVED_BIRTH] = "birth",
};

/* Others who were at work less than this ago, or will be, are company. */
#define COMPANY_NS 500000

/* A server that has slept for less is neither hot nor cold. */
#define COLD_NS 1000000

/* When everybody has slept for so long, the first one wakes up a machine at rest. */
#define LONG_NS 20000000

/* A median of fewer rounds says little about a trial. */
#define ROUNDS_LEAST 10

/* A wait that is longer than asked for by this was no wait: the process was paused, or flipped. */
#define LATE_MAX_NS 50000000

struct watched {
    int64_t heard_ns; /* its last reply; INT64_MIN: none */
    int64_t asked_ns; /* its request under way; INT64_MIN: none */
    int64_t round_ns; /* its first request since it last waited; INT64_MIN: none */
    int64_t slept_ns; /* how long everybody had slept before that */
    int64_t late_ns;  /* of the timer that led to it; INT64_MIN: none, or told already */
    int64_t born_ns;  /* INT64_MIN: it is started */
    uint32_t used;    /* kinds of requests that it has had answered in this life: bits */
    bool hot, shared; /* the request */
    bool long_round;  /* it is not the first since the last wait */
    bool timer_shared;
};

struct observer {
    struct observations *observations;
    const struct scenario *scenario;
    struct watched *watched;
    uint32_t count;
    int64_t cold_ns;   /* the last cold request */
    int64_t start_ns;  /* the last start of the trial's beginning; its zero, if there was none */
    int64_t last_ns;   /* when anybody was at work */
    uint32_t last;     /* who that was */
    int64_t other_ns;  /* when somebody else than him was */
    bool script_known; /* to the server */
    bool failed;
};

static void add(struct observer *observer, enum observed observed, int64_t ns)
{
    if (!sample_add(&observer->observations->of[observed], ns)) {
        observer->failed = true;
    }
}

/* How long ago anybody but `process` was at work. */
static int64_t others_rest(const struct observer *observer, uint32_t process, int64_t now_ns)
{
    int64_t at_ns = observer->last == process ? observer->other_ns : observer->last_ns;
    return now_ns - at_ns;
}

/* Somebody is at work: whoever asks shares with him, and whoever has just been woken, too. */
static void note_work(struct observer *observer, uint32_t process, int64_t now_ns)
{
    for (uint32_t id = 0; id < observer->count; id++) {
        struct watched *watched = &observer->watched[id];
        if (id != process && watched->asked_ns != INT64_MIN) {
            watched->shared = true;
            watched->timer_shared =
                watched->timer_shared || now_ns - watched->asked_ns < COMPANY_NS;
        }
    }
    if (observer->last != process) {
        observer->other_ns = observer->last_ns;
    }
    observer->last_ns = now_ns;
    observer->last = process;
}

/* Asks: one more request of its round, or the first of the next one. */
static void note_round(struct observer *observer, struct watched *watched)
{
    if (watched->hot) {
        watched->long_round = true;
        return;
    }
    if (watched->round_ns != INT64_MIN && watched->late_ns != INT64_MIN) {
        add(observer, watched->long_round ? OBSERVED_ROUND_LONG : OBSERVED_ROUND_SHORT,
            watched->asked_ns - watched->round_ns -
                settings_value(&observer->scenario->settings, OWNER_PROTOCOL, "poll", 0));
    }
    watched->round_ns = watched->asked_ns;
    watched->long_round = false;
}

static void asks(struct observer *observer, uint32_t process, int64_t now_ns)
{
    struct watched *watched = &observer->watched[process];
    const struct settings *settings = &observer->scenario->settings;
    int64_t waited_ns = watched->heard_ns == INT64_MIN ? 0 : now_ns - watched->heard_ns;
    watched->hot = watched->heard_ns == now_ns;
    watched->shared = others_rest(observer, process, now_ns) < COMPANY_NS;
    watched->timer_shared = watched->shared;
    watched->slept_ns = now_ns - observer->last_ns;
    watched->late_ns = waited_ns - settings_value(settings, OWNER_PROTOCOL, "poll", 0);
    watched->asked_ns = now_ns;
    if (!watched->hot && now_ns - observer->cold_ns < LONG_NS) {
        add(observer, OBSERVED_APART, now_ns - observer->cold_ns);
    }
    if (!watched->hot) {
        observer->cold_ns = now_ns;
    }
    if (watched->hot || watched->late_ns < 0 || watched->late_ns > LATE_MAX_NS) {
        watched->late_ns = INT64_MIN;
    }
    note_round(observer, watched);
}

/* A round trip, by kind of request. */
static void add_kind(struct observer *observer, const struct watched *watched, uint8_t op,
                     int64_t round_ns)
{
    struct observations *observations = observer->observations;
    struct kind_observed *kind = watched->hot ? &observations->hot[op] : &observations->cold[op];
    bool script = watched->hot && op == STORE_DELETE_IF_EQUAL && !observer->script_known;
    bool first = !(watched->used >> op & 1);
    struct sample *sample = first ? &kind->first : &kind->later;
    if (!sample_add(script ? &observations->script : sample, round_ns)) {
        observer->failed = true;
    }
}

static void hears(struct observer *observer, uint32_t process, int64_t now_ns, uint8_t op)
{
    struct watched *watched = &observer->watched[process];
    if (watched->asked_ns == INT64_MIN) {
        return;
    }
    int64_t round_ns = now_ns - watched->asked_ns;
    if (watched->late_ns != INT64_MIN) {
        add(observer, watched->timer_shared ? OBSERVED_TIMER_SHARED : OBSERVED_TIMER_ALONE,
            watched->late_ns);
        if (!watched->timer_shared) {
            add(observer, OBSERVED_TIMER_SLEPT, watched->slept_ns - watched->late_ns);
        }
    }
    if (watched->hot) {
        add(observer, watched->shared ? OBSERVED_HOT_SHARED : OBSERVED_HOT_ALONE, round_ns);
    } else if (watched->shared) {
        add(observer, watched->slept_ns >= LONG_NS ? OBSERVED_COLD_FIRST : OBSERVED_COLD_SHARED,
            round_ns);
    } else if (watched->slept_ns >= COLD_NS) {
        add(observer, OBSERVED_COLD_ALONE, round_ns);
        add(observer, OBSERVED_COLD_SLEPT, watched->slept_ns);
        add(observer, OBSERVED_COLD_KIND, op);
    }
    if (!watched->shared) {
        add_kind(observer, watched, op, round_ns);
    }
    watched->used |= 1u << op;
    observer->script_known = observer->script_known || op == STORE_DELETE_IF_EQUAL;
    watched->asked_ns = INT64_MIN;
    watched->heard_ns = now_ns;
}

static void starts(struct observer *observer, uint32_t process, int64_t now_ns)
{
    const struct start *start = &observer->scenario->starts[process];
    struct watched *watched = &observer->watched[process];
    if (watched->born_ns > 0) {
        add(observer, OBSERVED_BIRTH, now_ns - watched->born_ns);
    } else if (start->kind == START_AT && start->time_ns == 0) {
        add(observer, OBSERVED_START, now_ns - observer->start_ns);
        observer->start_ns = now_ns;
    }
    watched->born_ns = INT64_MIN;
}

static void forget(struct observer *observer, uint32_t process)
{
    observer->watched[process] = (struct watched){.heard_ns = INT64_MIN,
                                                  .asked_ns = INT64_MIN,
                                                  .round_ns = INT64_MIN,
                                                  .late_ns = INT64_MIN,
                                                  .born_ns = INT64_MIN};
}

static void take(struct observer *observer, const struct history_event *event)
{
    if (event->process >= observer->count) {
        return;
    }
    switch ((enum history_kind)event->kind) {
    case HISTORY_BORN:
        forget(observer, event->process);
        observer->watched[event->process].born_ns = event->at_ns;
        return;
    case HISTORY_STARTED:
        starts(observer, event->process, event->at_ns);
        break;
    case HISTORY_REQUEST:
        asks(observer, event->process, event->at_ns);
        break;
    case HISTORY_REPLY:
        hears(observer, event->process, event->at_ns, event->reply.op);
        break;
    case HISTORY_DIED:
    case HISTORY_PAUSED:
    case HISTORY_RESUMED:
        forget(observer, event->process);
        break;
    default:
        return;
    }
    note_work(observer, event->process, event->at_ns);
}

/* The trial's rounds, which were observed since there were so many. */
static void add_trial(struct observer *observer, size_t before)
{
    const struct sample *rounds = &observer->observations->of[OBSERVED_ROUND_SHORT];
    struct sample ours = {0};
    for (size_t i = before; i < rounds->count; i++) {
        observer->failed = !sample_add(&ours, rounds->ns[i]) || observer->failed;
    }
    if (ours.count >= ROUNDS_LEAST && !observer->failed) {
        sample_sort(&ours);
        add(observer, OBSERVED_TRIAL, sample_quantile(&ours, 1, 2));
    }
    sample_free(&ours);
}

bool observe(struct observations *observations, const struct scenario *scenario,
             const struct history *history)
{
    struct observer observer = {.observations = observations,
                                .scenario = scenario,
                                .count = scenario->settings.nodes + 1u,
                                .cold_ns = -LONG_NS,
                                .last_ns = -LONG_NS,
                                .other_ns = -LONG_NS,
                                .last = UINT32_MAX};
    size_t before = observations->of[OBSERVED_ROUND_SHORT].count;
    observer.watched = calloc(observer.count, sizeof *observer.watched);
    if (!observer.watched) {
        return false;
    }
    for (uint32_t id = 0; id < observer.count; id++) {
        forget(&observer, id);
    }
    for (size_t i = 0; i < history->count && !observer.failed; i++) {
        take(&observer, &history->events[i]);
    }
    add_trial(&observer, before);
    free(observer.watched);
    return !observer.failed;
}

static void each_kind(struct observations *observations, void (*act)(struct sample *))
{
    for (int i = 0; i < STORE_OPS; i++) {
        act(&observations->hot[i].later);
        act(&observations->hot[i].first);
        act(&observations->cold[i].later);
        act(&observations->cold[i].first);
    }
    act(&observations->script);
}

static void each(struct observations *observations, void (*act)(struct sample *))
{
    for (int i = 0; i < OBSERVED; i++) {
        act(&observations->of[i]);
    }
    each_kind(observations, act);
}

void observations_sort_kinds(struct observations *observations)
{
    each_kind(observations, sample_sort);
}

void observations_sort(struct observations *observations)
{
    each(observations, sample_sort);
}

void observations_free(struct observations *observations)
{
    each(observations, sample_free);
}
