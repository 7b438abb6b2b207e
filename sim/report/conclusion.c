/* How the trials of a scenario met its expectations. See run_json.h. */
#include <stdio.h>
#include <stdlib.h>

#include "sim/jsonl/jsonl.h"
#include "sim/outcome/judge.h"
#include "sim/report/run_json.h"
#include "sim/results/conclusion.h"
#include "sim/text/ordinary.h"

/* Judges a trial by its history. */
static bool take_trial(struct data *data, const struct folder_run *run, uint32_t number,
                       struct trials *trials, struct outcome *first)
{
    char path[4700], what[256];
    struct history history;
    struct outcome other = {0};
    struct outcome *outcome = trials->count == 0 ? first : &other;
    const char *why = "";
    FILE *file = ordinary_open(folder_history(run, number, path, sizeof path), &why);
    if (!file) {
        return data_wrong(data, path, why);
    }
    bool read = history_read_to_judge(&history, file, what, sizeof what);
    fclose(file);
    if (!read) {
        return data_wrong(data, path, what);
    }
    bool took = outcome_derive(&run->scenario, &history, outcome) && trials_take(trials, outcome);
    history_free(&history);
    outcome_free(&other);
    return took || data_wrong(data, path, "memory is out");
}

static cJSON *concluded(struct data *data, const struct folder_run *run, struct trials *trials)
{
    struct judgement *judgement = calloc(1, sizeof *judgement);
    cJSON *summary = cJSON_CreateObject();
    bool good = judgement && summary && trials_end(trials);
    if (good) {
        judge(trials, judgement);
        if (run->trial_count < run->planned) {
            judge_cut_short(trials->scenario, judgement);
        } else if (trials->count < run->trial_count) {
            judge_by_some(trials->scenario, judgement);
        }
        good = conclusion_json(summary, trials, judgement);
    }
    free(judgement);
    if (!good) {
        data_wrong(data, run->folder, "memory is out");
        cJSON_Delete(summary);
        return NULL;
    }
    return summary;
}

static cJSON *judged_anew(struct data *data, const struct folder_run *run)
{
    struct outcome first = {0};
    struct trials *trials = trials_new(&run->scenario);
    bool good = true;
    if (!trials) {
        data_wrong(data, run->folder, "memory is out");
        return NULL;
    }
    for (size_t i = 0; good && i < run->trial_count; i++) {
        if (run->trials[i].has_history) {
            good = take_trial(data, run, run->trials[i].number, trials, &first);
        }
    }
    cJSON *summary = good ? concluded(data, run, trials) : NULL;
    trials_free(trials);
    outcome_free(&first);
    return summary;
}

cJSON *run_conclusion(struct data *data, const struct folder_run *run)
{
    const cJSON *summary = cJSON_GetObjectItemCaseSensitive(run->entry, "summary");
    if (!cJSON_IsArray(cJSON_GetObjectItemCaseSensitive(summary, "points"))) {
        return judged_anew(data, run);
    }
    cJSON *copy = cJSON_Duplicate(summary, true);
    if (!copy) {
        data_wrong(data, run->folder, "memory is out");
    }
    return copy;
}
