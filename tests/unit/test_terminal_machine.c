/* The formats for machines, read back by a consumer in Python (tests/terminal/validate.py). */
#include <sys/wait.h>

#include "tests/terminal/canned.h"
#include "tests/terminal/golden.h"

#include "sim/outcome/judge.h"

static struct canned canned;

static void report(const struct capture *capture)
{
    terminal_begin(&capture->options, &canned.scenario, &canned.facts, (uint32_t)canned.count);
    for (size_t i = 0; i < canned.count; i++) {
        terminal_trial(&capture->options, &canned.scenario, &canned.outcomes[i]);
    }
    struct trials *trials = canned_trials(&canned);
    terminal_end(&capture->options, &canned.facts, trials, &canned.judgement, "results/x",
                 canned_told(&canned));
    for (size_t i = 0; i < canned.count; i++) {
        terminal_machine_trial(&capture->options, &canned.scenario, &canned.facts, "results/x",
                               &canned.outcomes[i]);
    }
    terminal_machine_scenario(&capture->options, &canned.scenario, &canned.facts, trials,
                              &canned.judgement, "results/x", NULL);
    trials_free(trials);
}

/* Sends a document through the validator; its answer is the caller's to free(). */
static char *validate(const char *format, const char *document)
{
    char command[2048];
    char path[] = "/tmp/hustings-test-XXXXXX";
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    FILE *file = fdopen(fd, "w");
    assert_non_null(file);
    fputs(document, file);
    fclose(file);
    snprintf(command, sizeof command, "python3 '" TESTS_DIR "/terminal/validate.py' %s < %s",
             format, path);
    FILE *answer = popen(command, "r");
    assert_non_null(answer);
    char *text = calloc(1, 1 << 16);
    assert_non_null(text);
    size_t length = fread(text, 1, (1 << 16) - 1, answer);
    text[length] = '\0';
    int status = pclose(answer);
    remove(path);
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
        fail_msg("%s is not in form:\n%s", format, document);
    }
    return text;
}

static const struct {
    const char *name;
    enum format format;
} formats[] = {{"json", FORMAT_JSON}, {"junit", FORMAT_JUNIT}, {"tap", FORMAT_TAP}};

#define FORMATS (sizeof formats / sizeof *formats)

static void failures_reach_the_consumer(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < FORMATS; i++) {
        struct capture capture;
        capture_begin(&capture, 80, false);
        capture.options.format = formats[i].format;
        struct scenario scenarios[2];
        canned_failure(&canned);
        scenarios[1] = canned.scenario;
        canned_first(&canned);
        scenarios[0] = canned.scenario;
        terminal_machine_begin(&capture.options, scenarios, 2);
        report(&capture);
        canned_failure(&canned);
        report(&capture);
        terminal_machine_end(&capture.options, 0, NULL);
        char *answer = validate(formats[i].name, capture_text(&capture));
        assert_non_null(strstr(answer, "ok first-election trials"));
        assert_non_null(strstr(answer, "ok first-election dead_leader"));
        assert_non_null(strstr(answer, "ok dead-leader two_leaders"));
        assert_non_null(strstr(answer, "failed dead-leader dead_leader"));
        assert_non_null(strstr(answer, "trial 2 has it (2 of 3): node 1 was still elected"));
        assert_non_null(strstr(answer, "failed dead-leader elect_ms p99"));
        free(answer);
        capture_end(&capture);
    }
}

/* What a consumer is told of two scenarios that were stopped so; to be freed. The first one has run
 * its first trials: `done` of them. */
static char *stopped(size_t format, const struct stop stops[2], size_t done, const char *error)
{
    struct capture capture;
    struct scenario scenarios[2] = {0};
    struct judgement none = {0};
    canned_failure(&canned);
    scenarios[0] = canned.scenario;
    scenarios[1] = canned.scenario;
    snprintf(scenarios[1].name, sizeof scenarios[1].name, "another");
    if (stops[1].kind == STOP_REFUSED) {
        scenarios[1].settings.nodes = 0;
    }
    struct trials *trials = trials_of(&canned.scenario, canned.outcomes, done);
    judge(trials, &canned.judgement);
    judge_cut_short(&canned.scenario, &canned.judgement);
    capture_begin(&capture, 80, false);
    capture.options.format = formats[format].format;
    terminal_machine_begin(&capture.options, scenarios, 2);
    for (size_t i = 0; i < done; i++) {
        terminal_machine_trial(&capture.options, &scenarios[0], &canned.facts, "results/x",
                               &canned.outcomes[i]);
    }
    terminal_machine_scenario(&capture.options, &scenarios[0], &canned.facts, trials,
                              done ? &canned.judgement : &none, "results/x", &stops[0]);
    terminal_machine_scenario(&capture.options, &scenarios[1], &canned.facts, NULL, &none, NULL,
                              &stops[1]);
    trials_free(trials);
    terminal_machine_end(&capture.options, 3, error);
    char *answer = validate(formats[format].name, capture_text(&capture));
    capture_end(&capture);
    return answer;
}

static size_t lines_with(const char *text, const char *word)
{
    size_t count = 0;
    for (; (text = strstr(text, word)); text++) {
        count += text[-1] == '\n';
    }
    return count;
}

/* Whatever stops a run: the guilty one is an error, what was not judged is skipped, what is unmet
 * beyond doubt stays so, and nothing is ok. */
static void what_was_stopped_has_not_passed(void **unused)
{
    (void)unused;
    static const struct {
        struct stop stops[2];
        size_t done;
        const char *says[4];
    } rows[] = {
        {{{STOP_INTERRUPTED, "Ctrl-C"}, {STOP_NOT_BEGUN, "left"}},
         2,
         {"\nerror dead-leader trials", "\nfailed dead-leader dead_leader",
          "\nskipped dead-leader elect_ms p99", "\nskipped another dead_leader"}},
        {{{STOP_INTERRUPTED, "Ctrl-C"}, {STOP_NOT_BEGUN, "left"}},
         1,
         {"\nskipped dead-leader dead_leader", "\nskipped dead-leader elect_ms p99"}},
        {{{STOP_WORLD, "no Redis"}, {STOP_NOT_BEGUN, "left"}},
         0,
         {"\nerror dead-leader trials", "\nskipped dead-leader two_leaders",
          "\nskipped another trials"}},
        {{{STOP_NOT_BEGUN, "left"}, {STOP_REFUSED, "line 3"}},
         0,
         {"\nskipped dead-leader trials", "\nerror another trials"}},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        for (size_t format = 0; format < FORMATS; format++) {
            char *answer = stopped(format, rows[i].stops, rows[i].done, "why # it ended");
            char lines[1 << 14];
            snprintf(lines, sizeof lines, "\n%s", answer);
            assert_int_equal(lines_with(lines + 1, "ok "), 0);
            assert_int_equal(lines_with(lines + 1, "error "), 1);
            for (size_t k = 0; k < 4 && rows[i].says[k]; k++) {
                if (!strstr(lines, rows[i].says[k])) {
                    fail_msg("%s: no %s in\n%s", formats[format].name, rows[i].says[k], answer);
                }
            }
            bool says_why = strstr(lines, "\nbroken off: why # it ended") != NULL;
            assert_true(says_why || formats[format].format == FORMAT_JUNIT);
            free(answer);
        }
    }
}

/* The names of the cases of a scenario, one a line; to be freed. */
static char *names_in(const char *answer)
{
    char *names = calloc(1, strlen(answer) + 2);
    assert_non_null(names);
    for (const char *line = answer; *line; line += strcspn(line, "\n") + 1) {
        const char *name = strchr(line, ' ');
        if (strncmp(line, "broken off", 10) != 0) {
            strncat(names, name, strcspn(name, ":\n"));
            strcat(names, "\n");
        }
    }
    return names;
}

/* A dashboard that follows a case by its name finds it whatever became of it. */
static void the_names_of_the_cases_stay(void **unused)
{
    (void)unused;
    static const struct stop stops[2][2] = {
        {{STOP_INTERRUPTED, "Ctrl-C"}, {STOP_NOT_BEGUN, "left"}},
        {{STOP_NOT_BEGUN, "left"}, {STOP_WORLD, "no Redis"}},
    };
    for (size_t format = 0; format < FORMATS; format++) {
        char *some = stopped(format, stops[0], 2, "why");
        char *none = stopped(format, stops[1], 0, "why");
        char *some_names = names_in(some), *none_names = names_in(none);
        assert_string_equal(some_names, none_names);
        assert_non_null(strstr(some_names, "dead-leader settles_within"));
        free(some);
        free(none);
        free(some_names);
        free(none_names);
    }
}

/* What a consumer is told of a run of this one scenario; to be freed, and the capture ended. */
static char *report_alone(struct capture *capture, size_t format)
{
    capture_begin(capture, 80, false);
    capture->options.format = formats[format].format;
    terminal_machine_begin(&capture->options, &canned.scenario, 1);
    report(capture);
    terminal_machine_end(&capture->options, 0, NULL);
    return validate(formats[format].name, capture_text(capture));
}

static void any_text_is_escaped(void **unused)
{
    (void)unused;
    static char path[] = "a <b> & \"c\" 'd'.yaml";
    static char about[] = "tab\t nul-less \x01 broken \xff\xfe \\ # ]]> \xe2\x98\x85";
    for (size_t i = 0; i < FORMATS; i++) {
        struct capture capture;
        canned_failure(&canned);
        canned.scenario.path = path;
        canned.scenario.about = about;
        snprintf(canned.judgement.unmet.list[0].text, sizeof canned.judgement.unmet.list[0].text,
                 "dead_leader: <&\"'> # not a directive \\ \x02 \xff ]]> \xe2\x98\x85");
        char *answer = report_alone(&capture, i);
        assert_non_null(strstr(answer, "<&\"'> # not a directive \\   ? ]]> \xe2\x98\x85"));
        free(answer);
        capture_end(&capture);
    }
}

/* Text for people prints nothing through these. */
static void text_is_not_for_machines(void **unused)
{
    (void)unused;
    struct capture capture;
    canned_first(&canned);
    capture_begin(&capture, 80, false);
    terminal_machine_begin(&capture.options, &canned.scenario, 1);
    terminal_machine_trial(&capture.options, &canned.scenario, &canned.facts, "results/x",
                           &canned.outcomes[0]);
    struct trials *trials = canned_trials(&canned);
    terminal_machine_scenario(&capture.options, &canned.scenario, &canned.facts, trials,
                              &canned.judgement, "results/x", NULL);
    trials_free(trials);
    terminal_machine_end(&capture.options, 0, NULL);
    assert_string_equal(capture_text(&capture), "");
    capture_end(&capture);
}

/* Each format says so, with the reason, and no format says that it is ok. */
static void what_is_skipped_reaches_the_consumer(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < FORMATS; i++) {
        struct capture capture;
        canned_first(&canned);
        for (size_t trial = 0; trial < canned.count; trial++) {
            canned.outcomes[trial].checks[check_find("starvation")] =
                check_could_not_fire("nobody asked for the lock");
        }
        char *answer = report_alone(&capture, i);
        const char *skipped = strstr(answer, "skipped first-election starvation");
        assert_non_null(skipped);
        assert_non_null(strstr(skipped, ": nobody asked for the lock"));
        assert_null(strstr(answer, "ok first-election starvation"));
        assert_non_null(strstr(answer, "ok first-election dead_leader"));
        free(answer);
        capture_end(&capture);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(failures_reach_the_consumer),
        cmocka_unit_test(what_was_stopped_has_not_passed),
        cmocka_unit_test(the_names_of_the_cases_stay),
        cmocka_unit_test(any_text_is_escaped),
        cmocka_unit_test(text_is_not_for_machines),
        cmocka_unit_test(what_is_skipped_reaches_the_consumer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
