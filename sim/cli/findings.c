/* What `hustings check` tells. See findings.h. */
#include "sim/cli/findings.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "sim/history/names.h"
#include "sim/history/text.h"
#include "sim/outcome/not_done.h"
#include "sim/outcome/untested.h"
#include "sim/results/json.h"
#include "sim/results/not_tested.h"
#include "sim/results/run_json.h"
#include "sim/text/clean.h"

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

static void print_event(const struct history *history, const struct history_event *event)
{
    char what[160];
    clean_line(stdout, "      %11.6f s  %-11s %s%s%s%s%s", (double)event->at_ns / 1e9,
               text_subject(history, event).text, history_describe(event, what, sizeof what),
               text_where(history, event).text, event->why ? " (" : "",
               event->why ? event->why : "", event->why ? ")" : "");
}

static void print_violation(const struct violation *violation, const struct history *history)
{
    printf("  %s, %s to %s:", check_rows[violation->check]->name,
           text_seconds(violation->at_ns).text, text_seconds(violation->until_ns).text);
    for (int i = 0; i < violation->process_count; i++) {
        printf("%s %s", i ? "," : "", text_process(violation->processes[i]).text);
    }
    putchar('\n');
    clean_line(stdout, "    %s", violation->explanation);
    for (int i = 0; i < violation->event_count; i++) {
        print_event(history, &history->events[violation->events[i]]);
    }
}

static size_t count_endings(const struct check_verdict *checks, enum check_ending ending)
{
    size_t count = 0;
    for (size_t i = 0; check_rows[i]; i++) {
        count += checks[i].ending == ending;
    }
    return count;
}

/* Those checks that neither held nor are broken, each with its reason. */
static void print_endings(const struct check_verdict *checks, const char *undecided)
{
    if (undecided) {
        clean_line(stdout, "  it cannot be judged: %s", undecided);
    }
    for (size_t i = 0; check_rows[i]; i++) {
        bool by_trial = undecided && checks[i].ending == CHECK_UNDECIDED;
        if (checks[i].why && !by_trial) {
            printf("  %s %s%s: %s\n", check_rows[i]->name,
                   checks[i].ending == CHECK_UNDECIDED ? "is " : "",
                   check_ending_names[checks[i].ending], checks[i].why);
        }
    }
}

static void print_history(const char *path, const struct history *history,
                          const struct violations *found, const struct check_verdict *checks,
                          const char *undecided)
{
    char verdict[48] = "no promise was broken";
    if (found->count > 0) {
        snprintf(verdict, sizeof verdict, "%s violation%s", text_count(found->count).text,
                 found->count == 1 ? "" : "s");
    } else if (count_endings(checks, CHECK_UNDECIDED) > 0) {
        snprintf(verdict, sizeof verdict, "undecided");
    }
    clean_line(stdout, "%s: %s, trial %" PRIu32 ", %zu events: %s", path, history->facts.scenario,
               history->facts.trial, history->count, verdict);
    for (size_t i = 0; i < found->count; i++) {
        print_violation(&found->list[i], history);
    }
    print_endings(checks, undecided);
}

static void print_judgement(const char *folder, const struct judged_scenario *judged)
{
    const struct scenario *scenario = judged->scenario;
    const struct judgement *judgement = judged->judgement;
    char untested[UNTESTED_SENTENCES][UNTESTED_SIZE], not_done[NOT_DONE_SIZE];
    size_t trials = judged->count, ran = judged->ran;
    char verdict[64] = "every expectation held", of[64] = "";
    if (trials < ran) {
        snprintf(of, sizeof of, " of %s (those with a whole history)", text_count(ran).text);
    }
    if (judgement->undecided) {
        snprintf(verdict, sizeof verdict, "it could not be decided");
    } else if (!judgement->held) {
        snprintf(verdict, sizeof verdict, "%" PRIu32 " expectation%s did not hold",
                 judgement->unmet.count, judgement->unmet.count == 1 ? "" : "s");
    }
    clean_line(stdout, "%s: %s, %s trial%s%s: %s", folder, scenario->name, text_count(trials).text,
               trials == 1 ? "" : "s", of, verdict);
    if (ran < judged->planned) {
        printf("  the run was broken off: %s of %s trials were finished\n", text_count(ran).text,
               text_count(judged->planned).text);
    }
    for (uint32_t i = 0; i < unmet_kept(&judgement->unmet); i++) {
        clean_line(stdout, "  %s", judgement->unmet.list[i].text);
    }
    for (uint32_t i = 0; i < unmet_kept(&judgement->open); i++) {
        clean_line(stdout, "  undecided: %s", judgement->open.list[i].text);
    }
    if (not_done_sentence(scenario, judged->outcomes, trials, not_done, sizeof not_done)) {
        clean_line(stdout, "  %s", not_done);
    }
    size_t sentences = untested_sentences(judged->outcomes, trials, untested);
    for (size_t i = 0; i < sentences; i++) {
        clean_line(stdout, "  %s", untested[i]);
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

static cJSON *event_json(const struct history *history, const struct history_event *event)
{
    char what[160];
    cJSON *object = cJSON_CreateObject();
    cJSON_AddNumberToObject(object, "i", event->seq);
    cJSON_AddNumberToObject(object, "t_ms", ms_of(event->at_ns));
    cJSON_AddItemToObject(object, "process", process_json(event->process));
    json_set_text(object, "event", kind_names[event->kind]);
    if (history->facts.settings.servers > 1 && history_names_server(event)) {
        cJSON_AddNumberToObject(object, "server", event->server + 1);
    }
    json_set_text(object, "what", history_describe(event, what, sizeof what));
    if (event->why) {
        json_set_text(object, "why", event->why);
    }
    return object;
}

static cJSON *violation_json(const struct violation *violation, const struct history *history)
{
    cJSON *object = cJSON_CreateObject();
    json_set_text(object, "check", check_rows[violation->check]->name);
    cJSON_AddNumberToObject(object, "at_ms", ms_of(violation->at_ns));
    cJSON_AddNumberToObject(object, "until_ms", ms_of(violation->until_ns));
    cJSON *processes = cJSON_AddArrayToObject(object, "processes");
    for (int i = 0; i < violation->process_count; i++) {
        cJSON_AddItemToArray(processes, process_json(violation->processes[i]));
    }
    json_set_text(object, "explanation", violation->explanation);
    cJSON *events = cJSON_AddArrayToObject(object, "events");
    for (int i = 0; i < violation->event_count; i++) {
        cJSON_AddItemToArray(events, event_json(history, &history->events[violation->events[i]]));
    }
    return object;
}

static cJSON *history_json(const char *path, const struct history *history,
                           const struct violations *found, const struct check_verdict *checks,
                           const char *undecided)
{
    cJSON *object = cJSON_CreateObject();
    json_set_text(object, "file", path);
    json_set_text(object, "scenario", history->facts.scenario);
    json_set_text(object, "host", history->facts.host);
    cJSON_AddNumberToObject(object, "trial", history->facts.trial);
    json_set_seed(object, "seed", history->facts.seed);
    cJSON_AddNumberToObject(object, "events", (double)history->count);
    if (undecided) {
        json_set_text(object, "undecided", undecided);
    } else {
        cJSON_AddNullToObject(object, "undecided");
    }
    cJSON *violations = cJSON_AddArrayToObject(object, "violations");
    for (size_t i = 0; i < found->count; i++) {
        cJSON_AddItemToArray(violations, violation_json(&found->list[i], history));
    }
    json_set_checks(object, checks);
    return object;
}

static cJSON *judgement_json(const char *folder, const struct judged_scenario *judged)
{
    const struct judgement *judgement = judged->judgement;
    cJSON *object = cJSON_CreateObject();
    json_set_text(object, "results", folder);
    json_set_text(object, "scenario", judged->scenario->name);
    cJSON_AddNumberToObject(object, "trials", (double)judged->count);
    cJSON_AddNumberToObject(object, "ran", (double)judged->ran);
    cJSON_AddNumberToObject(object, "planned", (double)judged->planned);
    cJSON_AddBoolToObject(object, "held", judgement->held);
    cJSON_AddBoolToObject(object, "undecided", judgement->undecided);
    cJSON_AddNumberToObject(object, "count", judgement->unmet.count);
    json_set_unmet(object, "unmet", &judgement->unmet);
    json_set_unmet(object, "open", &judgement->open);
    json_set_not_done(object, judged->scenario, judged->outcomes, judged->count);
    json_set_untested(object, judged->outcomes, judged->count);
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
                      const struct violations *found, const struct check_verdict *checks,
                      const char *undecided)
{
    findings->history_count++;
    findings->violation_count += found->count;
    if (findings->json) {
        cJSON_AddItemToArray(findings->histories,
                             history_json(path, history, found, checks, undecided));
    } else {
        print_history(path, history, found, checks, undecided);
    }
}

void findings_skipped(struct findings *findings, const struct history *history)
{
    char sentence[NOT_DONE_SIZE];
    if (findings->json) {
        int last = cJSON_GetArraySize(findings->histories) - 1;
        json_set_not_done_of_history(cJSON_GetArrayItem(findings->histories, last), history);
    } else if (not_done_of_history(history, sentence, sizeof sentence)) {
        clean_line(stdout, "  %s", sentence);
    }
}

void findings_scenario(struct findings *findings, const char *folder,
                       const struct judged_scenario *judged)
{
    if (findings->json) {
        cJSON_AddItemToArray(findings->scenarios, judgement_json(folder, judged));
    } else {
        print_judgement(folder, judged);
    }
}

void findings_end(struct findings *findings, int exit_code)
{
    if (findings->json) {
        print_document(findings, exit_code);
    } else if (findings->history_count > 1) {
        printf("%s histories, %s violation%s\n", text_count(findings->history_count).text,
               text_count(findings->violation_count).text,
               findings->violation_count == 1 ? "" : "s");
    }
}
