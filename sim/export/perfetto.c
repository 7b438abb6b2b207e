/* For Perfetto and chrome://tracing. Each member is a process with two kinds of threads: its state,
 * as slices one after the other, and its requests, from their going out to their answers, on as
 * many lanes as there are at once. Each server is a process whose lane is the lock. The harness has
 * the violations; faults are marks across all. Arrows are values read: from the request that wrote
 * it to the answer that tells it (proofs.h). */
#include <assert.h>
#include <stdlib.h>

#include "sim/export/export.h"
#include "sim/export/trace.h"
#include "sim/history/proofs.h"
#include "sim/history/text.h"
#include "sim/scene/scene.h"

/* What a member is shown as, since when. */
struct shown {
    uint32_t bits;
    int64_t since_ns;
};

struct perfetto {
    const struct history *history;
    struct trace trace;
    struct scene scene;
    struct shown *shown;       /* [0 … nodes] */
    struct trace_lanes *lanes; /* [0 … nodes]: of requests */
    uint32_t *answer;          /* [event]: of a request; EVENT_NONE */
    uint32_t *thread;          /* [event]: of a request, the lane that its slice lies on */
    int64_t end_ns;            /* of the history */
    int64_t leaders;           /* that the counter shows */
    bool failed;               /* memory is out */
};

#define HARNESS_PROCESS 0
#define STATE_THREAD 0
#define THREADS 1000 /* thread numbers of a process; they must differ between processes, too */

static uint32_t process_of_member(uint32_t member)
{
    return member + 1;
}

static uint32_t process_of_server(const struct perfetto *perfetto, uint32_t server)
{
    return perfetto->history->facts.settings.nodes + 2u + server;
}

static struct trace_lane lane(uint32_t process, size_t thread)
{
    return (struct trace_lane){process, process * THREADS + (uint32_t)thread};
}

/* The lane for a slice. */
static uint32_t take_lane(struct perfetto *perfetto, struct trace_lanes *lanes, int64_t from_ns,
                          int64_t until_ns)
{
    size_t found = trace_lanes_take(lanes, from_ns, until_ns);
    perfetto->failed = perfetto->failed || found == TRACE_NO_LANE;
    return found == TRACE_NO_LANE ? 0 : (uint32_t)found;
}

/* --- states ----------------------------------------------------------------------------------- */

static const char *state_name(uint32_t bits, char *out, size_t size)
{
    const char *base = bits & SCENE_INSIDE    ? "in the section"
                       : bits & SCENE_WAITS   ? "waits for the lock"
                       : bits & SCENE_SUBMITS ? "submit"
                                              : "prepare";
    if (!(bits & SCENE_ALIVE)) {
        return "dead";
    }
    if (!(bits & SCENE_STARTED)) {
        return "not started";
    }
    snprintf(out, size, "%s%s%s%s", bits & SCENE_PAUSED ? "paused, " : "",
             bits & SCENE_CUT ? "cut off, " : "", bits & SCENE_LEADS ? "leads, " : "", base);
    return out;
}

static void show_state(struct perfetto *perfetto, uint16_t member, uint32_t bits, int64_t at_ns)
{
    struct shown *shown = &perfetto->shown[member];
    char name[80];
    if (!(bits & SCENE_ALIVE)) { /* nothing else is told of the dead */
        bits &= SCENE_BORN;
    }
    if (bits == shown->bits) {
        return;
    }
    if (at_ns > shown->since_ns && shown->bits != UINT32_MAX) {
        trace_slice(&perfetto->trace, lane(process_of_member(member), STATE_THREAD),
                    shown->since_ns, at_ns, state_name(shown->bits, name, sizeof name), NULL);
    }
    *shown = (struct shown){.bits = bits, .since_ns = at_ns};
}

/* How all stand now; and how many lead. */
static void show_states(struct perfetto *perfetto, int64_t at_ns)
{
    int64_t leaders = 0;
    for (uint32_t i = 0; i <= perfetto->history->facts.settings.nodes; i++) {
        uint32_t bits = scene_bits(&perfetto->scene, (uint16_t)i);
        if (bits & SCENE_BORN) {
            show_state(perfetto, (uint16_t)i, bits, at_ns);
        }
        leaders += (bits & SCENE_LEADS) != 0;
    }
    if (leaders != perfetto->leaders) {
        trace_counter(&perfetto->trace, at_ns, "act as leader", leaders);
        perfetto->leaders = leaders;
    }
}

/* Claims that run out before the next event. */
static void show_what_runs_out(struct perfetto *perfetto, int64_t next_ns)
{
    for (;;) {
        int64_t first_ns = next_ns;
        for (uint32_t i = 0; i <= perfetto->history->facts.settings.nodes; i++) {
            int64_t until_ns = perfetto->scene.view.processes[i].claim.until_ns;
            bool acts = perfetto->shown[i].bits != UINT32_MAX &&
                        perfetto->shown[i].bits & (SCENE_LEADS | SCENE_INSIDE);
            if (acts && until_ns > perfetto->scene.view.now_ns && until_ns < first_ns) {
                first_ns = until_ns;
            }
        }
        if (first_ns == next_ns) {
            return;
        }
        perfetto->scene.view.now_ns = first_ns;
        show_states(perfetto, first_ns);
    }
}

/* --- requests --------------------------------------------------------------------------------- */

/* Where each request is answered. */
static void find_answers(struct perfetto *perfetto)
{
    const struct history *history = perfetto->history;
    for (size_t i = 0; i < history->count; i++) {
        perfetto->answer[i] = EVENT_NONE;
    }
    for (uint32_t i = 0; i < history->count; i++) {
        size_t asked =
            history->events[i].kind == HISTORY_REPLY ? history_asked(history, i) : HISTORY_NOWHERE;
        if (asked != HISTORY_NOWHERE) {
            perfetto->answer[asked] = i;
        }
    }
}

/* When the slice of a request ends: with its answer, or with what became of its sender. */
static int64_t request_until_ns(const struct perfetto *perfetto, uint32_t request)
{
    const struct history *history = perfetto->history;
    if (perfetto->answer[request] != EVENT_NONE) {
        return history->events[perfetto->answer[request]].at_ns;
    }
    for (size_t i = request + 1; i < history->count; i++) {
        if (history->events[i].process == history->events[request].process &&
            history->events[i].kind == HISTORY_DIED) {
            return history->events[i].at_ns;
        }
    }
    return perfetto->end_ns;
}

static void put_request(struct perfetto *perfetto, uint32_t index)
{
    const struct history *history = perfetto->history;
    const struct history_event *event = &history->events[index];
    uint32_t answer = perfetto->answer[index];
    int64_t until_ns = request_until_ns(perfetto, index);
    char asked[200], told[200] = "is not answered", text[440];
    uint32_t found = take_lane(perfetto, &perfetto->lanes[event->process], event->at_ns, until_ns);
    perfetto->thread[index] = found + 1;
    history_describe(history, event, asked, sizeof asked);
    if (answer != EVENT_NONE) {
        history_describe(history, &history->events[answer], told, sizeof told);
    }
    snprintf(text, sizeof text, "%s%s; %s", asked, text_where(history, event).text, told);
    trace_slice(&perfetto->trace, lane(process_of_member(event->process), found + 1), event->at_ns,
                until_ns, op_rows[event->request.op]->name, text);
}

/* The lane of an answer's request. */
static bool lane_of_answer(const struct perfetto *perfetto, uint32_t answer,
                           struct trace_lane *found)
{
    size_t asked = history_asked(perfetto->history, answer);
    if (asked == HISTORY_NOWHERE) {
        return false;
    }
    *found =
        lane(process_of_member(perfetto->history->events[asked].process), perfetto->thread[asked]);
    return true;
}

static void put_arrows(struct perfetto *perfetto)
{
    const struct history_event *events = perfetto->history->events;
    struct proofs proofs;
    if (!proofs_find(&proofs, perfetto->history)) {
        perfetto->failed = true;
        return;
    }
    for (size_t i = 0; i < proofs.count; i++) {
        const struct proof *proof = &proofs.list[i];
        struct trace_lane to;
        /* Within the slices: at the beginning of the one, just before the end of the other. */
        int64_t from_ns = events[proof->request].at_ns;
        int64_t to_ns = events[proof->answer].at_ns - 1;
        if (to_ns >= from_ns && lane_of_answer(perfetto, proof->answer, &to)) {
            trace_arrow(&perfetto->trace, i + 1, "value read",
                        lane(process_of_member(events[proof->request].process),
                             perfetto->thread[proof->request]),
                        from_ns, to, to_ns);
        }
    }
    proofs_free(&proofs);
}

/* --- the rest --------------------------------------------------------------------------------- */

static void put_hold(struct perfetto *perfetto, const struct scene_hold *hold, int64_t until_ns)
{
    char name[48], text[120];
    snprintf(name, sizeof name, "held by %s", text_process(hold->holder).text);
    snprintf(text, sizeof text, "%s%s", scene_ended_words[hold->ended],
             hold->unawares ? "; its holder was never told" : "");
    if (until_ns > hold->from_ns) {
        trace_slice(&perfetto->trace, lane(process_of_server(perfetto, hold->server), 0),
                    hold->from_ns, until_ns, name, text);
    }
}

static void put_fault(struct perfetto *perfetto, const struct history_event *event)
{
    char text[200], mark[260];
    history_describe(perfetto->history, event, text, sizeof text);
    snprintf(mark, sizeof mark, "%s: %s", text_subject(perfetto->history, event).text, text);
    trace_mark(&perfetto->trace, event->at_ns, mark);
}

static void put_event(struct perfetto *perfetto, uint32_t index)
{
    const struct history_event *event = &perfetto->history->events[index];
    show_what_runs_out(perfetto, event->at_ns);
    scene_apply(&perfetto->scene, perfetto->history, index);
    show_states(perfetto, event->at_ns);
    if (perfetto->scene.has_ended) {
        put_hold(perfetto, &perfetto->scene.ended, perfetto->scene.ended.ended_ns);
    }
    switch (event->kind) {
    case HISTORY_REQUEST:
        put_request(perfetto, index);
        break;
    case HISTORY_FAULT:
    case HISTORY_HEALED:
    case HISTORY_OUTSIDE:
        put_fault(perfetto, event);
        break;
    default:
        break;
    }
}

static void put_end(struct perfetto *perfetto)
{
    const struct settings *settings = &perfetto->history->facts.settings;
    show_what_runs_out(perfetto, perfetto->end_ns);
    for (uint32_t i = 0; i <= settings->nodes; i++) {
        show_state(perfetto, (uint16_t)i, UINT32_MAX, perfetto->end_ns);
    }
    for (uint8_t server = 0; server < settings->servers; server++) {
        if (perfetto->scene.locks[server].holder != NOBODY) {
            put_hold(perfetto, &perfetto->scene.locks[server], perfetto->end_ns);
        }
    }
}

static void put_violations(struct perfetto *perfetto, const struct violations *found)
{
    struct trace_lanes lanes = {0};
    for (size_t i = 0; i < found->count && !perfetto->failed; i++) {
        const struct violation *violation = &found->list[i];
        uint32_t thread = take_lane(perfetto, &lanes, violation->at_ns, violation->until_ns);
        trace_slice(&perfetto->trace, lane(HARNESS_PROCESS, thread + 1), violation->at_ns,
                    violation->until_ns, check_rows[violation->check]->name,
                    violation->explanation);
    }
    for (size_t i = 0; i < lanes.count; i++) {
        trace_thread(&perfetto->trace, lane(HARNESS_PROCESS, i + 1), "broken promises");
    }
    trace_lanes_free(&lanes);
}

static void put_names(struct perfetto *perfetto)
{
    const struct history *history = perfetto->history;
    const struct settings *settings = &history->facts.settings;
    struct trace *trace = &perfetto->trace;
    trace_process(trace, HARNESS_PROCESS, "the run");
    for (uint32_t i = 0; i <= settings->nodes; i++) {
        if (perfetto->shown[i].since_ns == INT64_MIN) {
            continue; /* it never was: a protocol without a master */
        }
        trace_process(trace, process_of_member(i), text_process((int32_t)i).text);
        trace_thread(trace, lane(process_of_member(i), STATE_THREAD), "state");
        for (size_t k = 0; k < perfetto->lanes[i].count; k++) {
            trace_thread(trace, lane(process_of_member(i), k + 1), "requests");
        }
    }
    for (uint8_t server = 0; server < settings->servers; server++) {
        uint32_t process = process_of_server(perfetto, server);
        trace_process(trace, process, text_server(history, server).text);
        trace_thread(trace, lane(process, 0), "lock");
    }
}

/* --- the whole -------------------------------------------------------------------------------- */

static bool perfetto_new(struct perfetto *perfetto, const struct history *history, FILE *out)
{
    size_t members = history->facts.settings.nodes + 1u;
    *perfetto = (struct perfetto){.history = history, .trace = {.out = out}};
    if (history->count > 0) {
        perfetto->trace.from_ns = history->events[0].at_ns;
        perfetto->end_ns = history->events[history->count - 1].at_ns;
    }
    perfetto->shown = calloc(members, sizeof *perfetto->shown);
    perfetto->lanes = calloc(members, sizeof *perfetto->lanes);
    perfetto->answer = calloc(history->count + 1, sizeof *perfetto->answer);
    perfetto->thread = calloc(history->count + 1, sizeof *perfetto->thread);
    for (size_t i = 0; perfetto->shown && i < members; i++) {
        perfetto->shown[i] = (struct shown){.bits = UINT32_MAX, .since_ns = INT64_MIN};
    }
    return scene_new(&perfetto->scene, &history->facts) && perfetto->shown && perfetto->lanes &&
           perfetto->answer && perfetto->thread;
}

static void perfetto_free(struct perfetto *perfetto)
{
    for (size_t i = 0; perfetto->lanes && i <= perfetto->history->facts.settings.nodes; i++) {
        trace_lanes_free(&perfetto->lanes[i]);
    }
    scene_free(&perfetto->scene);
    free(perfetto->shown);
    free(perfetto->lanes);
    free(perfetto->answer);
    free(perfetto->thread);
}

static bool write_perfetto(const struct history *history, const struct violations *found, FILE *out)
{
    struct perfetto perfetto;
    bool good = perfetto_new(&perfetto, history, out);
    if (good) {
        fputs("{\"displayTimeUnit\":\"ms\",\"traceEvents\":[", out);
        find_answers(&perfetto);
        trace_mark(&perfetto.trace, 0, "t0: every process is up");
        for (uint32_t i = 0; i < history->count && !perfetto.failed; i++) {
            put_event(&perfetto, i);
        }
        put_end(&perfetto);
        put_arrows(&perfetto);
        put_violations(&perfetto, found);
        put_names(&perfetto);
        fputs("\n]}\n", out);
        good = !perfetto.failed;
    }
    perfetto_free(&perfetto);
    return good;
}

const struct export_row export_perfetto = {
    .name = "perfetto",
    .summary = "a trace of slices and arrows, for ui.perfetto.dev and chrome://tracing",
    .write = write_perfetto,
};
