/* The environment of a program that is a member. See program.h.
 *
 *     PATH, HOME, TZ                as ours
 *     LANG                          C.UTF-8
 *     REDIS_URL, REDIS_URL_2, …     its way to each Redis: a socket of the relay
 *     HUSTINGS_ID, HUSTINGS_NODES   who it is, of how many
 *     HUSTINGS_SEED                 for its random numbers: of this trial and member
 *     HUSTINGS_PREFIX               of all its keys; empty with a private Redis
 *     HUSTINGS_LOCK_KEY             the lock's, with the prefix
 *     HUSTINGS_REQUEST_TIMEOUT_MS, HUSTINGS_LOCK_TTL_MS, HUSTINGS_PROTOCOL_POLL_MS, …
 *                                   the scenario's times: of the lock, of the protocol
 *     LD_PRELOAD, HUSTINGS_PRELOAD  only where a fault may shift its clock: see preload.h
 *
 * and whatever the scenario's key `env` says.
 *
 * How to add one: a line in program_enter(), and one above. */
#include "sim/processes/program.h"

#include <assert.h>
#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/processes/run_parts.h"
#include "src/owners.h"

/* Text of a URL, with all but the plainest as %xx; `keep` stays as well. */
static void put_encoded(char *out, size_t size, const char *text, const char *keep)
{
    size_t used = strlen(out);
    for (; *text && used + 4 < size; text++) {
        bool plain = isalnum((unsigned char)*text) || strchr(keep, *text);
        used += (size_t)snprintf(out + used, size - used, plain ? "%c" : "%%%02X",
                                 (unsigned char)*text);
    }
}

static void url_of(const struct address *address, char *out, size_t size)
{
    size_t used;
    assert(address->path[0] || address->port > 0);
    snprintf(out, size, "%s://", address->path[0] ? "unix" : "redis");
    put_encoded(out, size, address->user, "-_.");
    if (address->password[0]) {
        strncat(out, ":", size - strlen(out) - 1);
        put_encoded(out, size, address->password, "-_.");
    }
    if (address->user[0] || address->password[0]) {
        strncat(out, "@", size - strlen(out) - 1);
    }
    if (address->path[0]) {
        put_encoded(out, size, address->path, "-_./");
        used = strlen(out);
        snprintf(out + used, size - used, "?db=%d", address->db);
    } else {
        used = strlen(out);
        snprintf(out + used, size - used, strchr(address->host, ':') ? "[%s]:%d/%d" : "%s:%d/%d",
                 address->host, address->port, address->db);
    }
}

/* A forked child has one thread. */
static void put(const char *name, const char *text)
{
    assert(name[0] && text);
    setenv(name, text, 1); /* NOLINT(concurrency-mt-unsafe) */
}

static void put_number(const char *name, uint64_t number)
{
    char text[24];
    snprintf(text, sizeof text, "%" PRIu64, number);
    put(name, text);
}

static void put_ms(const char *name, int64_t ns)
{
    char text[40];
    assert(ns >= 0);
    snprintf(text, sizeof text, "%.12g", (double)ns / 1e6);
    put(name, text);
}

static void put_times(const struct settings *settings, enum owner owner)
{
    const struct param_row *params = owner_params(owner, settings->row[owner]);
    for (size_t i = 0; params[i].type != PARAM_NONE; i++) {
        char name[80];
        if (params[i].type != PARAM_DURATION) {
            continue;
        }
        snprintf(name, sizeof name, "HUSTINGS_%.20s_%.40s_MS", owner_names[owner], params[i].name);
        for (char *letter = name; *letter; letter++) {
            *letter = (char)toupper((unsigned char)*letter);
        }
        put_ms(name, settings->value[owner][i]);
    }
}

static void put_servers(const struct run *run, uint16_t id)
{
    for (uint8_t i = 0; i < run->scenario->settings.servers; i++) {
        struct address address;
        char name[32], url[2048];
        run_route(run, id, i, &address);
        url_of(&address, url, sizeof url);
        snprintf(name, sizeof name, i == 0 ? "REDIS_URL" : "REDIS_URL_%u", i + 1u);
        put(name, url);
    }
}

/* What stays of our own environment. */
static void keep_few(void)
{
    static const char *const kept[] = {"PATH", "HOME", "TZ"};
    char *values[3];
    for (int i = 0; i < 3; i++) {
        const char *value = getenv(kept[i]); /* NOLINT(concurrency-mt-unsafe) */
        values[i] = value ? strdup(value) : NULL;
    }
    clearenv(); /* NOLINT(concurrency-mt-unsafe) */
    for (int i = 0; i < 3; i++) {
        if (values[i]) {
            put(kept[i], values[i]);
            free(values[i]);
        }
    }
}

/* What the scenario gives it beside; the reader has refused what is ours to set. */
static void put_own(const struct scenario *scenario)
{
    for (char **variable = scenario->program_env; variable && *variable; variable++) {
        const char *value = strchr(*variable, '=') + 1;
        char name[256];
        snprintf(name, sizeof name, "%.*s", (int)(value - *variable - 1), *variable);
        put(name, value);
    }
}

void program_enter_common(const struct scenario *scenario)
{
    keep_few();
    put("LANG", "C.UTF-8");
    put_own(scenario);
}

void program_enter(const struct run *run, uint16_t id)
{
    const struct settings *settings = &run->scenario->settings;
    struct wire_keys keys;
    assert(id > 0 && id <= settings->nodes);
    wire_keys_make(&keys, run->prefix);
    program_enter_common(run->scenario);
    preload_enter(&run->clocks[id]);
    put_servers(run, id);
    put_number("HUSTINGS_ID", id);
    put_number("HUSTINGS_NODES", settings->nodes);
    put_number("HUSTINGS_SEED", run->seed + 0x9e3779b97f4a7c15ULL * (id + 1u));
    put("HUSTINGS_PREFIX", run->prefix);
    put("HUSTINGS_LOCK_KEY", keys.names[KEY_LOCK]);
    put_ms("HUSTINGS_REQUEST_TIMEOUT_MS", run->scenario->request_timeout_ns);
    for (int owner = 0; owner < OWNERS; owner++) {
        put_times(settings, (enum owner)owner);
    }
}
