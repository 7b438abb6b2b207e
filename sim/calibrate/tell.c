/* What was measured, and what the model makes of it: for people, and as the model's file. See
 * calibrate.h, and sim/model/latency_file.h for the file. */
#include <cjson/cJSON.h>
#include <errno.h>
#include <time.h>

#include "sim/calibrate/calibrate.h"
#include "sim/compare/distance.h"
#include "sim/model/latency_file.h"
#include "sim/results/json.h"
#include "sim/version.h"

static void put_quantiles(FILE *out, const struct sample *sample)
{
    static const size_t percents[] = {10, 50, 90};
    fprintf(out, "%7zu", sample->count);
    for (int i = 0; i < 3; i++) {
        if (sample->count > 0) {
            fprintf(out, "%8.0f", (double)sample_quantile(sample, percents[i], 100) / 1e3);
        } else {
            fprintf(out, "%8s", "-");
        }
    }
}

void calibration_tell(const struct calibration *calibration, FILE *out)
{
    fprintf(out,
            "us                     real n     p10     p50     p90   model     p10     p50     "
            "p90      KS\n");
    for (int i = 0; i < OBSERVED; i++) {
        const struct sample *real = &calibration->real.of[i];
        const struct sample *modelled = &calibration->modelled.of[i];
        if (i == OBSERVED_TIMER_SLEPT || i == OBSERVED_COLD_SLEPT || i == OBSERVED_COLD_KIND ||
            i == OBSERVED_BIRTH) {
            continue;
        }
        fprintf(out, "  %-20s", observed_names[i]);
        put_quantiles(out, real);
        put_quantiles(out, modelled);
        if (real->count > 0 && modelled->count > 0) {
            fprintf(out, "%8.3f\n",
                    ks_distance(real->ns, real->count, modelled->ns, modelled->count));
        } else {
            fprintf(out, "%8s\n", "-");
        }
    }
}

/* --- the file ----------------------------------------------------------------------------- */

static bool put_list(cJSON *document, const char *name, const int64_t *ns, int count)
{
    double numbers[TABLE_QUANTILES];
    for (int i = 0; i < count; i++) {
        numbers[i] = (double)ns[i];
    }
    return json_set(document, name, cJSON_CreateDoubleArray(numbers, count));
}

static bool put_table(cJSON *document, const char *name, const int64_t ns[TABLE_QUANTILES])
{
    return put_list(document, name, ns, TABLE_QUANTILES);
}

static bool put_costs(cJSON *document, const struct machine *machine)
{
    struct machine copy = *machine;
    for (const struct machine_cost *cost = machine_costs; cost->name; cost++) {
        if (!json_set_number(document, cost->name, (double)*machine_cost(&copy, cost))) {
            return false;
        }
    }
    return true;
}

static bool put_observed(cJSON *list, const struct calibration *calibration, int observed)
{
    cJSON *entry = json_append(list);
    const struct sample *samples[] = {&calibration->real.of[observed],
                                      &calibration->modelled.of[observed]};
    static const char *const names[] = {"real", "model"};
    bool good = entry && json_set_text(entry, "what", observed_names[observed]);
    for (int i = 0; good && i < 2; i++) {
        cJSON *side = cJSON_CreateObject();
        good = json_set(entry, names[i], side) &&
               json_set_number(side, "n", (double)samples[i]->count);
        if (good && samples[i]->count > 0) {
            good = json_set_number(side, "p50_ns", (double)sample_quantile(samples[i], 1, 2)) &&
                   json_set_number(side, "p90_ns", (double)sample_quantile(samples[i], 9, 10));
        }
    }
    return good;
}

/* For people: where, when, and how well it fits. */
static bool put_notes(cJSON *document, const struct calibration *calibration)
{
    char when[32] = "";
    struct tm utc;
    time_t now = time(NULL);
    if (gmtime_r(&now, &utc)) {
        strftime(when, sizeof when, "%Y-%m-%dT%H:%M:%SZ", &utc);
    }
    cJSON *notes = cJSON_CreateObject();
    cJSON *list = cJSON_CreateArray();
    bool good = json_set(document, "measured", notes) && json_set_text(notes, "at", when) &&
                json_set_text(notes, "by", hustings_version()) &&
                json_set_text(notes, "redis_server", calibration->facts.redis_server) &&
                json_set_text(notes, "redis_version", calibration->facts.redis_version) &&
                json_set_number(notes, "distance", calibration->distance) &&
                json_set(notes, "kinds", list);
    for (int i = 0; good && i < OBSERVED; i++) {
        good = put_observed(list, calibration, i);
    }
    return good;
}

bool calibration_write(const struct calibration *calibration, const char *path)
{
    const struct machine_tables *tables = &calibration->tables;
    cJSON *document = cJSON_CreateObject();
    errno = ENOMEM;
    bool good = document && json_set_text(document, "hustings", "latency") &&
                json_set_number(document, "version", LATENCY_VERSION) &&
                json_set_number(document, "cores", calibration->machine.cores) &&
                put_costs(document, &calibration->machine) &&
                put_list(document, "op_ns", tables->op, STORE_OPS) &&
                put_list(document, "first_ns", tables->first, STORE_OPS) &&
                put_table(document, "timer_ns", tables->timer) &&
                put_table(document, "round_ns", tables->round) &&
                put_table(document, "cold_ns", tables->cold) &&
                put_table(document, "start_ns", tables->start) &&
                put_table(document, "birth_ns", tables->birth) &&
                put_notes(document, calibration) && json_write(document, path);
    cJSON_Delete(document);
    return good;
}
