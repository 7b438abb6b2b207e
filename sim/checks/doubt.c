/* What cannot be judged. See doubt.h. */
#include "sim/checks/doubt.h"

#include <assert.h>
#include <stdio.h>

#include "sim/history/text.h"
#include "sim/text/clean.h"

void doubt_begin(struct doubt *doubt)
{
    doubt->since_ns = INT64_MAX;
    doubt->why[0] = '\0';
}

void doubt_raise(struct doubt *doubt, const struct history_event *event)
{
    if (doubt_is_raised(doubt)) {
        return;
    }
    bool of_process = event->process != HISTORY_HARNESS;
    doubt->since_ns = event->at_ns;
    int used =
        snprintf(doubt->why, sizeof doubt->why, "at %s%s%s: ", text_seconds(event->at_ns).text,
                 of_process ? ", " : "", of_process ? text_process(event->process).text : "");
    assert(used > 0 && used < (int)sizeof doubt->why);
    clean_text(event->why ? event->why : "something happened that the scenario does not tell",
               doubt->why + used, sizeof doubt->why - (size_t)used);
}

void doubt_drop(struct violations *found, const struct doubt *whole, const struct doubt *obscure)
{
    size_t kept = 0;
    for (size_t i = 0; i < found->count; i++) {
        const struct violation *one = &found->list[i];
        bool sure = one->sure_ns < whole->since_ns;
        bool clear = !check_rows[one->check]->on_belief || one->sure_ns < obscure->since_ns;
        if (sure && clear) {
            found->list[kept++] = *one;
        }
    }
    assert(kept <= found->count);
    found->count = kept;
}
