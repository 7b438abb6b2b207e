/* The stage for faults of servers and clocks. See stage.h. */
#include "tests/unit/servers/stage.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "sim/host/active.h"
#include "sim/scenario/load.h"

static const char *const HEAD = "name: stage\nnodes: 2\nduration: 60s\n";

static bool everybody_is_up(struct stage *stage)
{
    return stage->run.state == RUN_SAFETY;
}

bool trial_failed(struct stage *stage)
{
    return stage->run.failed;
}

static void load(struct stage *stage, const char *more)
{
    char text[1024];
    struct scenario_report report;
    snprintf(text, sizeof text, "%s%s", HEAD, more);
    if (!scenario_parse("stage.yaml", text, strlen(text), &stage->scenario, &report)) {
        scenario_report_print(stderr, "stage.yaml", &report);
        fail();
    }
    size_t room = stage->scenario.fault_count + STAGE_FAULTS;
    stage->scenario.faults = realloc(stage->scenario.faults, room * sizeof(struct fault_spec));
    assert_non_null(stage->scenario.faults);
}

bool stage_begin_with(struct stage *stage, const char *more, const char *server)
{
    char error[512];
    memset(stage, 0, sizeof *stage);
    signal(SIGPIPE, SIG_IGN);
    load(stage, more);
    assert_true(server_find(server, &stage->program, error, sizeof error));
    assert_true(guardian_start(&stage->guardian, NULL, NULL, error, sizeof error));
    stage->common = (struct run_common){.host = &host_processes,
                                        .scenario = &stage->scenario,
                                        .guardian = &stage->guardian,
                                        .program = &stage->program};
    if (!run_begin(&stage->run, &stage->common, 1, 1)) {
        return false;
    }
    link_init(&stage->eye, &stage->run.servers[0].process.address, "", 5000);
    return stage_until(stage, everybody_is_up, 20000);
}

void stage_begin(struct stage *stage, const char *more)
{
    if (!stage_begin_with(stage, more, NULL)) {
        fail_msg("the trial did not begin: %s", stage->run.error);
    }
}

void stage_end_with(struct stage *stage, struct history *history)
{
    struct trial trial;
    link_close(&stage->eye);
    run_end(&stage->run, &trial);
    guardian_stop(&stage->guardian);
    scenario_free(&stage->scenario);
    *history = trial.history;
}

void stage_end(struct stage *stage)
{
    struct history history;
    stage_end_with(stage, &history);
    history_free(&history);
}

/* As the driver's loop does it. */
static void turn(struct stage *stage)
{
    int status;
    pid_t pid;
    while ((pid = waitpid(-1, &status, WNOHANG | WUNTRACED | WCONTINUED)) > 0) {
        run_child_changed(&stage->run, pid, status);
    }
    run_listen(&stage->run, 0);
    run_turn(&stage->run, 0);
}

bool stage_until(struct stage *stage, bool (*holds)(struct stage *stage), int ms)
{
    int64_t until = monotonic_ns() + (int64_t)ms * 1000000;
    struct timespec moment = {.tv_nsec = 500000};
    while (monotonic_ns() < until) {
        turn(stage);
        if (holds(stage)) {
            return true;
        }
        if (stage->run.failed) {
            return false;
        }
        nanosleep(&moment, NULL);
    }
    return false;
}

static struct fault_spec spec_of(const struct fault_row *row, uint16_t id, int64_t param)
{
    struct fault_spec spec = {.kind = (uint16_t)fault_find(row->name), .params = {param}};
    bool on_lock = row->targets == 1u << TARGET_LOCK;
    spec.target.kind = id != HISTORY_HARNESS ? TARGET_IDS : on_lock ? TARGET_LOCK : TARGET_REDIS;
    return spec;
}

/* What adds up is added up by the nemesis, among whose faults this one is then. */
static bool begins(struct stage *stage, const struct fault_spec *spec, uint16_t id)
{
    const struct history *own = &stage->run.own;
    assert_true(stage->faults < STAGE_FAULTS);
    uint16_t fault = (uint16_t)stage->scenario.fault_count++;
    stage->faults++;
    stage->scenario.faults[fault] = *spec;
    active_apply(&stage->run.nemesis, fault, (struct fault_place){.id = id});
    return own->events[own->count - 1].kind == HISTORY_FAULT;
}

/* The last one of this kind that was begun. */
static bool ends(struct stage *stage, const struct fault_row *row, uint16_t id)
{
    struct nemesis *nemesis = &stage->run.nemesis;
    const struct history *own = &stage->run.own;
    uint32_t index = nemesis->actives.all.last;
    for (; index != NO_ACTIVE; index = nemesis->actives.list[index].of_all.previous) {
        const struct active *active = &nemesis->actives.list[index];
        const struct fault_spec *spec = &stage->scenario.faults[active->fault];
        if (active->at.id == id && fault_rows[spec->kind] == row) {
            nemesis->now_ns = nemesis_now(nemesis);
            struct timer timer = {.at_ns = nemesis->now_ns,
                                  .fault = active->fault,
                                  .number = active->instance,
                                  .active = index,
                                  .ends = true};
            active_end(nemesis, &timer);
            return own->events[own->count - 1].kind == HISTORY_HEALED;
        }
    }
    return false;
}

bool stage_apply(struct stage *stage, const struct fault_row *row, uint16_t id, int64_t param)
{
    struct fault_spec spec = spec_of(row, id, param);
    return row->add ? begins(stage, &spec, id)
                    : fault_apply(row, &stage->run.ops, (struct fault_place){.id = id}, &spec);
}

bool stage_heal(struct stage *stage, const struct fault_row *row, uint16_t id)
{
    struct fault_spec spec = spec_of(row, id, 0);
    return row->add ? ends(stage, row, id)
                    : fault_heal(row, &stage->run.ops, (struct fault_place){.id = id}, &spec);
}

static void put_text(const redisReply *reply, char *text, size_t size)
{
    size_t used = 0;
    switch (reply->type) {
    case REDIS_REPLY_INTEGER:
        snprintf(text, size, "%lld", reply->integer);
        return;
    case REDIS_REPLY_NIL:
        snprintf(text, size, "nil");
        return;
    case REDIS_REPLY_ARRAY:
        text[0] = '\0';
        for (size_t i = 0; i < reply->elements && used + 1 < size; i++) {
            if (i > 0) {
                text[used++] = ' ';
            }
            put_text(reply->element[i], text + used, size - used);
            used += strlen(text + used);
        }
        return;
    default:
        snprintf(text, size, "%s", reply->str);
    }
}

const char *stage_ask(struct stage *stage, const char *command)
{
    static char text[16384];
    char copy[256];
    const char *words[16] = {NULL};
    char *rest = NULL;
    int count = 0;
    snprintf(copy, sizeof copy, "%s", command);
    for (char *word = strtok_r(copy, " ", &rest); word; word = strtok_r(NULL, " ", &rest)) {
        words[count++] = word;
    }
    redisReply *reply = link_command(&stage->eye, words);
    snprintf(text, sizeof text, "silence");
    if (reply) {
        put_text(reply, text, sizeof text);
    }
    freeReplyObject(reply);
    return text;
}

long long stage_info(struct stage *stage, const char *label)
{
    const char *text = stage_ask(stage, "INFO all");
    const char *found = strstr(text, label);
    assert_non_null(found);
    return strtoll(found + strlen(label) + 1, NULL, 10);
}

bool server_answers(struct stage *stage)
{
    return strcmp(stage_ask(stage, "PING"), "PONG") == 0;
}
