/* Whose histories are in the page. See choose.h. */
#include "sim/report/choose.h"

#include <stdio.h>
#include <stdlib.h>

/* Adds the first `most` trials that were as expected, or not. */
static void add_first(struct chosen *chosen, const struct folder_run *run, bool as_expected,
                      size_t most)
{
    for (size_t i = 0; i < run->trial_count && most > 0; i++) {
        const struct folder_trial *trial = &run->trials[i];
        if (trial->has_history && trial->as_expected == as_expected) {
            chosen->trials[chosen->count++] = trial;
            most--;
        }
    }
}

static int ascending(const void *a, const void *b)
{
    const struct folder_trial *left = *(const struct folder_trial *const *)a;
    const struct folder_trial *right = *(const struct folder_trial *const *)b;
    return (left->number > right->number) - (left->number < right->number);
}

bool choose(struct chosen *chosen, const struct folder_run *run,
            const struct report_options *options)
{
    size_t good = 0, bad = 0;
    *chosen = (struct chosen){0};
    for (size_t i = 0; i < run->trial_count; i++) {
        good += run->trials[i].has_history && run->trials[i].as_expected;
        bad += run->trials[i].has_history && !run->trials[i].as_expected;
    }
    chosen->kept = good + bad;
    chosen->trials = malloc((chosen->kept + 1) * sizeof *chosen->trials);
    if (!chosen->trials) {
        return false;
    }
    if (options->trial) {
        for (size_t i = 0; i < run->trial_count; i++) {
            if (run->trials[i].number == options->trial && run->trials[i].has_history) {
                chosen->trials[chosen->count++] = &run->trials[i];
            }
        }
    } else if (options->histories != REPORT_NONE) {
        size_t half = CHOSEN_MAX / 2;
        bool all = options->histories == REPORT_ALL || chosen->kept <= CHOSEN_MAX;
        size_t of_good = all ? good : bad < half ? CHOSEN_MAX - bad : half;
        size_t of_bad = all ? bad : good < half ? CHOSEN_MAX - good : half;
        add_first(chosen, run, false, of_bad);
        add_first(chosen, run, true, of_good);
        qsort(chosen->trials, chosen->count, sizeof *chosen->trials, ascending);
    }
    return true;
}

char *choose_words(const struct report_options *options, char *out, size_t size)
{
    if (options->trial) {
        snprintf(out, size, "only trial %u was asked for", options->trial);
    } else if (options->histories == REPORT_NONE) {
        snprintf(out, size, "none were asked for");
    } else {
        snprintf(out, size,
                 "of each scenario the page has the first %d trials that were not as expected and "
                 "the first others, %d in all, and only one of each scenario once their files are "
                 "larger than %zu MB together; --histories all takes all of them, --trial N one",
                 CHOSEN_MAX / 2, CHOSEN_MAX, CHOSEN_BYTES >> 20);
    }
    return out;
}
