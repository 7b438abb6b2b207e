/* One lesson, led through: what one predicts, what comes, why, and what cures it. See course.h. */
#include <assert.h>
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sim/cli/cli.h"
#include "sim/cli/course.h"
#include "sim/cli/help.h"
#include "sim/results/command.h"
#include "sim/system/interrupt.h"
#include "sim/terminal/style.h"
#include "sim/text/clean.h"

#define TEXT_SIZE 2048
#define JOBS_ON_PROCESSES 10 /* processes that wait most of the time */

static void blank(void)
{
    putchar('\n');
}

static void paragraph(const struct course *course, enum style style, const char *lead,
                      const char *text)
{
    style_paragraph(&course->terminal, style, lead, STYLE_STRONG, text, 0);
}

static char last_letter(const struct scenario *lesson)
{
    return (char)('a' + lesson->lesson->choice_count - 1);
}

/* --- asking ----------------------------------------------------------------------------------- */

static void tell_question(const struct course *course, size_t place)
{
    const struct scenario *lesson = &course->lessons->list[place];
    const struct lesson_texts texts = lesson_words(lesson->lesson, course->language);
    char title[200], head[400];
    lesson_title(lesson, course->language, title, sizeof title);
    if (course->remembers) {
        course_say(SAY_LESSON, course->language, head, sizeof head, place + 1,
                   course->lessons->count, title);
    } else {
        course_say(SAY_OWN_LESSON, course->language, head, sizeof head, title);
    }
    paragraph(course, STYLE_STRONG, "", head);
    blank();
    paragraph(course, STYLE_PLAIN, "  ", texts.question);
    for (uint32_t i = 0; i < lesson->lesson->choice_count; i++) {
        char lead[8];
        snprintf(lead, sizeof lead, "    %c  ", (char)('a' + i));
        paragraph(course, STYLE_PLAIN, lead, texts.choices[i]);
    }
    blank();
}

bool course_prompt(const struct course *course, const char *prompt, char *line, size_t size)
{
    interrupt_forget(); /* Ctrl-C at a prompt ends the program: what was done is remembered */
    if (course->prompts) {
        fputs(prompt, stdout);
    }
    fflush(stdout);
    if (!fgets(line, (int)size, stdin)) {
        blank();
        return false;
    }
    size_t begin = strspn(line, " \t");
    memmove(line, line + begin, strlen(line + begin) + 1);
    line[strcspn(line, " \t\r\n.)")] = '\0';
    return strcmp(line, "q") != 0;
}

/* The letter that was predicted; 0: none came. */
static char predict(const struct course *course, const struct scenario *lesson)
{
    char prompt[200], line[200], text[200];
    if (course->answer) {
        return (char)tolower((unsigned char)course->answer[0]);
    }
    course_say(SAY_PREDICT, course->language, prompt, sizeof prompt, last_letter(lesson));
    while (course_prompt(course, prompt, line, sizeof line)) {
        char letter = (char)(line[0] | 0x20); /* a capital one, too */
        if (strlen(line) == 1 && letter >= 'a' && letter <= last_letter(lesson)) {
            return letter;
        }
        course_say(SAY_NOT_ONE, course->language, text, sizeof text, last_letter(lesson));
        clean_line(stdout, "%s", text);
    }
    return 0;
}

/* --- running ---------------------------------------------------------------------------------- */

/* What is to be seen sometimes takes all the trials; else one shows it. */
static bool takes_many(const struct scenario *lesson)
{
    const struct expectations *expect = &lesson->expect;
    bool many = false;
    for (size_t i = 0; i < SCENARIO_CHECKS_MAX; i++) {
        many = many || expect->checks[i] == EXPECT_SOMETIMES;
    }
    for (size_t i = 0; i < VERDICTS; i++) {
        many = many || expect->verdicts[i] == EXPECT_SOMETIMES;
    }
    return many;
}

static uint32_t trials_of(const struct scenario *lesson)
{
    return takes_many(lesson) ? lesson->trials : 1;
}

/* The command that does the same by hand. */
static void note_command(const struct course *course, const char *path, uint32_t trials, char *out,
                         size_t size)
{
    char program[1024], file[PATH_MAX];
    snprintf(out, size, "%s run%s%s %s", shell_word(course->program, program, sizeof program),
             course->host->virtual_time ? " --on model" : "", trials > 1 ? "" : " --trials 1",
             shell_word(path, file, sizeof file));
}

/* Runs a scenario, and has told what happened. Returns the exit code. */
static int run(const struct course *course, const char *path, uint32_t trials)
{
    struct terminal_state drawn = {0};
    struct session *session = calloc(1, sizeof *session);
    char *name = strdup(path);
    int code = EXIT_WORLD;
    if (!session || !name) {
        fputs("hustings course: out of memory\n", stderr);
    } else {
        session->program = course->program;
        session->host = course->host;
        session->jobs = course->host->virtual_time || trials == 1 ? 1 : JOBS_ON_PROCESSES;
        session->keep = KEEP_AS_HOST;
        session->trials = trials;
        session->out = course->out;
        session->redis_server = course->redis_server;
        session->terminal = course->terminal;
        session->terminal.state = &drawn;
        session->terminal.brief = true;
        session->folder = getcwd(NULL, 0);
        note_command(course, path, trials, session->command, sizeof session->command);
        fflush(stdout);
        code = session_run(session, &name, 1);
        free(session->folder);
    }
    free(name);
    free(session);
    return code;
}

static void tell_run(const struct course *course, uint32_t trials)
{
    char text[400], often[40];
    enum course_word where = course->no_server            ? SAY_NO_SERVER
                             : course->host->virtual_time ? SAY_ON_MODEL
                                                          : SAY_ON_PROCESSES;
    course_say(trials == 1 ? SAY_ONCE : SAY_TIMES, course->language, often, sizeof often,
               (unsigned)trials);
    course_say(where, course->language, text, sizeof text, often);
    paragraph(course, STYLE_DIM, "  ", text);
    blank();
}

/* --- what came -------------------------------------------------------------------------------- */

static void reveal(const struct course *course, const struct scenario *lesson, char predicted)
{
    const struct lesson_texts texts = lesson_words(lesson->lesson, course->language);
    char text[TEXT_SIZE], why[40];
    char right = lesson_right(lesson);
    if (predicted == right) {
        course_say(SAY_AS_PREDICTED, course->language, text, sizeof text, predicted);
    } else {
        course_say(SAY_OTHERWISE, course->language, text, sizeof text, predicted, right,
                   texts.choices[lesson->lesson->right]);
    }
    blank();
    paragraph(course, STYLE_STRONG, "  ", text);
    snprintf(text, sizeof text, "%s%s", course_say(SAY_WHY, course->language, why, sizeof why),
             texts.why);
    paragraph(course, STYLE_PLAIN, "  ", text);
}

/* A run that did not meet what its file expects shows no answer. */
static int tell_unlike(const struct course *course, const char *path, uint32_t trials, int code)
{
    char text[TEXT_SIZE], command[1200];
    if (code == EXIT_UNMET || code == EXIT_UNDECIDED) {
        struct course on_model = *course;
        on_model.host = &host_model;
        note_command(&on_model, path, trials, command, sizeof command);
        blank();
        course_say(SAY_UNLIKE, course->language, text, sizeof text, command);
        paragraph(course, STYLE_WARN, "  ", text);
    } else if (code == EXIT_WORLD && !course->host->virtual_time) {
        clean_line(stderr, "Try: %s course --on model, which needs no Redis",
                   cli_name(course->program).text);
    }
    return code;
}

static void remember(struct course *course, size_t place, char predicted)
{
    char error[PATH_MAX + 200], text[PATH_MAX + 400];
    if (!course->remembers) {
        return;
    }
    bool first = course->state.is_new;
    bool good =
        course_state_note(&course->state, course->lessons, place, predicted, error, sizeof error);
    if (first) {
        course_say(good ? SAY_REMEMBERED : SAY_NOT_REMEMBERED, course->language, text, sizeof text,
                   good ? course->state.path : error);
        blank();
        paragraph(course, STYLE_DIM, "  ", text);
    }
    course->state.is_new = false;
}

/* Shows the change, runs the lesson with it, and says why it helps. */
static int cure(const struct course *course, const struct scenario *lesson, bool *leaves)
{
    const struct lesson_texts texts = lesson_words(lesson->lesson, course->language);
    char path[PATH_MAX], text[TEXT_SIZE], line[80], why[40];
    uint32_t trials = trials_of(lesson);
    blank();
    paragraph(course, STYLE_PLAIN, "  ", course_say(SAY_CURE, course->language, text, sizeof text));
    paragraph(course, STYLE_STRONG, "      ", lesson->lesson->cure_change);
    blank();
    course_say(SAY_CURE_PROMPT, course->language, text, sizeof text);
    if (course->prompts && !course_prompt(course, text, line, sizeof line)) {
        *leaves = true;
        return EXIT_HELD;
    }
    if (!lesson_cure_path(lesson, path, sizeof path)) {
        fputs("hustings course: the cure's path is too long\n", stderr);
        return EXIT_USAGE;
    }
    int code = run(course, path, trials);
    if (code != EXIT_HELD) {
        return tell_unlike(course, path, trials, code);
    }
    blank();
    paragraph(course, STYLE_GOOD, "  ", course_say(SAY_CURED, course->language, text, sizeof text));
    snprintf(text, sizeof text, "%s%s", course_say(SAY_WHY, course->language, why, sizeof why),
             texts.cure_why);
    paragraph(course, STYLE_PLAIN, "  ", text);
    return EXIT_HELD;
}

int course_lead(struct course *course, size_t place, bool *leaves)
{
    const struct scenario *lesson = &course->lessons->list[place];
    uint32_t trials = trials_of(lesson);
    assert(place < course->lessons->count);
    tell_question(course, place);
    char predicted = predict(course, lesson);
    if (!predicted) {
        *leaves = true;
        return EXIT_HELD;
    }
    tell_run(course, trials);
    int code = run(course, lesson->path, trials);
    if (code != EXIT_HELD) {
        *leaves = true;
        return tell_unlike(course, lesson->path, trials, code);
    }
    reveal(course, lesson, predicted);
    remember(course, place, predicted);
    return lesson->lesson->cure_file ? cure(course, lesson, leaves) : EXIT_HELD;
}
