/* The tap: what the witness is told of a stranger's connection, and when. */
#include "through.h"

#include <stdio.h>
#include <string.h>

#include "sim/relay/tap.h"

#define TAKE "*6\r\n$3\r\nSET\r\n$1\r\nk\r\n$2\r\nme\r\n$2\r\nNX\r\n$2\r\nPX\r\n$4\r\n1000\r\n"
#define GIVE "*2\r\n$3\r\nDEL\r\n$1\r\nk\r\n"
#define NUMBER_1 ":1\r\n"

/* What the witness was told, a word each: "asked-SET@1 told-took@2 believes@2". */
static struct {
    char told[1024];
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

/* At which of these it is to stand: the name of a command. */
static const char *stand_at[WITNESS_AFTER + 1];

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

static bool stopped;

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

struct tapped {
    struct through through;
    struct belief belief;
    struct scripts_learnt learnt;
    struct witness_standing standing;
    struct tap *tap;
};

static int set_up(void **state)
{
    static struct tapped tapped;
    static const struct witness_place place = {.id = 7, .connection = 1};
    memset(&tapped, 0, sizeof tapped);
    memset(&heard, 0, sizeof heard);
    memset(stand_at, 0, sizeof stand_at);
    stopped = false;
    link_faults_init(&tapped.through.link_faults, 1, 7);
    tapped.tap = tap_open(&witness, &tapped.belief, &tapped.standing, &place, "k", &tapped.learnt);
    assert_non_null(tapped.tap);
    channel_init(&tapped.through.channel, &tapped.through.link_faults, &tapped.tap->hook);
    *state = &tapped;
    return 0;
}

static int tear_down(void **state)
{
    struct tapped *tapped = *state;
    channel_free(&tapped->through.channel);
    tap_free(tapped->tap);
    return 0;
}

/* What is passed on, the tap is told of, as traffic.c does it. */
static void pass(struct tapped *tapped, const char *wanted)
{
    struct through *through = &tapped->through;
    passes(through, WAY_REPLIES, wanted);
    tap_passed(tapped->tap, through->channel.flows[WAY_REPLIES].passed, through->now_ns);
}

static void expect(const char *wanted)
{
    assert_string_equal(heard.told, wanted);
    heard.told[0] = '\0';
    heard.used = 0;
}

static void an_answer_counts_when_it_is_passed_on(void **state)
{
    struct tapped *tapped = *state;
    struct through *through = &tapped->through;
    at(through, 1);
    comes(through, WAY_REQUESTS, TAKE);
    at(through, 2);
    comes(through, WAY_REPLIES, OK);
    expect("asked-SET@1");
    at(through, 5);
    pass(tapped, OK);
    expect("told-SET-took-1@5 believes@5");
    at(through, 6);
    comes(through, WAY_REQUESTS, GIVE);
    expect("asked-DEL@6 doubts@6");
    at(through, 7);
    comes(through, WAY_REPLIES, NUMBER_1);
    pass(tapped, NUMBER_1);
    expect("told-DEL-released-2@7");
}

/* What comes to it while it is stopped it reads when it goes on. */
static void who_is_stopped_reads_later(void **state)
{
    struct tapped *tapped = *state;
    struct through *through = &tapped->through;
    comes(through, WAY_REQUESTS, TAKE);
    expect("asked-SET@0");
    stopped = true;
    at(through, 2);
    comes(through, WAY_REPLIES, OK);
    pass(tapped, OK);
    expect("");
    stopped = false;
    at(through, 900);
    pass(tapped, "");
    expect("told-SET-took-1@900 believes@900");
}

/* What it had sent is told of; what comes for it is not. */
static void who_is_dead_reads_nothing(void **state)
{
    struct tapped *tapped = *state;
    struct through *through = &tapped->through;
    tap_died(tapped->tap);
    comes(through, WAY_REQUESTS, TAKE);
    comes(through, WAY_REPLIES, OK);
    pass(tapped, OK);
    tap_closed(tapped->tap, through->now_ns);
    expect("asked-SET@0");
}

/* The kernel closes the connections of one who is killed before the driver can say that it died:
 * that is no end of its belief of its own accord. */
static void who_is_killed_has_closed_nothing(void **state)
{
    struct tapped *tapped = *state;
    struct through *through = &tapped->through;
    comes(through, WAY_REQUESTS, TAKE);
    comes(through, WAY_REPLIES, OK);
    pass(tapped, OK);
    expect("asked-SET@0 told-SET-took-1@0 believes@0");
    stopped = true;
    tap_closed(tapped->tap, through->now_ns);
    stopped = false;
    tap_died(tapped->tap);
    tap_closed(tapped->tap, through->now_ns);
    expect("");
}

/* A connection that the Redis closes is not closed by it: it believes on, until it asks anew. */
static void who_loses_its_connection_believes_on(void **state)
{
    struct tapped *tapped = *state;
    struct through *through = &tapped->through;
    comes(through, WAY_REQUESTS, TAKE);
    comes(through, WAY_REPLIES, OK);
    pass(tapped, OK);
    expect("asked-SET@0 told-SET-took-1@0 believes@0");
    tap_cut(tapped->tap);
    expect("");
    at(through, 3);
    comes(through, WAY_REQUESTS, TAKE);
    expect("asked-SET@3 doubts@3");
}

static void a_lost_answer_gives_no_belief(void **state)
{
    struct tapped *tapped = *state;
    struct through *through = &tapped->through;
    assert_true(
        through_ordered(through, (struct link_order){.fault = LINK_LOSE_REPLY, .count = 1}));
    comes(through, WAY_REQUESTS, TAKE);
    comes(through, WAY_REPLIES, OK);
    pass(tapped, "");
    assert_false(belief_holds(&tapped->belief));
    expect("asked-SET@0");
    comes(through, WAY_REQUESTS, GIVE);
    expect("asked-DEL@0");
}

/* What a server pushes meanwhile is not the answer that is to be lost. */
static void a_push_is_not_the_answer(void **state)
{
    struct tapped *tapped = *state;
    struct through *through = &tapped->through;
    assert_true(
        through_ordered(through, (struct link_order){.fault = LINK_LOSE_REPLY, .count = 1}));
    comes(through, WAY_REQUESTS, TAKE);
    comes(through, WAY_REPLIES, ">1\r\n+invalidate\r\n" OK);
    pass(tapped, ">1\r\n+invalidate\r\n");
    assert_false(belief_holds(&tapped->belief));
}

static void a_lost_request_was_sent(void **state)
{
    struct tapped *tapped = *state;
    struct through *through = &tapped->through;
    assert_true(through_ordered(through, (struct link_order){.fault = LINK_LOSE, .count = 1}));
    comes(through, WAY_REQUESTS, TAKE);
    passes(through, WAY_REQUESTS, "");
    at(through, 3);
    comes(through, WAY_REQUESTS, GIVE);
    passes(through, WAY_REQUESTS, "");
    expect("asked-SET@0 asked-DEL@3");
}

/* It gives the lock back in a cut: that it does so is known at once. */
static void a_cut_is_heard_through(void **state)
{
    struct tapped *tapped = *state;
    struct through *through = &tapped->through;
    comes(through, WAY_REQUESTS, TAKE);
    passes(through, WAY_REQUESTS, TAKE);
    comes(through, WAY_REPLIES, OK);
    pass(tapped, OK);
    expect("asked-SET@0 told-SET-took-1@0 believes@0");
    assert_true(
        through_ordered(through, (struct link_order){.fault = LINK_CUT, .directions = BOTH}));
    assert_true(channel_wants(&through->channel, WAY_REQUESTS));
    at(through, 4);
    comes(through, WAY_REQUESTS, GIVE);
    passes(through, WAY_REQUESTS, "");
    expect("asked-DEL@4 doubts@4");
    assert_true(through_healed(through, LINK_CUT));
    passes(through, WAY_REQUESTS, GIVE);
}

static void a_transaction_counts_as_a_whole(void **state)
{
    struct tapped *tapped = *state;
    struct through *through = &tapped->through;
    comes(through, WAY_REQUESTS, "MULTI\nSETNX k me\nEXPIRE k 10\nEXEC\n");
    comes(through, WAY_REPLIES, OK "+QUEUED\r\n+QUEUED\r\n*2\r\n:1\r\n");
    expect("asked-MULTI@0 asked-SETNX@0 asked-EXPIRE@0 asked-EXEC@0");
    pass(tapped, OK "+QUEUED\r\n+QUEUED\r\n");
    expect("told-MULTI-nothing-1@0");
    comes(through, WAY_REPLIES, ":1\r\n");
    pass(tapped, "*2\r\n:1\r\n:1\r\n");
    expect("told-SETNX-took-2@0 believes@0 told-EXPIRE-kept-3@0 told-EXEC-nothing-4@0");
}

static void closing_ends_it(void **state)
{
    struct tapped *tapped = *state;
    struct through *through = &tapped->through;
    comes(through, WAY_REQUESTS, TAKE);
    comes(through, WAY_REPLIES, OK);
    pass(tapped, OK);
    expect("asked-SET@0 told-SET-took-1@0 believes@0");
    tap_closed(tapped->tap, 9 * MS);
    tap_closed(tapped->tap, 10 * MS);
    expect("doubts@9");
}

static void what_cannot_be_followed_is_told_once(void **state)
{
    struct tapped *tapped = *state;
    struct through *through = &tapped->through;
    comes(through, WAY_REPLIES, OK);
    comes(through, WAY_REPLIES, OK);
    comes(through, WAY_REQUESTS, TAKE);
    pass(tapped, OK OK);
    expect("lost@0 asked-SET@0");
}

/* More answers under way than there was room for at first. */
static void many_answers_under_way(void **state)
{
    struct tapped *tapped = *state;
    struct through *through = &tapped->through;
    for (int i = 0; i < 100; i++) {
        comes(through, WAY_REQUESTS, GET);
        comes(through, WAY_REPLIES, VALUE);
        heard.used = 0;
    }
    assert_int_equal(tapped->tap->count, 100);
    tap_passed(tapped->tap, 1, 0);
    expect("told-GET-saw-1@0");
    for (uint64_t passed = 2; passed < 100; passed++) {
        tap_passed(tapped->tap, passed, 0);
        heard.used = 0;
    }
    tap_passed(tapped->tap, 100, 0);
    expect("told-GET-saw-100@0");
    assert_int_equal(tapped->tap->count, 0);
}

static void it_stands_where_it_is_told_to(void **state)
{
    struct tapped *tapped = *state;
    struct through *through = &tapped->through;
    stand_at[WITNESS_BEFORE] = "DEL";
    comes(through, WAY_REQUESTS, TAKE);
    assert_false(tapped->standing.stands);
    stand_at[WITNESS_APPLIED] = "SET";
    comes(through, WAY_REPLIES, OK);
    assert_true(tapped->standing.stands && !tapped->tap->before);
    tapped->standing.stands = false;
    stand_at[WITNESS_AFTER] = "SET";
    pass(tapped, OK);
    assert_true(tapped->standing.stands && !tapped->tap->before);
    tapped->standing.stands = false;
    comes(through, WAY_REQUESTS, GIVE);
    assert_true(tapped->standing.stands && tapped->tap->before);
}

#define TAPPED(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TAPPED(an_answer_counts_when_it_is_passed_on),
        TAPPED(who_is_stopped_reads_later),
        TAPPED(who_is_dead_reads_nothing),
        TAPPED(who_is_killed_has_closed_nothing),
        TAPPED(who_loses_its_connection_believes_on),
        TAPPED(a_lost_answer_gives_no_belief),
        TAPPED(a_push_is_not_the_answer),
        TAPPED(a_lost_request_was_sent),
        TAPPED(a_cut_is_heard_through),
        TAPPED(a_transaction_counts_as_a_whole),
        TAPPED(closing_ends_it),
        TAPPED(what_cannot_be_followed_is_told_once),
        TAPPED(many_answers_under_way),
        TAPPED(it_stands_where_it_is_told_to),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
