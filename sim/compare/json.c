/* A comparison as JSON. See comparison.h. */
#include <math.h>

#include "sim/compare/comparison.h"
#include "sim/outcome/times.h"
#include "sim/results/json_out.h"

static const char *const side_names[SIDES] = {[SIDE_A] = "a", [SIDE_B] = "b"};

static void put_shares(struct json_out *out, const struct comparison *comparison,
                       const struct shares *shares)
{
    for (size_t i = 0; i < shares->count; i++) {
        const struct share *share = &shares->list[i];
        json_open(out, NULL, '{');
        json_text(out, "name", share->name);
        if (share->chance < 0) {
            json_null(out, "differs");
        } else {
            json_flag(out, "differs", differs(comparison, share->chance));
        }
        for (enum side side = 0; side < SIDES; side++) {
            json_open(out, side_names[side], '{');
            json_whole(out, "count", (int64_t)share->count[side]);
            json_whole(out, "of", (int64_t)share->of[side]);
            json_close(out);
        }
        json_close(out);
    }
}

static void put_times(struct json_out *out, const struct sample times[SIDES])
{
    for (enum side side = 0; side < SIDES; side++) {
        const struct sample *sample = &times[side];
        json_open(out, side_names[side], '{');
        json_whole(out, "count", (int64_t)sample->count);
        json_ms(out, "p50_ms", percentile(sample->ns, sample->count, 50));
        json_ms(out, "p90_ms", percentile(sample->ns, sample->count, 90));
        json_ms(out, "p99_ms", percentile(sample->ns, sample->count, 99));
        json_close(out);
    }
}

static void put_scenario(struct json_out *out, const struct comparison *comparison,
                         const struct compared *compared)
{
    json_open(out, NULL, '{');
    json_text(out, "scenario", compared->scenario);
    for (enum side side = 0; side < SIDES; side++) {
        json_open(out, side_names[side], '{');
        json_whole(out, "trials", (int64_t)compared->trials[side].count);
        json_whole(out, "undecided", (int64_t)compared->trials[side].undecided);
        json_whole(out, "elections", (int64_t)compared->elections[side]);
        json_close(out);
    }
    json_number(out, "total_variation", round(total_variation(compared) * 1e4) / 1e4);
    for (enum kind kind = 0; kind < KINDS; kind++) {
        json_open(out, compared_names[kind], '[');
        put_shares(out, comparison, &compared->shares[kind]);
        json_close(out);
    }
    for (enum election_time time = 0; time < ELECTION_TIMES; time++) {
        json_open(out, election_time_names[time], '{');
        put_times(out, compared->times[time]);
        json_close(out);
    }
    json_close(out);
}

void comparison_json(const struct comparison *comparison, FILE *file)
{
    char conclusion[512];
    struct json_out out = json_out(file, 4);
    comparison_conclusion(comparison, conclusion, sizeof conclusion);
    json_open(&out, NULL, '{');
    json_text(&out, "a", comparison->folder[SIDE_A]);
    json_text(&out, "b", comparison->folder[SIDE_B]);
    json_text(&out, "conclusion", conclusion);
    json_open(&out, "scenarios", '[');
    for (size_t i = 0; i < comparison->both; i++) {
        put_scenario(&out, comparison, &comparison->list[i]);
    }
    json_close(&out);
    json_close(&out);
}
