/* Finds faults that cannot be in force together, among those with fixed times and targets.
 *
 * Most compose: each is in force to its own end. But a clock has bounds, and so has a delay; a
 * request can meet one of the faults that lie in wait for it; and a clock that has no right time
 * cannot be set right. What only the run will tell (crash leader, when) is skipped there. */
#include <stdlib.h>

#include "sim/scenario/entry.h"
#include "sim/scenario/problem.h"

struct composing {
    struct walk *walk;
    const struct node *const *keys;
};

static const struct fault_spec *spec_of(const struct composing *composing, uint32_t fault)
{
    return &composing->walk->scenario->faults[fault];
}

static const struct fault_row *row_of(const struct fault_spec *spec)
{
    return fault_rows[spec->kind];
}

static bool is_fixed(const struct fault_spec *spec)
{
    bool timed = spec->trigger.kind == TRIGGER_AT || spec->trigger.kind == TRIGGER_EVERY;
    return timed && target_is_fixed(&spec->target);
}

/* Where faults meet: at a server, or at a process and its link to one. */
struct place {
    bool of_server;
    uint16_t id;
    unsigned server;
};

static bool hits(const struct fault_spec *spec, const struct place *place)
{
    bool here = place->of_server
                    ? spec->target.kind == TARGET_REDIS
                    : spec->target.kind == TARGET_IDS && target_has(&spec->target, place->id);
    return here && target_has_server(&spec->target, place->server);
}

static void tell(const struct composing *composing, uint32_t fault, const char *hint,
                 const char *what, int line)
{
    char since[32] = "";
    const struct node *key = composing->keys[fault];
    if (line > 0) {
        snprintf(since, sizeof since, " (see line %d)", line);
    }
    problem_add(composing->walk->report, key->line, key->column, spec_of(composing, fault)->text,
                hint, "%s%s", what, since);
}

/* --- a clock without a right time ------------------------------------------------------------- */

static void check_return(const struct composing *composing, uint32_t fault)
{
    const struct fault_spec *spec = spec_of(composing, fault);
    if (fault_is_over_at_once(spec) && fault_lasts_ns(spec) > 0) {
        tell(composing, fault, "leave for: away, or jump back later by a second entry",
             "impossible: a process's own clock has no right time to which it could return", 0);
    }
}

/* --- parameters that do not go together ------------------------------------------------------- */

static void check_parameters(const struct composing *composing, uint32_t fault)
{
    const struct fault_spec *spec = spec_of(composing, fault);
    const char *what;
    const char *hint;
    if (row_of(spec)->clash && row_of(spec)->clash(spec, &what, &hint)) {
        tell(composing, fault, hint, what, 0);
    }
}

/* --- bounds ----------------------------------------------------------------------------------- */

/* When it comes for the last time. */
static int64_t last_ns(const struct fault_spec *spec)
{
    const struct trigger *trigger = &spec->trigger;
    return trigger->kind == TRIGGER_EVERY
               ? (trigger->until_ns - 1) / trigger->at_ns * trigger->at_ns
               : trigger->at_ns;
}

/* How many of it are in force at a time. */
static int64_t count_at(const struct fault_spec *spec, int64_t time_ns)
{
    const struct trigger *trigger = &spec->trigger;
    int64_t lasts_ns = fault_lasts_ns(spec);
    int64_t end_ns = time_ns < last_ns(spec) ? time_ns : last_ns(spec);
    if (trigger->kind == TRIGGER_AT) {
        return time_ns >= trigger->at_ns && (lasts_ns == 0 || time_ns < trigger->at_ns + lasts_ns);
    }
    int64_t begun = end_ns / trigger->at_ns;
    int64_t over = lasts_ns > 0 && time_ns >= lasts_ns ? (time_ns - lasts_ns) / trigger->at_ns : 0;
    return begun > over ? begun - over : 0;
}

/* Whether they add up to one. */
static bool compose(const struct fault_spec *a, const struct fault_spec *b)
{
    bool clocks = fault_is_on_clocks(row_of(a)) && fault_is_on_clocks(row_of(b));
    return is_fixed(b) && !fault_is_over_at_once(b) && fault_adds_up(b) &&
           (a->kind == b->kind || clocks);
}

/* Whether all that is in force at that place, when this fault comes for the last time, stays within
 * the bounds. Fills the line of the last other one. */
static bool fits(const struct composing *composing, uint32_t fault, const struct place *place,
                 int *line)
{
    const struct fault_spec *spec = spec_of(composing, fault);
    struct in_force sum = {0};
    bool good = true;
    for (uint32_t i = 0; i < composing->walk->scenario->fault_count; i++) {
        const struct fault_spec *other = spec_of(composing, i);
        if (!compose(spec, other) || !hits(other, place)) {
            continue;
        }
        int64_t count = count_at(other, last_ns(spec));
        if (count > 0) {
            *line = i != fault ? other->line : *line;
            good = good && row_of(other)->add(other, count, &sum);
        }
    }
    return good;
}

/* The same at all places of one server that the fault hits. */
static bool fits_at(const struct composing *composing, uint32_t fault, unsigned server, int *line)
{
    const struct target *target = &spec_of(composing, fault)->target;
    struct place place = {.of_server = target->kind == TARGET_REDIS, .server = server};
    if (!target_has_server(target, server)) {
        return true;
    }
    bool good = !place.of_server || fits(composing, fault, &place, line);
    for (uint16_t i = 0; good && i < target->count; i++) {
        place.id = target->ids[i];
        good = fits(composing, fault, &place, line);
    }
    return good;
}

static void check_bounds(const struct composing *composing, uint32_t fault)
{
    const struct fault_spec *spec = spec_of(composing, fault);
    bool good = true;
    int line = 0;
    if (!fault_adds_up(spec) || fault_is_over_at_once(spec) || !is_fixed(spec)) {
        return;
    }
    for (unsigned server = 0; good && server < composing->walk->scenario->settings.servers;
         server++) {
        good = fits_at(composing, fault, server, &line);
    }
    if (!good) {
        tell(composing, fault, "let one end before the other begins, or make it smaller",
             fault_is_on_clocks(row_of(spec))
                 ? "impossible: together with what is in force then, the clock would be more than "
                   "a day off, or run beyond the bounds of ppm"
                 : "impossible: together with what is in force then, it would be more than a day",
             line);
    }
}

/* --- what lies in wait ------------------------------------------------------------------------ */

static bool lies_in_wait(const struct fault_spec *spec)
{
    return fault_is_on_links(row_of(spec)) && !fault_adds_up(spec) && !fault_is_by_command(spec);
}

static bool share_a_server(const struct target *a, const struct target *b)
{
    for (unsigned server = 0; server < SERVERS_MAX; server++) {
        if (target_has_server(a, server) && target_has_server(b, server)) {
            return true;
        }
    }
    return false;
}

static bool share_a_target(const struct fault_spec *a, const struct fault_spec *b)
{
    if (!share_a_server(&a->target, &b->target)) {
        return false;
    }
    for (uint16_t i = 0; i < a->target.count; i++) {
        if (target_has(&b->target, a->target.ids[i])) {
            return true;
        }
    }
    return false;
}

/* Two that come at the same time: there is no request between them. */
static void check_waits(const struct composing *composing, uint32_t fault)
{
    const struct fault_spec *spec = spec_of(composing, fault);
    if (!lies_in_wait(spec) || !is_fixed(spec) || spec->trigger.kind != TRIGGER_AT) {
        return;
    }
    for (uint32_t i = 0; i < fault; i++) {
        const struct fault_spec *other = spec_of(composing, i);
        if (lies_in_wait(other) && is_fixed(other) && other->trigger.kind == TRIGGER_AT &&
            other->trigger.at_ns == spec->trigger.at_ns && share_a_target(spec, other)) {
            tell(composing, fault, "let it come after that request",
                 "impossible: another fault awaits the very same request", other->line);
            return;
        }
    }
}

void compose_check(struct walk *walk, const struct node *const *keys)
{
    struct composing composing = {.walk = walk, .keys = keys};
    for (uint32_t i = 0; i < walk->scenario->fault_count; i++) {
        check_parameters(&composing, i);
        check_return(&composing, i);
        check_bounds(&composing, i);
        check_waits(&composing, i);
    }
}
