/* What `hustings check` tells. See findings.h. */
#include "sim/cli/findings.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/cli/told.h"
#include "sim/history/names.h"
#include "sim/history/text.h"
#include "sim/outcome/not_done.h"
#include "sim/outcome/stalls.h"
#include "sim/outcome/untested.h"
#include "sim/results/not_tested.h"
#include "sim/text/clean.h"

bool findings_begin(struct findings *findings, bool json)
{
    *findings = (struct findings){.json = json, .histories = json_out(stdout, 4)};
    if (!json) {
        return true;
    }
    findings->kept = open_memstream(&findings->kept_text, &findings->kept_length);
    findings->scenarios = json_out(findings->kept, 2);
    json_open(&findings->histories, NULL, '{');
    json_open(&findings->histories, "histories", '[');
    return findings->kept != NULL;
}

/* --- text ------------------------------------------------------------------------------------- */

static void print_event(const struct history *history, const struct history_event *event)
{
    char what[160];
    history_describe(history, event, what, sizeof what);
    bool more = event->why && !strstr(what, event->why); /* some words say it already */
    clean_line(stdout, "      %11.6f s  %-11s %s%s%s%s%s", (double)event->at_ns / 1e9,
               text_subject(history, event).text, what, text_where(history, event).text,
               more ? " (" : "", more ? event->why : "", more ? ")" : "");
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
    const struct scenario *scenario = judged->trials->scenario;
    const struct judgement *judgement = judged->judgement;
    char untested[UNTESTED_SENTENCES][UNTESTED_SIZE], not_done[NOT_DONE_SIZE];
    char stalls[STALLS_SIZE];
    size_t trials = judged->trials->count, ran = judged->ran;
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
    if (stalls_sentence(scenario, &judged->trials->stalls, stalls)) {
        clean_line(stdout, "  %s%s", trials < ran ? "in these trials: " : "", stalls);
    }
    if (not_done_sentence(judged->trials, not_done, sizeof not_done)) {
        clean_line(stdout, "  %s", not_done);
    }
    size_t sentences = untested_sentences(judged->trials, untested);
    for (size_t i = 0; i < sentences; i++) {
        clean_line(stdout, "  %s", untested[i]);
    }
}

/* --- JSON ------------------------------------------------------------------------------------- */

/* Processes as in a history: a number, "master" or "harness". */
static void put_process(struct json_out *out, const char *key, uint16_t process)
{
    if (process == MASTER_ID || process == HISTORY_HARNESS) {
        json_text(out, key, process == MASTER_ID ? "master" : "harness");
    } else {
        json_whole(out, key, process);
    }
}

static void put_event(struct json_out *out, const struct history *history,
                      const struct history_event *event)
{
    char what[160];
    json_open(out, NULL, '{');
    json_whole(out, "i", event->seq);
    json_number(out, "t_ms", (double)event->at_ns / 1e6);
    put_process(out, "process", event->process);
    json_text(out, "event", kind_names[event->kind]);
    json_text(out, "what", history_describe(history, event, what, sizeof what));
    if (event->why) {
        json_text(out, "why", event->why);
    }
    json_close(out);
}

static void put_violation(struct json_out *out, const struct violation *violation,
                          const struct history *history)
{
    json_open(out, NULL, '{');
    json_text(out, "check", check_rows[violation->check]->name);
    json_number(out, "at_ms", (double)violation->at_ns / 1e6);
    json_number(out, "until_ms", (double)violation->until_ns / 1e6);
    json_open(out, "processes", '[');
    for (int i = 0; i < violation->process_count; i++) {
        put_process(out, NULL, violation->processes[i]);
    }
    json_close(out);
    json_text(out, "explanation", violation->explanation);
    json_open(out, "events", '[');
    for (int i = 0; i < violation->event_count; i++) {
        put_event(out, history, &history->events[violation->events[i]]);
    }
    json_close(out);
    json_close(out);
}

/* `alone`: its scenario is not at hand. */
static void put_history(struct json_out *out, const char *path, const struct history *history,
                        const struct violations *found, const struct check_verdict *checks,
                        const char *undecided, bool alone, const struct story *story)
{
    json_open(out, NULL, '{');
    json_text(out, "file", path);
    json_text(out, "scenario", history->facts.scenario);
    json_text(out, "host", history->facts.host);
    json_whole(out, "trial", history->facts.trial);
    json_seed(out, "seed", history->facts.seed);
    json_whole(out, "events", (int64_t)history->count);
    json_text(out, "undecided", undecided);
    json_open(out, "violations", '[');
    for (size_t i = 0; i < found->count; i++) {
        put_violation(out, &found->list[i], history);
    }
    json_close(out);
    json_checks(out, checks);
    if (story) {
        told_json(out, story);
    }
    if (alone) {
        json_not_done_of_history(out, history);
    }
    json_close(out);
}

static void put_unmet(struct json_out *out, const char *key, const struct unmet_list *list)
{
    json_open(out, key, '[');
    for (uint32_t i = 0; i < unmet_kept(list); i++) {
        const struct unmet *unmet = &list->list[i];
        json_open(out, NULL, '{');
        if (unmet->trial > 0) {
            json_whole(out, "trial", unmet->trial);
        } else {
            json_null(out, "trial");
        }
        json_seed(out, "seed", unmet->seed);
        json_text(out, "text", unmet->text);
        json_close(out);
    }
    json_close(out);
}

static void put_judgement(struct json_out *out, const char *folder,
                          const struct judged_scenario *judged)
{
    const struct judgement *judgement = judged->judgement;
    json_open(out, NULL, '{');
    json_text(out, "results", folder);
    json_text(out, "scenario", judged->trials->scenario->name);
    json_whole(out, "trials", (int64_t)judged->trials->count);
    json_whole(out, "ran", (int64_t)judged->ran);
    json_whole(out, "planned", (int64_t)judged->planned);
    json_flag(out, "held", judgement->held);
    json_flag(out, "undecided", judgement->undecided);
    json_whole(out, "count", judgement->unmet.count);
    put_unmet(out, "unmet", &judgement->unmet);
    put_unmet(out, "open", &judgement->open);
    json_not_done(out, judged->trials);
    json_untested(out, judged->trials);
    json_close(out);
}

/* The scenarios, which were kept until all histories had been told, and the rest. */
static bool end_document(struct findings *findings, int exit_code)
{
    struct json_out *out = &findings->histories;
    bool whole = findings->kept && fclose(findings->kept) == 0;
    json_close(out);
    json_whole(out, "violations", (int64_t)findings->violation_count);
    json_whole(out, "exit", exit_code);
    json_open(out, "scenarios", '[');
    fputs(whole ? findings->kept_text : "", stdout);
    json_close(out);
    json_close(out);
    free(findings->kept_text);
    return whole;
}

/* --- both ------------------------------------------------------------------------------------- */

void findings_history(struct findings *findings, const char *path, const struct history *history,
                      const struct violations *found, const struct check_verdict *checks,
                      const char *undecided, bool alone, const struct story *story)
{
    char sentence[NOT_DONE_SIZE];
    findings->history_count++;
    findings->violation_count += found->count;
    if (findings->json) {
        put_history(&findings->histories, path, history, found, checks, undecided, alone, story);
        return;
    }
    print_history(path, history, found, checks, undecided);
    if (story) {
        told_print(story);
    }
    if (alone && not_done_of_history(history, sentence, sizeof sentence)) {
        clean_line(stdout, "  %s", sentence);
    }
}

void findings_scenario(struct findings *findings, const char *folder,
                       const struct judged_scenario *judged)
{
    if (!findings->json) {
        print_judgement(folder, judged);
    } else if (findings->kept) {
        fputs(findings->scenario_count++ > 0 ? ",\n" : "\n", findings->kept);
        put_judgement(&findings->scenarios, folder, judged);
    }
}

bool findings_end(struct findings *findings, int exit_code)
{
    if (findings->json) {
        return end_document(findings, exit_code);
    }
    if (findings->history_count > 1) {
        printf("%s histories, %s violation%s\n", text_count(findings->history_count).text,
               text_count(findings->violation_count).text,
               findings->violation_count == 1 ? "" : "s");
    }
    return true;
}
