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

/* What is special about each kind of request: its median against the quickest kind's, and that of
 * first ones against later ones. Where there are only first ones, they count as later ones. */
static void tell_kinds(struct machine_tables *tables, const struct observations *observations)
{
    int64_t quickest_ns = INT64_MAX;
    int64_t kind_ns[STORE_OPS];
    for (int op = 0; op < STORE_OPS; op++) {
        const struct kind_observed *hot = &observations->hot[op];
        const struct sample *kind = hot->later.count >= LEAST ? &hot->later : &hot->first;
        int64_t cold_ns = first_more(&observations->cold[op]);
        tables->first[op] = first_more(hot);
        if (tables->first[op] < cold_ns) {
            tables->first[op] = cold_ns;
        }
        kind_ns[op] = kind->count >= LEAST ? median(kind) : 0;
        if (kind_ns[op] > 0 && kind_ns[op] < quickest_ns) {
            quickest_ns = kind_ns[op];
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

/* What a long sleep would have added, had this one been long. */
static int64_t extrapolated(const struct observations *observations, size_t i, int64_t hot_ns)
{
    int64_t slept_ns = observations->of[OBSERVED_COLD_SLEPT].ns[i];
    return more(observations->of[OBSERVED_COLD_ALONE].ns[i], hot_ns) * COLDEST /
           machine_coldness(slept_ns);
}

/* How much less it is while the trial is young: medians of a warm and of a cool machine. */
static bool compare_ages(struct machine_tables *tables, const struct observations *observations,
                         int64_t hot_ns)
{
    const struct sample *at = &observations->of[OBSERVED_COLD_AT];
    struct sample young = {0};
    struct sample cool = {0};
    bool good = true;
    for (size_t i = 0; good && i < at->count; i++) {
        struct sample *age = at->ns[i] < MACHINE_COOLS_NS / 3
                                 ? &young
                                 : (at->ns[i] >= MACHINE_COOLS_NS ? &cool : NULL);
        good = !age || sample_add(age, extrapolated(observations, i, hot_ns));
    }
    sample_sort(&young);
    sample_sort(&cool);
    tables->young_percent = 100;
    if (young.count >= LEAST && cool.count >= LEAST && median(&young) < median(&cool)) {
        tables->young_percent = 100 * median(&young) / median(&cool);
    }
    sample_free(&young);
    sample_free(&cool);
    return good;
}

/* What a long sleep adds on a cool machine, from those after longer and shorter ones on warm and
 * cool ones. */
static bool extrapolate(struct machine_tables *tables, const struct observations *observations,
                        int64_t hot_ns, struct sample *cold)
{
    struct machine machine = {0};
    if (!compare_ages(tables, observations, hot_ns)) {
        return false;
    }
    machine.young_percent = tables->young_percent;
    for (size_t i = 0; i < observations->of[OBSERVED_COLD_ALONE].count; i++) {
        int64_t warmth = machine_warmth(&machine, observations->of[OBSERVED_COLD_AT].ns[i]);
        if (!sample_add(cold, extrapolated(observations, i, hot_ns) * 100 / warmth)) {
            return false;
        }
    }
    sample_sort(cold);
    return true;
}

static bool enough(const struct observations *observations, enum observed observed, size_t least,
                   char *error, size_t error_size)
{
    size_t count = observations->of[observed].count;
    if (count >= least) {
        return true;
    }
    snprintf(error, error_size, "only %zu observations of \"%s\"; %zu are needed: run more trials",
             count, observed_names[observed], least);
    return false;
}

static bool make(struct machine_tables *tables, struct observations *observations,
                 struct sample *cold, struct sample *rounds)
{
    /* Before the sleeps are parted from their round trips. */
    struct sample hot = observations->of[OBSERVED_HOT_ALONE];
    sample_sort(&hot);
    observations->of[OBSERVED_HOT_ALONE] = hot;
    if (!extrapolate(tables, observations, median(&hot), cold)) {
        return false;
    }
    observations_sort(observations);
    tell_kinds(tables, observations);
    if (!gather_rounds(tables, observations, rounds)) {
        return false;
    }
    if (observations->of[OBSERVED_BIRTH].count == 0 &&
        !sample_add(&observations->of[OBSERVED_BIRTH], BIRTH_NS)) {
        return false;
    }
    quantiles(cold, tables->cold);
    quantiles(rounds, tables->round);
    quantiles(&observations->of[OBSERVED_TIMER_ALONE], tables->timer);
    quantiles(&observations->of[OBSERVED_START], tables->start);
    quantiles(&observations->of[OBSERVED_BIRTH], tables->birth);
    return true;
}

bool tables_make(struct machine_tables *tables, struct observations *observations, char *error,
                 size_t error_size)
{
    struct sample cold = {0};
    struct sample rounds = {0};
    if (!enough(observations, OBSERVED_TIMER_ALONE, LEAST, error, error_size) ||
        !enough(observations, OBSERVED_HOT_ALONE, (size_t)10 * LEAST, error, error_size) ||
        !enough(observations, OBSERVED_COLD_ALONE, LEAST, error, error_size) ||
        !enough(observations, OBSERVED_START, LEAST, error, error_size)) {
        return false;
    }
    bool good = make(tables, observations, &cold, &rounds);
    if (!good) {
        snprintf(error, error_size, "out of memory");
    }
    sample_free(&cold);
    sample_free(&rounds);
    return good;
}

void tables_into(const struct machine_tables *tables, struct machine *machine)
{
    memcpy(machine->op_ns, tables->op, sizeof machine->op_ns);
    memcpy(machine->first_ns, tables->first, sizeof machine->first_ns);
    machine->script_ns = tables->script;
    machine->young_percent = tables->young_percent;
    latency_measured(&machine->timer, tables->timer, TABLE_QUANTILES);
    latency_measured(&machine->round, tables->round, TABLE_QUANTILES);
    latency_measured(&machine->cold, tables->cold, TABLE_QUANTILES);
    latency_measured(&machine->start, tables->start, TABLE_QUANTILES);
    latency_measured(&machine->birth, tables->birth, TABLE_QUANTILES);
}
