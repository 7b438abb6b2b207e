/* Writes what was not tested as JSON. See not_tested.h. */
#include "sim/results/not_tested.h"

#include "sim/outcome/not_done.h"
#include "sim/outcome/untested.h"

void json_checks(struct json_out *out, const struct check_verdict *checks)
{
    json_open(out, "checks", '[');
    for (size_t check = 0; check < check_count(); check++) {
        json_open(out, NULL, '{');
        json_text(out, "check", check_rows[check]->name);
        json_text(out, "ending", check_ending_names[checks[check].ending]);
        json_text(out, "why", checks[check].why);
        json_close(out);
    }
    json_close(out);
}

void json_untested(struct json_out *out, const struct outcome *outcomes, size_t count)
{
    struct untested untested;
    size_t next = 0;
    json_open(out, "not_tested", '[');
    while (untested_next(outcomes, count, &next, &untested)) {
        json_open(out, NULL, '{');
        json_text(out, "check", untested.check);
        json_text(out, "why", untested.why);
        json_text(out, "sentence", untested.sentence);
        json_close(out);
    }
    json_close(out);
}

static bool put_not_done(void *self, const struct not_done_sum *sum)
{
    struct json_out *out = self;
    json_open(out, NULL, '{');
    json_whole(out, "index", (int64_t)sum->fault);
    json_text(out, "fault", sum->text);
    json_text(out, "why", sum->why);
    json_whole(out, "trials", (int64_t)sum->trials);
    json_close(out);
    return true;
}

bool json_not_done(struct json_out *out, const struct scenario *scenario,
                   const struct outcome *outcomes, size_t count)
{
    json_open(out, "not_done", '[');
    bool whole = not_done_each(scenario, outcomes, count, put_not_done, out);
    json_close(out);
    return whole;
}

bool json_not_done_of_history(struct json_out *out, const struct history *history)
{
    json_open(out, "not_done", '[');
    bool whole = not_done_each_of_history(history, put_not_done, out);
    json_close(out);
    return whole;
}
