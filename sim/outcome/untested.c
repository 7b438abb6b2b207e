/* What was not put to the test, and why. See untested.h.
 *
 *   Not tested: starvation, since the trial lasted no longer than lock_within.
 *   Not tested: whether node 1 should have stayed leader while it was paused for 45.0 s; no
 *   check watches how long a leader may be idle.
 */
#include "sim/outcome/untested.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "sim/history/text.h"
#include "src/units.h"

/* Shorter stretches are no news: any lease in use lasts longer. */
#define IDLE_WORTH_TELLING_NS NS_PER_S

/* Why it says nothing of a leader that cannot do anything. */
#define NO_CHECK "no check watches how long a leader may be idle"

/* --- checks that could not fire, or do not apply ---------------------------------------------- */

const char *untested_why(const struct trials *trials, size_t check)
{
    const struct check_verdict *first = &trials->checks[check].first;
    if (!check_is_untested(trials, check)) {
        return NULL;
    }
    return first->why ? first->why : check_ending_names[first->ending];
}

/* Whether two checks were not tested for the same reason. */
static bool is_alike(const struct trials *trials, size_t check, size_t other)
{
    const struct check_verdict *a = &trials->checks[check].first;
    const struct check_verdict *b = &trials->checks[other].first;
    return check_is_untested(trials, check) && check_is_untested(trials, other) &&
           a->ending == b->ending && a->why && b->why && strcmp(a->why, b->why) == 0;
}

/* Whether a check before this one has told its reason. */
static bool is_told(const struct trials *trials, size_t check)
{
    for (size_t other = 0; other < check; other++) {
        if (is_alike(trials, other, check)) {
            return true;
        }
    }
    return false;
}

/* "dead_leader, wrong_winner, since nobody was elected": a check and those after it that are alike.
 */
static size_t say_group(const struct trials *trials, size_t check, char *out, size_t size)
{
    const char *why = untested_why(trials, check);
    assert(why);
    size_t used = (size_t)snprintf(out, size, "%s", check_rows[check]->name);
    for (size_t other = check + 1; other < check_count(); other++) {
        if (is_alike(trials, check, other) && used < size) {
            used += (size_t)snprintf(out + used, size - used, ", %s", check_rows[other]->name);
        }
    }
    if (used < size) {
        used += (size_t)snprintf(out + used, size - used, ", since %s", why);
    }
    return used;
}

/* Returns whether there was one. */
static bool say_checks(const struct trials *trials, char *out, size_t size)
{
    size_t lead = (size_t)snprintf(out, size, "Not tested: ");
    size_t used = lead;
    for (size_t check = 0; check < check_count(); check++) {
        if (!check_is_untested(trials, check) || is_told(trials, check)) {
            continue;
        }
        if (used > lead && used < size) {
            used += (size_t)snprintf(out + used, size - used, "; ");
        }
        if (used < size) {
            used += say_group(trials, check, out + used, size - used);
        }
    }
    snprintf(out + (used < size ? used : size - 2), 2, ".");
    return used > lead;
}

/* --- what no check watches -------------------------------------------------------------------- */

bool untested_idle(const struct idle_leader *longest, const struct check_verdict *watches,
                   char *out, size_t size)
{
    static const char *const hows[] = {
        [IDLE_PAUSED] = "it was paused",
        [IDLE_CUT_OFF] = "it was cut off from the Redis",
        [IDLE_NO_REDIS] = "the Redis did not answer",
    };
    if (watches->ending != CHECK_DOES_NOT_APPLY || longest->how == IDLE_NOT ||
        longest->lasted_ns < IDLE_WORTH_TELLING_NS) {
        return false;
    }
    assert(longest->how < sizeof hows / sizeof *hows && hows[longest->how]);
    snprintf(out, size, "Not tested: whether %s should have stayed leader while %s for %.1f s; %s.",
             text_process(longest->id).text, hows[longest->how], (double)longest->lasted_ns / 1e9,
             NO_CHECK);
    return true;
}

static bool say_idle_leader(const struct trials *trials, char *out, size_t size)
{
    int watches = check_find("idle_leader");
    assert(watches >= 0);
    return trials->count > 0 &&
           untested_idle(&trials->idle, &trials->checks[watches].first, out, size);
}

size_t untested_sentences(const struct trials *trials, char out[UNTESTED_SENTENCES][UNTESTED_SIZE])
{
    size_t said = 0;
    said += say_checks(trials, out[said], UNTESTED_SIZE);
    said += say_idle_leader(trials, out[said], UNTESTED_SIZE);
    assert(said <= UNTESTED_SENTENCES);
    return said;
}

bool untested_next(const struct trials *trials, size_t *next, struct untested *out)
{
    while (*next < check_count()) {
        size_t check = (*next)++;
        const char *why = untested_why(trials, check);
        if (why) {
            *out = (struct untested){.check = check_rows[check]->name, .why = why};
            snprintf(out->sentence, sizeof out->sentence, "Not tested: %s, since %s.", out->check,
                     why);
            return true;
        }
    }
    if (*next > check_count()) {
        return false;
    }
    (*next)++;
    *out = (struct untested){.why = NO_CHECK};
    return say_idle_leader(trials, out->sentence, sizeof out->sentence);
}
