/* hustings course: leads through the lessons: predict, run, reveal, why, and what cures it. */
#include "sim/cli/course.h"

#include <assert.h>
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sim/cli/cli.h"
#include "sim/cli/help.h"
#include "sim/cli/hosts.h"
#include "sim/cli/option.h"
#include "sim/processes/server.h"
#include "sim/results/shipped.h"
#include "sim/terminal/style.h"
#include "sim/text/clean.h"

struct wishes {
    const char *host; /* NULL: whichever there is */
    int language;     /* -1: the locale's */
    bool sheet, reset;
    const char *word; /* NULL: none */
    const char *answer, *out, *redis_server;
};

static int wrong(const char *what)
{
    clean_line(stderr, "hustings course: %s", what);
    return EXIT_USAGE;
}

/* --- before it begins ------------------------------------------------------------------------- */

static int choose_host(struct course *course, const struct wishes *wishes)
{
    struct server_program program;
    char error[400];
    if (wishes->host) {
        course->host = host_find(wishes->host);
        return course->host ? OPTIONS_GOOD
                            : option_wrong(course->program, "course", "on", wishes->host,
                                           "there is no such host; give processes or model");
    }
    course->no_server = !server_find(course->redis_server, &program, error, sizeof error);
    if (course->no_server && course->redis_server) {
        clean_line(stderr, "hustings course: %s", error);
        return EXIT_WORLD;
    }
    course->host = course->no_server ? &host_model : &host_processes;
    return OPTIONS_GOOD;
}

/* Chinese needs a terminal that can show it: if nobody asked for it by name, English then. */
static void choose_language(struct course *course, const struct wishes *wishes)
{
    terminal_probe(&course->terminal);
    course->prompts = isatty(STDIN_FILENO) && isatty(STDOUT_FILENO);
    if (wishes->language >= 0) {
        course->language = (enum language)wishes->language;
        course->terminal.utf8 = course->terminal.utf8 || course->language != LANGUAGE_ENGLISH;
    } else {
        course->language = course->terminal.utf8 ? course_language() : LANGUAGE_ENGLISH;
    }
}

static bool is_file(const char *word)
{
    const char *dot = word ? strrchr(word, '.') : NULL;
    return dot && (strcmp(dot, ".yaml") == 0 || strcmp(dot, ".yml") == 0);
}

/* --- leading ---------------------------------------------------------------------------------- */

static bool answer_fits(const struct course *course, size_t place)
{
    uint32_t count = course->lessons->list[place].lesson->choice_count;
    int letter = course->answer ? tolower((unsigned char)course->answer[0]) : 'a';
    return !course->answer ||
           (strlen(course->answer) == 1 && letter >= 'a' && letter < 'a' + (int)count);
}

/* Whether there is a next lesson, and somebody wants it. */
static bool goes_on(const struct course *course, size_t next)
{
    char title[200], prompt[400], line[80];
    if (course->answer || next == course->lessons->count) {
        return false;
    }
    putchar('\n');
    lesson_title(&course->lessons->list[next], course->language, title, sizeof title);
    course_say(SAY_NEXT_PROMPT, course->language, prompt, sizeof prompt, next + 1, title);
    return !course->prompts || course_prompt(course, prompt, line, sizeof line);
}

static void tell_end(const struct course *course, size_t next)
{
    char text[1200], path[SHIPPED_SIZE];
    if (next == course->lessons->count) {
        putchar('\n');
        style_paragraph(&course->terminal, STYLE_PLAIN, "  ", STYLE_PLAIN,
                        course_say(SAY_LAST, course->language, text, sizeof text), 0);
        if (shipped_word(course->program, "catalogue/README.md", path, sizeof path)) {
            clean_line(stdout, "    %s", path);
        }
    } else if (course->prompts) {
        style_paragraph(&course->terminal, STYLE_DIM, "  ", STYLE_PLAIN,
                        course_say(SAY_STOPPED, course->language, text, sizeof text,
                                   cli_name(course->program).text),
                        0);
    }
}

/* From one lesson on; `one`: this one alone. */
static int lead(struct course *course, size_t place, bool one)
{
    bool leaves = false;
    size_t before = 0;
    int code = EXIT_HELD;
    if (!answer_fits(course, place)) {
        return option_wrong(course->program, "course", "answer", course->answer,
                            "give the letter of a choice: a, b, …");
    }
    for (;;) {
        code = course_lead(course, place, &leaves);
        if (code != EXIT_HELD || leaves || one) {
            break;
        }
        before++;
        if (!goes_on(course, ++place)) {
            break;
        }
        putchar('\n');
    }
    if (code == EXIT_HELD && leaves && before == 0 && !course->prompts) {
        return wrong("no prediction came; type one a line on stdin, or give --answer LETTER");
    }
    if (code == EXIT_HELD && !one) {
        tell_end(course, place);
    }
    return code;
}

/* The first lesson that was not done; how many there are if all were. */
static size_t where_one_is(const struct course *course)
{
    size_t place = 0;
    while (place < course->lessons->count && course->state.predicted[place]) {
        place++;
    }
    return place;
}

static int tell_all_done(const struct course *course)
{
    char text[400];
    course_list(course);
    putchar('\n');
    style_paragraph(&course->terminal, STYLE_PLAIN, "  ", STYLE_PLAIN,
                    course_say(SAY_ALL_DONE, course->language, text, sizeof text), 0);
    return EXIT_HELD;
}

static int forget(struct course *course)
{
    char error[PATH_MAX + 200], text[400];
    if (!course_state_reset(&course->state, error, sizeof error)) {
        clean_line(stderr, "hustings course: --reset: %s", error);
        return EXIT_WORLD;
    }
    course_say(SAY_FORGOTTEN, course->language, text, sizeof text);
    clean_line(stdout, "%s", text);
    return EXIT_HELD;
}

static int do_it(struct course *course, const struct wishes *wishes)
{
    char what[600];
    course_state_read(&course->state, course->lessons);
    if (wishes->reset) {
        return forget(course);
    }
    if (wishes->sheet || (wishes->word && strcmp(wishes->word, "list") == 0)) {
        (wishes->sheet ? course_sheet : course_list)(course);
        return EXIT_HELD;
    }
    if (!course->remembers) {
        return lead(course, 0, true);
    }
    int place =
        wishes->word ? lessons_find(course->lessons, wishes->word) : (int)where_one_is(course);
    if (place < 0) {
        snprintf(what, sizeof what, "\"%.100s\": there is no such lesson; see: %.300s course list",
                 wishes->word, cli_name(course->program).text);
        return wrong(what);
    }
    if ((size_t)place == course->lessons->count) {
        return tell_all_done(course);
    }
    return lead(course, (size_t)place, wishes->word != NULL || course->answer != NULL);
}

static const struct option_row rows[] = {
    {.name = "answer",
     .kind = OPTION_TEXT,
     .at = offsetof(struct wishes, answer),
     .value = "LETTER",
     .help = "the prediction for one lesson, instead of asking for it"},
    {.name = "on",
     .kind = OPTION_TEXT,
     .at = offsetof(struct wishes, host),
     .words = "processes|model",
     .value = "HOST",
     .help = "where the lessons run",
     .usual = "processes if there is a redis-server, else the model, which needs none"},
    {.name = "lang",
     .kind = OPTION_WORD,
     .at = offsetof(struct wishes, language),
     .words = "en|zh",
     .value = "LANGUAGE",
     .help = "the language",
     .usual = "the locale's, else en"},
    {.name = "sheet",
     .kind = OPTION_FLAG,
     .at = offsetof(struct wishes, sheet),
     .help = "print the sheet of answers for the teacher, as Markdown"},
    {.name = "reset",
     .kind = OPTION_FLAG,
     .at = offsetof(struct wishes, reset),
     .help = "forget what you have done"},
    {.name = "out",
     .kind = OPTION_TEXT,
     .at = offsetof(struct wishes, out),
     .value = "DIR",
     .takes = TAKES_FOLDER,
     .help = "where results folders are made",
     .usual = "results"},
    {.name = "redis-server",
     .kind = OPTION_TEXT,
     .at = offsetof(struct wishes, redis_server),
     .value = "PROGRAM",
     .takes = TAKES_PROGRAM,
     .help = "the program of the Redis, as for `$0 run`"},
    {0}};

const struct verb verb_course = {
    .name = "course",
    .summary = "the lessons: predict, run, see why",
    .usage = {"[OPTION]... [LESSON | FILE]", "list"},
    .about = "Leads through the lessons. You predict what will happen; the lesson runs and shows "
             "what does; you read why; and the one change that cures it runs as well. Without an "
             "argument it goes on where you are.",
    .arguments = {{"LESSON", TAKES_LESSON,
                   "this one alone: a number, such as 5, or a name, the-lock-expires"},
                  {"FILE", TAKES_SCENARIO, "a scenario of your own with ask: and answer:"},
                  {"list", TAKES_ANY, "the lessons, and what you have predicted"}},
    .rows = rows,
    .notes = "Without a terminal the predictions are read from stdin, one a line, until it ends. A "
             "prediction that does not come true is no error.",
    .examples = {{NULL, "$0 course\n"
                        "$0 course 5 --answer b --on model"}},
    .exits = {{0, "the lesson came as its file says"},
              {1, "the lesson did not come as its file says"},
              {2, "wrong usage"},
              {3, "the world failed: no Redis, a full disk"},
              {4, "it could not be decided"},
              {130, "it was interrupted"}},
    .environment = {{"XDG_STATE_HOME",
                     "the folder that remembers where you are in hustings/course; "
                     "without it ~/.local/state"},
                    {"LC_ALL, LC_MESSAGES, LANG", "the language"}},
    .see = {"run", "list"},
};

int cli_course(const char *program, int argc, char **argv)
{
    struct course course = {.program = program, .remembers = true};
    struct wishes wishes = {.language = -1};
    char error[PATH_MAX + 400], found[PATH_MAX];
    int code = options_read(program, argc, argv, &verb_course, &wishes);
    if (code != OPTIONS_GOOD) {
        return code;
    }
    if (argc - optind > 1) {
        return wrong("one lesson at a time; without any it goes on where you are");
    }
    wishes.word = argv[optind];
    course.answer = wishes.answer;
    course.out = wishes.out;
    course.redis_server = wishes.redis_server;
    code = choose_host(&course, &wishes);
    if (code != OPTIONS_GOOD) {
        return code;
    }
    choose_language(&course, &wishes);
    course.lessons = calloc(1, sizeof *course.lessons);
    course.remembers = !is_file(wishes.word);
    if (!course.remembers) {
        wishes.word = shipped_named(program, wishes.word, found, sizeof found);
    }
    bool good =
        course.lessons &&
        (course.remembers ? lessons_load(course.lessons, program, error, sizeof error)
                          : lessons_load_file(course.lessons, wishes.word, error, sizeof error));
    if (good) {
        code = do_it(&course, &wishes);
        lessons_free(course.lessons);
    } else {
        code = wrong(course.lessons ? error : "out of memory");
    }
    free(course.lessons);
    return code;
}
