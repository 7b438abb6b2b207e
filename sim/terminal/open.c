/* What could not be decided, and why.
 *
 *   UNDECIDED  trial 2 of 5 cannot be judged: at 1.104 s: the harness was late: …
 *   UNDECIDED  foreign_release: expected never, but it could not be decided in 1 of 5 trials; …
 */
#include <inttypes.h>
#include <string.h>

#include "sim/history/text.h"
#include "sim/outcome/judge.h"
#include "sim/terminal/parts.h"

#define TOLD_MAX 4
#define LEAD "  UNDECIDED  "

static void tell(const struct finish *finish, const char *text)
{
    style_paragraph(finish->options, STYLE_PLAIN, LEAD, STYLE_WARN, text, 0);
}

/* Trials that cannot be judged at all, the first ones. Returns how many there are. */
static size_t tell_trials(const struct finish *finish)
{
    size_t found = 0;
    for (size_t i = 0; i < finish->count; i++) {
        const struct outcome *outcome = &finish->outcomes[i];
        if (outcome->undecided && found++ < TOLD_MAX) {
            char text[320];
            snprintf(text, sizeof text, "trial %" PRIu32 " of %s cannot be judged: %s",
                     outcome->trial, text_count(finish->count).text, outcome->undecided);
            tell(finish, text);
        }
    }
    return found;
}

/* Whether a sentence about a trial has said it. */
static bool is_said(const struct finish *finish, const struct unmet *open)
{
    for (size_t i = 0; i < finish->count; i++) {
        if (finish->outcomes[i].trial == open->trial) {
            return finish->outcomes[i].undecided != NULL;
        }
    }
    return open->trial == 0 && open->trials_are_why;
}

void part_open(const struct finish *finish)
{
    const struct unmet_list *open = &finish->judgement->open;
    size_t trials = tell_trials(finish);
    size_t found = trials;
    size_t told = trials < TOLD_MAX ? trials : TOLD_MAX;
    for (uint32_t i = 0; i < unmet_kept(open); i++) {
        if (trials > 0 && is_said(finish, &open->list[i])) {
            continue;
        }
        found++;
        if (told < TOLD_MAX) {
            tell(finish, open->list[i].text);
            told++;
        }
    }
    if (found > told) {
        struct line line = line_new(finish->options, (int)strlen(LEAD));
        line_format(&line, STYLE_WARN, "and %s more could not be decided",
                    text_count(found - told).text);
        line_end(&line);
    }
}
