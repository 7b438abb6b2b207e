/* The points of a sweep, looked at before any runs. See sweep_look.h. */
#include "sim/cli/sweep_look.h"

#include <assert.h>
#include <stdio.h>

#include "sim/cli/may_run.h"
#include "sim/history/text.h"
#include "sim/text/clean.h"

/* Of more points than this only so many are looked at. */
#define LOOKED_AT_MAX 1000

struct look {
    struct sweeping *sweeping;
    bool merges; /* nothing is run any more */
    size_t looked_at, valid;
    char first[SWEEP_ERROR]; /* what is wrong with the first that is not valid */
};

/* False: it may not run here, and that was said. */
static bool look_at(struct look *look, size_t cell)
{
    struct sweeping *sweeping = look->sweeping;
    const struct sweep_asked *asked = &sweeping->asked;
    const struct may_run may = {
        .program = asked->program, .host = asked->grid.host, .allow_exec = asked->allow_exec};
    const char *words[AXES_MAX];
    const struct set_words sets = {words, plan_words(&sweeping->plan, cell, words)};
    struct scenario scenario;
    char error[SWEEP_ERROR];
    look->looked_at++;
    if (!sweep_load(&sweeping->sweep, &sets, &scenario, error)) {
        if (!look->first[0]) {
            snprintf(look->first, sizeof look->first, "%s", error);
        }
        return true;
    }
    bool good = look->merges || may_run(&may, &scenario, stderr);
    if (look->valid++ == 0) {
        sweeping->base = scenario;
    } else {
        scenario_free(&scenario);
    }
    return good;
}

static void say_not_valid(const struct look *look)
{
    size_t bad = look->looked_at - look->valid;
    if (look->valid == 0) {
        clean_line(stderr, "%s", look->first);
    } else if (bad > 0) {
        const char *found =
            look->looked_at < look->sweeping->plan.cells ? " that were looked at" : "";
        clean_line(stderr,
                   "hustings sweep: %s of %s points%s %s no valid scenario, and %s not run: %s",
                   text_count(bad).text, text_count(look->looked_at).text, found,
                   bad == 1 ? "is" : "are", bad == 1 ? "is" : "are", look->first);
    }
}

bool sweep_look(struct sweeping *sweeping, bool merges)
{
    struct look look = {.sweeping = sweeping, .merges = merges};
    size_t cells = sweeping->plan.cells;
    bool good = true;
    assert(cells > 0 && sweeping->sweep.text);
    for (size_t i = 0; good && i < cells; i += (cells - 1) / LOOKED_AT_MAX + 1) {
        good = look_at(&look, i);
    }
    if (good) {
        say_not_valid(&look);
    }
    return good && look.valid > 0;
}
