/* A scenario of a results folder as the page has it. See run_json.h. */
#include "sim/report/run_json.h"

#include <stdio.h>
#include <string.h>

#include "sim/checks/check.h"
#include "sim/history/text.h"
#include "src/owners.h"
#include "src/protocol.h"

/* --- in one sentence -------------------------------------------------------------------------- */

static const char *first_text(const cJSON *summary, const char *list)
{
    return folder_text(cJSON_GetArrayItem(cJSON_GetObjectItemCaseSensitive(summary, list), 0),
                       "text");
}

static int count_endings(const cJSON *summary, const char *ending)
{
    int count = 0;
    const cJSON *point;
    cJSON_ArrayForEach(point, cJSON_GetObjectItemCaseSensitive(summary, "points"))
    {
        count += strcmp(folder_text(point, "ending"), ending) == 0;
    }
    return count;
}

static const char *plural(size_t count)
{
    return count == 1 ? "" : "s";
}

/* Why it did not hold, or why nobody knows: "dead_leader: expected never, but …". */
static void say_unmet(const struct folder_run *run, const cJSON *summary, char *out, size_t size)
{
    int broken = count_endings(summary, "broken");
    const char *why = first_text(summary, broken ? "unmet" : "open");
    if (broken > 0) {
        snprintf(out, size, "%d expectation%s did not hold: %s", broken, plural((size_t)broken),
                 why);
    } else if (run->trial_count < run->planned) {
        snprintf(out, size, "Only %s of %s trials ran; no expectation was broken in what ran.",
                 text_count(run->trial_count).text, text_count(run->planned).text);
    } else {
        snprintf(out, size, "It could not be decided whether every expectation held%s%s",
                 *why ? ": " : ".", why);
    }
}

/* Whether a point is about a check that was to be broken, and was. */
static bool is_wanted(const cJSON *point)
{
    const char *expected = folder_text(point, "expected");
    return check_find(folder_text(point, "name")) >= 0 &&
           strcmp(folder_text(point, "ending"), "held") == 0 &&
           strcmp(expected, frequency_names[EXPECT_NEVER]) != 0;
}

/* ": two_leaders and stale_result were broken, as the scenario expects" */
static void say_wanted(const cJSON *summary, char *out, size_t size)
{
    size_t used = 0, count = 0, told = 0;
    const cJSON *point;
    const cJSON *points = cJSON_GetObjectItemCaseSensitive(summary, "points");
    *out = '\0';
    cJSON_ArrayForEach(point, points)
    {
        count += is_wanted(point);
    }
    cJSON_ArrayForEach(point, points)
    {
        if (is_wanted(point) && used < size) {
            const char *between = told == 0 ? ": " : told + 1 == count ? " and " : ", ";
            used += (size_t)snprintf(out + used, size - used, "%s%s", between,
                                     folder_text(point, "name"));
            told++;
        }
    }
    if (count > 0 && used < size) {
        snprintf(out + used, size - used, " %s broken, as the scenario expects",
                 count == 1 ? "was" : "were");
    }
}

/* "passed", "failed" or "undecided". */
static const char *verdict_of(const cJSON *summary)
{
    const char *ending = folder_text(summary, "expectations");
    return strcmp(ending, "held") == 0     ? "passed"
           : strcmp(ending, "failed") == 0 ? "failed"
                                           : "undecided";
}

static void put_verdict(struct json_out *out, const struct folder_run *run, const cJSON *summary)
{
    char sentence[1400];
    const char *verdict = verdict_of(summary);
    if (strcmp(verdict, "passed") == 0) {
        char wanted[600];
        int untested = count_endings(summary, "untested");
        say_wanted(summary, wanted, sizeof wanted);
        snprintf(sentence, sizeof sentence, "Every expectation%s held in %s trial%s%s.",
                 untested ? " that was put to the test" : "", text_count(run->trial_count).text,
                 plural(run->trial_count), wanted);
    } else {
        say_unmet(run, summary, sentence, sizeof sentence);
    }
    json_text(out, "verdict", verdict);
    json_text(out, "sentence", sentence);
}

/* --- what was run ----------------------------------------------------------------------------- */

/* "5 nodes and a master; decided_by nodes, poll 20ms; ttl 300ms". */
static void put_parameters(struct json_out *out, const struct settings *settings)
{
    char text[1024];
    size_t used =
        (size_t)snprintf(text, sizeof text, "%u node%s", settings->nodes, plural(settings->nodes));
    for (int owner = 0; owner < OWNERS; owner++) {
        char changes[400];
        owner_changes(settings, (enum owner)owner, changes, sizeof changes);
        if (*changes && used < sizeof text) {
            used += (size_t)snprintf(text + used, sizeof text - used, "; %s", changes);
        }
    }
    json_text(out, "parameters", text);
}

static void put_what_ran(struct json_out *out, const struct folder_run *run)
{
    const struct scenario *scenario = &run->scenario;
    const struct settings *settings = &scenario->settings;
    char redis[300];
    snprintf(redis, sizeof redis, "%s %s", folder_text(run->run, "redis_server"),
             folder_text(run->run, "redis_version"));
    json_text(out, "folder", run->folder);
    json_text(out, "scenario", scenario->name);
    json_text(out, "about", scenario->about);
    json_text(out, "host", folder_text(run->run, "host"));
    json_text(out, "protocol", owner_row_name(OWNER_PROTOCOL, settings->row[OWNER_PROTOCOL]));
    json_flag(out, "elects", protocol_has_leaders(settings));
    json_text(out, "lock", owner_row_name(OWNER_LOCK, settings->row[OWNER_LOCK]));
    put_parameters(out, settings);
    json_text(out, "seed", folder_text(run->entry, "seed"));
    json_whole(out, "trials", (int64_t)run->trial_count);
    json_whole(out, "planned", (int64_t)run->planned);
    json_text(out, "redis", strcmp(redis, " ") == 0 ? "" : redis);
    json_text(out, "started", folder_text(run->entry, "started_at"));
    json_text(out, "recordedBy", folder_text(run->run, "version"));
    json_text(out, "command", folder_text(run->entry, "reproduce"));
    json_lines(out, "yaml", scenario->text ? scenario->text : "");
}

/* --- its expectations ------------------------------------------------------------------------- */

static void put_expectations(struct json_out *out, const cJSON *summary)
{
    const cJSON *point;
    json_open(out, "expectations", '[');
    cJSON_ArrayForEach(point, cJSON_GetObjectItemCaseSensitive(summary, "points"))
    {
        json_open(out, NULL, '{');
        json_text(out, "what", folder_text(point, "name"));
        json_text(out, "expected", folder_text(point, "expected"));
        json_text(out, "got", folder_text(point, "seen"));
        json_text(out, "ends", folder_text(point, "ending"));
        json_text(out, "why", folder_text(point, "why"));
        json_close(out);
    }
    json_close(out);
}

/* Sentences: what was not tested, which faults were not done. */
static void put_not_tested(struct json_out *out, const cJSON *summary)
{
    const cJSON *one;
    json_open(out, "notTested", '[');
    cJSON_ArrayForEach(one, cJSON_GetObjectItemCaseSensitive(summary, "not_tested"))
    {
        json_text(out, NULL, folder_text(one, "sentence"));
    }
    cJSON_ArrayForEach(one, cJSON_GetObjectItemCaseSensitive(summary, "not_done"))
    {
        char text[600];
        snprintf(text, sizeof text, "Not done: %s, since %s.", folder_text(one, "fault"),
                 folder_text(one, "why"));
        json_text(out, NULL, text);
    }
    json_close(out);
}

void run_json(struct data *data, const struct shown_run *shown)
{
    struct json_out *out = &data->out;
    cJSON *summary = run_conclusion(data, shown->run);
    json_open(out, NULL, '{');
    put_what_ran(out, shown->run);
    put_verdict(out, shown->run, summary);
    put_expectations(out, summary);
    put_not_tested(out, summary);
    run_rows(data, shown);
    json_whole(out, "kept", (int64_t)shown->kept);
    json_whole(out, "cut", (int64_t)shown->cut);
    json_open(out, "histories", '[');
    for (size_t i = 0; i < shown->count; i++) {
        json_whole(out, NULL, (int64_t)(shown->first + i));
    }
    json_close(out);
    json_close(out);
    cJSON_Delete(summary);
}
