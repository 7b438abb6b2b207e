/* What befalls on the axes that are not searched. See settings.h. */
#include "sim/sweep/settings.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

/* More settings than this share the trials that so many would have. */
#define SETTINGS_MAX 16

/* These trials have seeds of their own. */
static bool is_seed(const struct axis *axis)
{
    return strcmp(axis->key, "seed") == 0;
}

/* Whether an axis makes settings: it befalls, and is not the one that is searched. */
static bool makes_settings(const struct advice *advice, size_t i)
{
    const struct axis *axis = &advice->points->plan->axes->list[i];
    return !axis->chosen && i != advice->befalls && !is_seed(axis);
}

size_t settings_of(const struct advice *advice)
{
    const struct axes *axes = advice->points->plan->axes;
    size_t settings = 1;
    for (size_t i = 0; i < axes->count; i++) {
        settings *= makes_settings(advice, i) ? axes->list[i].count : 1;
    }
    return settings;
}

uint32_t settings_share(size_t settings, uint32_t trials)
{
    uint64_t share = (uint64_t)trials * SETTINGS_MAX / settings;
    return settings <= SETTINGS_MAX ? trials : share > 0 ? (uint32_t)share : 1;
}

size_t settings_words(const struct advice *advice, size_t setting, const char *value,
                      const char *words[AXES_MAX], char room[EDGE_WORD])
{
    const struct axes *axes = advice->points->plan->axes;
    size_t values[AXES_MAX], count = 0;
    advice_values(advice, advice->best, values);
    for (size_t i = axes->count; i-- > 0;) {
        if (makes_settings(advice, i)) {
            values[i] = axes->list[i].count - 1 - setting % axes->list[i].count;
            setting /= axes->list[i].count;
        }
    }
    for (size_t i = 0; i < axes->count; i++) {
        const struct axis *axis = &axes->list[i];
        if (i == advice->befalls) {
            snprintf(room, EDGE_WORD, "%s=%s", axis->key, value);
            words[count++] = room;
        } else if (!is_seed(axis)) {
            words[count++] = axis->words[values[i]];
        }
    }
    return count;
}
