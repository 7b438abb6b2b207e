/* One trial on real processes: its links. The relay is started where the scenario has faults on
 * links, or somebody's hand may cut them, and ordered about by these. See run.h and
 * sim/relay/relay.h. */
#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sim/processes/program.h"
#include "sim/processes/run_parts.h"
#include "sim/processes/witness.h"
#include "sim/relay/listener.h"
#include "sim/relay/relay.h"
#include "sim/text/errors.h"

/* --- who goes through it ---------------------------------------------------------------------- */

bool run_may_hit(const struct fault_spec *spec, uint16_t id)
{
    const struct target *target = &spec->target;
    switch ((enum target_kind)target->kind) {
    case TARGET_IDS:
        for (uint16_t i = 0; i < target->count; i++) {
            if (target->ids[i] == id) {
                return true;
            }
        }
        return false;
    case TARGET_ANY:
    case TARGET_OTHERS:
        return id != MASTER_ID;
    case TARGET_LEADER:
    case TARGET_LOCK_HOLDER:
        return true;
    case TARGET_LOCK:
    case TARGET_REDIS:
    case TARGET_KINDS:
        break;
    }
    return false;
}

bool run_relays(const struct run *run, uint16_t id)
{
    const struct scenario *scenario = run->scenario;
    if (run->common->by_hand || run_is_program(run, id)) {
        return true;
    }
    for (uint32_t i = 0; i < scenario->fault_count; i++) {
        const struct fault_spec *spec = &scenario->faults[i];
        if (fault_is_on_links(fault_rows[spec->kind]) && run_may_hit(spec, id)) {
            return true;
        }
    }
    return false;
}

/* Ids of those who go through the relay, ascending; the caller's to free. NULL: memory is out. */
static uint16_t *relayed_ids(const struct run *run, uint32_t *count)
{
    uint32_t members = run->scenario->settings.nodes + 1u;
    uint16_t *ids = calloc(members, sizeof *ids);
    *count = 0;
    for (uint32_t id = first_of(run); ids && id < members; id++) {
        if (run_relays(run, (uint16_t)id)) {
            ids[(*count)++] = (uint16_t)id;
        }
    }
    assert(*count <= members);
    return ids;
}

/* The port of a program's listener. */
static uint16_t port_of(const struct run *run, uint16_t id, uint8_t server)
{
    uint32_t place = 0;
    for (uint32_t before = first_of(run); before < id; before++) {
        place += run_relays(run, (uint16_t)before);
    }
    place = place * run->scenario->settings.servers + server;
    assert(place < run->relay.listeners && run->relay.ports[place] > 0);
    return run->relay.ports[place];
}

void run_route(const struct run *run, uint16_t id, uint8_t server, struct address *address)
{
    assert(id < slots_of(run) && server < settings_all_servers(&run->scenario->settings));
    if (server >= run->scenario->settings.servers) {
        *address = run->resource.process.address; /* no link fault is aimed at it */
        return;
    }
    *address = run->servers[server].control.address;
    if (run->relay.pid != 0 && run_relays(run, id)) {
        listener_path(run->relay.folder, id, server, address->path);
    }
    if (run_is_program(run, id)) {
        address->port = port_of(run, id, server);
        snprintf(address->host, sizeof address->host, "127.0.0.1");
        address->path[0] = '\0';
    }
}

/* --- its life --------------------------------------------------------------------------------- */

/* Where a Redis is: for TCP, where the driver itself has found it. */
static bool find_redis(const struct link *control, struct relay_redis *redis)
{
    const struct address *address = &control->address;
    redis->length = sizeof redis->at;
    if (!address->path[0]) {
        assert(control->redis);
        return getpeername(control->redis->fd, (struct sockaddr *)&redis->at, &redis->length) == 0;
    }
    struct sockaddr_un *there = (struct sockaddr_un *)&redis->at;
    there->sun_family = AF_UNIX;
    memcpy(there->sun_path, address->path, sizeof there->sun_path);
    redis->length = sizeof *there;
    return true;
}

static bool find_all(const struct run *run, struct relay_plan *plan)
{
    bool found = true;
    plan->servers = run->scenario->settings.servers;
    for (uint32_t i = 0; i < plan->servers; i++) {
        found = found && find_redis(&run->servers[i].control, &plan->redis[i]);
    }
    return found;
}

/* What the relay is told of programs, whose traffic is read; in its own process. */
struct reading {
    bool *strangers; /* owned */
    struct witness slots;
    struct relay_witness witness;
    struct wire_keys keys;
};

static bool read_programs(struct run *run, const uint16_t *ids, struct relay_plan *plan,
                          struct reading *reading)
{
    assert(run->shared->slot_count == slots_of(run) + 1 && plan->count > 0);
    reading->strangers = calloc(plan->count, sizeof *reading->strangers);
    for (uint32_t i = 0; reading->strangers && i < plan->count; i++) {
        reading->strangers[i] = run_is_program(run, ids[i]);
    }
    reading->slots = (struct witness){.shared = run->shared,
                                      .log = run->shared->slot_count - 1,
                                      .notify_fd = run->notify_fd,
                                      .scenario = run->scenario,
                                      .prefix = run->prefix,
                                      .servers = plan->servers,
                                      .leads = protocol_leads_by_claim(&run->scenario->settings)};
    reading->witness = witness_of(&reading->slots);
    wire_keys_make(&reading->keys, run->prefix);
    wire_keys_move_lock(&reading->keys, run->scenario->lock_key);
    plan->strangers = reading->strangers;
    plan->lock_key = reading->keys.names[KEY_LOCK];
    plan->database = run->servers[0].control.address.db;
    plan->outlives = run->scenario->lock_outlives;
    plan->prefix = run->prefix;
    plan->witness = &reading->witness;
    return reading->strangers != NULL;
}

void run_wake_relay(const struct run *run)
{
    assert(run->shared->slot_count == slots_of(run) + 1);
    slot_wake(&run->shared->slots[slots_of(run)]);
}

static bool fork_relay(struct run *run, struct relay_plan *plan)
{
    struct run_relay *relay = &run->relay;
    int ends[2];
    assert(relay->pid == 0 && plan->count > 0);
    snprintf(relay->folder, sizeof relay->folder, "%s/links-%u", run->common->guardian->folder,
             run->number);
    if (mkdir(relay->folder, 0700) != 0 ||
        socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0) {
        return false;
    }
    plan->folder = relay->folder;
    plan->seed = run->seed;
    plan->control = ends[1];
    relay->control = ends[0];
    int kept[] = {ends[1], run->notify_fd, run->shared->slots[slots_of(run)].wake_fd};
    relay->pid = guardian_fork(run->common->guardian, kept, 3);
    if (relay->pid == 0) {
        relay_run(plan);
    }
    close(ends[1]);
    if (relay->pid < 0) {
        relay->pid = 0;
        close(relay->control);
        return false;
    }
    return true;
}

/* Keeps a port for each program and server, whose client may know TCP alone. The others have none:
 * their port is 0. False: the world failed. */
static bool reserve_ports(struct run *run, const uint16_t *ids, uint32_t count, uint32_t servers)
{
    struct run_relay *relay = &run->relay;
    assert(count > 0 && servers > 0 && relay->listeners == 0 && !relay->ports);
    relay->ports = calloc((size_t)count * servers, sizeof *relay->ports);
    relay->reserved = calloc((size_t)count * servers, sizeof *relay->reserved);
    for (uint32_t i = 0; relay->ports && relay->reserved && i < count * servers; i++) {
        int fd = run_is_program(run, ids[i / servers]) ? listener_reserve(&relay->ports[i]) : 0;
        if (fd < 0) {
            return false;
        }
        relay->reserved[i] = fd;
        relay->listeners = i + 1;
    }
    return relay->ports && relay->reserved;
}

bool run_start_relay(struct run *run)
{
    struct relay_plan plan = {0};
    struct reading reading = {0};
    char error[RELAY_ERROR];
    uint16_t *ids = relayed_ids(run, &plan.count);
    if (ids && plan.count == 0) {
        free(ids);
        return true;
    }
    assert(run->relay.pid == 0 && run->t0_ns == 0);
    bool good = ids && find_all(run, &plan) && reserve_ports(run, ids, plan.count, plan.servers);
    plan.ids = ids;
    plan.ports = run->relay.ports;
    good = good && read_programs(run, ids, &plan, &reading) && fork_relay(run, &plan);
    if (!good) {
        run_fail(run, "cannot start the relay of the links: %s", error_words(errno));
    } else if (!relay_await(run->relay.control, error)) {
        run_fail(run, "cannot start the relay of the links: %s", error);
        good = false;
    }
    free(reading.strangers);
    free(ids);
    return good;
}

void run_stop_relay(struct run *run)
{
    struct run_relay *relay = &run->relay;
    assert(relay->pid >= 0);
    if (relay->pid > 0) {
        guardian_kill(relay->pid);
        close(relay->control);
    }
    if (relay->folder[0]) {
        remove_folder(relay->folder);
    }
    for (uint32_t i = 0; i < relay->listeners; i++) {
        if (relay->ports[i]) {
            close(relay->reserved[i]);
        }
    }
    free(relay->ports);
    free(relay->reserved);
    *relay = (struct run_relay){0};
}

void run_relay_is_gone(struct run *run)
{
    assert(run->relay.pid > 0);
    run->relay.pid = 0;
    close(run->relay.control);
}

void run_relay_ended(struct run *run, int status)
{
    char error[RELAY_ERROR];
    assert(run->relay.pid > 0);
    relay_last_words(run->relay.control, error);
    run_relay_is_gone(run);
    run_fail(run, "the relay of the links died by itself (%s %d): %s",
             WIFSIGNALED(status) ? "signal" : "status",
             WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status), error);
}

/* Whether it takes orders. One that was stopped or killed from outside since the trial's last turn
 * would be waited for in vain. */
static bool takes_orders(struct run *run)
{
    return run->relay.pid > 0 && !run->relay.stopped && !run_was_touched(run, run->relay.pid);
}

/* It does not answer. */
static void note_silence(struct run *run, const char *error)
{
    if (!run_was_touched(run, run->relay.pid)) {
        run_fail(run, "the relay of the links fails: %s", error);
    }
}

void run_tell_relay_of_death(struct trial_server *server)
{
    struct run *run = server->run;
    char error[RELAY_ERROR];
    if (takes_orders(run) && !relay_redis_gone(run->relay.control, server->index, error)) {
        note_silence(run, error);
    }
}

void run_tell_relay_of_dead_member(struct run *run, uint16_t id)
{
    char error[RELAY_ERROR];
    assert(run->pids[id] == 0);
    if (run_is_program(run, id) && takes_orders(run) &&
        !relay_process_dead(run->relay.control, id, error)) {
        note_silence(run, error);
    }
}

bool run_link_verb(void *self, uint16_t id, uint8_t server, const struct link_order *order)
{
    struct run *run = self;
    bool changed = false;
    char error[RELAY_ERROR];
    assert(id < slots_of(run) && server < run->scenario->settings.servers);
    if (takes_orders(run) && !relay_order(run->relay.control, id, server, order, &changed, error)) {
        note_silence(run, error);
    }
    return changed;
}
