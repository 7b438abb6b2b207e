/* Until when somebody leads, at each place of a history: for whoever shows it as it goes on. What
 * that means is told in leaderless.h; the same that a trial's outcome counts. */
#ifndef HUSTINGS_OUTCOME_LED_H
#define HUSTINGS_OUTCOME_LED_H

#include "sim/history/history.h"

/* From an event on, until the next point. */
struct led_point {
    uint32_t event;
    bool counts;           /* it is in the safety phase */
    int64_t at_ns;         /* of the event, */
    int64_t leaderless_ns; /* and for how long nobody had led by then */
    int64_t led_until_ns;  /* if nothing happens before; INT64_MIN: nobody leads */
};

/* Start with {0}. */
struct led {
    struct led_point *points; /* owned: led_free() */
    size_t count, room;
};

/* Makes all points of a history anew. False: memory is out, and there are none. */
bool led_tell(struct led *led, const struct history *history);
void led_free(struct led *led);

/* How it is when so many events have happened, at a time. */
struct led_now {
    int64_t leaderless_ns; /* so long nobody has led in all */
    int64_t since_ns;      /* since when nobody does; INT64_MAX: somebody does */
};
struct led_now led_at(const struct led *led, uint32_t place, int64_t now_ns);

#endif
