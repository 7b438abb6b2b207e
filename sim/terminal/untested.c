/* What was not put to the test, and why.
 *
 *   Not tested: starvation, since the trial lasted no longer than lock_within.
 *   Not tested: whether node 1 should have stayed leader while it was paused for 45.0 s; a lock
 *   guards reports, not leadership, and there are no leases yet.
 */
#include <stdio.h>
#include <string.h>

#include "sim/results/judge.h"
#include "sim/terminal/parts.h"
#include "sim/terminal/words.h"

/* Shorter stretches are no news: any lease in use lasts longer. */
#define IDLE_WORTH_TELLING_NS INT64_C(1000000000)

static void tell(const struct finish *finish, const char *text)
{
    ink_paragraph(finish->options, INK_DIM, "  ", INK_PLAIN, text, 0);
}

/* --- checks that could not fire, or do not apply ---------------------------------------------- */

static struct check_tally tally(const struct finish *finish, size_t check)
{
    return tally_check(finish->outcomes, finish->count, check);
}

/* Whether two checks were not tested for the same reason. */
static bool is_alike(const struct check_tally *a, const struct check_tally *b)
{
    return a->untested && b->untested && a->ending == b->ending && a->why && b->why &&
           strcmp(a->why, b->why) == 0;
}

/* Whether a check before this one has told its reason. */
static bool is_told(const struct finish *finish, size_t check, const struct check_tally *own)
{
    for (size_t other = 0; other < check; other++) {
        const struct check_tally before = tally(finish, other);
        if (is_alike(&before, own)) {
            return true;
        }
    }
    return false;
}

/* "dead_leader, wrong_winner, since nobody was elected": a check and those after it that are alike.
 */
static size_t say_group(const struct finish *finish, size_t check, const struct check_tally *own,
                        char *out, size_t size)
{
    size_t used = (size_t)snprintf(out, size, "%s", check_rows[check]->name);
    for (size_t other = check + 1; other < check_count(); other++) {
        const struct check_tally after = tally(finish, other);
        if (is_alike(own, &after) && used < size) {
            used += (size_t)snprintf(out + used, size - used, ", %s", check_rows[other]->name);
        }
    }
    if (used < size) {
        used += (size_t)snprintf(out + used, size - used, ", since %s",
                                 own->why ? own->why : check_ending_names[own->ending]);
    }
    return used;
}

/* Returns whether there was one. */
static bool tell_checks(const struct finish *finish)
{
    char text[1600] = "Not tested: ";
    size_t lead = strlen(text);
    size_t used = lead;
    for (size_t check = 0; check < check_count(); check++) {
        const struct check_tally own = tally(finish, check);
        if (!own.untested || is_told(finish, check, &own)) {
            continue;
        }
        if (used > lead && used < sizeof text) {
            used += (size_t)snprintf(text + used, sizeof text - used, "; ");
        }
        if (used < sizeof text) {
            used += say_group(finish, check, &own, text + used, sizeof text - used);
        }
    }
    if (used > lead) {
        snprintf(text + (used < sizeof text ? used : sizeof text - 2), 2, ".");
        tell(finish, text);
    }
    return used > lead;
}

/* --- what no check watches ---------------------------------------------------------------------
 */

static bool tell_idle_leader(const struct finish *finish)
{
    static const char *const hows[] = {
        [IDLE_PAUSED] = "it was paused",
        [IDLE_CUT_OFF] = "it was cut off from the Redis",
        [IDLE_NO_REDIS] = "the Redis did not answer",
    };
    const struct idle_leader *longest = NULL;
    char text[400], who[WORD_SIZE];
    for (size_t i = 0; i < finish->count; i++) {
        const struct idle_leader *idle = &finish->outcomes[i].idle;
        if (idle->how != IDLE_NOT && (!longest || idle->lasted_ns > longest->lasted_ns)) {
            longest = idle;
        }
    }
    if (!longest || longest->lasted_ns < IDLE_WORTH_TELLING_NS) {
        return false;
    }
    snprintf(text, sizeof text,
             "Not tested: whether %s should have stayed leader while %s for %.1f s; a lock guards "
             "reports, not leadership, and there are no leases yet.",
             word_who(longest->id, who, sizeof who), hows[longest->how],
             (double)longest->lasted_ns / 1e9);
    tell(finish, text);
    return true;
}

bool part_untested(const struct finish *finish)
{
    bool checks = tell_checks(finish);
    return tell_idle_leader(finish) || checks;
}
