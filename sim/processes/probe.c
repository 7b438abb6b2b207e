/* Before anything is forked: is there a Redis, which, and does it do what will be asked of it? */
#include <assert.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sim/ops/op.h"
#include "sim/processes/run_parts.h"
#include "sim/processes/server_verbs.h"
#include "sim/system/descriptors.h"
#include "src/protocol.h"
#include "src/units.h"

#define VERSION_TIMEOUT_MS 2000

/* A second, for EXPIRE. */
#define PROBE_TTL_MS 1000

/* The word after `label` in `text`. */
static void word_after(const char *text, const char *label, char *word, size_t size)
{
    const char *found = strstr(text, label);
    assert(size > 0);
    word[0] = '\0';
    if (found) {
        found += strlen(label);
        snprintf(word, size, "%.*s", (int)strcspn(found, " \r\n"), found);
    }
}

/* Says why the last command failed. False. */
static bool fails(const struct link *link, char *error, size_t error_size)
{
    char telling[LINK_TELLING];
    link_tell(link, telling, sizeof telling);
    if (link->refused_by_server) {
        snprintf(error, error_size, "%s", telling);
    } else {
        snprintf(error, error_size, "%s; %s leave out --redis to have one started", telling,
                 *refusal_advice(link->error) ? "or" : "fix that, or");
    }
    return false;
}

/* One request, whose answer must be one that a Redis gives. */
static bool try_request(struct link *link, uint8_t op, char *error, size_t error_size)
{
    struct request request = {.op = op, .key = op_rows[op]->key, .ttl_ms = PROBE_TTL_MS};
    assert(op < STORE_OPS && request.key < STORE_KEYS);
    struct reply reply = link_request(link, &request);
    if (reply.outcome == STORE_OK || reply.outcome == STORE_NIL) {
        return true;
    }
    if (link->error[0] == '\0' || reply.outcome == STORE_UNREADABLE) {
        snprintf(link->error, sizeof link->error,
                 "%.500s: its answer to %s is not one that a Redis gives", link->address.shown,
                 op_command(op, true));
    }
    return fails(link, error, error_size);
}

static bool try_requests(struct link *link, uint32_t ops, char *error, size_t error_size)
{
    bool good = true;
    for (uint8_t op = 0; op < STORE_OPS && good; op++) {
        good = !(ops & 1u << op) || try_request(link, op, error, error_size);
    }
    return good;
}

static bool remove_key(struct link *link, const char *key)
{
    const char *const del[] = {"DEL", key, NULL};
    return link_demand(link, del);
}

/* Whether it does for us what the scenario's processes will ask of it, on keys of the probe's own;
 * they are gone afterwards. What cannot be removed is not made. Scripts come last, since they use
 * commands themselves, and are tried twice: as a text and as a digest. */
static bool may_do(struct link *link, uint32_t ops, char *error, size_t error_size)
{
    const uint32_t scripts = ops_with(OP_SCRIPT);
    assert(ops != 0 && link->count == 0);
    bool good = true;
    for (int i = 0; i < STORE_KEYS; i++) {
        if (!remove_key(link, link->keys.names[i])) {
            return fails(link, error, error_size);
        }
    }
    good = try_requests(link, ops & ~scripts, error, error_size) &&
           try_requests(link, ops & scripts, error, error_size) &&
           try_requests(link, ops & scripts, error, error_size);
    for (int i = 0; i < STORE_KEYS; i++) {
        remove_key(link, link->keys.names[i]);
    }
    return good;
}

static void ask_version(struct link *link, struct host_facts *facts)
{
    const char *const words[] = {"INFO", "server", NULL};
    redisReply *reply = link_command(link, words);
    if (reply && reply->type == REDIS_REPLY_STRING) {
        word_after(reply->str, "redis_version:", facts->redis_version, sizeof facts->redis_version);
    }
    freeReplyObject(reply);
}

static bool probe_url(const char *url, uint32_t ops, struct host_facts *facts, char *error,
                      size_t error_size)
{
    struct address address;
    struct link link;
    char run[LEFTOVERS_RUN_MAX];
    char prefix[sizeof run + sizeof "0:"];
    if (!address_parse(url, &address, error, error_size)) {
        return false;
    }
    snprintf(facts->redis_server, sizeof facts->redis_server, "%.255s", address.shown);
    leftovers_name_run(run);
    snprintf(prefix, sizeof prefix, "%s0:", run); /* before trial 1 */
    link_init(&link, &address, prefix, 2000);
    bool good = may_do(&link, ops, error, error_size);
    if (good) {
        ask_version(&link, facts);
    }
    link_close(&link);
    return good;
}

/* Reads until the end, until `text` is full, or until it has taken longer than a program needs to
 * tell its version. */
static void read_some(int fd, char *text, size_t size)
{
    struct pollfd readable = {.fd = fd, .events = POLLIN};
    int64_t until_ns = monotonic_ns() + VERSION_TIMEOUT_MS * NS_PER_MS;
    size_t used = 0;
    assert(size > 1);
    while (used < size - 1) {
        int64_t left_ms = (until_ns - monotonic_ns()) / 1000000;
        if (left_ms <= 0 || poll(&readable, 1, (int)left_ms) <= 0) {
            break;
        }
        ssize_t got = read(fd, text + used, size - 1 - used);
        if (got <= 0) {
            break;
        }
        used += (size_t)got;
    }
    assert(used < size);
    text[used] = '\0';
}

/* "Redis server v=7.0.15 sha=…". One that says nothing has no version; whether it is a server at
 * all is seen when it is started. */
static void ask_program(const struct server_program *program, struct host_facts *facts)
{
    char output[256] = "";
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) {
        return;
    }
    pid_t pid = fork();
    if (pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        address_forget_password();
        descriptors_silence(STDIN_FILENO, STDIN_FILENO);
        dup2(ends[1], 1);
        dup2(ends[1], 2);
        execl(program->path, program->name, "--version", (char *)NULL);
        _exit(127);
    }
    close(ends[1]);
    if (pid > 0) {
        read_some(ends[0], output, sizeof output);
        kill(pid, SIGKILL);
        waitpid(pid, NULL, 0);
    }
    close(ends[0]);
    word_after(output, " v=", facts->redis_version, sizeof facts->redis_version);
}

/* Whether the library, if it is needed, is there. */
static bool is_equipped(const struct scenario *scenario, char *error, size_t error_size)
{
    char path[PATH_MAX], why[PATH_MAX];
    if (!run_needs_preload(scenario) || preload_find(path, sizeof path, why, sizeof why)) {
        return true;
    }
    snprintf(error, error_size,
             "%.100s: to shift the clock of the Redis, or to cut its power, takes %s: %s",
             scenario->path, PRELOAD_LIBRARY, why);
    return false;
}

bool processes_probe(const struct scenario *scenario, const struct host_options *options,
                     struct host_facts *facts, char *error, size_t error_size)
{
    struct server_program program = {.path = ""};
    *facts = (struct host_facts){.redis_version = ""};
    if (!programs_probe_clocks(scenario, error, error_size)) {
        return false;
    }
    if (options->redis_url && scenario->lock_key[0] && !strchr(scenario->lock_key, '{')) {
        snprintf(
            error, error_size,
            "lock_key: %s may be a key of yours in this Redis, and faults remove it; write one "
            "with {key} in it, or leave --redis away",
            scenario->lock_key);
        return false;
    }
    if (options->redis_url) {
        bool works = scenario->settings.work_every_ns > 0; /* the resource is ours in any case */
        if (works && !server_find(options->redis_server, &program, error, error_size)) {
            return false;
        }
        return probe_url(options->redis_url, protocol_asks(&scenario->settings), facts, error,
                         error_size);
    }
    if (!server_find(options->redis_server, &program, error, error_size) ||
        !is_equipped(scenario, error, error_size)) {
        return false;
    }
    snprintf(facts->redis_server, sizeof facts->redis_server, "%s", program.name);
    ask_program(&program, facts);
    return true;
}
