/* What a sweep leaves and tells at its end. See sweep_told.h. */
#include "sim/cli/sweep_told.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/cli/cli.h"
#include "sim/cli/printed.h"
#include "sim/grid/eta.h"
#include "sim/grid/folder.h"
#include "sim/history/text.h"
#include "sim/results/files.h"
#include "sim/sweep/curve.h"
#include "sim/sweep/told_points.h"
#include "sim/sweep/words.h"
#include "sim/system/interrupt.h"
#include "sim/terminal/style.h"
#include "sim/text/clean.h"
#include "sim/text/clock.h"
#include "sim/text/errors.h"

static bool complain(const struct sweeping *sweeping, const char *what)
{
    clean_line(stderr, "hustings sweep: %s: %s", sweeping->folder, what);
    return false;
}

void sweep_command(const struct sweeping *sweeping, const char *const *words, size_t count,
                   uint32_t trials, uint64_t seed, struct shell_command *command)
{
    const struct sweep_asked *asked = &sweeping->asked;
    struct scenario scenario = sweeping->base;
    const struct run_facts facts = {.host = asked->grid.host->name,
                                    .program = asked->program,
                                    .latency = asked->latency,
                                    .redis_program = asked->redis_server,
                                    .allow_exec = asked->allow_exec,
                                    .sets = words,
                                    .set_count = count};
    reproduce_command(&scenario, &facts, seed, trials, command);
}

/* --- files ------------------------------------------------------------------------------------ */

static bool write_table(const struct sweeping *sweeping, const struct points *points)
{
    char *path;
    if (asprintf(&path, "%s/sweep.csv", sweeping->folder) < 0) {
        return complain(sweeping, "out of memory");
    }
    char why[SWEEP_ERROR];
    bool good = table_write(points, path);
    int error = errno;
    free(path);
    if (!good) {
        return complain(sweeping, error_words(error));
    }
    return table_describe(&sweeping->axes, sweeping->folder, why, sizeof why) ||
           complain(sweeping, why);
}

struct picture {
    const struct points *points;
    const char *name;
};

static bool draw_picture(void *self, FILE *file)
{
    const struct picture *picture = self;
    return curve_draw(picture->points, picture->name, file);
}

static bool write_picture(const struct sweeping *sweeping, const struct points *points)
{
    struct picture picture = {points, sweeping->base.name};
    char error[SWEEP_ERROR];
    return grid_write_by(sweeping->folder, "sweep.svg", draw_picture, &picture, error,
                         sizeof error) ||
           complain(sweeping, error);
}

/* --- advice ----------------------------------------------------------------------------------- */

static void show_value(void *self, const char *value)
{
    const struct sweeping *sweeping = self;
    if (sweeping->tty) {
        fprintf(stderr, "\r\033[K  confirming: %s", value);
        fflush(stderr);
    }
}

static bool has_time(void *self)
{
    const struct sweeping *sweeping = self;
    return sweeping->until_ns == 0 || monotonic_ns() < sweeping->until_ns;
}

/* Trials with values set. No valid scenario has none: so nothing is known of it. */
static enum trial_end run_values(void *self, const struct set_words *words,
                                 const struct sweep_trials *asked, struct point_sum *sum,
                                 char *error)
{
    const struct sweeping *sweeping = self;
    struct sweep_trials trials = *asked;
    struct scenario scenario;
    if (interrupt_came() || !has_time(self)) {
        return TRIAL_INTERRUPTED;
    }
    if (!sweep_load(&sweeping->sweep, words, &scenario, error)) {
        return TRIAL_RAN;
    }
    trials.goes_on = has_time;
    trials.self = self;
    enum trial_end end = sweep_run(&sweeping->sweep, &scenario, &trials, sum, error);
    scenario_free(&scenario);
    return end;
}

/* What became of confirming it. */
struct confirming {
    bool asked;
    enum trial_end end; /* TRIAL_RAN: it was done */
    struct edge edge;
    char error[SWEEP_ERROR]; /* of TRIAL_WORLD_FAILED */
};

static const char *why_unconfirmed(const struct sweeping *sweeping,
                                   const struct confirming *confirming)
{
    return !sweeping->asked.grid.host->virtual_time ? "that is done on the model alone"
           : sweeping->asked.confirm == 0           ? "--confirm 0 asks for none"
           : confirming->end == TRIAL_WORLD_FAILED  ? "the trials that should could not be run"
           : interrupt_came()                       ? "it was interrupted"
                                                    : "the time of --for was over";
}

/* Confirms the best choice that holds. */
static void confirm(struct sweeping *sweeping, struct advice *advice, struct confirming *confirming)
{
    const struct edge_work work = {.advice = advice,
                                   .jobs = sweeping->asked.jobs,
                                   .trials = sweeping->asked.confirm,
                                   .seed = sweeping->sweep.seed,
                                   .self = sweeping,
                                   .run = run_values,
                                   .tries = show_value};
    confirming->end = edge_find(&work, &confirming->edge, confirming->error);
    if (sweeping->tty) {
        eta_erase(stderr);
    }
}

/* The exit code of a sweep, all points of which are finished, but perhaps not the confirming. */
static int code_with(const struct sweeping *sweeping, const struct confirming *confirming, int code)
{
    if (!confirming->asked || confirming->end == TRIAL_RAN) {
        return code;
    }
    if (confirming->end == TRIAL_WORLD_FAILED) {
        complain(sweeping, confirming->error);
        return EXIT_WORLD;
    }
    return interrupt_came() ? EXIT_INTERRUPTED : code == EXIT_HELD ? EXIT_TIME_OVER : code;
}

/* The command that runs the trials again which confirm it. */
static void put_again(FILE *file, const struct sweeping *sweeping, const struct advice *advice,
                      const struct edge *edge)
{
    const char *words[AXES_MAX];
    char room[EDGE_WORD];
    struct shell_command command;
    size_t count = edge_words(advice, edge->value, words, room);
    sweep_command(sweeping, words, count, edge->run, edge->seed, &command);
    fprintf(file, "Again%s: %s\n", edge->settings > 1 ? ", in one of these settings" : "",
            command_text(&command));
    command_free(&command);
}

/* The advice as lines, after the confirming; the caller's to free(). NULL: memory is out. */
static char *put_advice(struct sweeping *sweeping, struct advice *advice, size_t *length, int *code)
{
    struct confirming confirming = {.end = TRIAL_RAN};
    const struct edge *edge = &confirming.edge;
    char *text = NULL;
    confirming.asked = advice->best < advice->count && sweeping->asked.confirm > 0 &&
                       sweeping->asked.grid.host->virtual_time;
    if (confirming.asked) {
        confirm(sweeping, advice, &confirming);
        *code = code_with(sweeping, &confirming, *code);
    }
    FILE *file = open_memstream(&text, length);
    if (file) {
        bool done = confirming.asked && confirming.end == TRIAL_RAN;
        words_advice(file, advice, &sweeping->base, done ? edge : NULL,
                     why_unconfirmed(sweeping, &confirming));
        if (done && edge->found) {
            put_again(file, sweeping, advice, edge);
        }
        fclose(file);
    }
    return text;
}

/* Likewise; NULL with one line in `error`. */
static char *advise(struct sweeping *sweeping, const struct points *points, size_t *length,
                    int *code, char error[SWEEP_ERROR])
{
    struct advice advice;
    char *text = NULL;
    if (advice_make(&advice, points)) {
        text = put_advice(sweeping, &advice, length, code);
    }
    snprintf(error, SWEEP_ERROR, "out of memory");
    if (advice.unread > 0) {
        snprintf(error, SWEEP_ERROR, "point %zu cannot be read any more: run it again",
                 advice.unread);
    }
    advice_free(&advice);
    return text;
}

/* Each line as a paragraph. */
static void print_lines(const struct terminal_options *options, char *text)
{
    for (char *line = text; *line;) {
        char *end = strchr(line, '\n');
        if (end) {
            *end = '\0';
        }
        style_paragraph(options, STYLE_PLAIN, "  ", STYLE_PLAIN, line, 0);
        line = end ? end + 1 : line + strlen(line);
    }
}

static bool give_advice(struct sweeping *sweeping, const struct points *points,
                        const struct terminal_options *options, int *code)
{
    char error[SWEEP_ERROR];
    size_t length = 0;
    char *text = advise(sweeping, points, &length, code, error);
    bool good =
        text && grid_write(sweeping->folder, "advice.txt", text, length, error, sizeof error);
    if (good && !sweeping->asked.quiet) {
        print_lines(options, text);
    }
    free(text);
    return good || complain(sweeping, error);
}

/* --- the screen ------------------------------------------------------------------------------- */

/* Why not all points are there, and how it goes on. */
static void print_rest(const struct sweeping *sweeping, const struct terminal_options *options,
                       int code)
{
    const struct sweep_asked *asked = &sweeping->asked;
    char text[2 * PATH_MAX];
    if (sweeping->stopped_at > 0) {
        snprintf(text, sizeof text,
                 "Stopped at point %zu, which is not as expected; --cell %zu prints the command "
                 "that shows it.",
                 sweeping->stopped_at, sweeping->stopped_at);
    } else if (asked->grid.shard.count > 1 && code == EXIT_HELD) {
        struct shell_command command = {0};
        char all[PATH_MAX];
        command_word(&command, "", asked->program);
        command_put(&command, " merge ");
        command_put(&command, grid_into_word(sweeping->folder, asked->grid.shard, all, sizeof all));
        snprintf(text, sizeof text, "Shard %u of %u is finished. When all are: %s",
                 asked->grid.shard.index + 1, asked->grid.shard.count, command_text(&command));
        command_free(&command);
    } else {
        char into[PATH_MAX];
        snprintf(text, sizeof text,
                 "%s of %s points are finished; the same command with --into %s goes on.",
                 text_count(grid_finished(sweeping->grid)).text,
                 text_count(shard_cells(asked->grid.shard, sweeping->plan.cells)).text,
                 grid_into_word(sweeping->folder, asked->grid.shard, into, sizeof into));
        if (code == EXIT_INTERRUPTED) {
            clean_line(stderr, "hustings sweep: interrupted");
        }
    }
    style_paragraph(options, STYLE_PLAIN, "  ", STYLE_PLAIN, text, 0);
}

/* The command that makes a page of it, on which each point leads to a trial. */
static void tell_page(const struct sweeping *sweeping, const struct terminal_options *options)
{
    struct shell_command command = {0};
    command_word(&command, "", sweeping->asked.program);
    command_put(&command, " report");
    command_word(&command, "", sweeping->folder);
    clean_line(options->out, "  page     %s", command_text(&command));
    command_free(&command);
}

int sweep_tell(struct sweeping *sweeping, const struct points *points, int code)
{
    struct terminal_state state = {0};
    struct terminal_options options = {.state = &state};
    bool whole = grid_finished(sweeping->grid) == sweeping->plan.cells;
    terminal_probe(&options);
    if (!write_table(sweeping, points) || !write_picture(sweeping, points)) {
        return EXIT_WORLD;
    }
    if (!sweeping->asked.quiet && whole) {
        told_points(&options, sweeping->base.name, points, sweeping->asked.trials);
    }
    if (whole && sweeping->plan.sample) {
        style_paragraph(&options, STYLE_PLAIN, "  ", STYLE_PLAIN,
                        "A sample shows no edge, so nothing is recommended: sweep all values of "
                        "what matters.",
                        0);
    } else if (whole && !give_advice(sweeping, points, &options, &code)) {
        return EXIT_WORLD;
    }
    if (!whole && (!sweeping->asked.quiet || code != EXIT_HELD)) {
        print_rest(sweeping, &options, code);
    }
    clean_line(options.out, "  results  %s/sweep.csv, sweep.svg%s", sweeping->folder,
               whole && !sweeping->plan.sample ? ", advice.txt" : "");
    if (!sweeping->asked.quiet && grid_finished(sweeping->grid) > 0) {
        tell_page(sweeping, &options);
    }
    return cli_printed(code);
}
