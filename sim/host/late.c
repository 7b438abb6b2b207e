/* The harness's own lateness. See late.h. */
#include "sim/host/late.h"

#include <assert.h>
#include <stdio.h>

#include "src/units.h"

#define PART 10
#define AT_LEAST_NS (100 * NS_PER_MS)
#define AT_MOST_NS (250 * NS_PER_MS)
#define STANDSTILL_NS (500 * NS_PER_MS)

bool is_late(int64_t ordered_ns, int64_t late_ns)
{
    assert(ordered_ns >= 0);
    int64_t tolerated_ns = ordered_ns / PART;
    tolerated_ns = tolerated_ns < AT_LEAST_NS ? AT_LEAST_NS : tolerated_ns;
    return late_ns > (tolerated_ns > AT_MOST_NS ? AT_MOST_NS : tolerated_ns);
}

int64_t late_standstill_ns(const struct scenario *scenario)
{
    const int64_t promised_ns[] = {scenario->expect.settles_within_ns,
                                   scenario->expect.lock_within_ns};
    int64_t bound_ns = STANDSTILL_NS;
    for (size_t i = 0; i < sizeof promised_ns / sizeof promised_ns[0]; i++) {
        assert(promised_ns[i] >= 0);
        if (promised_ns[i] > 0 && promised_ns[i] / 2 < bound_ns) { /* 0: nothing is promised */
            bound_ns = promised_ns[i] / 2;
        }
    }
    return bound_ns > AT_LEAST_NS ? bound_ns : AT_LEAST_NS;
}

static void tell(struct nemesis *nemesis, const char *why)
{
    if (nemesis->record.undecided) {
        nemesis->record.undecided(nemesis->record.self, why);
    }
}

void late_beginning(struct nemesis *nemesis, int32_t fault, int64_t due_ns)
{
    char why[256];
    int64_t late_ns = nemesis_now(nemesis) - due_ns;
    assert(late_ns >= 0 && fault < (int32_t)nemesis->scenario->fault_count);
    if (!is_late(due_ns, late_ns)) {
        return;
    }
    snprintf(why, sizeof why, "the harness was late: \"%s\", due at %lld ms, came %lld ms later",
             fault >= 0 ? nemesis->scenario->faults[fault].text : "a random fault",
             (long long)(due_ns / NS_PER_MS), (long long)(late_ns / NS_PER_MS));
    tell(nemesis, why);
}

void late_length(struct nemesis *nemesis, uint16_t fault, int64_t ordered_ns, int64_t lasted_ns)
{
    char why[256];
    const struct fault_spec *spec = nemesis_spec(nemesis, fault);
    assert(ordered_ns >= 0 && lasted_ns >= 0);
    if (ordered_ns == 0 || !is_late(ordered_ns, lasted_ns - ordered_ns)) {
        return;
    }
    snprintf(why, sizeof why, "the harness was late: \"%s\" lasted %lld ms", spec->text,
             (long long)(lasted_ns / NS_PER_MS));
    tell(nemesis, why);
}
