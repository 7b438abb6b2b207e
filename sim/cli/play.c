/* hustings play: a recorded trial, played slowly, step by step and back. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "sim/cli/cli.h"
#include "sim/cli/help.h"
#include "sim/cli/histories.h"
#include "sim/cli/pace_option.h"
#include "sim/live/show.h"
#include "sim/live/steps.h"
#include "sim/results/command.h"
#include "sim/scenario/scenario.h"
#include "sim/text/clean.h"
#include "sim/text/errors.h"

struct play_verb {
    const char *program;
    struct pace pace;
    int64_t at_ns, until_ns;
    bool has_at;
    uint32_t trial, lines;
    const char *at, *until; /* as given */
    struct pace_options paces;
    struct terminal_options terminal;
    struct histories histories;
};

/* --- without a terminal ----------------------------------------------------------------------- */

static void print_steps(const struct play_verb *verb, const struct history *history)
{
    uint32_t printed = 0;
    char text[480];
    for (size_t i = 0; i < history->count && printed < verb->lines; i++) {
        const struct history_event *event = &history->events[i];
        if (event->kind == HISTORY_MORE || (verb->has_at && event->at_ns < verb->at_ns) ||
            event->at_ns > verb->until_ns) {
            continue;
        }
        clean_line(stdout, "%s", step_line(history, event, text, sizeof text));
        printed++;
    }
}

static int print_one(const struct play_verb *verb, size_t place)
{
    struct recorded_trial trial;
    if (!recorded_trial_load(&trial, &verb->histories, place)) {
        return EXIT_WORLD;
    }
    print_steps(verb, &trial.history);
    recorded_trial_free(&trial);
    return EXIT_HELD;
}

/* --- on a terminal ---------------------------------------------------------------------------- */

static const char *world_of(const struct history_facts *facts)
{
    return strcmp(facts->host, "model") == 0 ? "the model" : "real processes";
}

static enum shown show_trial(const struct play_verb *verb, struct tty *tty,
                             struct recorded_trial *trial, bool first)
{
    struct player player;
    const struct history *history = &trial->history;
    int64_t end_ns = history->count > 0 ? history->events[history->count - 1].at_ns : 0;
    if (!player_new(&player, history, (struct live_world){0}, end_ns)) {
        return SHOWN_GONE;
    }
    player_judge(&player, &trial->judged.violations);
    player.pace = verb->pace;
    player.trials = (uint32_t)verb->histories.count;
    player.name = world_of(&history->facts);
    player.running = !(first && verb->has_at);
    player_go(&player, first && verb->has_at ? verb->at_ns : 0);
    enum shown shown = show(tty, &verb->terminal, &player, NULL);
    player_free(&player);
    return shown;
}

/* One trial after the other, as the keys want it. */
static int play_all(const struct play_verb *verb, size_t place)
{
    struct tty *tty = tty_open(verb->terminal.out);
    if (!tty) {
        clean_line(stderr, "hustings play: the terminal: %s", error_words(errno));
        return EXIT_WORLD;
    }
    enum shown shown = SHOWN_ENDED;
    bool first = true, good = true;
    do {
        struct recorded_trial trial;
        good = recorded_trial_load(&trial, &verb->histories, place);
        if (!good) {
            break;
        }
        shown = show_trial(verb, tty, &trial, first);
        recorded_trial_free(&trial);
        place += shown == SHOWN_NEXT && place + 1 < verb->histories.count;
        place -= shown == SHOWN_PREVIOUS && place > 0;
        first = false;
    } while (shown == SHOWN_NEXT || shown == SHOWN_PREVIOUS);
    tty_close(tty);
    return good && shown == SHOWN_ENDED ? EXIT_HELD : EXIT_WORLD;
}

/* --- the verb --------------------------------------------------------------------------------- */

static int read_time(const struct play_verb *verb, const char *name, const char *text, int64_t *ns)
{
    return !text || duration_parse(text, ns)
               ? OPTIONS_GOOD
               : option_wrong(verb->program, "play", name, text,
                              "give a time with its unit: 300ms, 1.5s");
}

static const struct option_row rows[] = {
    {.name = "trial",
     .kind = OPTION_COUNT,
     .at = offsetof(struct play_verb, trial),
     .low = 1,
     .high = UINT32_MAX,
     .value = "N",
     .help = "this trial of a results folder"},
    {.name = "slow",
     .kind = OPTION_COUNT,
     .at = offsetof(struct play_verb, paces.slow),
     .low = 1,
     .high = PACE_SLOWEST,
     .value = "N",
     .help = "N times slower than it was",
     .usual = "20"},
    {.name = "speed",
     .kind = OPTION_TEXT,
     .at = offsetof(struct play_verb, paces.speed),
     .value = "N",
     .help = "N times as fast as it was",
     .more = "1/20 is the same as `--slow 20`"},
    {.name = "at",
     .kind = OPTION_TEXT,
     .at = offsetof(struct play_verb, at),
     .value = "TIME",
     .help = "begin at this time of the trial, and hold there",
     .more = "Such as 1.5s, or 300ms. Without a terminal, print the steps from then on"},
    {.name = "until",
     .kind = OPTION_TEXT,
     .at = offsetof(struct play_verb, until),
     .value = "TIME",
     .help = "print the steps up to this time",
     .heading = "Without a terminal"},
    {.name = "lines",
     .kind = OPTION_COUNT,
     .at = offsetof(struct play_verb, lines),
     .low = 1,
     .high = UINT32_MAX,
     .value = "N",
     .help = "print so many lines"},
    {0}};

const struct verb verb_play = {
    .name = "play",
    .summary = "a recorded trial on the screen, slowly, step by step and back",
    .usage = {"[OPTION]... RESULTS|HISTORY"},
    .about =
        "Plays a recorded trial on the screen, slowly, step by step, forward and back. So one "
        "sees what happened within a tenth of a millisecond on real processes. The key ? shows "
        "the keys. Without a terminal it prints the steps, one a line: time, who, what.",
    .arguments =
        {{"RESULTS", TAKES_HISTORY,
          "a results folder: the first trial in it that broke a promise, or else the first"},
         {"HISTORY", TAKES_ANY, "one trial: a file of its folder history/ (.jsonl)"}},
    .rows = rows,
    .examples = {{NULL, "$0 play results/latest\n"
                        "$0 play --slow 10000 --at 552ms results/latest\n"
                        "$0 play --at 550ms --until 560ms results/latest | less"}},
    .exits = {{0, "it was played"}, {2, "wrong usage"}, {3, "it cannot be read"}},
    .see = {"run", "check", "report"},
};

static int read_options(struct play_verb *verb, int argc, char **argv)
{
    int code = options_read(verb->program, argc, argv, &verb_play, verb);
    if (code == OPTIONS_GOOD) {
        code = pace_read(&verb->paces, verb->program, "play", &verb->pace);
    }
    if (code == OPTIONS_GOOD) {
        code = read_time(verb, "at", verb->at, &verb->at_ns);
        verb->has_at = verb->at != NULL;
    }
    return code == OPTIONS_GOOD ? read_time(verb, "until", verb->until, &verb->until_ns) : code;
}

int cli_play(const char *program, int argc, char **argv)
{
    struct terminal_state state = {0};
    struct play_verb verb = {.program = program,
                             .pace = {1, 20},
                             .until_ns = INT64_MAX,
                             .lines = UINT32_MAX,
                             .terminal.state = &state};
    char word[4096];
    int code = read_options(&verb, argc, argv);
    if (code != OPTIONS_GOOD) {
        return code;
    }
    if (optind + 1 < argc) {
        clean_line(stderr,
                   "hustings play: one history or results folder at a time, but %d were given; the "
                   "last one alone: %s play %s",
                   argc - optind, cli_name(program).text,
                   shell_word(argv[argc - 1], word, sizeof word));
        return EXIT_USAGE;
    }
    if (optind + 1 != argc) {
        clean_line(stderr, "hustings play: which history or results folder? For example: %s %s",
                   cli_name(program).text, "play results/latest");
        return EXIT_USAGE;
    }
    terminal_probe(&verb.terminal);
    size_t place = 0;
    code = histories_list(&verb.histories, program, "play", argv[optind]);
    if (code == EXIT_HELD) {
        code = histories_choose(&verb.histories, verb.trial, &place);
    }
    if (code == EXIT_HELD) {
        code = verb.terminal.tty ? play_all(&verb, place) : print_one(&verb, place);
    }
    histories_free(&verb.histories);
    return code;
}
