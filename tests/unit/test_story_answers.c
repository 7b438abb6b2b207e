/* The story of a trial, told of histories written by hand: what is over and what is not yet, and
 * what answers prove, those that are still to come, too. */
#include "tests/unit/told.h"

/* --- links to several servers ---------------------------------------------------------------- */

static void on_servers(struct tale *tale, uint8_t first, uint8_t last, uint16_t id, bool begins)
{
    for (uint8_t server = first; server <= last; server++) {
        on_server(tale, server);
        if (begins) {
            begins_fault(tale, id, "cut");
        } else {
            ends_fault(tale, id, "cut");
        }
    }
}

/* One line names all servers, though more is said behind them; and so does its end. */
static void a_cut_from_several_servers(void **unused)
{
    (void)unused;
    struct tale *tale = tale_new(2);
    has_servers(tale, 5);
    everybody_runs(tale);
    on_server(tale, 0);
    at(tale, 100);
    asks_lock(tale, 1, 7);
    later(tale, 1);
    gets_lock(tale, 1);
    at(tale, 200);
    on_servers(tale, 0, 4, 1, true);
    on_servers(tale, 1, 3, 2, true);
    at(tale, 300);
    on_servers(tale, 0, 4, 1, false);
    on_servers(tale, 1, 2, 2, false);
    const char *text = told_of(tale, SIZE_MAX);
    has(text,
        "200: node 1 is cut off from all 5 servers, in its critical section (lock until 2.100 s "
        "on 1 of 5 servers)\n"
        "200: node 2 is cut off from redis 2, redis 3 and redis 4\n"
        "300: node 1 reaches all 5 servers again\n"
        "300: node 2 reaches redis 2 and redis 3 again\n");
}

/* Of two cuts of a link, the first one's end changes nothing; nor does one's that is dead. */
static void a_cut_ends_under_another(void **unused)
{
    (void)unused;
    struct tale *tale = tale_new(2);
    everybody_runs(tale);
    at(tale, 100);
    begins_fault(tale, 1, "cut");
    begins_fault(tale, 2, "cut");
    at(tale, 200);
    begins_fault(tale, 1, "cut");
    at(tale, 300);
    ends_fault(tale, 1, "cut");
    at(tale, 400);
    ends_fault(tale, 1, "cut");
    dies(tale, 2);
    at(tale, 500);
    ends_fault(tale, 2, "cut");
    at(tale, 600);
    begins_fault(tale, HISTORY_HARNESS, "stall");
    begins_fault(tale, HISTORY_HARNESS, "crash");
    at(tale, 700);
    ends_fault(tale, HISTORY_HARNESS, "stall");
    const char *text = told_of(tale, SIZE_MAX);
    has(text, "400: node 1 reaches the Redis again\n");
    has_not(text, "300: ");
    has_not(text, "500: ");
    has_not(text, "700: the Redis answers");
}

/* --- renewals --------------------------------------------------------------------------------- */

static struct tale *a_leader_renews(void)
{
    struct tale *tale = tale_new(2);
    has_lease(tale, 1000);
    everybody_runs(tale);
    at(tale, 100);
    asks_lock(tale, 1, 7);
    later(tale, 1);
    gets_lock(tale, 1);
    leads(tale, 1, 1);
    at(tale, 500);
    dates_lock(tale, 1, 2000);
    return tale;
}

/* A lock lasts until a renewal that is under way says, if that is a good one. */
static void a_renewal_is_under_way(void **unused)
{
    (void)unused;
    struct tale *tale = a_leader_renews();
    begins_fault(tale, 1, "cut");
    later(tale, 1);
    is_told(tale, 1, 1);
    has(told_of(tale, SIZE_MAX), "while it leads (lock until 2.500 s)");
    tale = a_leader_renews();
    begins_fault(tale, 1, "cut");
    later(tale, 1);
    gets(tale, 1, STORE_UNKNOWN);
    at(tale, 600);
    begins_fault(tale, 1, "pause");
    is_paused(tale, 1);
    const char *text = told_of(tale, SIZE_MAX);
    has(text,
        "500: node 1 is cut off from the Redis, while it leads (lock at least until 1.100 s)");
    has(text, "600: node 1 is paused, while it leads (lock at least until 1.100 s)");
    tale = a_leader_renews();
    later(tale, 1);
    is_told(tale, 1, 1);
    at(tale, 600);
    begins_fault(tale, 1, "pause");
    has(told_of(tale, SIZE_MAX), "while it leads (lock until 2.500 s)");
}

/* A lock that outlives its time, as one that the server never removes: it is over nevertheless. */
static void a_lock_beyond_its_time(void **unused)
{
    (void)unused;
    struct tale *tale = a_leader_renews();
    later(tale, 1);
    is_told(tale, 1, 1);
    at(tale, 2600);
    begins_fault(tale, 1, "pause");
    is_paused(tale, 1);
    asks_lock(tale, 2, 8);
    later(tale, 1);
    finds_it_busy(tale, 2);
    at(tale, 2700);
    begins_fault(tale, 1, "cut");
    at(tale, 2800);
    begins_fault(tale, 1, "resume");
    resumes(tale, 1);
    const char *text = told_of(tale, SIZE_MAX);
    has(text,
        "2600: node 1 is paused, while it leads (lock beyond its time, which ended at 2.500 s)");
    has(text, "2700: node 1 is cut off from the Redis, while it leads (lock beyond its time, which "
              "ended at 2.500 s)");
    has(text, "2800: node 1 goes on, still believing that it holds the lock");
}

/* Who could not send, for a cut or for a dead server, was not refused. */
static void who_is_refused(void **unused)
{
    (void)unused;
    struct tale *tale = tale_new(2);
    everybody_runs(tale);
    for (int i = 0; i < 2; i++) {
        at(tale, 100 + 100 * i);
        asks_lock(tale, 1, 7);
        later(tale, 1);
        gets(tale, 1, STORE_REFUSED);
        begins_fault(tale, 1, "cut");
    }
    const char *text = told_of(tale, SIZE_MAX);
    has(text, "101: node 1 is refused\n");
    has(text, "201: node 1 finds no way to the Redis\n");
}

/* Who extends another's lock is told so, and that it does so again. */
static void anothers_lock_is_renewed(void **unused)
{
    (void)unused;
    struct tale *tale = a_leader_renews();
    later(tale, 1);
    is_told(tale, 1, 1);
    at(tale, 600);
    lock_runs_out(tale);
    asks_lock(tale, 2, 8);
    later(tale, 1);
    gets_lock(tale, 2);
    leads(tale, 2, 2);
    for (int i = 0; i < 3; i++) {
        at(tale, 700 + 100 * i);
        dates_lock(tale, 1, 2000);
        later(tale, 1);
        is_told(tale, 1, 1);
        leads_until(tale, 1, 1, 1700 + 100 * i);
    }
    const char *text = told_of(tale, SIZE_MAX);
    has(text, "701: node 1 extends the lock, which is that of node 2, and takes it for its own\n"
              "801: node 1 extends another's lock 2 times, until 0.901 s\n");
    has_not(text, "node 1 renews");
}

/* A read that went out before a result was published says nothing about it. */
static void a_read_that_is_older_than_the_result(void **unused)
{
    (void)unused;
    struct tale *tale = tale_new(2);
    everybody_runs(tale);
    at(tale, 100);
    publishes(tale, 1, 1, 3, 1);
    looks(tale, 2);
    later(tale, 1);
    gets(tale, 1, STORE_OK);
    later(tale, 1);
    gets(tale, 2, STORE_NIL);
    at(tale, 200);
    looks(tale, 2);
    later(tale, 1);
    gets(tale, 2, STORE_NIL);
    const char *text = told_of(tale, SIZE_MAX);
    has(text, "201: node 2 finds no result any more\n");
    has_not(text, "102: ");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_cut_from_several_servers),
        cmocka_unit_test(a_cut_ends_under_another),
        cmocka_unit_test(a_renewal_is_under_way),
        cmocka_unit_test(a_lock_beyond_its_time),
        cmocka_unit_test(who_is_refused),
        cmocka_unit_test(anothers_lock_is_renewed),
        cmocka_unit_test(a_read_that_is_older_than_the_result),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
