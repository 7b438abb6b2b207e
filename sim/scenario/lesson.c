/* The keys `ask`, `answer`, `cure` and `texts` of a scenario. See lesson.h, and walk.h.
 *
 *     ask: {question: Who is elected?, choices: {a: node 1, b: node 5}}
 *     answer: {choice: a, why: Rule 3.}
 *     cure: {file: mine-cured.yaml, change: "lock: {token: {ttl: 4s}}", why: It lasts longer.}
 *     texts: {zh: {question: …, choices: {a: …, b: …}, why: …, cure: …}}
 */
#include "sim/scenario/lesson.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "sim/scenario/problem.h"
#include "sim/scenario/walk.h"

#define ASK_EXAMPLE "{question: Who is elected?, choices: {a: node 1, b: node 5}}"
#define ANSWER_EXAMPLE "{choice: a, why: Rule 3 names the lowest number.}"
#define CURE_EXAMPLE "{file: mine-cured.yaml, change: \"lock: {token: {ttl: 4s}}\", why: …}"

const char *const language_names[] = {
    [LANGUAGE_ENGLISH] = "en", [LANGUAGE_CHINESE] = "zh", [LANGUAGES] = NULL};

static void texts_free(struct lesson_texts *texts)
{
    free(texts->title);
    free(texts->about);
    free(texts->question);
    for (int i = 0; i < LESSON_CHOICES_MAX; i++) {
        free(texts->choices[i]);
    }
    free(texts->why);
    free(texts->cure_why);
}

void lesson_free(struct lesson *lesson)
{
    for (int i = 0; lesson && i < LANGUAGES; i++) {
        texts_free(&lesson->texts[i]);
    }
    if (lesson) {
        free(lesson->cure_file);
        free(lesson->cure_change);
    }
    free(lesson);
}

struct lesson_texts lesson_words(const struct lesson *lesson, enum language language)
{
    struct lesson_texts words = lesson->texts[LANGUAGE_ENGLISH];
    const struct lesson_texts *other = &lesson->texts[language];
    words.title = other->title ? other->title : words.title;
    words.about = other->about ? other->about : words.about;
    words.question = other->question ? other->question : words.question;
    for (uint32_t i = 0; i < lesson->choice_count; i++) {
        words.choices[i] = other->choices[i] ? other->choices[i] : words.choices[i];
    }
    words.why = other->why ? other->why : words.why;
    words.cure_why = other->cure_why ? other->cure_why : words.cure_why;
    return words;
}

bool lesson_cure_path(const struct scenario *scenario, char *path, size_t size)
{
    const char *file = scenario->lesson->cure_file;
    assert(file);
    const char *slash = strrchr(scenario->path, '/');
    int folder = file[0] == '/' || !slash ? 0 : (int)(slash - scenario->path + 1);
    return snprintf(path, size, "%.*s%s", folder, scenario->path, file) < (int)size;
}

/* --- texts ------------------------------------------------------------------------------------ */

/* The text of a key, without blanks at its end; owned. NULL: it is missing, or none; if `needed`,
 * that is a problem. */
static char *read_text(struct walk *walk, const struct node *map, const char *key,
                       const char *example, bool needed)
{
    const struct node *value = tree_get(map, key);
    if (!value) {
        if (needed) {
            walk_missing(walk, map, key, example);
        }
        return NULL;
    }
    if (!walk_is(walk, value, NODE_SCALAR, "a sentence")) {
        return NULL;
    }
    size_t length = strlen(value->text);
    while (length > 0 && strchr(" \n\t", value->text[length - 1])) {
        length--;
    }
    if (length == 0) {
        walk_problem(walk, value, "write a sentence", "has no value");
        return NULL;
    }
    char *text = strndup(value->text, length);
    if (!text) {
        problem_add(walk->report, 0, 0, NULL, NULL, "cannot be loaded: out of memory");
    }
    return text;
}

/* The lesson, made at the first of its keys. NULL: memory is out, and that is told. */
static struct lesson *lesson_of(struct walk *walk)
{
    struct lesson **lesson = &walk->scenario->lesson;
    if (!*lesson) {
        *lesson = calloc(1, sizeof **lesson);
    }
    if (!*lesson) {
        problem_add(walk->report, 0, 0, NULL, NULL, "cannot be loaded: out of memory");
    }
    return *lesson;
}

/* Choices are called a, b, c, …, in this order. Returns how many there are. */
static uint32_t read_choices(struct walk *walk, const struct node *choices,
                             char *texts[LESSON_CHOICES_MAX])
{
    uint32_t count = 0;
    if (!walk_is(walk, choices, NODE_MAP, "{a: node 1, b: node 5}")) {
        return 0;
    }
    for (const struct node *key = tree_next_key(choices, NULL); key;
         key = tree_next_key(choices, key)) {
        if (count == LESSON_CHOICES_MAX) {
            walk_problem(walk, key, "leave the least likely away", "more than %d choices",
                         LESSON_CHOICES_MAX);
            return count;
        }
        char letter[2] = {(char)('a' + count), '\0'};
        char hint[60];
        if (strcmp(key->text, letter) != 0) {
            snprintf(hint, sizeof hint, "call it %s; choices are a, b, c, … in this order", letter);
            walk_problem(walk, key, hint, "is not the next choice's letter");
            return count;
        }
        texts[count++] = read_text(walk, choices, letter, "", true);
    }
    return count;
}

/* --- ask and answer --------------------------------------------------------------------------- */

static void read_question(struct walk *walk, const struct node *ask, struct lesson *lesson)
{
    static const char *const keys[] = {"question", "choices", NULL};
    const struct vocabulary known = {"a key", words_of_array, keys};
    struct lesson_texts *texts = &lesson->texts[LANGUAGE_ENGLISH];
    walk_only(walk, ask, &known);
    texts->question =
        read_text(walk, ask, "question", "add a line such as question: Who is elected?", true);
    const struct node *choices = tree_get(ask, "choices");
    if (!choices) {
        walk_missing(walk, ask, "choices", "say what one may predict: {a: node 1, b: node 5}");
        return;
    }
    lesson->choice_count = read_choices(walk, choices, texts->choices);
    if (choices->kind == NODE_MAP && choices->count / 2 == lesson->choice_count &&
        lesson->choice_count < 2) {
        walk_problem(walk, choices, "add another one", "a question needs two choices at least");
    }
}

void ask_read(struct walk *walk, const struct node *map, const struct node *value)
{
    const struct node *answer = tree_get(map, "answer");
    if (value && !answer) {
        walk_problem(walk, value, "add answer: " ANSWER_EXAMPLE, "ask has no answer");
    }
    if (!value || !walk_is(walk, value, NODE_MAP, ASK_EXAMPLE)) {
        return;
    }
    struct lesson *lesson = lesson_of(walk);
    if (lesson) {
        read_question(walk, value, lesson);
    }
}

/* Which of the choices; they are known already. */
static void read_right(struct walk *walk, const struct node *answer, struct lesson *lesson)
{
    const struct node *choice = tree_get(answer, "choice");
    char hint[60];
    if (!choice) {
        walk_missing(walk, answer, "choice", "name the choice that comes true: choice: a");
        return;
    }
    if (!walk_is(walk, choice, NODE_SCALAR, "a choice's letter") || lesson->choice_count == 0) {
        return;
    }
    lesson->right = (uint32_t)(unsigned char)choice->text[0] - 'a';
    if (strlen(choice->text) != 1 || lesson->right >= lesson->choice_count) {
        snprintf(hint, sizeof hint, "write a letter from a to %c",
                 (char)('a' + lesson->choice_count - 1));
        walk_problem(walk, choice, hint, "is none of the choices");
        lesson->right = 0;
    }
}

void answer_read(struct walk *walk, const struct node *map, const struct node *value)
{
    static const char *const keys[] = {"choice", "why", NULL};
    const struct vocabulary known = {"a key", words_of_array, keys};
    if (value && !tree_get(map, "ask")) {
        walk_problem(walk, value, "add ask: " ASK_EXAMPLE, "answer has no question");
    }
    if (!value || !walk_is(walk, value, NODE_MAP, ANSWER_EXAMPLE)) {
        return;
    }
    struct lesson *lesson = lesson_of(walk);
    if (lesson) {
        walk_only(walk, value, &known);
        read_right(walk, value, lesson);
        lesson->texts[LANGUAGE_ENGLISH].why =
            read_text(walk, value, "why", "say why in two or three sentences", true);
    }
}

/* --- cure ------------------------------------------------------------------------------------- */

void cure_read(struct walk *walk, const struct node *map, const struct node *value)
{
    static const char *const keys[] = {"file", "change", "why", NULL};
    const struct vocabulary known = {"a key", words_of_array, keys};
    if (value && !tree_get(map, "ask")) {
        walk_problem(walk, value, "add ask: and answer:, or leave it away",
                     "cure belongs to a question");
        return;
    }
    if (!value || !walk_is(walk, value, NODE_MAP, CURE_EXAMPLE)) {
        return;
    }
    struct lesson *lesson = lesson_of(walk);
    if (lesson) {
        walk_only(walk, value, &known);
        lesson->cure_file =
            read_text(walk, value, "file", "name the scenario in which the promise holds", true);
        lesson->cure_change =
            read_text(walk, value, "change", "write the one change, as in the file", true);
        lesson->texts[LANGUAGE_ENGLISH].cure_why =
            read_text(walk, value, "why", "say why it helps", true);
    }
}

/* --- other languages -------------------------------------------------------------------------- */

/* Chinese has no blanks between words: one between two of its characters, or their punctuation, is
 * where the file's line ended, and goes. */
static void join_lines(char *text)
{
    char *to = text;
    for (const char *from = text; from && *from; from++) {
        bool between = to > text && (to[-1] & 0x80) && (from[1] & 0x80);
        if (!(between && (*from == ' ' || *from == '\n'))) {
            *to++ = *from;
        }
    }
    if (text) {
        *to = '\0';
    }
}

static void join_all(struct lesson_texts *texts)
{
    join_lines(texts->title);
    join_lines(texts->about);
    join_lines(texts->question);
    for (int i = 0; i < LESSON_CHOICES_MAX; i++) {
        join_lines(texts->choices[i]);
    }
    join_lines(texts->why);
    join_lines(texts->cure_why);
}

static void read_translation(struct walk *walk, const struct node *map, struct lesson *lesson,
                             struct lesson_texts *texts)
{
    static const char *const keys[] = {"title", "about", "question", "choices",
                                       "why",   "cure",  NULL};
    const struct vocabulary known = {"a key", words_of_array, keys};
    if (!walk_is(walk, map, NODE_MAP, "texts such as {question: …, choices: {a: …}}")) {
        return;
    }
    walk_only(walk, map, &known);
    texts->title = read_text(walk, map, "title", "", false);
    texts->about = read_text(walk, map, "about", "", false);
    texts->question = read_text(walk, map, "question", "translate the question", true);
    texts->why = read_text(walk, map, "why", "translate the answer's why", true);
    texts->cure_why =
        read_text(walk, map, "cure", "translate the cure's why", lesson->cure_file != NULL);
    const struct node *choices = tree_get(map, "choices");
    if (!choices) {
        walk_missing(walk, map, "choices", "translate the choices");
    } else if (read_choices(walk, choices, texts->choices) != lesson->choice_count &&
               choices->kind == NODE_MAP) {
        walk_problem(walk, choices, "translate each", "there are %u choices in ask",
                     (unsigned)lesson->choice_count);
    }
    join_all(texts);
}

void texts_read(struct walk *walk, const struct node *map, const struct node *value)
{
    const struct vocabulary known = {"a language", words_of_array, language_names + 1};
    if (value && !tree_get(map, "ask")) {
        walk_problem(walk, value, "add ask: and answer:, or leave it away",
                     "texts translate a question, and there is none");
        return;
    }
    if (!value || !walk_is(walk, value, NODE_MAP, "a language, as in {zh: {question: …}}")) {
        return;
    }
    struct lesson *lesson = lesson_of(walk);
    walk_only(walk, value, &known);
    for (int i = LANGUAGE_ENGLISH + 1; lesson && i < LANGUAGES; i++) {
        const struct node *translation = tree_get(value, language_names[i]);
        if (translation) {
            read_translation(walk, translation, lesson, &lesson->texts[i]);
        }
    }
}
