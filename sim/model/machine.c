/* The model's machine: who is at work on its cores, and for how long. See machine.h. */
#include "sim/model/machine.h"

#include <assert.h>
#include <stdlib.h>

#include "sim/host/dice.h"
#include "sim/model/state.h"

enum task_state { TASK_ASLEEP, TASK_WOKEN, TASK_AT_WORK };

#define NO_TASK UINT32_MAX

/* When the trial begins, everybody is new, and as cold as after so long a sleep. */
#define LAST_AT_WORK_NS 10000000

#define LUCK_ONE 1024

void machine_prepare(struct machine *machine)
{
    latency_log_normal(&machine->luck, LUCK_ONE, LUCK_ONE * machine->spread_percent / 100);
    machine->work_ns = machine->step_ns + machine->request_ns + machine->answer_ns;
    machine->cold_most_ns = machine->cold.at[LATENCY_CELLS * 9 / 10];
}

bool cores_allocate(struct cores *cores, uint32_t count)
{
    cores->tasks = calloc(count + 2, sizeof *cores->tasks);
    cores->to_start = calloc(count, sizeof *cores->to_start);
    return cores->tasks && cores->to_start;
}

void cores_free(struct cores *cores)
{
    free(cores->tasks);
    free(cores->to_start);
}

static const struct machine *machine_of(const struct model *model)
{
    return &model->network->machine;
}

static uint32_t server_of(const struct model *model)
{
    return model->count;
}

static uint32_t driver_of(const struct model *model)
{
    return model->count + 1;
}

void machine_reset(struct model *model, uint64_t dice)
{
    struct cores *cores = &model->cores;
    for (uint32_t i = 0; i < model->count + 2; i++) {
        cores->tasks[i] = (struct task){.slept_ns = -LAST_AT_WORK_NS};
    }
    cores->idle = machine_of(model)->cores;
    cores->ready_first = cores->ready_last = NO_TASK;
    cores->asked_first = cores->asked_last = NO_CONNECTION;
    cores->start_first = cores->start_count = 0;
    cores->busy_ns = 0;
    cores->extra = 0;
    cores->scripts = 0;
    cores->active_ns = -LAST_AT_WORK_NS;
    cores->dice = dice;
    cores->luck = latency_draw(&machine_of(model)->luck, &cores->dice);
}

/* --- waking up ------------------------------------------------------------------------------- */

int64_t machine_coldness(int64_t slept_ns)
{
    int64_t cold = 0;
    for (int64_t slept = slept_ns >> 18; cold < COLDEST && slept > 1; slept >>= 1) {
        cold++;
    }
    return cold;
}

static int64_t coldness(const struct model *model, uint32_t task)
{
    return machine_coldness(model->now_ns - model->cores.tasks[task].slept_ns);
}

/* Work takes less time in some trials, more in others: it is for the operating system to say who
 * sits on which core, and next to whom, and it does not change that often. */
static int64_t cost(const struct model *model, int64_t ns)
{
    return ns * model->cores.luck / LUCK_ONE;
}

/* What a round trip takes besides the work on it is the waking up of the server and of the
 * member. What is out of the ordinary about it happens to the server, and so to all who have
 * asked it. */
static int64_t waking_member(const struct model *model)
{
    const struct machine *machine = machine_of(model);
    int64_t both_ns = latency_median(&machine->round) - machine->work_ns;
    return both_ns > 0 ? both_ns / 2 : 0;
}

static int64_t waking_server(struct model *model)
{
    const struct machine *machine = machine_of(model);
    int64_t both_ns = latency_draw(&machine->round, &model->cores.dice) - machine->work_ns;
    int64_t server_ns = both_ns - waking_member(model);
    return server_ns > 0 ? server_ns : 0;
}

/* Who has been answered was woken by the server, which is still at work there: he takes his turn.
 * Who is woken from outside may push in. */
enum turn { TAKES_ITS_TURN, MAY_PUSH_IN };

/* Wakes a task; if a core is free, it takes `wakes_ns` to be at work. If none is: some of those who
 * may push in do, and those at work share the cores; the others wait for a core. */
static void wake(struct model *model, uint32_t task, enum turn turn, int64_t wakes_ns)
{
    struct cores *cores = &model->cores;
    struct task *woken = &cores->tasks[task];
    if (woken->state != TASK_ASLEEP) {
        woken->again = woken->again || woken->state == TASK_AT_WORK;
        return;
    }
    woken->state = TASK_WOKEN;
    bool pushes = turn == MAY_PUSH_IN &&
                  (int64_t)dice_below(&cores->dice, 100) < machine_of(model)->push_percent;
    if (cores->idle > 0 || pushes) {
        cores->extra += cores->idle == 0;
        cores->idle -= cores->idle > 0;
        model_put(model, model->now_ns + wakes_ns, DUE_RUN, task);
        return;
    }
    woken->next_ready = NO_TASK;
    if (cores->ready_first == NO_TASK) {
        cores->ready_first = task;
    } else {
        cores->tasks[cores->ready_last].next_ready = task;
    }
    cores->ready_last = task;
}

/* The cost of a member's work, who may have to share its core. */
static int64_t shared_cost(struct model *model, int64_t ns)
{
    const struct cores *cores = &model->cores;
    int64_t there_are = machine_of(model)->cores;
    return cost(model, ns) * (there_are + cores->extra) / there_are;
}

/* What a long sleep would add now. */
static int64_t draw_cold(struct model *model)
{
    return latency_draw(&machine_of(model)->cold, &model->cores.dice);
}

/* How much longer a sleeper takes, of what a long sleep adds to a round trip. What is out of the
 * ordinary happens to the server, as above. */
static int64_t longer(const struct model *model, uint32_t task, int64_t cold_ns)
{
    const struct machine *machine = machine_of(model);
    int64_t ordinary_ns = cold_ns < machine->cold_most_ns ? cold_ns : machine->cold_most_ns;
    int64_t step_ns = ordinary_ns * machine->step_percent / 100;
    int64_t ours_ns = task < model->count ? step_ns : cold_ns - step_ns;
    return ours_ns * coldness(model, task) / COLDEST;
}

/* The driver's bell wakes as a request wakes the server. */
static int64_t waking_by_bell(struct model *model, uint32_t task)
{
    return waking_server(model) + draw_cold(model) * coldness(model, task) / COLDEST / 2;
}

/* A machine that is at work takes a timer's interrupt sooner than one that has to wake up first. */
static int64_t timer_lateness(struct model *model)
{
    const struct machine *machine = machine_of(model);
    struct cores *cores = &model->cores;
    int64_t late_ns = latency_draw(&machine->timer, &cores->dice);
    bool at_work = cores->idle < machine->cores;
    int64_t cold = at_work ? 0 : machine_coldness(model->now_ns - cores->active_ns);
    int64_t warm_ns = late_ns * machine->warm_percent / 100;
    return warm_ns + (late_ns - warm_ns) * cold / COLDEST;
}

/* --- what wakes ------------------------------------------------------------------------------ */

/* A timer, or the driver's bell. Connecting is done before anybody's time is measured. */
void machine_looks(struct model *model, uint16_t id)
{
    const struct member *member = &model->members[id];
    bool timer = member->until_ns <= model->now_ns && !member->flip;
    if (member->state == MEMBER_CONNECTS) {
        member_look(model, id);
    } else if (timer) {
        wake(model, id, MAY_PUSH_IN, timer_lateness(model));
    } else {
        wake(model, id, MAY_PUSH_IN, waking_by_bell(model, id));
    }
}

void machine_answered(struct model *model, uint16_t id)
{
    wake(model, id, TAKES_ITS_TURN, waking_member(model));
}

void machine_arrives(struct model *model, uint32_t index)
{
    struct cores *cores = &model->cores;
    uint32_t server = server_of(model);
    model->connections[index].next_free = NO_CONNECTION;
    if (cores->asked_first == NO_CONNECTION) {
        cores->asked_first = index;
    } else {
        model->connections[cores->asked_last].next_free = index;
    }
    cores->asked_last = index;
    wake(model, server, MAY_PUSH_IN,
         waking_server(model) + longer(model, server, model->connections[index].cold_ns));
}

/* The driver is at work when the trial begins; later a timer wakes it, or a member. */
void machine_starts(struct model *model, uint16_t id)
{
    struct cores *cores = &model->cores;
    uint32_t driver = driver_of(model);
    int64_t wakes_ns = 0;
    assert(cores->start_count < model->count);
    cores->to_start[(cores->start_first + cores->start_count++) % model->count] = id;
    if (model->now_ns > 0) {
        bool timer = model->starts_ns[id] == model->now_ns;
        wakes_ns = timer ? timer_lateness(model) : waking_by_bell(model, driver);
    }
    wake(model, driver, MAY_PUSH_IN, wakes_ns);
}

/* --- at work --------------------------------------------------------------------------------- */

/* Whether the bit was not set; sets it. */
static bool first_time(uint32_t *bits, uint8_t op)
{
    bool first = !(*bits >> op & 1);
    *bits |= 1u << op;
    return first;
}

int64_t machine_sends(struct model *model, uint16_t id)
{
    const struct machine *machine = machine_of(model);
    struct cores *cores = &model->cores;
    struct connection *connection = &model->connections[model->members[id].connection];
    uint8_t op = model->members[id].action.request.op;
    bool script = op == STORE_DELETE_IF_EQUAL || op == STORE_EXTEND_IF_EQUAL;
    int64_t step_ns = machine->step_ns;
    connection->cold_ns = draw_cold(model);
    if (first_time(&cores->tasks[id].used, op)) {
        step_ns += machine->first_ns[op];
    }
    cores->busy_ns += shared_cost(model, step_ns + longer(model, id, connection->cold_ns));
    int64_t there_ns = model->now_ns + cores->busy_ns;
    return script && first_time(&cores->scripts, op) ? there_ns + machine->script_ns : there_ns;
}

void machine_bears(struct model *model, uint16_t id)
{
    model->cores.tasks[id].used = 0;
}

static void run_server(struct model *model)
{
    const struct machine *machine = machine_of(model);
    struct cores *cores = &model->cores;
    uint32_t first = cores->asked_first;
    int64_t at_ns = model->now_ns;
    cores->asked_first = NO_CONNECTION;
    for (uint32_t i = first; i != NO_CONNECTION; i = model->connections[i].next_free) {
        uint8_t op = model->connections[i].request.op;
        int64_t votes_ns = op == STORE_READ_BALLOT ? machine->vote_ns * model->count : 0;
        at_ns += cost(model, machine->request_ns + machine->op_ns[op] + votes_ns);
        model_put(model, at_ns, DUE_SERVICE, i);
    }
    for (uint32_t i = first; i != NO_CONNECTION; i = model->connections[i].next_free) {
        at_ns += cost(model, machine->answer_ns);
        model->connections[i].next_ns = at_ns;
    }
    cores->busy_ns = at_ns - model->now_ns + cost(model, machine->settle_ns);
}

/* Starts whoever is to be started. For some of the time that this takes it is not at work. */
static void run_driver(struct model *model)
{
    const struct machine *machine = machine_of(model);
    struct cores *cores = &model->cores;
    int64_t rings_ns = latency_median(&machine->start) - machine->start_wait_ns;
    int64_t after_ns = 0;
    for (; cores->start_count > 0; cores->start_count--) {
        int64_t next_ns = latency_draw(&machine->start, &cores->dice) - machine->start_wait_ns;
        after_ns += next_ns > 0 ? next_ns : 0;
        cores->busy_ns += rings_ns > 0 ? rings_ns : 0;
        model_put(model, model->now_ns + after_ns, DUE_RING, cores->to_start[cores->start_first]);
        cores->start_first = (cores->start_first + 1) % model->count;
    }
}

void machine_rings(struct model *model, uint16_t id)
{
    wake(model, id, MAY_PUSH_IN, waking_member(model));
}

void machine_runs(struct model *model, uint32_t task)
{
    struct cores *cores = &model->cores;
    cores->tasks[task].state = TASK_AT_WORK;
    cores->busy_ns = 0;
    if (task == server_of(model)) {
        run_server(model);
    } else if (task == driver_of(model)) {
        run_driver(model);
    } else {
        int64_t cold = coldness(model, task);
        member_look(model, (uint16_t)task);
        cores->busy_ns += shared_cost(model, machine_of(model)->rest_ns * cold / COLDEST);
    }
    model_put(model, model->now_ns + cores->busy_ns, DUE_REST, task);
}

/* Goes on if there is more to do; else sleeps, and the core is the next one's. */
void machine_rests(struct model *model, uint32_t task)
{
    struct cores *cores = &model->cores;
    struct task *done = &cores->tasks[task];
    cores->active_ns = model->now_ns;
    uint32_t next = task;
    if (done->again) {
        done->again = false;
        done->state = TASK_WOKEN;
    } else {
        done->state = TASK_ASLEEP;
        done->slept_ns = model->now_ns;
        if (cores->extra > 0) {
            cores->extra--;
            return;
        }
        next = cores->ready_first;
    }
    if (next == NO_TASK) {
        cores->idle++;
        return;
    }
    if (next != task) {
        cores->ready_first = cores->tasks[next].next_ready;
    }
    model_put(model, model->now_ns, DUE_RUN, next);
}
