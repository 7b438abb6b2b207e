/* What could not be decided, and why.
 *
 *   UNDECIDED  trial 2 of 5 cannot be judged: at 1.104 s: the harness was late: …
 *   UNDECIDED  foreign_release: expected never, but it could not be decided in 1 of 5 trials; …
 */
#include <inttypes.h>
#include <string.h>

#include "sim/history/text.h"
#include "sim/terminal/parts.h"

#define LEAD "  UNDECIDED  "

static void tell(const struct finish *finish, const char *text)
{
    style_paragraph(finish->options, STYLE_PLAIN, LEAD, STYLE_WARN, text, 0);
}

/* Trials that cannot be judged at all, the first ones. Returns how many were told. */
static size_t tell_trials(const struct finish *finish)
{
    const struct trials *trials = finish->trials;
    size_t told = trials->undecided < UNDECIDED_TOLD ? trials->undecided : UNDECIDED_TOLD;
    for (size_t i = 0; i < told; i++) {
        const struct witness *witness = &trials->undecided_first[i];
        char text[320];
        snprintf(text, sizeof text, "trial %" PRIu32 " of %s cannot be judged: %s",
                 witness->trial.trial, text_count(trials->count).text, witness->why);
        tell(finish, text);
    }
    return told;
}

void part_open(const struct finish *finish)
{
    const struct unmet_list *open = &finish->judgement->open;
    size_t found = finish->trials->undecided;
    size_t told = tell_trials(finish);
    for (uint32_t i = 0; i < unmet_kept(open); i++) {
        if (open->list[i].trials_are_why) {
            continue; /* a sentence about a trial has said it */
        }
        found++;
        if (told < UNDECIDED_TOLD) {
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
