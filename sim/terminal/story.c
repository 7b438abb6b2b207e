/* The story of a trial, in order of time: of the one that broke something first, or of the first.
 *
 *      0.301 s  the lock runs out under node 2, which stands still
 *      0.500 s  node 1 acquires the lock, while node 2 is in its critical section, too
 *               (two_lock_holders for 0.5 ms)
 *  …            and 31 more lines: hustings check --explain 1 results/…
 *
 * The sentence of a check follows where the story cannot tell it: the promise is that something
 * happens in time, or it was broken in other trials alone.
 */
#include <assert.h>
#include <inttypes.h>
#include <string.h>

#include "sim/history/text.h"
#include "sim/results/command.h"
#include "sim/story/story.h"
#include "sim/terminal/parts.h"
#include "sim/terminal/words.h"

#define SENTENCE_SIZE 640

/* "     0.301 s  ", as wide as the last time of the story. */
static void tell_line(const struct finish *finish, const struct story_line *line, int width)
{
    char lead[64];
    snprintf(lead, sizeof lead, "  %*s  ", width, text_seconds(line->at_ns).text);
    style_paragraph(finish->options, line->violation >= 0 ? STYLE_WARN : STYLE_PLAIN, lead,
                    STYLE_DIM, line->text, 0);
}

/* What is left out, and the command that tells it. */
static void tell_left_out(const struct finish *finish, const struct told_story *told)
{
    char text[64];
    struct shell_command command = {0};
    size_t left_out = told->story->left_out;
    bool kept = told->kept && finish->results_path;
    snprintf(text, sizeof text, "and %s more", text_count(left_out).text);
    command_put(&command, text);
    if (kept) {
        command_put(&command, ":");
        command_word(&command, "", finish->facts->program ? finish->facts->program : "hustings");
        snprintf(text, sizeof text, " check --explain %" PRIu32, told->trial);
        command_put(&command, text);
        command_word(&command, "", finish->results_path);
    }
    style_label(finish->options, glyph(finish->options, GLYPH_MORE), command_text(&command));
    command_free(&command);
}

static void tell_story(const struct finish *finish, const struct told_story *told)
{
    const struct story *story = told->story;
    int width = 0;
    for (size_t i = 0; i < story->count; i++) {
        int columns = (int)strlen(text_seconds(story->lines[i].at_ns).text);
        width = columns > width ? columns : width;
    }
    if (finish->trials->count > 1) {
        char which[160];
        snprintf(which, sizeof which, "Trial %" PRIu32 "%s:", told->trial,
                 told->broke ? ", the first that broke something" : "");
        style_paragraph(finish->options, STYLE_PLAIN, "  ", STYLE_PLAIN, which, 0);
    }
    for (size_t i = 0; i < story->count; i++) {
        tell_line(finish, &story->lines[i], width);
    }
    if (story->left_out > 0) {
        tell_left_out(finish, told);
    }
}

/* A broken promise whose sentence stands below, in what FAILED, is not told twice. */
static bool is_told_as_failure(const struct finish *finish, const struct violation *violation)
{
    return unmet_find(&finish->judgement->unmet,
                      (struct expectation){EXPECTED_CHECK, violation->check}) != NULL;
}

/* A promise that something happens in time is broken by what does not happen: of that a story has
 * no line, but the check knows why. */
static bool is_of_absence(size_t check)
{
    return check_rows[check]->bound != NULL;
}

/* The sentence of each check, of the first trial in which it was broken, unless the story tells it.
 */
static void tell_sentences(const struct finish *finish, uint32_t trial)
{
    for (size_t check = 0; check < check_count(); check++) {
        const struct check_sum *sum = &finish->trials->checks[check];
        uint32_t first = sum->broken.first[YES].trial.trial;
        bool told = first == trial && !is_of_absence(check);
        if (!sum->has_violation || told || is_told_as_failure(finish, &sum->violation)) {
            continue;
        }
        char sentence[SENTENCE_SIZE], which[40] = "";
        if (finish->trials->count > 1) {
            snprintf(which, sizeof which, ", in trial %" PRIu32, first);
        }
        const char *why = sum->violation.explanation;
        assert(*why);
        snprintf(sentence, sizeof sentence, "%s%s: %s%s", check_rows[check]->name, which, why,
                 why[strlen(why) - 1] == '.' ? "" : ".");
        style_paragraph(finish->options, STYLE_WARN, "  ", STYLE_PLAIN, sentence, 0);
    }
}

void part_story(const struct finish *finish)
{
    const struct told_story *told = finish->told;
    if (told && told->story->count > 0) {
        tell_story(finish, told);
    }
    tell_sentences(finish, told ? told->trial : 0);
}
