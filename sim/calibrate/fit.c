/* Finds the costs of a machine. See fit.h. */
#include "sim/calibrate/fit.h"

#include <math.h>
#include <string.h>

#include "sim/host/dice.h"
#include "sim/model/latency_file.h"
#include "sim/model/model.h"

/* Quantiles that are looked at: the 20ths from 1 to 18. What is beyond is rare, and noise. */
#define PLACES 20
#define PLACES_LAST 18

/* Fewer observations than this are not looked at. */
#define LEAST 20

/* Trials of the model, in all, each time it is asked: twice as many as there were real ones, and no
 * more than this. */
#define TRIALS_MOST 80

/* No cost on a core is larger. */
#define TIME_MAX 10000000

/* So often several costs are changed at once, in each of the search's rounds. */
#define SHAKES 100

/* What the costs are to explain. */
static const enum observed kinds[] = {
    OBSERVED_TIMER_ALONE, OBSERVED_TIMER_SHARED, OBSERVED_HOT_ALONE,   OBSERVED_HOT_SHARED,
    OBSERVED_COLD_ALONE,  OBSERVED_COLD_FIRST,   OBSERVED_COLD_SHARED, OBSERVED_APART,
    OBSERVED_START,       OBSERVED_ROUND_SHORT,  OBSERVED_ROUND_LONG,  OBSERVED_TRIAL};
#define KINDS (sizeof kinds / sizeof *kinds)

/* --- how far --------------------------------------------------------------------------------- */

static double apart(const struct sample *real, const struct sample *modelled)
{
    double sum = 0;
    if (real->count < LEAST) {
        return 0;
    }
    if (modelled->count < LEAST) {
        return 1;
    }
    for (size_t place = 1; place <= PLACES_LAST; place++) {
        int64_t ours = sample_quantile(modelled, place, PLACES);
        int64_t theirs = sample_quantile(real, place, PLACES);
        sum += fabs(log((double)(theirs + 1000) / (double)(ours + 1000)));
    }
    return sum / PLACES_LAST;
}

static bool run_part(const struct fit_part *part, uint32_t trials, const struct machine *machine,
                     struct observations *modelled)
{
    struct network network;
    struct history history = {0};
    network_of(&part->scenario, &network);
    network_on_machine(&network, machine);
    struct model *model = model_new(&part->scenario, &network);
    bool good = model != NULL;
    for (uint32_t trial = 1; good && trial <= trials; trial++) {
        uint64_t seed = trial_seed(part->scenario.seed, trial);
        good = model_trial(model, trial, seed, &history, NULL) == TRIAL_RAN &&
               observe(modelled, &part->scenario, &history);
    }
    model_free(model);
    history_free(&history);
    return good;
}

/* Few trials are run several times over, many not all. */
static bool run(const struct fit *fit, const struct machine *machine, struct observations *modelled)
{
    uint32_t total = 0;
    bool good = true;
    for (size_t i = 0; i < fit->count; i++) {
        total += fit->parts[i].trials;
    }
    uint64_t all = total < TRIALS_MOST / 2 ? 2 * (uint64_t)total : TRIALS_MOST;
    for (size_t i = 0; good && i < fit->count; i++) {
        uint64_t trials = fit->parts[i].trials * all / total;
        good = run_part(&fit->parts[i], trials > 0 ? (uint32_t)trials : 1, machine, modelled);
    }
    observations_sort(modelled);
    return good;
}

double fit_distance(const struct fit *fit, const struct machine *machine,
                    struct observations *modelled)
{
    const size_t count = KINDS;
    double sum = 0;
    observations_free(modelled);
    if (!run(fit, machine, modelled)) {
        return -1;
    }
    for (size_t i = 0; i < count; i++) {
        double distance = apart(&fit->real->of[kinds[i]], &modelled->of[kinds[i]]);
        sum += distance * distance;
    }
    return sqrt(sum / (double)count);
}

/* --- nearer ---------------------------------------------------------------------------------- */

/* Where the search begins, and between what. The cost of a field of HGETALL is too little to be
 * seen in a small cluster: it stays. */
static const struct beginning {
    const char *name;
    int64_t of_round; /* times: so many percent of the median round trip of the quickest kind */
    int64_t value;    /* others: this */
    int64_t least, most;
} beginning[] = {
    {"step_ns", 30, 0, 0, TIME_MAX},       {"rest_ns", 40, 0, 0, TIME_MAX},
    {"request_ns", 25, 0, 0, TIME_MAX},    {"vote_ns", 0, 200, 200, 200},
    {"answer_ns", 30, 0, 0, TIME_MAX},     {"settle_ns", 30, 0, 0, TIME_MAX},
    {"start_wait_ns", 60, 0, 0, TIME_MAX}, {"push_percent", 0, 50, 0, 100},
    {"spread_percent", 0, 300, 100, 2000},
};
#define COSTS (sizeof beginning / sizeof *beginning)

struct search {
    const struct fit *fit;
    struct machine best;
    double distance; /* of the best */
    struct observations modelled;
    uint64_t dice;
};

static int64_t *cost_of(struct machine *machine, const char *name)
{
    const struct machine_cost *cost = machine_costs;
    while (strcmp(cost->name, name) != 0) {
        cost++;
    }
    return machine_cost(machine, cost);
}

static void set(struct machine *machine, size_t cost, int64_t value)
{
    const struct beginning *bounds = &beginning[cost];
    value = value < bounds->least ? bounds->least : value;
    *cost_of(machine, bounds->name) = value > bounds->most ? bounds->most : value;
}

/* Takes the machine if it is nearer than the best. */
static bool try(struct search *search, struct machine *machine)
{
    machine_prepare(machine);
    double distance = fit_distance(search->fit, machine, &search->modelled);
    if (distance < 0 || distance >= search->distance) {
        search->distance = distance < 0 ? distance : search->distance;
        return false;
    }
    search->best = *machine;
    search->distance = distance;
    return true;
}

static bool try_one(struct search *search, size_t cost, int64_t value)
{
    struct machine machine = search->best;
    set(&machine, cost, value);
    return try(search, &machine);
}

/* All costs in turn, each up or down by a part in 16. True: one of them was for the better. */
static bool turn(struct search *search, int64_t sixteenths)
{
    bool nearer = false;
    for (size_t i = 0; i < COSTS && search->distance >= 0; i++) {
        int64_t now = *cost_of(&search->best, beginning[i].name);
        int64_t change = now * sixteenths / 16;
        nearer = try_one(search, i, now + change) || try_one(search, i, now - change) || nearer;
    }
    return nearer;
}

/* Some costs at once, each up to so many 16ths up or down: out of hollows that are none. */
static void shake(struct search *search, int64_t sixteenths)
{
    struct machine machine = search->best;
    for (size_t i = 0; i < COSTS; i++) {
        int64_t now = *cost_of(&machine, beginning[i].name);
        if (dice_below(&search->dice, 2) == 0) {
            set(&machine, i, now + now * dice_between(&search->dice, -sixteenths, sixteenths) / 16);
        }
    }
    try(search, &machine);
}

double fit_costs(const struct fit *fit, struct machine *machine)
{
    static const int64_t steps[] = {8, 4, 2, 8, 4, 2, 1};
    struct search search = {.fit = fit, .best = *machine, .dice = 1};
    int64_t round_ns = latency_median(&machine->round);
    for (size_t i = 0; i < COSTS; i++) {
        set(&search.best, i, beginning[i].value + round_ns * beginning[i].of_round / 100);
    }
    machine_prepare(&search.best);
    search.distance = fit_distance(fit, &search.best, &search.modelled);
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        for (int turns = 0; turns < 4 && turn(&search, steps[i]); turns++) {
        }
        for (int tries = 0; tries < SHAKES && search.distance >= 0; tries++) {
            shake(&search, steps[i]);
        }
    }
    observations_free(&search.modelled);
    *machine = search.best;
    return search.distance;
}
