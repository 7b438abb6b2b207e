/* What was found in a history: broken promises, elections, its story. See history_json.h. */
#include <assert.h>

#include "sim/outcome/stages.h"
#include "sim/report/history_json.h"
#include "sim/report/who.h"
#include "sim/story/story.h"

/* The page tells so much of a story; the rest is in its list of events. */
#define STORY_LINES 100

static void put_violation(struct data *data, const struct history *history,
                          const struct violation *violation)
{
    const struct check_row *row = check_rows[violation->check];
    json_open(&data->out, NULL, '{');
    json_text(&data->out, "check", row->name);
    json_text(&data->out, "promise", row->promise);
    json_whole(&data->out, "from", violation->at_ns);
    json_whole(&data->out, "to", violation->until_ns);
    json_open(&data->out, "members", '[');
    for (uint8_t i = 0; i < violation->process_count && i < VIOLATION_PROCESSES_MAX; i++) {
        json_whole(&data->out, NULL, place_of(history, violation->processes[i]));
    }
    json_close(&data->out);
    json_open(&data->out, "events", '[');
    for (uint8_t i = 0; i < violation->event_count && i < VIOLATION_EVENTS_MAX; i++) {
        json_whole(&data->out, NULL, violation->events[i]);
    }
    json_close(&data->out);
    json_text(&data->out, "text", violation->explanation);
    json_close(&data->out);
}

static void put_time(struct data *data, const char *key, int64_t ns)
{
    if (ns == NEVER_NS) {
        json_null(&data->out, key);
    } else {
        json_whole(&data->out, key, ns);
    }
}

static void put_election(struct data *data, const struct election *election)
{
    assert(election->cause < CAUSES && election->ended < ENDINGS && election->verdict < VERDICTS);
    json_open(&data->out, NULL, '{');
    json_whole(&data->out, "nth", election->nth);
    json_text(&data->out, "cause", cause_names[election->cause]);
    json_whole(&data->out, "member", election->cause_node == NOBODY ? -1 : election->cause_node);
    json_whole(&data->out, "elected", election->elected == NOBODY ? -1 : election->elected);
    json_text(&data->out, "verdict", verdict_names[election->verdict]);
    json_whole(&data->out, "outdated", election->outdated);
    json_text(&data->out, "ended", ending_names[election->ended]);
    json_text(&data->out, "reason", election->reason);
    json_whole(&data->out, "due", election->due_ns);
    put_time(data, "decided", election->decided_ns);
    put_time(data, "published", election->published_ns);
    put_time(data, "settled", election->settled_ns);
    json_open(&data->out, "stages", '{');
    for (enum stage stage = 0; stage < STAGES; stage++) {
        put_time(data, stage_names[stage], stage_shown_ns(election, stage));
    }
    json_close(&data->out);
    json_close(&data->out);
}

/* What the trial's story tells, and how many lines it has beside these. */
static void put_story(struct data *data, const struct told_trial *trial)
{
    struct story story;
    if (!story_tell(&story, trial->history, &trial->outcome->violations, STORY_LINES)) {
        data_wrong(data, "history", "memory is out");
        return;
    }
    json_open(&data->out, "story", '[');
    for (size_t i = 0; i < story.count; i++) {
        const struct story_line *line = &story.lines[i];
        json_open(&data->out, NULL, '{');
        json_whole(&data->out, "at", line->at_ns);
        json_whole(&data->out, "event", line->event);
        json_text(&data->out, "text", line->text);
        json_whole(&data->out, "violation", line->violation);
        json_close(&data->out);
    }
    json_close(&data->out);
    json_whole(&data->out, "storyLeftOut", (int64_t)story.left_out);
    story_free(&story);
}

void history_told(struct data *data, const struct told_trial *trial)
{
    const struct outcome *outcome = trial->outcome;
    json_open(&data->out, "violations", '[');
    for (size_t i = 0; i < outcome->violations.count; i++) {
        put_violation(data, trial->history, &outcome->violations.list[i]);
    }
    json_close(&data->out);
    json_open(&data->out, "elections", '[');
    for (size_t i = 0; i < outcome->election_count; i++) {
        put_election(data, &outcome->elections[i]);
    }
    json_close(&data->out);
    put_story(data, trial);
}
