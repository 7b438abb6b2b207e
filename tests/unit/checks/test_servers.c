/* Several servers: each has a lock's key of its own, and no check takes one for another. */
#include "tests/unit/checks/judged.h"

static struct tale *three_servers(void **state)
{
    struct tale *s = story_of(state);
    has_servers(s, 3);
    everybody_runs(s);
    return s;
}

/* SETNX on one server: sets the key there, and dates it. */
static uint32_t takes(struct tale *s, uint8_t server, uint16_t id)
{
    on_server(s, server);
    asks_setnx(s, id);
    uint32_t got = gets(s, id, STORE_OK);
    dates_lock(s, id, 2000);
    is_told(s, id, 1);
    return got;
}

static uint32_t deletes(struct tale *s, uint8_t server, uint16_t id)
{
    on_server(s, server);
    uint32_t release = deletes_lock(s, id);
    is_told(s, id, 1);
    return release;
}

/* Node 2 has got it elsewhere since: what node 1 deletes is its own all the same. */
static void a_key_on_another_server_is_another_lock(void **state)
{
    struct tale *s = three_servers(state);
    at(s, 100);
    takes(s, 0, 1);
    takes(s, 1, 2);
    at(s, 200);
    deletes(s, 0, 1);
    deletes(s, 1, 2);
    all_is_well(s);
}

static void a_release_on_that_server_removes_anothers(void **state)
{
    struct tale *s = three_servers(state);
    at(s, 100);
    takes(s, 0, 1);
    uint32_t got = takes(s, 1, 2);
    at(s, 200);
    uint32_t release = deletes(s, 1, 1);
    struct violation found = the_violation(s, "foreign_release");
    assert_processes(&found, 1, 2);
    assert_events(&found, got, release, release + 1);
}

/* What ran out, or happened, on one server says nothing of the others. */
static void what_happens_to_one_server_leaves_the_others(void **state)
{
    struct tale *s = three_servers(state);
    at(s, 100);
    takes(s, 1, 2);
    at(s, 200);
    on_server(s, 2);
    lock_runs_out(s);
    clock_jumps(s);
    on_server(s, 0);
    lock_is_made_to_run_out(s);
    deletes(s, 1, 1);
    the_violation(s, "foreign_release");
}

static void what_happens_to_that_server_counts(void **state)
{
    struct tale *s = three_servers(state);
    at(s, 100);
    takes(s, 1, 2);
    at(s, 200);
    lock_is_made_to_run_out(s);
    deletes(s, 1, 1);
    all_is_well(s);
}

/* Node 1 is inside, by two of three servers; that it lost the third one's key explains nothing. */
static void the_key_of_one_server_is_not_the_lock(void **state)
{
    struct tale *s = three_servers(state);
    at(s, 100);
    takes(s, 0, 1);
    takes(s, 1, 1);
    enters(s, 1);
    at(s, 150);
    on_server(s, 2);
    lock_runs_out(s);
    at(s, 200);
    enters(s, 2);
    at(s, 300);
    leaves(s, 2);
    struct violation found = the_violation(s, "two_lock_holders");
    assert_says(&found, "both took the lock for theirs");
}

/* Who is inside has the lock, not who was given it by one server. */
static void who_is_inside_has_the_lock(void **state)
{
    struct tale *s = story_of(state);
    s->history.facts.lock_within_ns = INT64_C(3000000000);
    has_servers(s, 3);
    everybody_runs(s);
    at(s, 100);
    asks_lock(s, 3, 33);
    finds_it_busy(s, 3);
    enters(s, 1);
    at(s, 1000);
    takes(s, 2, 2);
    at(s, 4000);
    asks_lock(s, 3, 33);
    finds_it_busy(s, 3);
    ends(s);
    struct violation found = the_violation(s, "starvation");
    assert_says(&found, "node 1 had it all the time");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORY(a_key_on_another_server_is_another_lock),
        STORY(a_release_on_that_server_removes_anothers),
        STORY(what_happens_to_one_server_leaves_the_others),
        STORY(what_happens_to_that_server_counts),
        STORY(the_key_of_one_server_is_not_the_lock),
        STORY(who_is_inside_has_the_lock),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
