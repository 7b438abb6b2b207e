/* What was not put to the test, and why; which faults were not done; and what stalls and split
 * brains cost. */
#include "sim/outcome/untested.h"

#include <inttypes.h>
#include <stdio.h>

#include "sim/outcome/not_done.h"
#include "sim/outcome/price.h"
#include "sim/outcome/stalls.h"
#include "sim/results/command.h"
#include "sim/terminal/parts.h"

bool part_untested(const struct finish *finish)
{
    char sentences[UNTESTED_SENTENCES][UNTESTED_SIZE];
    size_t count = untested_sentences(finish->trials, sentences);
    for (size_t i = 0; i < count; i++) {
        style_paragraph(finish->options, STYLE_DIM, "  ", STYLE_PLAIN, sentences[i], 0);
    }
    return count > 0;
}

/* The command that shows the trial in which nobody led for the longest time. */
static void tell_where(const struct finish *finish)
{
    const struct stall_sum *stalls = &finish->trials->stalls;
    struct shell_command command = {0};
    if (stalls->longest_trial == 0 || stalls->trials == 1) {
        return;
    }
    if (stalls->longest_kept && finish->results_path) {
        char check[40];
        snprintf(check, sizeof check, " check --explain %" PRIu32, stalls->longest_trial);
        command_word(&command, "", finish->facts->program ? finish->facts->program : "hustings");
        command_put(&command, check);
        command_word(&command, "", finish->results_path);
    } else {
        reproduce_command(finish->scenario, finish->facts, stalls->longest_seed, 1, &command);
    }
    style_label(finish->options, "see it", command_text(&command));
    command_free(&command);
}

void part_stalls(const struct finish *finish)
{
    char sentence[STALLS_SIZE];
    if (stalls_sentence(finish->scenario, &finish->trials->stalls, sentence)) {
        style_paragraph(finish->options, STYLE_PLAIN, "  ", STYLE_PLAIN, sentence, 0);
        tell_where(finish);
    }
}

/* Stalls from a table come by the clock: that none brought about a stale write proves little. */
static void tell_unproved(const struct finish *finish)
{
    const struct trials *trials = finish->trials;
    const struct settings *settings = &finish->scenario->settings;
    bool drawn = scenario_draws_stalls(finish->scenario) && trials->stalls.stalls > 0;
    bool unfenced = settings->work_every_ns > 0 && !settings->fencing;
    if (drawn && unfenced && trials->price.work.accepted > 0 && trials->price.work.stale == 0) {
        style_paragraph(
            finish->options, STYLE_DIM, "  ", STYLE_PLAIN,
            "That does not show that you need no fencing: stalls come by the clock, and "
            "hardly ever just before a write. {when: {who: any, does: writes, nth: {from: "
            "20, to: 60}, before: true}, pause: leader, for: 10s} is such a stall.",
            0);
    }
}

void part_price(const struct finish *finish)
{
    char sentence[PRICE_SIZE];
    if (price_sentence(finish->scenario, &finish->trials->price, sentence)) {
        style_paragraph(finish->options, STYLE_PLAIN, "  ", STYLE_PLAIN, sentence, 0);
    }
    tell_unproved(finish);
}

bool part_not_done(const struct finish *finish)
{
    char sentence[NOT_DONE_SIZE];
    bool any = not_done_sentence(finish->trials, sentence, sizeof sentence);
    if (any) {
        style_paragraph(finish->options, STYLE_DIM, "  ", STYLE_PLAIN, sentence, 0);
    }
    return any;
}
