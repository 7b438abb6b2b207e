/* Times of a story under a combination. See times.h. */
#include "sim/matrix/times.h"

#include <assert.h>
#include <string.h>

#include "sim/matrix/share.h"
#include "sim/matrix/stretch.h"
#include "sim/scenario/param.h"
#include "src/lock/lock.h"
#include "src/owners.h"
#include "src/protocol.h"

/* How long the story's lease lasts, as it says; 0: it has none. */
static int64_t lease_of(const struct scenario *story)
{
    return settings_value(&story->settings, OWNER_LOCK, "ttl", 0);
}

/* Times of a protocol that sets the length of the lease keep their proportion to that. */
static void scale_protocol(struct settings *settings, const struct scenario *story,
                           const struct combination *combination, int ttl)
{
    const struct param_row *params = owner_params(OWNER_PROTOCOL, settings->row[OWNER_PROTOCOL]);
    const bool *named = combination->named[OWNER_PROTOCOL];
    const int64_t *own = story->settings.value[OWNER_PROTOCOL];
    int64_t *value = settings->value[OWNER_PROTOCOL];
    bool same = settings->row[OWNER_PROTOCOL] == story->settings.row[OWNER_PROTOCOL];
    int64_t whole = same ? own[ttl] : params[ttl].fallback;
    int64_t length = named[ttl] ? value[ttl] : lease_of(story);
    length = length > 0 ? length : whole; /* the story has no lease */
    for (int i = 0; params[i].type != PARAM_NONE; i++) {
        if (params[i].type == PARAM_DURATION && !named[i]) {
            value[i] = share_of_time(same ? own[i] : params[i].fallback, length, whole);
        }
    }
}

/* Times of the same protocol, or of a lock: those of the story that have the same name. */
static void take_times(struct settings *settings, enum owner owner, const struct scenario *story,
                       const struct combination *combination)
{
    const struct param_row *params = owner_params(owner, settings->row[owner]);
    for (int i = 0; params[i].type != PARAM_NONE; i++) {
        if (params[i].type == PARAM_DURATION && !combination->named[owner][i]) {
            settings->value[owner][i] =
                settings_value(&story->settings, owner, params[i].name, settings->value[owner][i]);
        }
    }
}

/* Where the combination names another length of the lease, times that it took from the story keep
 * their proportion to it. Those of a protocol that sets the length do so already. */
static void stretch_times(struct settings *settings, const struct scenario *story,
                          const struct combination *combination)
{
    const struct stretch stretch = stretch_between(&story->settings, settings);
    bool governs = share_lease_place(settings) >= 0;
    for (int owner = governs ? OWNER_LOCK : 0; owner < OWNERS; owner++) {
        const struct param_row *params = owner_params((enum owner)owner, settings->row[owner]);
        for (int i = 0; params[i].type != PARAM_NONE; i++) {
            bool fixed = combination->named[owner][i] ||
                         settings_governor(settings, params[i].name) != NULL ||
                         strcmp(params[i].name, "ttl") == 0;
            if (params[i].type == PARAM_DURATION && !fixed) {
                settings->value[owner][i] =
                    share_of_time(settings->value[owner][i], stretch.to_ns, stretch.from_ns);
            }
        }
    }
}

static void take_servers(struct settings *settings, const struct scenario *story,
                         const struct combination *combination)
{
    const struct settings *own = &story->settings;
    bool same = own->topology == settings->topology;
    if (same && combination->servers == 0) {
        settings->servers = own->servers;
    }
    assert(settings->servers > 0);
}

struct settings times_settings(const struct scenario *story, const struct combination *combination)
{
    if (combination->own) {
        return story->settings;
    }
    struct settings settings = combination->settings;
    settings.nodes = story->settings.nodes;
    int ttl = share_lease_place(&settings);
    if (ttl >= 0) {
        scale_protocol(&settings, story, combination, ttl);
    } else if (settings.row[OWNER_PROTOCOL] == story->settings.row[OWNER_PROTOCOL]) {
        take_times(&settings, OWNER_PROTOCOL, story, combination);
    }
    take_times(&settings, OWNER_LOCK, story, combination);
    settings_govern(&settings);
    stretch_times(&settings, story, combination);
    take_servers(&settings, story, combination);
    return settings;
}

/* Whether a parameter is to be written. */
static bool is_told(const struct settings *settings, enum owner owner, int place)
{
    const struct param_row *param = &owner_params(owner, settings->row[owner])[place];
    bool governed = owner == OWNER_LOCK && settings_governor(settings, param->name);
    return !governed && settings->value[owner][place] != param->fallback;
}

void times_write(FILE *file, const struct settings *settings, enum owner owner)
{
    const struct param_row *params = owner_params(owner, settings->row[owner]);
    const char *name = owner_row_name(owner, settings->row[owner]);
    bool any = false;
    fprintf(file, "%s: ", owner_names[owner]);
    for (int i = 0; params[i].type != PARAM_NONE; i++) {
        if (is_told(settings, owner, i)) {
            char text[64];
            if (any) {
                fputs(", ", file);
            } else {
                fprintf(file, "{%s: {", name);
            }
            fprintf(file, "%s: %s", params[i].name,
                    param_text(&params[i], settings->value[owner][i], text, sizeof text));
            any = true;
        }
    }
    fprintf(file, "%s\n", any ? "}}" : name);
}
