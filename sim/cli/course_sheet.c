/* The course at a glance: how far one is, and the sheet of answers for a teacher. See course.h. */
#include <stdio.h>
#include <string.h>

#include "sim/cli/course.h"
#include "sim/results/command.h"
#include "sim/terminal/style.h"
#include "sim/text/clean.h"

#define TEXT_SIZE 600

void course_list(const struct course *course)
{
    for (size_t i = 0; i < course->lessons->count; i++) {
        const struct scenario *lesson = &course->lessons->list[i];
        char text[TEXT_SIZE], title[200];
        char predicted = course->state.predicted[i];
        char right = lesson_right(lesson);
        enum course_word word = !predicted           ? SAY_LISTED_NOT
                                : predicted == right ? SAY_LISTED_RIGHT
                                                     : SAY_LISTED_OTHER;
        course_say(word, course->language, text, sizeof text, predicted, right);
        struct line line = line_new(&course->terminal, 2);
        line_format(&line, STYLE_PLAIN, "%2zu  ", i + 1);
        line_put(&line, STYLE_PLAIN, lesson_title(lesson, course->language, title, sizeof title));
        line_to(&line, 38);
        line_put(&line, predicted ? STYLE_PLAIN : STYLE_DIM, text);
        line_end(&line);
    }
}

/* The command that shows it. */
static void put_command(const struct course *course, const char *path)
{
    char program[1024], file[PATH_MAX];
    clean_line(stdout, "    %s run --on model %s",
               shell_word(course->program, program, sizeof program),
               shell_word(path, file, sizeof file));
}

static void put_lesson(const struct course *course, size_t place)
{
    const struct scenario *lesson = &course->lessons->list[place];
    const struct lesson_texts texts = lesson_words(lesson->lesson, course->language);
    char text[TEXT_SIZE], title[200], path[PATH_MAX];
    lesson_title(lesson, course->language, title, sizeof title);
    clean_line(stdout, "## %zu. %s", place + 1, title);
    putchar('\n');
    clean_line(stdout, "%s", texts.question);
    putchar('\n');
    for (uint32_t i = 0; i < lesson->lesson->choice_count; i++) {
        clean_line(stdout, "- %c: %s", (char)('a' + i), texts.choices[i]);
    }
    putchar('\n');
    course_say(SAY_SHEET_ANSWER, course->language, text, sizeof text, lesson_right(lesson));
    clean_line(stdout, "**%s** %s", text, texts.why);
    putchar('\n');
    put_command(course, lesson->path);
    putchar('\n');
    if (lesson->lesson->cure_file && lesson_cure_path(lesson, path, sizeof path)) {
        course_say(SAY_SHEET_CURE, course->language, text, sizeof text);
        clean_line(stdout, "%s `%s`", text, lesson->lesson->cure_change);
        putchar('\n');
        clean_line(stdout, "%s", texts.cure_why);
        putchar('\n');
        put_command(course, path);
        putchar('\n');
    }
}

void course_sheet(const struct course *course)
{
    char text[TEXT_SIZE];
    course_say(SAY_SHEET_TITLE, course->language, text, sizeof text);
    clean_line(stdout, "# %s", text);
    putchar('\n');
    course_say(SAY_SHEET_INTRO, course->language, text, sizeof text);
    clean_line(stdout, "%s", text);
    putchar('\n');
    for (size_t i = 0; i < course->lessons->count; i++) {
        put_lesson(course, i);
    }
}
