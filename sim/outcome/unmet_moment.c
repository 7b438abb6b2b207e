/* Why a fault never became due. See unmet_moment.h. */
#include "sim/outcome/unmet_moment.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>

#include "sim/history/text.h"

/* "node 2 never", "nobody ever" */
static void say_who_never(const struct target *who, char *out, size_t size)
{
    assert(who->kind != TARGET_IDS || who->count > 0);
    if (who->kind == TARGET_IDS && who->count == 1) {
        snprintf(out, size, "%s never", text_process(who->ids[0]).text);
    } else if (who->kind == TARGET_IDS) {
        snprintf(out, size, "none of the processes named ever");
    } else if (who->kind == TARGET_LEADER) {
        snprintf(out, size, "no leader ever");
    } else if (who->kind == TARGET_LOCK_HOLDER) {
        snprintf(out, size, "no lock holder ever");
    } else {
        snprintf(out, size, "nobody ever");
    }
}

/* Its trigger waits for a step of a process. */
static void say_when(const struct trigger *trigger, char *out, size_t size)
{
    assert(trigger->kind == TRIGGER_WHEN && trigger->moment < MOMENTS);
    char who[64];
    const char *early = trigger->after_ns > 0 ? " early enough" : "";
    say_who_never(&trigger->who, who, sizeof who);
    if (trigger->on != ON_MOMENT) {
        char command[PATTERN_NAME + PATTERN_KEY + 8];
        pattern_text(&trigger->command, command, sizeof command);
        snprintf(out, size, "%s %s %s%s%s", who,
                 trigger->on == ON_SENDS ? "sent" : "got an answer to", command,
                 trigger->applied ? " that says that it was done" : "", early);
    } else if (trigger->applied) {
        snprintf(out, size, "%s %s%s with a request that was applied", who,
                 moment_rows[trigger->moment].did, early);
    } else {
        snprintf(out, size, "%s %s%s", who, moment_rows[trigger->moment].did, early);
    }
}

char *unmet_moment(const struct fault_spec *spec, char *out, size_t size)
{
    const struct trigger *trigger = &spec->trigger;
    const bool waits = spec->target.kind == TARGET_LOCK_HOLDER ||
                       (spec->target.kind == TARGET_LOCK && fault_rows[spec->kind]->awaits_holder);
    char when[240] = "the trial was over before";
    char times[64] = "";
    if (trigger->kind == TRIGGER_WHEN) {
        say_when(trigger, when, sizeof when);
    } else if (trigger->kind == TRIGGER_SETTLED) {
        snprintf(when, sizeof when, "the cluster never settled%s",
                 trigger->after_ns > 0 ? " early enough" : "");
    } else if (waits) {
        snprintf(out, size, "nobody acquired the lock after it was due");
        return out;
    }
    if (trigger->nth_to > 0) {
        snprintf(times, sizeof times, " as many times as was drawn (%" PRIu32 " to %" PRIu32 ")",
                 trigger->nth, trigger->nth_to);
    } else if (trigger->nth > 1) {
        snprintf(times, sizeof times, " %" PRIu32 " times", trigger->nth);
    }
    snprintf(out, size, "%s%s%s", when, times,
             waits ? ", or nobody acquired the lock after that" : "");
    return out;
}
