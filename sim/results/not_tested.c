/* Writes what was not tested as JSON. See not_tested.h. */
#include "sim/results/not_tested.h"

#include "sim/outcome/not_done.h"
#include "sim/outcome/untested.h"
#include "sim/results/json.h"

static bool put_untested(cJSON *list, const struct untested *untested)
{
    cJSON *one = json_append(list);
    cJSON *check = untested->check ? cJSON_CreateString(untested->check) : cJSON_CreateNull();
    return one && json_set(one, "check", check) && json_set_text(one, "why", untested->why) &&
           json_set_text(one, "sentence", untested->sentence);
}

bool json_set_untested(cJSON *object, const struct outcome *outcomes, size_t count)
{
    struct untested untested;
    size_t next = 0;
    cJSON *list = cJSON_CreateArray();
    bool whole = json_set(object, "not_tested", list);
    while (whole && untested_next(outcomes, count, &next, &untested)) {
        whole = put_untested(list, &untested);
    }
    return whole;
}

static bool put_not_done(void *into, const struct not_done_sum *sum)
{
    cJSON *one = json_append(into);
    return one && json_set_number(one, "index", (double)sum->fault) &&
           json_set_text(one, "fault", sum->text) && json_set_text(one, "why", sum->why) &&
           json_set_number(one, "trials", (double)sum->trials);
}

bool json_set_not_done(cJSON *object, const struct scenario *scenario,
                       const struct outcome *outcomes, size_t count)
{
    cJSON *list = cJSON_CreateArray();
    return json_set(object, "not_done", list) &&
           not_done_each(scenario, outcomes, count, put_not_done, list);
}

bool json_set_not_done_of_history(cJSON *object, const struct history *history)
{
    cJSON *list = cJSON_CreateArray();
    return json_set(object, "not_done", list) &&
           not_done_each_of_history(history, put_not_done, list);
}
