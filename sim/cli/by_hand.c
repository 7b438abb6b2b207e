/* Trials in which something was done by hand. See by_hand.h. */
#include "sim/cli/by_hand.h"

#include <stdio.h>
#include <stdlib.h>

#include "sim/cli/chaos_plan.h"

/* The trial as a scenario; the caller's to free(). NULL with a line in `why`. */
static char *text_of(const struct scenario *scenario, const struct history *history, bool measured,
                     size_t *size, char *why, size_t why_size)
{
    char *text = NULL;
    snprintf(why, why_size, "out of memory");
    FILE *file = open_memstream(&text, size);
    bool whole = file && chaos_plan_write(file, scenario, history, measured, why, why_size);
    whole = file && fclose(file) == 0 && whole;
    if (!whole) {
        free(text);
        text = NULL;
    }
    return text;
}

char *by_hand_save(struct by_hand_files *files, struct results *results,
                   const struct scenario *scenario, const struct history *history,
                   struct run_facts *facts)
{
    char why[300];
    size_t size = 0;
    if (!chaos_plan_was_by_hand(scenario, history)) {
        return NULL;
    }
    bool measured = facts->latency != NULL;
    char *text = text_of(scenario, history, measured, &size, why, sizeof why);
    char *path = text ? results_by_hand(results, history->facts.trial, text, size) : NULL;
    if (!path && !files->unsaved[0]) {
        snprintf(files->unsaved, sizeof files->unsaved,
                 "what was done by hand in trial %u cannot be saved as a scenario: %s",
                 (unsigned)history->facts.trial, text ? results_error(results) : why);
    } else if (path && facts->by_hand) {
        facts->by_hand_more++;
    } else if (path) {
        snprintf(files->first, sizeof files->first, "%s", path);
        facts->by_hand = files->first;
    }
    free(text);
    return path;
}
