/* Stories that are moved: what is kept, what becomes the combination's, and why some do not apply.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sim/checks/check.h"
#include "sim/matrix/move.h"
#include "sim/scenario/load.h"

static struct scenario loaded(const char *text)
{
    struct scenario scenario;
    struct scenario_report report;
    if (!scenario_parse("folder/story.yaml", text, strlen(text), &scenario, &report)) {
        fail_msg("%s: %s", report.problems[0].text, report.problems[0].message);
    }
    return scenario;
}

static struct moved_story moved(const char *text, const char *against)
{
    struct scenario story = loaded(text);
    struct combination combination;
    struct moved_story out;
    char why[COMBINATION_WHY];
    assert_true(combination_read(against, &combination, why));
    bool moves = story_move(&story, &combination, &(struct move_options){0}, &out);
    assert_int_equal(moves, out.text != NULL);
    assert_false(out.no_memory);
    scenario_free(&story);
    return out;
}

static void becomes(const char *text, const char *against, const char *expected)
{
    struct moved_story out = moved(text, against);
    assert_string_equal(out.why, "");
    assert_non_null(out.text);
    assert_string_equal(out.text, expected);
    free(out.text);
}

static void does_not_apply(const char *text, const char *against, const char *why)
{
    struct moved_story out = moved(text, against);
    assert_null(out.text);
    assert_string_equal(out.why, why);
}

#define LEASE_STORY                                                                                \
    "name: story\n"                                                                                \
    "about: >\n  Two lines\n  of \"text\".\n"                                                      \
    "nodes: 3\n"                                                                                   \
    "protocol: {lease: {duration: 1200ms, renew_deadline: 900ms, retry: 200ms,\n"                  \
    "                   on_renew_failure: go_on}}\n"                                               \
    "duration: 5s   # a comment\n"                                                                 \
    "work:\n  every: 50ms\n"                                                                       \
    "faults:\n"                                                                                    \
    "  - when: {who: any, does: writes, nth: 10, before: true}\n"                                  \
    "    pause: leader\n"                                                                          \
    "    for: 2.5 x lease\n"                                                                       \
    "  - {at: 1s, crash: redis, for: 1s}\n"                                                        \
    "expect:\n  leaders: [1, 2]\n  checks: {stale_write: always, two_leaders: allowed}\n"          \
    "  settles_within: 1s\n"

static void keeps_the_times_of_the_same_protocol(void **state)
{
    (void)state;
    becomes(LEASE_STORY, "lease+record+fencing",
            "# story.yaml, against lease+record+fencing: made by hustings matrix.\n"
            "name: story\n"
            "about: \"Two lines of \\\"text\\\".\\n\"\n"
            "nodes: 3\n"
            "duration: 5s\n"
            "work: {every: 50ms}\n"
            "faults:\n"
            "  - {when: {who: any, does: writes, nth: 10, before: true}, pause: leader, for: 2.5 x "
            "lease}\n"
            "  - {at: 1s, crash: redis, for: 1s}\n"
            "protocol: {lease: {duration: 1200ms, renew_deadline: 900ms, retry: 200ms}}\n"
            "lock: record\n"
            "fencing: true\n"
            "redis: {topology: single, persistence: none}\n"
            "trials: 1\n"
            "seed: 1\n"
            "expect: {checks: {two_leaders: allowed, stale_write: never}, settles_within: 1s}\n");
}

static void keeps_the_length_of_the_lease(void **state)
{
    (void)state;
    becomes(LEASE_STORY, "article:poll=50ms+redlock+servers=3",
            "# story.yaml, against article:poll=50ms+redlock+servers=3: made by hustings matrix.\n"
            "name: story\n"
            "about: \"Two lines of \\\"text\\\".\\n\"\n"
            "nodes: 3\n"
            "duration: 5s\n"
            "work: {every: 50ms}\n"
            "faults:\n"
            "  - {when: {who: any, does: writes, nth: 10, before: true}, pause: leader, for: 2.5 x "
            "lease}\n"
            "  - {at: 1s, crash: redis 1, for: 1s}\n"
            "starts: {master: all_reported}\n"
            "protocol: {article: {poll: 50ms}}\n"
            "lock: {redlock: {ttl: 1200ms}}\n"
            "redis: {topology: independent, servers: 3, persistence: none}\n"
            "trials: 1\n"
            "seed: 1\n"
            "expect: {checks: {two_leaders: allowed, stale_write: never}, settles_within: 1s}\n");
}

/* A line of the moved story that begins so. */
static void says(const struct moved_story *out, const char *line)
{
    assert_non_null(out->text);
    if (!strstr(out->text, line)) {
        fail_msg("there is no \"%s\" in\n%s", line, out->text);
    }
}

static void other_times_keep_their_proportion(void **state)
{
    (void)state;
    static const char story[] =
        "name: story\nnodes: 2\nduration: 3s\nlock: {token: {ttl: 300ms, retry: 20ms}}\n"
        "starts: {1: 0s, 2: 500ms, master: all_reported}\nredis: {persistence: aof-always}\n"
        "trials: 7\nseed: 9\n";
    struct moved_story out = moved(story, "lease+token");
    says(&out, "\nprotocol: {lease: {duration: 300ms, renew_deadline: 200ms, retry: 40ms}}\n");
    says(&out, "\nlock: token\n"); /* its times are the lease's */
    says(&out, "\nstarts: {1: 0s, 2: 500ms}\n");
    says(&out, "\nredis: {topology: single, persistence: aof-always}\n");
    says(&out, "\ntrials: 7\nseed: 9\n");
    free(out.text);
    out = moved(story, "lease:duration=3s+token");
    says(&out, "\nprotocol: {lease: {duration: 3s, renew_deadline: 2s, retry: 400ms}}\n");
    free(out.text);
    out = moved(LEASE_STORY, "lease:duration=2400ms+token");
    says(&out, "\nprotocol: {lease: {duration: 2400ms, renew_deadline: 1800ms, retry: 400ms}}\n");
    free(out.text);
}

static void another_length_of_the_lease_stretches_the_story(void **state)
{
    (void)state;
    static const char story[] =
        "name: story\nnodes: 2\nduration: 3s\nlock: {token: {ttl: 1s, retry: 20ms}}\n"
        "work: {every: 50ms}\nrequest_timeout: 100ms\n"
        "starts: {1: 0s, 2: 500ms, master: all_reported}\n"
        "faults:\n  - {at: 1ms, jump: redis, by: -60s}\n"
        "  - {when: {who: 1, does: acquires_lock, nth: 2}, after: 300ms, pause: 1, for: 1500us}\n"
        "  - {at: 2s, cut: 2, for: 1.5 x lease}\n"
        "expect: {lock_within: 700ms}\n";
    struct moved_story out = moved(story, "article+token:ttl=10s");
    says(&out, "\nlock: {token: {ttl: 10s, retry: 200ms}}\n");
    says(&out, "\nprotocol: {article: {poll: 1s}}\n");
    says(&out, "\nduration: 30s\nwork: {every: 500ms}\nrequest_timeout: 1s\n");
    says(&out, "\nstarts: {1: 0s, 2: 5s, master: all_reported}\n");
    says(&out, "\n  - {at: 10ms, jump: redis, by: -10m}\n");
    says(&out, "nth: 2}, after: 3s, pause: 1, for: 15ms}\n");
    says(&out, "\n  - {at: 20s, cut: 2, for: 1.5 x lease}\n");
    says(&out, ", lock_within: 7s, settles_within: 20s}\n");
    free(out.text);
    out = moved(story, "lease:duration=500ms+token");
    says(&out, "\nduration: 1500ms\nwork: {every: 25ms}\nrequest_timeout: 50ms\n");
    says(&out, "\nstarts: {1: 0s, 2: 250ms}\n");
    says(&out, ", lock_within: 350ms, settles_within: 1s}\n");
    free(out.text);
    /* A lock that counts in whole seconds makes one of 1,200 ms last for two. */
    out = moved(LEASE_STORY, "article+setnx");
    says(&out, "\nlock: {setnx: {ttl: 1200ms, retry: 333ms}}\n");
    says(&out, "\nduration: 8333ms\n");
    free(out.text);
    /* Without a lease there is nothing to stand in proportion to. */
    out = moved("name: story\nnodes: 2\nduration: 3s\nlock: none\n", "lease:duration=9s+token");
    says(&out, "\nduration: 3s\n");
    free(out.text);
}

static void own_is_the_story_as_it_is(void **state)
{
    (void)state;
    struct moved_story out = moved(LEASE_STORY, "own");
    says(&out, "\nprotocol: {lease: {duration: 1200ms, renew_deadline: 900ms, retry: 200ms, "
               "on_renew_failure: go_on}}\nlock: token\n");
    assert_int_equal(out.asked, 1u << check_find("stale_write"));
    free(out.text);
}

static void what_it_cannot_do_does_not_apply(void **state)
{
    (void)state;
    static const char begins[] = "name: story\nnodes: 2\nduration: 3s\nfaults:\n";
    char text[400];
    snprintf(text, sizeof text, "%s  - {when: {who: 1, does: reports}, pause: 1}\n", begins);
    does_not_apply(text, "lease+token",
                   "\"reports\": never happens with protocol: lease and lock: token");
    snprintf(text, sizeof text, "%s  - {at: 1s, flip: 2, to: submit}\n", begins);
    does_not_apply(text, "lease+token",
                   "\"flip\": can do nothing with protocol: lease, in which nobody reports");
    snprintf(text, sizeof text, "%s  - {at: 1s, crash: master}\n", begins);
    does_not_apply(text, "lease+token", "\"master\": the protocol lease has no master");
    does_not_apply("name: story\nnodes: 2\nduration: 3s\nprogram: [worker]\n", "own",
                   "its members are programs: run it by itself");
    does_not_apply("name: story\nnodes: 2\nduration: 3s\nprogram: [worker]\nenv: {WORK_MS: 9}\n",
                   "lease+token",
                   "it has no faults, only an env for programs, and no member here is a program");
}

static void programs_fall_away(void **state)
{
    (void)state;
    struct moved_story out =
        moved("name: story\nnodes: 2\nduration: 3s\nprogram: [worker]\n"
              "faults: [{at: 1s, pause: 1}]\nenv: {A: 1}\nlock_key: \"x:{key}\"\nmust_live: true\n",
              "lease+token");
    says(&out, "\nprotocol: {lease: {duration: 2s, renew_deadline: 1333ms, retry: 267ms}}\n"
               "lock: token\n");
    assert_null(strstr(out.text, "worker"));
    assert_null(strstr(out.text, "env"));
    assert_null(strstr(out.text, "lock_key"));
    assert_null(strstr(out.text, "must_live"));
    free(out.text);
}

static void a_name_that_is_no_fault_stays(void **state)
{
    (void)state;
    struct moved_story out = moved("name: redis\nabout: redis\nnodes: 2\nduration: 3s\n"
                                   "faults: [{at: 1s, stall: redis, for: 1s}]\n",
                                   "article+redlock");
    says(&out, "\nname: redis\nabout: redis\n");
    says(&out, "{at: 1s, stall: redis 1, for: 1s}");
    free(out.text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keeps_the_times_of_the_same_protocol),
        cmocka_unit_test(keeps_the_length_of_the_lease),
        cmocka_unit_test(other_times_keep_their_proportion),
        cmocka_unit_test(another_length_of_the_lease_stretches_the_story),
        cmocka_unit_test(own_is_the_story_as_it_is),
        cmocka_unit_test(what_it_cannot_do_does_not_apply),
        cmocka_unit_test(programs_fall_away),
        cmocka_unit_test(a_name_that_is_no_fault_stays),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
