/* What broke: each expectation that did not hold in a sentence, the guilty events, and the one
 * command that repeats it.
 *
 *   FAILED   dead_leader: expected never, but trial 3: node 1 was elected while it was dead.
 *            3.000 to 6.000 s, node 1; events 812, 845 of history/trial-0003.jsonl
 *   repeat   /home/ann/hustings/sim/hustings run /home/ann/x.yaml --seed 77 --trials 1
 *            Another run, not a replay: real processes may do something else.
 */
#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "sim/history/text.h"
#include "sim/outcome/points.h"
#include "sim/results/command.h"
#include "sim/terminal/parts.h"
#include "sim/terminal/words.h"

#define FAILURES_MAX 4 /* told in full */
#define LEAD "  FAILED   "
#define INDENT "           "

/* "3.000 to 6.000 s, node 1; events 812, 845 of history/trial-0003.jsonl", which may not have been
 * kept: then "… of its history". */
static void guilty_text(const struct finish *finish, const struct check_sum *sum, char *out,
                        size_t size)
{
    const struct violation *violation = &sum->violation;
    const struct witness *witness = &sum->broken.first[YES];
    int processes = violation->process_count, events = violation->event_count;
    assert(processes <= VIOLATION_PROCESSES_MAX && events <= VIOLATION_EVENTS_MAX);
    size_t used = (size_t)snprintf(out, size, "%.3f to %.3f s", (double)violation->at_ns / 1e9,
                                   (double)violation->until_ns / 1e9);
    for (int i = 0; i < processes && used < size; i++) {
        used += (size_t)snprintf(out + used, size - used, ", %s",
                                 word_who(violation->processes[i]).text);
    }
    for (int i = 0; i < events && used < size; i++) {
        used += (size_t)snprintf(out + used, size - used, "%s%" PRIu32,
                                 i            ? ", "
                                 : events > 1 ? "; events "
                                              : "; event ",
                                 violation->events[i]);
    }
    if (events > 0 && used < size && witness->kept) {
        snprintf(out + used, size - used, " of history/%strial-%04" PRIu32 ".jsonl",
                 finish->facts->label ? finish->facts->label : "", witness->trial.trial);
    } else if (events > 0 && used < size) {
        snprintf(out + used, size - used, " of its history, which was not kept");
    }
}

/* Of a check that should not have been broken in that trial. */
static void tell_guilty(const struct finish *finish, const struct unmet *unmet)
{
    if (unmet->of.kind != EXPECTED_CHECK) {
        return;
    }
    const struct check_sum *sum = &finish->trials->checks[unmet->of.which];
    if (sum->has_violation && sum->broken.first[YES].trial.trial == unmet->trial) {
        char text[512];
        guilty_text(finish, sum, text, sizeof text);
        style_paragraph(finish->options, STYLE_DIM, INDENT, STYLE_PLAIN, text, 0);
    }
}

/* Where a trial was saved in which something was done by hand (results_by_hand). False: it was not,
 * as in most. */
static bool was_by_hand(const struct finish *finish, uint32_t trial, char *path, size_t size)
{
    const struct run_facts *facts = finish->facts;
    if (!facts->by_hand || !finish->results_path) {
        return false;
    }
    snprintf(path, size, "%s/%sby-hand-%04" PRIu32 ".yaml", finish->results_path,
             facts->label ? facts->label : "", trial);
    return access(path, F_OK) == 0;
}

/* The command for an unmet expectation: of its trial, or of all of them together. */
static void command_for(const struct finish *finish, const struct unmet *unmet,
                        struct shell_command *command)
{
    bool all = unmet->trial == 0;
    char path[4400];
    if (!all && was_by_hand(finish, unmet->trial, path, sizeof path)) {
        struct scenario again = *finish->scenario;
        again.path = path;
        reproduce_command(&again, finish->facts, unmet->seed, 1, command);
        return;
    }
    reproduce_command(finish->scenario, finish->facts, all ? finish->scenario->seed : unmet->seed,
                      all ? finish->scenario->trials : 1, command);
}

/* What is the same in the model need not be the same on real processes. */
static void tell_replay(const struct finish *finish)
{
    if (!is_replayed(finish->facts)) {
        style_paragraph(finish->options, STYLE_DIM, INDENT, STYLE_PLAIN, ANOTHER_RUN, 0);
    }
}

void part_failures(const struct finish *finish)
{
    const struct unmet_list *list = &finish->judgement->unmet;
    struct shell_command last = {0};
    uint32_t shown = list->count < FAILURES_MAX ? list->count : FAILURES_MAX;
    for (uint32_t i = 0; i < shown; i++) {
        const struct unmet *unmet = &list->list[i];
        struct shell_command command;
        command_for(finish, unmet, &command);
        if (last.text && strcmp(command_text(&last), command_text(&command)) != 0) {
            style_label(finish->options, "repeat", command_text(&last));
        }
        style_paragraph(finish->options, STYLE_PLAIN, LEAD, STYLE_BAD, unmet->text, 0);
        tell_guilty(finish, unmet);
        command_free(&last);
        last = command;
    }
    if (shown < list->count) {
        struct line line = line_new(finish->options, (int)strlen(LEAD));
        line_format(&line, STYLE_BAD, "and %s more did not hold",
                    text_count(list->count - shown).text);
        line_end(&line);
    }
    if (shown > 0) {
        style_label(finish->options, "repeat", command_text(&last));
        tell_replay(finish);
    }
    command_free(&last);
}
