/* A tap for the tests. See tapped.h. */
#include "tapped.h"

#include <stdio.h>
#include <string.h>

/* What the witness was told, a word each: "asked-SET@1 told-took@2 believes@2". */
static struct {
    char told[65536];
    size_t used;
    uint32_t number;
} heard;

static void note(int64_t at_ns, const char *format, const char *what)
{
    char *at = heard.told + heard.used;
    size_t room = sizeof heard.told - heard.used;
    int used = snprintf(at, room, heard.used ? " " : "");
    used += snprintf(at + used, room - (size_t)used, format, what);
    used += snprintf(at + used, room - (size_t)used, "@%d", (int)(at_ns / MS));
    heard.used += (size_t)used;
}

static uint32_t asked(void *self, const struct witness_place *place,
                      const struct wild_request *request, int64_t at_ns)
{
    (void)self;
    assert_int_equal(place->id, 7);
    note(at_ns, "asked-%s", request->name);
    if (request->obscure) {
        note(at_ns, "%s", "obscure");
    }
    return ++heard.number;
}

static void told(void *self, const struct witness_place *place, const struct talk_reply *reply,
                 int64_t at_ns)
{
    static const char *const effects[WILD_EFFECTS] = {
        "nothing", "took", "busy", "kept", "lost", "released", "none", "saw", "absent", "refused"};
    char words[64];
    (void)self;
    (void)place;
    if (reply->forgotten) {
        note(at_ns, "%s", "forgotten");
        return;
    }
    snprintf(words, sizeof words, "%s-%s-%u", reply->request.name, effects[reply->reply.effect],
             reply->tag);
    note(at_ns, "told-%s", words);
}

static void believes(void *self, const struct witness_place *place,
                     const struct belief_change *change, int64_t at_ns)
{
    (void)self;
    (void)place;
    note(at_ns, "%s", change->begins ? "believes" : "doubts");
}

static void lost(void *self, const struct witness_place *place, const char *why, int64_t at_ns)
{
    (void)self;
    (void)place;
    assert_non_null(strstr(why, " "));
    note(at_ns, "%s", "lost");
}

const char *stand_at[WITNESS_AFTER + 1];

static enum witness_stands shows(void *self, const struct witness_place *place,
                                 enum witness_when when, const struct wild_request *request,
                                 enum wild_effect effect)
{
    (void)self;
    (void)place;
    assert_true(effect < WILD_EFFECTS);
    bool here = stand_at[when] && strcmp(stand_at[when], request->name) == 0;
    return here ? WITNESS_STANDS : WITNESS_GOES_ON;
}

bool stopped;

static bool reads(void *self, uint16_t id)
{
    (void)self;
    assert_int_equal(id, 7);
    return !stopped;
}

static const struct relay_witness witness = {.asked = asked,
                                             .told = told,
                                             .believes = believes,
                                             .shows = shows,
                                             .reads = reads,
                                             .lost = lost};

int tap_set_up(void **state)
{
    static struct tapped tapped;
    static const struct witness_place place = {.id = 7, .connection = 1};
    memset(&tapped, 0, sizeof tapped);
    memset(&heard, 0, sizeof heard);
    memset(stand_at, 0, sizeof stand_at);
    stopped = false;
    link_faults_init(&tapped.through.link_faults, 1, 7);
    tapped.tap = tap_open(&witness, &tapped.belief, &tapped.standing, &place, "k", &tapped.shared);
    assert_non_null(tapped.tap);
    channel_init(&tapped.through.channel, &tapped.through.link_faults, &tapped.tap->hook);
    *state = &tapped;
    return 0;
}

int tap_tear_down(void **state)
{
    struct tapped *tapped = *state;
    channel_free(&tapped->through.channel);
    tap_free(tapped->tap);
    return 0;
}

void pass(struct tapped *tapped, const char *wanted)
{
    struct through *through = &tapped->through;
    passes(through, WAY_REPLIES, wanted);
    tap_passed(tapped->tap, through->channel.flows[WAY_REPLIES].passed, through->now_ns);
}

void forget(void)
{
    heard.told[0] = '\0';
    heard.used = 0;
}

void expect(const char *wanted)
{
    assert_string_equal(heard.told, wanted);
    forget();
}

int told_of(const char *word)
{
    int count = 0;
    for (const char *at = heard.told; (at = strstr(at, word)); at++) {
        count++;
    }
    return count;
}
