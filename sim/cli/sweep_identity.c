/* What makes a sweep another one. See sweep_identity.h. */
#include "sim/cli/sweep_identity.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/cli/plan_words.h"
#include "sim/version.h"

static void put_stalls(FILE *file, const struct scenario *scenario)
{
    for (size_t i = 0; i < scenario->stalls.count; i++) {
        fprintf(file, "%" PRId64 " ", scenario->stalls.ns[i]);
    }
    putc('\n', file);
}

/* Of each table of pauses that an axis names. */
static void put_stalls_of_axes(FILE *file, const struct sweeping *sweeping)
{
    const struct axes *axes = &sweeping->axes;
    const char *words[AXES_MAX];
    char error[SWEEP_ERROR];
    struct scenario scenario;
    assert(axes->count <= AXES_MAX);
    for (size_t i = 0; i < axes->count; i++) {
        for (size_t j = 0; j < axes->count; j++) {
            words[j] = axes->list[j].words[0];
        }
        bool pauses = strncmp(axes->list[i].key, "pauses", strlen("pauses")) == 0;
        for (size_t j = 0; pauses && j < axes->list[i].count; j++) {
            const struct set_words sets = {words, axes->count};
            words[i] = axes->list[i].words[j];
            if (sweep_load(&sweeping->sweep, &sets, &scenario, error)) {
                put_stalls(file, &scenario);
                scenario_free(&scenario);
            }
        }
    }
}

char *sweep_identity(const struct sweeping *sweeping)
{
    size_t length, size = 0;
    char *plan = sweep_plan_text(&sweeping->asked, &length);
    char *text = NULL;
    FILE *file = plan ? open_memstream(&text, &size) : NULL;
    if (file) {
        fprintf(file, "%s %s\n%s%s\n", hustings_version(), hustings_commit(), plan, sweeping->text);
        put_stalls(file, &sweeping->base);
        put_stalls_of_axes(file, sweeping);
        plan_put_file(file, sweeping->asked.latency);
        fclose(file);
    }
    free(plan);
    return text;
}
