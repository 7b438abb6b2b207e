/* run.json. Seeds are strings there: a JSON number would lose the last bits of them. See
 * run_json.h. */
#include "sim/results/run_json.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

#include "sim/results/command.h"
#include "sim/results/conclusion.h"
#include "sim/results/json.h"
#include "sim/version.h"

#define UTC "%Y-%m-%dT%H:%M:%SZ"

void utc_now(const char *format, char *out, size_t size)
{
    time_t now = time(NULL);
    struct tm utc;
    gmtime_r(&now, &utc);
    if (strftime(out, size, format, &utc) == 0) {
        *out = '\0';
    }
}

char *without_passwords(const char *text)
{
    static const char mask[] = "***";
    size_t size = 2 * strlen(text) + sizeof mask; /* ":x@" grows by two, at most so often */
    char *out = calloc(1, size);
    size_t at = 0;
    while (out && *text) {
        if (strncmp(text, "://", 3) == 0) {
            const char *authority = text + 3;
            size_t length = strcspn(authority, "/?# \t\n'\"");
            const char *host = memrchr(authority, '@', length);
            const char *colon = memchr(authority, ':', length);
            if (host && colon && colon < host) {
                at += (size_t)sprintf(out + at, "%.*s%s", (int)(colon + 1 - text), text, mask);
                text = host;
                continue;
            }
        }
        out[at++] = *text++;
    }
    return out;
}

static bool set_masked(cJSON *object, const char *name, const char *text)
{
    char *masked = without_passwords(text ? text : "");
    bool did = masked && json_set_text(object, name, masked);
    free(masked);
    return did;
}

static bool set_now(cJSON *object, const char *name)
{
    char now[32];
    utc_now(UTC, now, sizeof now);
    return json_set_text(object, name, now);
}

static bool set_machine(cJSON *run)
{
    struct utsname system;
    cJSON *machine = cJSON_CreateObject();
    return json_set(run, "machine", machine) && uname(&system) == 0 &&
           json_set_text(machine, "system", system.sysname) &&
           json_set_text(machine, "release", system.release) &&
           json_set_text(machine, "architecture", system.machine) &&
           json_set_number(machine, "cpus", (double)sysconf(_SC_NPROCESSORS_ONLN));
}

struct cJSON *run_json_new(void)
{
    cJSON *run = cJSON_CreateObject();
    if (run && json_set_text(run, "version", hustings_version()) &&
        json_set_text(run, "commit", hustings_commit()) && set_machine(run) &&
        set_now(run, "started_at") && json_set(run, "finished_at", cJSON_CreateNull()) &&
        json_set(run, "scenarios", cJSON_CreateArray())) {
        return run;
    }
    cJSON_Delete(run);
    return NULL;
}

/* What is known of the run as a whole. The Redis of a run of our own is known late. */
static bool set_facts(cJSON *run, const struct run_facts *facts)
{
    return set_masked(run, "command", facts->command) && json_set_text(run, "host", facts->host) &&
           json_set_number(run, "jobs", facts->jobs) &&
           json_set_text(run, "generator", "splitmix64") &&
           json_set_text(run, "latency", facts->latency) &&
           (facts->parts == 0 || json_set_number(run, "parts", (double)facts->parts)) &&
           (!facts->grid || json_set_text(run, "grid", facts->grid)) &&
           set_masked(run, "redis_server", facts->redis_server) &&
           json_set_text(run, "redis_version", facts->redis_version);
}

/* What was set, in the order in which it was. */
static bool set_sets(cJSON *entry, const struct run_facts *facts)
{
    cJSON *sets = cJSON_CreateArray();
    bool good = json_set(entry, "set", sets);
    for (size_t i = 0; good && i < facts->set_count; i++) {
        good = cJSON_AddItemToArray(sets, cJSON_CreateString(facts->sets[i]));
    }
    return good;
}

static bool set_reproduction(cJSON *object, const struct scenario *scenario,
                             const struct run_facts *facts)
{
    struct shell_command command;
    reproduce_command(scenario, facts, scenario->seed, scenario->trials, &command);
    bool set = !command.failed && json_set_seed(object, "seed", scenario->seed) &&
               json_set_text(object, "reproduce", command.text);
    command_free(&command);
    return set;
}

bool run_json_begin(struct cJSON *run, const struct scenario *scenario,
                    const struct run_facts *facts, const char *file)
{
    cJSON *scenarios = cJSON_GetObjectItemCaseSensitive(run, "scenarios");
    bool first = cJSON_GetArraySize(scenarios) == 0;
    cJSON *entry = json_append(scenarios);
    return entry && set_facts(run, facts) && (!first || set_reproduction(run, scenario, facts)) &&
           json_set_text(entry, "name", scenario->name) &&
           json_set_text(entry, "path", scenario->path) && json_set_text(entry, "file", file) &&
           json_set_number(entry, "trials", scenario->trials) && set_sets(entry, facts) &&
           set_reproduction(entry, scenario, facts) && set_now(entry, "started_at") &&
           json_set(entry, "finished_at", cJSON_CreateNull()) &&
           json_set(entry, "summary", cJSON_CreateNull());
}

bool run_json_finish(struct cJSON *run)
{
    return set_now(run, "finished_at");
}

bool run_json_end(struct cJSON *run, const struct run_facts *facts, const struct trials *trials,
                  const struct judgement *judgement)
{
    cJSON *scenarios = cJSON_GetObjectItemCaseSensitive(run, "scenarios");
    cJSON *entry = cJSON_GetArrayItem(scenarios, cJSON_GetArraySize(scenarios) - 1);
    cJSON *summary = cJSON_CreateObject();
    assert(entry && trials->passed <= trials->count);
    return set_facts(run, facts) && json_set(entry, "summary", summary) &&
           set_now(entry, "finished_at") && run_json_finish(run) &&
           json_set_number(summary, "trials", (double)trials->count) &&
           json_set_number(summary, "passed", (double)trials->passed) &&
           conclusion_json(summary, trials, judgement);
}
