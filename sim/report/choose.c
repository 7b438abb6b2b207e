/* Whose histories are in the page. See choose.h. */
#include "sim/report/choose.h"

#include <stdio.h>

/* The first `most` trials that were as expected, or not. */
static void choose_first(struct folder_run *run, bool as_expected, size_t most)
{
    for (size_t i = 0; i < run->trial_count && most > 0; i++) {
        struct folder_trial *trial = &run->trials[i];
        if (trial->has_history && trial->as_expected == as_expected) {
            trial->chosen = true;
            most--;
        }
    }
}

static void choose_one(struct folder_run *run, uint32_t number)
{
    for (size_t i = 0; i < run->trial_count; i++) {
        struct folder_trial *trial = &run->trials[i];
        trial->chosen = trial->number == number && trial->has_history;
    }
}

size_t choose(struct folder_run *run, const struct report_options *options)
{
    size_t good = 0, bad = 0;
    for (size_t i = 0; i < run->trial_count; i++) {
        good += run->trials[i].has_history && run->trials[i].as_expected;
        bad += run->trials[i].has_history && !run->trials[i].as_expected;
    }
    if (options->trial) {
        choose_one(run, options->trial);
    } else if (options->histories != REPORT_NONE) {
        size_t half = CHOSEN_MAX / 2;
        bool all = options->histories == REPORT_ALL || good + bad <= CHOSEN_MAX;
        choose_first(run, false, all ? bad : good < half ? CHOSEN_MAX - good : half);
        choose_first(run, true, all ? good : bad < half ? CHOSEN_MAX - bad : half);
    }
    return good + bad;
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
