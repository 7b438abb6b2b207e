/* See grid_json.h. */
#include "sim/cli/grid_json.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "sim/results/files.h"
#include "sim/results/json.h"
#include "sim/results/run_json.h"
#include "sim/text/errors.h"

static bool put(const cJSON *run, const char *folder, char *error, size_t size)
{
    char *path = NULL;
    bool good = asprintf(&path, "%s/run.json", folder) >= 0 && json_write(run, path);
    if (!good) {
        int number = errno;
        snprintf(error, size, "%s/run.json: cannot write: %s; %s", folder, error_words(number),
                 file_hint(number));
    }
    free(path);
    return good;
}

static bool set_facts(cJSON *run, const struct grid_asked *asked, const struct grid_facts *facts)
{
    char shard[32];
    snprintf(shard, sizeof shard, "%u/%u", asked->shard.index + 1, asked->shard.count);
    return json_set_text(run, "verb", facts->verb) &&
           json_set_text(run, facts->name, facts->value) &&
           json_set_text(run, "host", asked->host->name) && json_set_text(run, "shard", shard) &&
           json_set_number(run, "jobs", facts->jobs) &&
           json_set_number(run, facts->cells, (double)facts->count) &&
           json_set_number(run, "trials", facts->trials) &&
           (facts->has_seed ? json_set_seed(run, "seed", facts->seed)
                            : json_set(run, "seed", cJSON_CreateNull())) &&
           (facts->parts == 0 || json_set_number(run, "parts", (double)facts->parts));
}

struct cJSON *grid_json_begin(const char *folder, const struct grid_asked *asked,
                              const struct grid_facts *facts, char *error, size_t size)
{
    cJSON *run = run_json_new();
    assert(facts->verb && facts->name);
    snprintf(error, size, "out of memory");
    if (run && set_facts(run, asked, facts) && put(run, folder, error, size)) {
        return run;
    }
    cJSON_Delete(run);
    return NULL;
}

bool grid_json_end(struct cJSON *run, const char *folder, char *error, size_t size)
{
    assert(run && folder);
    snprintf(error, size, "out of memory");
    return run_json_finish(run) && put(run, folder, error, size);
}
