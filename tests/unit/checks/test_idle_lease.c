/* The check idle_leader: since when a lease counts, by what was answered. */
#include "tests/unit/checks/judged.h"

#define TOKEN 7

/* A lease of 600 ms by a fenced lock, asked for at 100 ms. */
static struct tale *fenced(void **state)
{
    struct tale *s = story_of(state);
    has_lease(s, 600);
    everybody_runs(s);
    at(s, 100);
    asks_fenced(s, 1, TOKEN);
    return s;
}

/* Leads by what it was told for ever, and renews no more. */
static struct violation goes_on(struct tale *s, double until_ms)
{
    is_told(s, 1, 1);
    leads(s, 1, 1);
    extends(s, 1, TOKEN);
    later(s, 1);
    gets(s, 1, STORE_REFUSED);
    at(s, until_ms);
    ends(s);
    return the_violation(s, "idle_leader");
}

static void what_takes_a_fenced_lock_is_a_renewal(void **state)
{
    struct tale *s = fenced(state);
    at(s, 102);
    struct violation found = goes_on(s, 900);
    assert_interval(&found, 700, 900);
}

/* The first answer was lost; the second may be about what the first request took. */
static void a_fenced_lock_asked_for_again_counts_from_the_first(void **state)
{
    struct tale *s = fenced(state);
    at(s, 300);
    gets(s, 1, STORE_UNKNOWN);
    asks_fenced(s, 1, TOKEN);
    at(s, 302);
    struct violation found = goes_on(s, 1000);
    assert_interval(&found, 700, 1000);
}

/* When the second was answered the lock was another's: the first had not taken it by then. */
static void it_counts_from_what_told_that_it_was_not_its_own(void **state)
{
    struct tale *s = fenced(state);
    at(s, 300);
    gets(s, 1, STORE_UNKNOWN);
    asks_fenced(s, 1, TOKEN);
    at(s, 302);
    gets(s, 1, STORE_NIL);
    at(s, 400);
    asks_fenced(s, 1, TOKEN);
    at(s, 402);
    struct violation found = goes_on(s, 1500);
    assert_interval(&found, 900, 1500);
}

/* Likewise by a look. */
static void it_counts_from_a_look_that_found_another(void **state)
{
    struct tale *s = fenced(state);
    at(s, 300);
    gets(s, 1, STORE_UNKNOWN);
    looks_whose(s, 1, TOKEN);
    at(s, 301);
    finds_token(s, 1, TOKEN + 10);
    at(s, 400);
    looks_whose(s, 1, 0);
    at(s, 401);
    finds_token(s, 1, TOKEN);
    leads(s, 1, 1);
    at(s, 402);
    extends(s, 1, TOKEN);
    at(s, 500);
    gets(s, 1, STORE_REFUSED);
    at(s, 1500);
    ends(s);
    struct violation found = the_violation(s, "idle_leader");
    assert_interval(&found, 900, 1500);
}

/* A lock on three servers: asked for at 100 ms on all. */
static struct tale *spread(void **state)
{
    struct tale *s = story_of(state);
    has_servers(s, 3);
    has_lease(s, 600);
    everybody_runs(s);
    at(s, 100);
    for (uint8_t server = 0; server < 3; server++) {
        on_server(s, server);
        asks_lock(s, 1, TOKEN);
        gets(s, 1, STORE_OK);
    }
    leads(s, 1, 1);
    return s;
}

static void answers_of_several_servers_end_one_stretch(void **state)
{
    struct tale *s = spread(state);
    at(s, 900);
    for (uint8_t server = 0; server < 3; server++) {
        on_server(s, server);
        extends(s, 1, TOKEN);
        later(s, 1);
        is_told(s, 1, 1);
    }
    at(s, 1000);
    ends(s);
    struct violation found = the_violation(s, "idle_leader");
    assert_interval(&found, 700, 902); /* a majority */
}

static void a_majority_is_of_one_token(void **state)
{
    struct tale *s = spread(state);
    at(s, 400);
    on_server(s, 0);
    extends(s, 1, TOKEN);
    is_told(s, 1, 1);
    at(s, 500);
    on_server(s, 1);
    asks_lock(s, 1, TOKEN + 1);
    gets(s, 1, STORE_OK);
    at(s, 900);
    ends(s);
    struct violation found = the_violation(s, "idle_leader");
    assert_interval(&found, 700, 900);
}

/* Programs say how long with each request: the scenario's TTL is only what they were told. */
static void a_lease_lasts_as_long_as_was_asked_for(void **state)
{
    struct tale *s = fenced(state);
    s->history.events[s->history.count - 1].request.ttl_ms = 1000;
    at(s, 102);
    struct violation found = goes_on(s, 1500);
    assert_interval(&found, 1100, 1500);
    assert_says(&found, "1,000.0 ms after the last renewal");
}

/* SET NX without a TTL. */
static void a_program_may_take_a_lease_without_end(void **state)
{
    struct tale *s = fenced(state);
    s->history.facts.programs = true;
    s->history.events[s->history.count - 1].request.ttl_ms = 0;
    at(s, 102);
    is_told(s, 1, 1);
    leads(s, 1, 1);
    at(s, 5000);
    ends(s);
    all_is_well(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORY(what_takes_a_fenced_lock_is_a_renewal),
        STORY(a_fenced_lock_asked_for_again_counts_from_the_first),
        STORY(it_counts_from_what_told_that_it_was_not_its_own),
        STORY(it_counts_from_a_look_that_found_another),
        STORY(answers_of_several_servers_end_one_stretch),
        STORY(a_majority_is_of_one_token),
        STORY(a_lease_lasts_as_long_as_was_asked_for),
        STORY(a_program_may_take_a_lease_without_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
