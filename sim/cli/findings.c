/* What `hustings check` tells. See findings.h. */
#include "sim/cli/findings.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "sim/history/names.h"
#include "sim/history/text.h"

static double ms_of(int64_t ns)
{
    return (double)ns / 1e6;
}

void findings_begin(struct findings *findings, bool json)
{
    *findings = (struct findings){.json = json};
    if (json) {
        findings->histories = cJSON_CreateArray();
        findings->scenarios = cJSON_CreateArray();
    }
}

/* --- text ----------------------------------------------------------------------------------------
 */

static void print_event(const struct history_event *event)
{
    char what[160];
    printf("      %12.3f ms  %-11s %s", ms_of(event->at_ns), text_process(event->process).text,
           history_describe(event, what, sizeof what));
    printf(event->why ? " (%s)\n" : "\n", event->why);
}

static void print_violation(const struct violation *violation, const struct history *history)
{
    printf("  %s, %.3f to %.3f ms:", check_rows[violation->check]->name, ms_of(violation->at_ns),
           ms_of(violation->until_ns));
    for (int i = 0; i < violation->process_count; i++) {
        printf("%s %s", i ? "," : "", text_process(violation->processes[i]).text);
    }
    printf("\n    %s\n", violation->explanation);
    for (int i = 0; i < violation->event_count; i++) {
        print_event(&history->events[violation->events[i]]);
    }
}

static void print_history(const char *path, const struct history *history,
                          const struct violations *found)
{
    printf("%s: %s, trial %" PRIu32 ", %zu events: ", path, history->facts.scenario,
           history->facts.trial, history->count);
    if (found->count == 0) {
        puts("no promise was broken");
        return;
    }
    printf("%zu violation%s\n", found->count, found->count == 1 ? "" : "s");
    for (size_t i = 0; i < found->count; i++) {
        print_violation(&found->list[i], history);
    }
}

static void print_judgement(const char *folder, const struct scenario *scenario, size_t trials,
                            size_t ran, const struct judgement *judgement)
{
    printf("%s: %s, %zu trial%s", folder, scenario->name, trials, trials == 1 ? "" : "s");
    if (trials < ran) {
        printf(" of %zu (those with a whole history)", ran);
    }
    fputs(": ", stdout);
    if (judgement->held) {
        puts("every expectation held");
    } else if (judgement->undecided) {
        puts("it could not be decided");
    } else {
        printf("%" PRIu32 " expectation%s did not hold\n", judgement->count,
               judgement->count == 1 ? "" : "s");
    }
    for (uint32_t i = 0; i < judgement->count && i < UNMET_MAX; i++) {
        printf("  %s\n", judgement->unmet[i].text);
    }
}

/* --- JSON ----------------------------------------------------------------------------------------
 */

/* Processes as in a history: a number, "master" or "harness". */
static cJSON *process_json(uint16_t process)
{
    if (process == MASTER_ID || process == HISTORY_HARNESS) {
        return cJSON_CreateString(process == MASTER_ID ? "master" : "harness");
    }
    return cJSON_CreateNumber(process);
}

static cJSON *event_json(const struct history_event *event)
{
    char what[160];
    cJSON *object = cJSON_CreateObject();
    cJSON_AddNumberToObject(object, "i", event->seq);
    cJSON_AddNumberToObject(object, "t_ms", ms_of(event->at_ns));
    cJSON_AddItemToObject(object, "process", process_json(event->process));
    cJSON_AddStringToObject(object, "event", kind_names[event->kind]);
    cJSON_AddStringToObject(object, "what", history_describe(event, what, sizeof what));
    if (event->why) {
        cJSON_AddStringToObject(object, "why", event->why);
    }
    return object;
}

static cJSON *violation_json(const struct violation *violation, const struct history *history)
{
    cJSON *object = cJSON_CreateObject();
    cJSON_AddStringToObject(object, "check", check_rows[violation->check]->name);
    cJSON_AddNumberToObject(object, "at_ms", ms_of(violation->at_ns));
    cJSON_AddNumberToObject(object, "until_ms", ms_of(violation->until_ns));
    cJSON *processes = cJSON_AddArrayToObject(object, "processes");
    for (int i = 0; i < violation->process_count; i++) {
        cJSON_AddItemToArray(processes, process_json(violation->processes[i]));
    }
    cJSON_AddStringToObject(object, "explanation", violation->explanation);
    cJSON *events = cJSON_AddArrayToObject(object, "events");
    for (int i = 0; i < violation->event_count; i++) {
        cJSON_AddItemToArray(events, event_json(&history->events[violation->events[i]]));
    }
    return object;
}

static void add_seed(cJSON *object, uint64_t seed)
{
    char text[24];
    snprintf(text, sizeof text, "%" PRIu64, seed);
    cJSON_AddStringToObject(object, "seed", text);
}

static cJSON *history_json(const char *path, const struct history *history,
                           const struct violations *found)
{
    cJSON *object = cJSON_CreateObject();
    cJSON_AddStringToObject(object, "file", path);
    cJSON_AddStringToObject(object, "scenario", history->facts.scenario);
    cJSON_AddStringToObject(object, "host", history->facts.host);
    cJSON_AddNumberToObject(object, "trial", history->facts.trial);
    add_seed(object, history->facts.seed);
    cJSON_AddNumberToObject(object, "events", (double)history->count);
    cJSON *violations = cJSON_AddArrayToObject(object, "violations");
    for (size_t i = 0; i < found->count; i++) {
        cJSON_AddItemToArray(violations, violation_json(&found->list[i], history));
    }
    return object;
}

static cJSON *judgement_json(const char *folder, const struct scenario *scenario, size_t trials,
                             size_t ran, const struct judgement *judgement)
{
    cJSON *object = cJSON_CreateObject();
    cJSON_AddStringToObject(object, "results", folder);
    cJSON_AddStringToObject(object, "scenario", scenario->name);
    cJSON_AddNumberToObject(object, "trials", (double)trials);
    cJSON_AddNumberToObject(object, "ran", (double)ran);
    cJSON_AddBoolToObject(object, "held", judgement->held);
    cJSON_AddBoolToObject(object, "undecided", judgement->undecided);
    cJSON_AddNumberToObject(object, "count", judgement->count);
    cJSON *list = cJSON_AddArrayToObject(object, "unmet");
    for (uint32_t i = 0; i < judgement->count && i < UNMET_MAX; i++) {
        cJSON *unmet = cJSON_CreateObject();
        cJSON_AddNumberToObject(unmet, "trial", judgement->unmet[i].trial);
        add_seed(unmet, judgement->unmet[i].seed);
        cJSON_AddStringToObject(unmet, "text", judgement->unmet[i].text);
        cJSON_AddItemToArray(list, unmet);
    }
    return object;
}

static void print_document(struct findings *findings, int exit_code)
{
    cJSON *document = cJSON_CreateObject();
    cJSON_AddNumberToObject(document, "exit", exit_code);
    cJSON_AddNumberToObject(document, "violations", (double)findings->violation_count);
    cJSON_AddItemToObject(document, "histories", findings->histories);
    cJSON_AddItemToObject(document, "scenarios", findings->scenarios);
    char *text = cJSON_Print(document);
    puts(text ? text : "null");
    free(text);
    cJSON_Delete(document);
}

/* --- both ----------------------------------------------------------------------------------------
 */

void findings_history(struct findings *findings, const char *path, const struct history *history,
                      const struct violations *found)
{
    findings->history_count++;
    findings->violation_count += found->count;
    if (findings->json) {
        cJSON_AddItemToArray(findings->histories, history_json(path, history, found));
    } else {
        print_history(path, history, found);
    }
}

void findings_scenario(struct findings *findings, const char *folder,
                       const struct scenario *scenario, size_t trials, size_t ran,
                       const struct judgement *judgement)
{
    if (findings->json) {
        cJSON_AddItemToArray(findings->scenarios,
                             judgement_json(folder, scenario, trials, ran, judgement));
    } else {
        print_judgement(folder, scenario, trials, ran, judgement);
    }
}

bool findings_end(struct findings *findings, int exit_code)
{
    if (findings->json) {
        print_document(findings, exit_code);
    } else if (findings->history_count > 1) {
        printf("%zu histories, %zu violation%s\n", findings->history_count,
               findings->violation_count, findings->violation_count == 1 ? "" : "s");
    }
    return fflush(stdout) == 0 && !ferror(stdout);
}
