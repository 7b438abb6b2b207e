/* A comparison as text. See comparison.h. */
#include <ctype.h>
#include <stdio.h>

#include "sim/compare/comparison.h"
#include "sim/history/text.h"
#include "sim/outcome/outcome.h"
#include "sim/outcome/times.h"
#include "sim/text/clean.h"

/* Chaos gives an order of leaders a trial; so many are shown, the most frequent. */
#define ORDERS_SHOWN 12

/* A name of at most 23 bytes, in its column. */
static void put_name(FILE *out, const char *what, const char *name)
{
    char clean[64];
    fprintf(out, "  %-11s%-23s", what, clean_text(name, clean, 24));
}

static void put_shares(const struct comparison *comparison, const struct compared *compared,
                       enum kind kind, FILE *out)
{
    const struct shares *shares = &compared->shares[kind];
    size_t shown = shares->count < ORDERS_SHOWN ? shares->count : ORDERS_SHOWN;
    for (size_t i = 0; i < shown; i++) {
        const struct share *share = &shares->list[i];
        put_name(out, i == 0 ? compared_names[kind] : "", share->name);
        for (enum side side = 0; side < SIDES; side++) {
            if (share->of[side] == 0) {
                fprintf(out, "%20s", kind == KIND_CHECKS ? "not tested" : "-");
            } else {
                fprintf(out, "%11s %6.1f %%", text_count(share->count[side]).text,
                        100.0 * (double)share->count[side] / (double)share->of[side]);
            }
        }
        fprintf(out, "%s\n", differs(comparison, share->chance) ? "   differs" : "");
    }
    if (shown < shares->count) {
        fprintf(out, "  %-11sand %s more\n", "", text_count(shares->count - shown).text);
    }
    if (kind == KIND_LEADERS) {
        put_name(out, "", "total variation");
        fprintf(out, "%20.3f\n", total_variation(compared));
    }
}

static void put_times(const struct compared *compared, enum election_time time, FILE *out)
{
    static const int percents[] = {50, 90, 99};
    const struct sample *times = compared->times[time];
    for (size_t i = 0; i < sizeof percents / sizeof *percents; i++) {
        char name[8];
        snprintf(name, sizeof name, "p%d", percents[i]);
        put_name(out, i == 0 ? election_time_names[time] : "", name);
        for (enum side side = 0; side < SIDES; side++) {
            int64_t ns = percentile(times[side].ns, times[side].count, percents[i]);
            if (ns == NEVER_NS || ns == FOREVER_NS) {
                fprintf(out, "%20s", ns == NEVER_NS ? "-" : "never");
            } else {
                fprintf(out, "%20.3f", (double)ns / 1e6);
            }
        }
        fputc('\n', out);
    }
}

static void put_numbers(FILE *out, const char *name, size_t a, size_t b)
{
    fprintf(out, "  %-34s%20s%20s\n", name, text_count(a).text, text_count(b).text);
}

static void put_scenario(const struct comparison *comparison, const struct compared *compared,
                         FILE *out)
{
    const struct trials *trials = compared->trials;
    fputc('\n', out);
    clean_line(out, "%s", compared->scenario);
    fprintf(out, "  %-34s%20s%20s\n", "", "A", "B");
    put_numbers(out, "trials", trials[SIDE_A].count, trials[SIDE_B].count);
    if (trials[SIDE_A].undecided + trials[SIDE_B].undecided > 0) {
        put_numbers(out, "undecided ones, left out", trials[SIDE_A].undecided,
                    trials[SIDE_B].undecided);
    }
    put_numbers(out, "elections", compared->elections[SIDE_A], compared->elections[SIDE_B]);
    for (enum kind kind = 0; kind < KINDS; kind++) {
        put_shares(comparison, compared, kind, out);
    }
    for (enum election_time time = 0; time < ELECTION_TIMES; time++) {
        put_times(compared, time, out);
    }
}

void comparison_text(const struct comparison *comparison, FILE *out)
{
    char conclusion[512];
    for (enum side side = 0; side < SIDES; side++) {
        clean_line(out, "%c  %s", side == SIDE_A ? 'A' : 'B', comparison->folder[side]);
    }
    for (size_t i = 0; i < comparison->both; i++) {
        put_scenario(comparison, &comparison->list[i], out);
    }
    for (size_t i = comparison->both; i < comparison->count; i++) {
        const struct compared *compared = &comparison->list[i];
        bool in_a = compared->trials[SIDE_A].count > 0;
        if (in_a || compared->trials[SIDE_B].count > 0) {
            fputc('\n', out);
            clean_line(out, "%s: only in %c", compared->scenario, in_a ? 'A' : 'B');
        }
    }
    comparison_conclusion(comparison, conclusion, sizeof conclusion);
    fputc('\n', out);
    clean_line(out, "%c%s.", toupper((unsigned char)conclusion[0]), conclusion + 1);
}
