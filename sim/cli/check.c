/* hustings check: judges again what was recorded, single histories or whole results folders.
 *
 * A folder's scenario.yaml has the expectations of its history/trial-*.jsonl, and
 * scenario-<label>.yaml those of history/<label>-trial-*.jsonl. */
#include <dirent.h>
#include <errno.h>
#include <fnmatch.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sim/cli/check_options.h"
#include "sim/cli/cli.h"
#include "sim/cli/findings.h"
#include "sim/cli/folder_kind.h"
#include "sim/cli/help.h"
#include "sim/cli/recorded.h"
#include "sim/jsonl/jsonl.h"
#include "sim/outcome/judge.h"
#include "sim/scenario/load.h"
#include "sim/text/clean.h"
#include "sim/text/errors.h"
#include "sim/text/ordinary.h"

struct check_verb {
    const char *program; /* as it was called */
    struct findings findings;
    uint32_t explain; /* the trial whose story is told; 0: none, but that of a single history */
    bool explained;
    bool unmet, undecided, failed;
};

/* One scenario of a results folder and its trials. */
struct judged {
    char *file; /* its name in the folder */
    struct scenario scenario;
    struct trials *trials; /* owned */
    struct outcome first;  /* which they borrow */
};

static void failed(struct check_verb *verb, const char *path, const char *what)
{
    clean_line(stderr, "hustings check: %s: %s", path, what);
    verb->failed = true;
}

/* Tells of one history; with its story, if that is wanted. If one trial is to be explained, nothing
 * is told of the others, which are judged all the same. */
static void tell(struct check_verb *verb, const char *path, const struct history *history,
                 const struct violations *found, const struct check_verdict *checks,
                 const char *undecided, bool alone)
{
    struct story story = {0};
    bool wanted = verb->explain > 0 ? history->facts.trial == verb->explain : alone;
    if (verb->explain > 0 && !wanted) {
        return;
    }
    if (wanted && !story_tell(&story, history, found, SIZE_MAX)) {
        failed(verb, path, "no memory to tell its story");
    }
    verb->explained = verb->explained || wanted;
    findings_history(&verb->findings, path, history, found, checks, undecided, alone,
                     wanted ? &story : NULL);
    story_free(&story);
}

/* --- single histories ------------------------------------------------------------------------- */

/* `named`: by a person, so that it may be a pipe. */
static bool read_history(struct check_verb *verb, const char *path, bool named,
                         struct history *history)
{
    char error[256];
    bool typed = named && strcmp(path, "-") == 0;
    const char *why = "";
    FILE *file = typed ? stdin : named ? fopen(path, "re") : ordinary_open(path, &why);
    path = typed ? "stdin" : path;
    if (!file) {
        failed(verb, path, named ? error_words(errno) : why);
        return false;
    }
    bool good = history_read_to_judge(history, file, error, sizeof error);
    if (!typed) {
        fclose(file);
    }
    if (!good) {
        failed(verb, path, error);
    }
    return good;
}

static bool any_undecided(const struct judged_trial *judged)
{
    bool any = judged->undecided != NULL;
    for (size_t i = 0; check_rows[i]; i++) {
        any = any || judged->checks[i].ending == CHECK_UNDECIDED;
    }
    return any;
}

static void check_file(struct check_verb *verb, const char *path, bool named)
{
    struct history history;
    struct judged_trial judged;
    if (!read_history(verb, path, named, &history)) {
        return;
    }
    if (!checks_judge(&history, &judged)) {
        failed(verb, path, "no memory to judge it");
    } else {
        tell(verb, strcmp(path, "-") == 0 ? "stdin" : path, &history, &judged.violations,
             judged.checks, judged.undecided, true);
        verb->unmet = verb->unmet || judged.violations.count > 0;
        verb->undecided = verb->undecided || any_undecided(&judged);
        judged_trial_free(&judged);
    }
    history_free(&history);
}

/* --- results folders -------------------------------------------------------------------------- */

/* One trial of a scenario. */
static void check_trial(struct check_verb *verb, const char *path, struct judged *judged)
{
    struct history history;
    struct outcome other = {0};
    struct outcome *outcome = judged->trials->count == 0 ? &judged->first : &other;
    if (!read_history(verb, path, false, &history)) {
        return;
    }
    if (outcome_derive(&judged->scenario, &history, outcome)) {
        tell(verb, path, &history, &outcome->violations, outcome->checks, outcome->undecided,
             false);
        if (!trials_take(judged->trials, outcome)) {
            failed(verb, path, "no memory for so many trials");
        }
    } else {
        failed(verb, path, "no memory to judge it");
    }
    outcome_free(&other);
    history_free(&history);
}

/* The names in a folder that match a pattern, sorted; NULL, errno set, if it cannot be read. */
static char **names_in(const char *folder, const char *pattern, size_t *count)
{
    struct dirent **entries;
    int total = scandir(folder, &entries, NULL, alphasort);
    if (total < 0) {
        return NULL;
    }
    char **names = calloc((size_t)total + 1, sizeof *names);
    *count = 0;
    for (int i = 0; i < total; i++) {
        if (names && fnmatch(pattern, entries[i]->d_name, FNM_PERIOD) == 0) {
            names[*count] = strdup(entries[i]->d_name);
            *count += names[*count] != NULL;
        }
        free(entries[i]);
    }
    free(entries);
    return names;
}

static void free_names(char **names, size_t count)
{
    for (size_t i = 0; names && i < count; i++) {
        free(names[i]);
    }
    free(names);
}

static bool load_scenario(struct check_verb *verb, const char *folder, struct judged *judged)
{
    char path[4096];
    struct scenario_report *report = malloc(sizeof *report);
    snprintf(path, sizeof path, "%s/%s", folder, judged->file);
    bool good = report && scenario_load_recorded(path, &judged->scenario, report);
    if (!report) {
        failed(verb, path, "out of memory");
    } else if (!good) {
        scenario_report_print(stderr, path, report);
        verb->failed = true;
    }
    free(report);
    return good;
}

/* The trials that were run by `judged`: "scenario.yaml" has the prefix "", "scenario-x.yaml" the
 * prefix "x-". */
static void check_trials(struct check_verb *verb, const char *folder, struct judged *judged)
{
    char histories[4096], path[8192], pattern[512];
    size_t count = 0;
    const char *label = judged->file + strlen("scenario");
    label += *label == '-';
    int length = (int)(strlen(label) - strlen(".yaml"));

    snprintf(histories, sizeof histories, "%s/history", folder);
    snprintf(pattern, sizeof pattern, "%.*s%strial-[0-9]*.jsonl", length, label, length ? "-" : "");
    char **names = names_in(histories, pattern, &count);
    if (!names) {
        failed(verb, histories, error_words(errno));
        return;
    }
    for (size_t i = 0; i < count; i++) {
        snprintf(path, sizeof path, "%s/%s", histories, names[i]);
        check_trial(verb, path, judged);
    }
    free_names(names, count);
}

/* Judges the trials whose histories there are, some of those that ran, some of those planned. */
static void judge_recorded(struct check_verb *verb, const char *folder, struct trials *trials,
                           size_t ran, size_t planned)
{
    struct judgement *judgement = malloc(sizeof *judgement);
    if (!judgement || !trials_end(trials)) {
        failed(verb, folder, "no memory to judge it");
        free(judgement);
        return;
    }
    judge(trials, judgement);
    if (ran < planned) {
        judge_cut_short(trials->scenario, judgement);
    } else if (trials->count < ran) {
        judge_by_some(trials->scenario, judgement);
    }
    const struct judged_scenario all = {
        .trials = trials, .ran = ran, .planned = planned, .judgement = judgement};
    findings_scenario(&verb->findings, folder, &all);
    verb->undecided = verb->undecided || judgement->undecided;
    verb->unmet = verb->unmet || (!judgement->held && !judgement->undecided);
    free(judgement);
}

static size_t larger(size_t a, size_t b)
{
    return a > b ? a : b;
}

static void judge_scenario(struct check_verb *verb, const char *folder, char *file)
{
    struct judged judged = {.file = file};
    struct recorded recorded;
    char error[4400];
    if (!load_scenario(verb, folder, &judged)) {
        return;
    }
    judged.trials = trials_new(&judged.scenario);
    if (!judged.trials) {
        failed(verb, folder, "no memory to judge it");
        scenario_free(&judged.scenario);
        return;
    }
    check_trials(verb, folder, &judged);
    if (!recorded_read(&recorded, folder, file, judged.scenario.name, error, sizeof error)) {
        clean_line(stderr, "hustings check: %s", error);
        verb->failed = true;
    }
    size_t count = judged.trials->count;
    size_t ran = larger(recorded.ran, count);
    size_t planned = larger(recorded.planned, ran);
    if (count > 0 || ran < planned) {
        judge_recorded(verb, folder, judged.trials, ran, planned);
    } else {
        failed(verb, folder, "no trial of this scenario was recorded whole");
    }
    trials_free(judged.trials);
    outcome_free(&judged.first);
    scenario_free(&judged.scenario);
}

/* A folder of histories without a scenario. */
static void check_histories(struct check_verb *verb, const char *folder)
{
    char path[8192];
    size_t count = 0;
    char **names = names_in(folder, "*.jsonl", &count);
    if (!names) {
        failed(verb, folder, error_words(errno));
        return;
    }
    if (count == 0) {
        failed(verb, folder, "neither a results folder nor one of histories (.jsonl)");
    }
    for (size_t i = 0; i < count; i++) {
        snprintf(path, sizeof path, "%s/%s", folder, names[i]);
        check_file(verb, path, false);
    }
    free_names(names, count);
}

static void check_folder(struct check_verb *verb, const char *folder)
{
    char histories[4096];
    struct stat status;
    size_t count = 0;
    if (is_other_folder(verb->program, folder, histories, sizeof histories)) {
        failed(verb, folder, histories);
        return;
    }
    char **names = names_in(folder, "scenario*.yaml", &count);
    if (!names) {
        failed(verb, folder, error_words(errno));
        return;
    }
    for (size_t i = 0; i < count; i++) {
        judge_scenario(verb, folder, names[i]);
    }
    if (count == 0) {
        snprintf(histories, sizeof histories, "%s/history", folder);
        check_histories(verb, stat(histories, &status) == 0 ? histories : folder);
    }
    free_names(names, count);
}

/* --- the verb --------------------------------------------------------------------------------- */

static int exit_code(const struct check_verb *verb)
{
    if (verb->failed) {
        return EXIT_WORLD;
    }
    if (verb->unmet) {
        return EXIT_UNMET;
    }
    return verb->undecided ? EXIT_UNDECIDED : EXIT_HELD;
}

/* None of these folders (a list that ends with NULL) has the history of the trial to be explained.
 */
static void not_explained(struct check_verb *verb, char *const *folders)
{
    char *again = NULL, *why = NULL;
    for (; *folders && !again; folders++) {
        again = recorded_again(*folders, verb->explain);
    }
    if (verb->failed && !again) {
        return; /* what is wrong was told */
    }
    if (asprintf(&why, "of trial %" PRIu32 " there is no history here%s%s", verb->explain,
                 again ? "; this runs it again: " : "", again ? again : "") >= 0) {
        failed(verb, "--explain", why);
        free(why);
    }
    free(again);
}

int cli_check(const char *program, int argc, char **argv)
{
    struct check_verb verb = {.program = program};
    struct check_asked asked = {0};
    int code = options_read(program, argc, argv, &verb_check, &asked);
    if (code != OPTIONS_GOOD) {
        return code;
    }
    verb.explain = asked.explain;
    if (optind == argc) {
        clean_line(stderr, "hustings check: which history or results folder? For example: %s %s",
                   cli_name(program).text, "check results/latest");
        return EXIT_USAGE;
    }
    if (!findings_begin(&verb.findings, asked.format == 1)) {
        failed(&verb, "memory", "there is none left");
    }
    for (int i = optind; i < argc; i++) {
        struct stat status = {0};
        if (strcmp(argv[i], "-") != 0 && stat(argv[i], &status) != 0) {
            failed(&verb, argv[i], error_words(errno));
        } else if (S_ISDIR(status.st_mode)) {
            check_folder(&verb, argv[i]);
        } else {
            check_file(&verb, argv[i], true);
        }
    }
    if (verb.explain > 0 && !verb.explained) {
        not_explained(&verb, argv + optind);
    }
    code = exit_code(&verb);
    return findings_end(&verb.findings, code) ? code : EXIT_WORLD;
}
