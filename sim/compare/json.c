/* A comparison as JSON. See comparison.h. */
#include <errno.h>
#include <math.h>
#include <stdio.h>

#include "sim/compare/comparison.h"
#include "sim/outcome/outcome.h"
#include "sim/outcome/times.h"
#include "sim/results/json.h"

static const char *const side_names[SIDES] = {[SIDE_A] = "a", [SIDE_B] = "b"};

static bool set_shares(const struct comparison *comparison, const struct shares *shares,
                       cJSON *list)
{
    for (size_t i = 0; i < shares->count; i++) {
        const struct share *share = &shares->list[i];
        cJSON *entry = json_append(list);
        bool good =
            entry && json_set_text(entry, "name", share->name) &&
            json_set(entry, "differs",
                     share->chance < 0 ? cJSON_CreateNull()
                                       : cJSON_CreateBool(differs(comparison, share->chance)));
        for (enum side side = 0; good && side < SIDES; side++) {
            cJSON *object = cJSON_CreateObject();
            good = json_set(entry, side_names[side], object) &&
                   json_set_number(object, "count", (double)share->count[side]) &&
                   json_set_number(object, "of", (double)share->of[side]);
        }
        if (!good) {
            return false;
        }
    }
    return true;
}

static bool set_percentile(cJSON *object, const struct sample *sample, const char *name, int p)
{
    int64_t ns = percentile(sample->ns, sample->count, p);
    return ns == NEVER_NS || ns == FOREVER_NS
               ? json_set(object, name, cJSON_CreateNull())
               : json_set_number(object, name, round((double)ns / 1e3) / 1e3);
}

static bool set_times(const struct sample times[SIDES], cJSON *entry)
{
    bool good = true;
    for (enum side side = 0; good && side < SIDES; side++) {
        const struct sample *sample = &times[side];
        cJSON *object = cJSON_CreateObject();
        good = json_set(entry, side_names[side], object) &&
               json_set_number(object, "count", (double)sample->count) &&
               set_percentile(object, sample, "p50_ms", 50) &&
               set_percentile(object, sample, "p90_ms", 90) &&
               set_percentile(object, sample, "p99_ms", 99);
    }
    return good;
}

static bool set_scenario(const struct comparison *comparison, const struct compared *compared,
                         cJSON *object)
{
    bool good = json_set_text(object, "scenario", compared->scenario);
    for (enum side side = 0; good && side < SIDES; side++) {
        cJSON *trials = cJSON_CreateObject();
        good = json_set(object, side_names[side], trials) &&
               json_set_number(trials, "trials", (double)compared->trials[side].count) &&
               json_set_number(trials, "undecided", (double)compared->trials[side].undecided) &&
               json_set_number(trials, "elections", (double)compared->elections[side]);
    }
    good = good &&
           json_set_number(object, "total_variation", round(total_variation(compared) * 1e4) / 1e4);
    for (enum kind kind = 0; good && kind < KINDS; kind++) {
        cJSON *list = cJSON_CreateArray();
        good = json_set(object, compared_names[kind], list) &&
               set_shares(comparison, &compared->shares[kind], list);
    }
    for (enum measure measure = 0; good && measure < MEASURES; measure++) {
        cJSON *entry = cJSON_CreateObject();
        good = json_set(object, measure_names[measure], entry) &&
               set_times(compared->times[measure], entry);
    }
    return good;
}

static bool set_all(const struct comparison *comparison, cJSON *document)
{
    char conclusion[512];
    cJSON *list = cJSON_CreateArray();
    comparison_conclusion(comparison, conclusion, sizeof conclusion);
    bool good = json_set(document, "scenarios", list) &&
                json_set_text(document, "a", comparison->folder[SIDE_A]) &&
                json_set_text(document, "b", comparison->folder[SIDE_B]) &&
                json_set_text(document, "conclusion", conclusion);
    for (size_t i = 0; good && i < comparison->both; i++) {
        cJSON *object = json_append(list);
        good = object && set_scenario(comparison, &comparison->list[i], object);
    }
    return good;
}

bool comparison_json(const struct comparison *comparison, FILE *out)
{
    cJSON *document = cJSON_CreateObject();
    char *text = document && set_all(comparison, document) ? cJSON_Print(document) : NULL;
    cJSON_Delete(document);
    if (!text) {
        errno = ENOMEM;
        return false;
    }
    bool good = fprintf(out, "%s\n", text) > 0 && fflush(out) == 0;
    cJSON_free(text);
    return good;
}
