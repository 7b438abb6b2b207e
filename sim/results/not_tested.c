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

void json_untested(struct json_out *out, const struct trials *trials)
{
    struct untested untested;
    size_t next = 0;
    json_open(out, "not_tested", '[');
    while (trials && untested_next(trials, &next, &untested)) {
        json_open(out, NULL, '{');
        json_text(out, "check", untested.check);
        json_text(out, "why", untested.why);
        json_text(out, "sentence", untested.sentence);
        json_close(out);
    }
    json_close(out);
}

static bool put_not_done(void *self, const struct not_done_told *told)
{
    struct json_out *out = self;
    json_open(out, NULL, '{');
    json_whole(out, "index", (int64_t)told->fault);
    json_text(out, "fault", told->text);
    json_text(out, "why", told->why);
    json_whole(out, "trials", (int64_t)told->trials);
    json_close(out);
    return true;
}

void json_not_done(struct json_out *out, const struct trials *trials)
{
    json_open(out, "not_done", '[');
    if (trials) {
        not_done_each(trials, put_not_done, out);
    }
    json_close(out);
}

bool json_not_done_of_history(struct json_out *out, const struct history *history)
{
    json_open(out, "not_done", '[');
    bool whole = not_done_each_of_history(history, put_not_done, out);
    json_close(out);
    return whole;
}
