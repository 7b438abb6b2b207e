/* What run.json says of how the trials of a scenario met its expectations. See conclusion.h. */
#include "sim/results/conclusion.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

#include "sim/history/text.h"
#include "sim/outcome/not_done.h"
#include "sim/outcome/points.h"
#include "sim/outcome/untested.h"
#include "sim/results/json.h"

/* NULL: null. */
static bool set_text_or_null(cJSON *object, const char *key, const char *text)
{
    return text ? json_set_text(object, key, text) : json_set(object, key, cJSON_CreateNull());
}

/* How a point ended, in a word. */
static const char *point_ending(const struct point *point, bool all_ran)
{
    if (point->failure) {
        return point->undecided ? "undecided" : "broken";
    }
    return point->skipped ? "untested" : all_ran ? "held" : "undecided";
}

static bool add_point(cJSON *list, const struct point *point, const char *too_few)
{
    cJSON *entry = json_append(list);
    const char *why = point->failure ? point->failure : point->skipped ? point->skipped : too_few;
    return entry && json_set_text(entry, "name", point->name) &&
           json_set_text(entry, "expected", point->expected) &&
           json_set_text(entry, "seen", point->seen) &&
           json_set_text(entry, "ending", point_ending(point, too_few == NULL)) &&
           set_text_or_null(entry, "why", why);
}

/* That the whole is open, because not all trials were judged: each point says so itself. */
static bool only_sums_up(const struct point *point)
{
    return point->undecided && !point->unmet;
}

/* Nothing has held of which not all trials were judged. */
static bool set_points(cJSON *object, const struct trials *trials,
                       const struct judgement *judgement)
{
    struct points *points = malloc(sizeof *points);
    cJSON *list = cJSON_CreateArray();
    char too_few[120];
    size_t planned = trials->scenario->trials;
    bool all_ran = trials->count >= planned;
    bool did = json_set(object, "points", list) && points;
    snprintf(too_few, sizeof too_few, "only %s of %s trials were judged",
             text_count(trials->count).text, text_count(planned).text);
    if (did) {
        points_make(trials->scenario, trials, judgement, points);
    }
    for (size_t i = 0; did && i < points->count; i++) {
        bool told = all_ran || !only_sums_up(&points->list[i]);
        did = !told || add_point(list, &points->list[i], all_ran ? NULL : too_few);
    }
    free(points);
    return did;
}

/* A list of expectations: of each the trial (null: all together), its seed, the sentence. */
static bool set_unmet(cJSON *object, const char *key, const struct unmet_list *unmet)
{
    cJSON *list = cJSON_CreateArray();
    bool did = json_set(object, key, list);
    for (uint32_t i = 0; did && i < unmet_kept(unmet); i++) {
        cJSON *entry = json_append(list);
        did = entry &&
              json_set(entry, "trial",
                       unmet->list[i].trial ? cJSON_CreateNumber(unmet->list[i].trial)
                                            : cJSON_CreateNull()) &&
              json_set_seed(entry, "seed", unmet->list[i].seed) &&
              json_set_text(entry, "text", unmet->list[i].text);
    }
    return did;
}

static bool set_untested(cJSON *object, const struct trials *trials)
{
    struct untested untested;
    size_t next = 0;
    cJSON *list = cJSON_CreateArray();
    bool did = json_set(object, "not_tested", list);
    while (did && untested_next(trials, &next, &untested)) {
        cJSON *entry = json_append(list);
        did = entry && set_text_or_null(entry, "check", untested.check) &&
              json_set_text(entry, "why", untested.why) &&
              json_set_text(entry, "sentence", untested.sentence);
    }
    return did;
}

static bool add_not_done(void *self, const struct not_done_told *told)
{
    cJSON *list = self;
    cJSON *entry = json_append(list);
    return entry && json_set_number(entry, "index", (double)told->fault) &&
           json_set_text(entry, "fault", told->text) && json_set_text(entry, "why", told->why) &&
           json_set_number(entry, "trials", (double)told->trials);
}

static bool set_not_done(cJSON *object, const struct trials *trials)
{
    cJSON *list = cJSON_CreateArray();
    return json_set(object, "not_done", list) && not_done_each(trials, add_not_done, list);
}

bool conclusion_json(cJSON *summary, const struct trials *trials, const struct judgement *judgement)
{
    assert(summary && trials->ended);
    assert(!judgement->held || !judgement->undecided);
    const char *verdict = judgement->undecided ? "undecided" : judgement->held ? "held" : "failed";
    return json_set_text(summary, "expectations", verdict) &&
           set_points(summary, trials, judgement) &&
           set_unmet(summary, "unmet", &judgement->unmet) &&
           set_unmet(summary, "open", &judgement->open) && set_untested(summary, trials) &&
           set_not_done(summary, trials);
}
