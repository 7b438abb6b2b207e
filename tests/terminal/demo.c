/* Shows what the terminal does with canned runs, for looking at it:
 *
 *     demo STORY [watch] [quiet] [json|junit|tap] [nodes=N] [trials=N] [until=MS]
 *
 * STORY is first, dead, early or failure. `until` stops a trial's picture there, as if interrupted,
 * and leaves it on the screen.
 */
#include <locale.h>
#include <stdlib.h>
#include <time.h>

#include "sim/terminal/terminal.h"
#include "tests/terminal/canned.h"

struct demo {
    struct terminal_options options;
    struct terminal_state state;
    uint32_t nodes, trials;
    double until_ms;
};

static void parse(struct demo *demo, int argc, char **argv)
{
    for (int i = 2; i < argc; i++) {
        demo->options.watch |= strcmp(argv[i], "watch") == 0;
        demo->options.quiet |= strcmp(argv[i], "quiet") == 0;
        if (strcmp(argv[i], "json") == 0) {
            demo->options.format = FORMAT_JSON;
        } else if (strcmp(argv[i], "junit") == 0) {
            demo->options.format = FORMAT_JUNIT;
        } else if (strcmp(argv[i], "tap") == 0) {
            demo->options.format = FORMAT_TAP;
        } else if (strncmp(argv[i], "nodes=", 6) == 0) {
            demo->nodes = (uint32_t)strtoul(argv[i] + 6, NULL, 10);
        } else if (strncmp(argv[i], "trials=", 7) == 0) {
            demo->trials = (uint32_t)strtoul(argv[i] + 7, NULL, 10);
        } else if (strncmp(argv[i], "until=", 6) == 0) {
            demo->until_ms = strtod(argv[i] + 6, NULL);
        }
    }
}

static void tell(struct canned *canned, const char *story, uint32_t trials)
{
    if (strcmp(story, "dead") == 0) {
        canned_dead(canned, trials ? trials : 5);
    } else if (strcmp(story, "early") == 0) {
        canned_early(canned);
    } else if (strcmp(story, "failure") == 0) {
        canned_failure(canned);
    } else {
        canned_first(canned);
    }
}

/* Plays a trial ten times as fast as it would go. False: it was stopped in the middle. */
static bool play(const struct demo *demo, const struct scenario *scenario, uint32_t trial)
{
    static struct canned_moment moment;
    for (int now_ms = 0; now_ms < 6500; now_ms += 100) {
        canned_moment(&moment, scenario, trial, now_ms);
        if (now_ms >= demo->until_ms) {
            moment.progress.phase =
                moment.progress.phase == PHASE_SAFETY ? PHASE_SAFETY : PHASE_END;
            terminal_progress(&demo->options, &moment.progress, trial - 1);
            return false;
        }
        terminal_progress(&demo->options, &moment.progress, trial - 1);
        if (demo->options.tty) {
            nanosleep(&(struct timespec){.tv_nsec = 10000000}, NULL);
        }
    }
    return true;
}

int main(int argc, char **argv)
{
    static struct canned canned;
    struct demo demo = {.until_ms = 1e9};
    setlocale(LC_ALL, "");
    demo.options.state = &demo.state;
    terminal_probe(&demo.options);
    parse(&demo, argc, argv);
    tell(&canned, argc > 1 ? argv[1] : "first", demo.trials);
    if (demo.nodes) {
        canned.scenario.settings.nodes = (uint16_t)demo.nodes;
    }
    const struct scenario *scenario = &canned.scenario;
    const char *results = "results/20250102T030405Z-demo";

    terminal_machine_begin(&demo.options, scenario, 1);
    terminal_begin(&demo.options, scenario, &canned.facts, scenario->trials);
    for (uint32_t i = 0; i < canned.count; i++) {
        if (!play(&demo, scenario, i + 1)) {
            return 0;
        }
        terminal_trial(&demo.options, scenario, &canned.outcomes[i]);
    }
    struct trials *trials = canned_trials(&canned);
    terminal_end(&demo.options, &canned.facts, trials, &canned.judgement, results,
                 canned_told(&canned));
    for (size_t i = 0; i < canned.count; i++) {
        terminal_machine_trial(&demo.options, scenario, &canned.facts, results,
                               &canned.outcomes[i]);
    }
    terminal_machine_scenario(&demo.options, scenario, &canned.facts, trials, &canned.judgement,
                              results, NULL);
    trials_free(trials);
    terminal_machine_end(&demo.options, 0, NULL);
    return 0;
}
