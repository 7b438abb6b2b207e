/* From observations to a machine's tables. See tables.h. */
#include "sim/calibrate/tables.h"

#include <stdio.h>
#include <string.h>

/* Fewer than this say nothing about a distribution. */
#define LEAST 30

/* Where no process was born later: what forking and connecting takes, about. */
#define BIRTH_NS 1000000

static void quantiles(const struct sample *sample, int64_t list[TABLE_QUANTILES])
{
    for (size_t i = 0; i < TABLE_QUANTILES; i++) {
        list[i] = sample_quantile(sample, i, TABLE_QUANTILES - 1);
    }
}

static int64_t median(const struct sample *sample)
{
    return sample_quantile(sample, 1, 2);
}

static int64_t more(int64_t a, int64_t b)
{
    return a > b ? a - b : 0;
}

static int64_t first_more(const struct kind_observed *kind)
{
    bool both = kind->later.count >= LEAST && kind->first.count >= LEAST;
    return both ? more(median(&kind->first), median(&kind->later)) : 0;
}

/* The median of a kind's round trips; 0: there are too few. First ones count where there are only
 * first ones. */
static int64_t kind_median(const struct kind_observed *kind)
{
    const struct sample *sample = kind->later.count >= LEAST ? &kind->later : &kind->first;
    return sample->count >= LEAST ? median(sample) : 0;
}

/* How much longer cold ones take than hot ones: of the kind that is seen cold most often. */
static int64_t cold_more(const struct observations *observations)
{
    size_t most = 0;
    int64_t more_ns = 0;
    for (int op = 0; op < STORE_OPS; op++) {
        const struct sample *cold = &observations->cold[op].later;
        int64_t hot_ns = kind_median(&observations->hot[op]);
        if (cold->count >= LEAST && cold->count > most && hot_ns > 0) {
            most = cold->count;
            more_ns = more(median(cold), hot_ns);
        }
    }
    return more_ns;
}

/* What is special about each kind of request: its median against the quickest kind's, and that of
 * first ones against later ones. A kind that is
 * asked for cold most often is judged by that. */
static void tell_kinds(struct machine_tables *tables, const struct observations *observations)
{
    int64_t quickest_ns = INT64_MAX;
    int64_t kind_ns[STORE_OPS];
    int64_t cold_more_ns = cold_more(observations);
    for (int op = 0; op < STORE_OPS; op++) {
        int64_t cold_first_ns = first_more(&observations->cold[op]);
        tables->first[op] = first_more(&observations->hot[op]);
        if (tables->first[op] < cold_first_ns) {
            tables->first[op] = cold_first_ns;
        }
        kind_ns[op] = kind_median(&observations->hot[op]);
        if (kind_ns[op] > 0 && kind_ns[op] < quickest_ns) {
            quickest_ns = kind_ns[op];
        }
        if (observations->cold[op].later.count > observations->hot[op].later.count) {
            kind_ns[op] = more(kind_median(&observations->cold[op]), cold_more_ns);
        }
    }
    for (int op = 0; op < STORE_OPS; op++) {
        tables->op[op] = more(kind_ns[op], quickest_ns);
    }
    const struct sample *script = &observations->script;
    int64_t known_ns = kind_ns[STORE_DELETE_IF_EQUAL] + tables->first[STORE_DELETE_IF_EQUAL];
    tables->script = script->count > 0 && known_ns > 0 ? more(median(script), known_ns) : 0;
}

/* Hot round trips, as if all were of the quickest kind. */
static bool gather_rounds(const struct machine_tables *tables,
                          const struct observations *observations, struct sample *rounds)
{
    for (int op = 0; op < STORE_OPS; op++) {
        const struct sample *later = &observations->hot[op].later;
        for (size_t i = 0; i < later->count; i++) {
            if (!sample_add(rounds, more(later->ns[i], tables->op[op]))) {
                return false;
            }
        }
    }
    sample_sort(rounds);
    return true;
}

/* Times after sleeps: ns[i] after slept_ns[i]. */
struct sleeps {
    const int64_t *ns, *slept_ns;
    size_t count;
};

/* What there is without a sleep, in percent of what there is after a long one: from the medians
 * after sleeps of all lengths, on a straight line. */
static bool part_without(const struct sleeps *sleeps, int64_t *percent)
{
    double n = 0;
    double x = 0;
    double y = 0;
    double xx = 0;
    double xy = 0;
    bool good = true;
    for (int64_t cold = 0; good && cold <= COLDEST; cold++) {
        struct sample these = {0};
        for (size_t i = 0; good && i < sleeps->count; i++) {
            good =
                machine_coldness(sleeps->slept_ns[i]) != cold || sample_add(&these, sleeps->ns[i]);
        }
        sample_sort(&these);
        if (good && these.count > 0) {
            double weight = (double)these.count;
            double ns = (double)median(&these);
            n += weight;
            x += weight * (double)cold;
            y += weight * ns;
            xx += weight * (double)(cold * cold);
            xy += weight * (double)cold * ns;
        }
        sample_free(&these);
    }
    double slope = n * xx > x * x ? (n * xy - x * y) / (n * xx - x * x) : 0;
    double without = n > 0 ? (y - slope * x) / n : 0;
    double after = without + slope * COLDEST;
    double part = after > 0 ? without / after : 1;
    *percent = part <= 0 ? 0 : (part >= 1 ? 100 : (int64_t)(100 * part));
    return good;
}

/* Those after long sleeps. */
static bool gather_long(const struct sleeps *sleeps, struct sample *gathered)
{
    for (size_t i = 0; i < sleeps->count; i++) {
        if (machine_coldness(sleeps->slept_ns[i]) == COLDEST &&
            !sample_add(gathered, sleeps->ns[i])) {
            return false;
        }
    }
    sample_sort(gathered);
    return true;
}

/* How much longer cold round trips took than hot ones of their kinds: what a long sleep adds, and
 * how much of it is there although the server had not slept for long, that is, is the asker's. */
static bool gather_colds(struct machine_tables *tables, const struct observations *observations,
                         int64_t quickest_ns, struct sample *colds)
{
    const struct sample *of = observations->of;
    struct sample excess = {0};
    bool good = true;
    for (size_t i = 0; good && i < of[OBSERVED_COLD_ALONE].count; i++) {
        int64_t hot_ns = quickest_ns + tables->op[of[OBSERVED_COLD_KIND].ns[i]];
        good = sample_add(&excess, more(of[OBSERVED_COLD_ALONE].ns[i], hot_ns));
    }
    struct sleeps sleeps = {excess.ns, of[OBSERVED_COLD_SLEPT].ns, excess.count};
    good = good && part_without(&sleeps, &tables->step_percent) && gather_long(&sleeps, colds);
    sample_free(&excess);
    return good;
}

static bool gather_timers(struct machine_tables *tables, const struct observations *observations,
                          struct sample *timers)
{
    const struct sample *of = observations->of;
    struct sleeps sleeps = {of[OBSERVED_TIMER_ALONE].ns, of[OBSERVED_TIMER_SLEPT].ns,
                            of[OBSERVED_TIMER_ALONE].count};
    return part_without(&sleeps, &tables->warm_percent) && gather_long(&sleeps, timers);
}

/* What the tables are made of. */
struct gathered {
    struct sample timers, rounds, colds;
};

static bool gather(struct machine_tables *tables, struct observations *observations,
                   struct gathered *gathered)
{
    observations_sort_kinds(observations);
    tell_kinds(tables, observations);
    if (!gather_rounds(tables, observations, &gathered->rounds) ||
        !gather_colds(tables, observations, median(&gathered->rounds), &gathered->colds) ||
        !gather_timers(tables, observations, &gathered->timers)) {
        return false;
    }
    /* Not before the sleeps need no longer stand where their times do. */
    observations_sort(observations);
    return observations->of[OBSERVED_BIRTH].count > 0 ||
           sample_add(&observations->of[OBSERVED_BIRTH], BIRTH_NS);
}

static bool enough(const struct sample *sample, const char *name, size_t least, char *error,
                   size_t error_size)
{
    if (sample->count >= least) {
        return true;
    }
    snprintf(error, error_size, "only %zu observations of \"%s\"; %zu are needed: run more trials",
             sample->count, name, least);
    return false;
}

bool tables_make(struct machine_tables *tables, struct observations *observations, char *error,
                 size_t error_size)
{
    struct gathered gathered = {0};
    const struct sample *of = observations->of;
    bool good =
        enough(&of[OBSERVED_HOT_ALONE], observed_names[OBSERVED_HOT_ALONE], (size_t)10 * LEAST,
               error, error_size) &&
        enough(&of[OBSERVED_START], observed_names[OBSERVED_START], LEAST, error, error_size);
    if (good && !gather(tables, observations, &gathered)) {
        snprintf(error, error_size, "out of memory");
        good = false;
    }
    good = good &&
           enough(&gathered.timers, "timer, after a long sleep", LEAST, error, error_size) &&
           enough(&gathered.colds, "cold, after a long sleep", LEAST, error, error_size);
    if (good) {
        quantiles(&gathered.timers, tables->timer);
        quantiles(&gathered.rounds, tables->round);
        quantiles(&gathered.colds, tables->cold);
        quantiles(&of[OBSERVED_START], tables->start);
        quantiles(&of[OBSERVED_BIRTH], tables->birth);
    }
    sample_free(&gathered.timers);
    sample_free(&gathered.rounds);
    sample_free(&gathered.colds);
    return good;
}

void tables_into(const struct machine_tables *tables, struct machine *machine)
{
    memcpy(machine->op_ns, tables->op, sizeof machine->op_ns);
    memcpy(machine->first_ns, tables->first, sizeof machine->first_ns);
    machine->script_ns = tables->script;
    machine->step_percent = tables->step_percent;
    machine->warm_percent = tables->warm_percent;
    latency_measured(&machine->timer, tables->timer, TABLE_QUANTILES);
    latency_measured(&machine->round, tables->round, TABLE_QUANTILES);
    latency_measured(&machine->cold, tables->cold, TABLE_QUANTILES);
    latency_measured(&machine->start, tables->start, TABLE_QUANTILES);
    latency_measured(&machine->birth, tables->birth, TABLE_QUANTILES);
}
