/* The story of a trial, told of histories written by hand: what each line says, in which order, and
 * which are chosen when it is to be short. */
#include "tests/unit/told.h"

/* A holder is paused for so long that its lock runs out, or not. */
static struct tale *a_holder_is_paused(bool too_long)
{
    struct tale *tale = tale_new(2);
    everybody_runs(tale);
    at(tale, 100);
    asks_lock(tale, 2, 7);
    later(tale, 1);
    gets_lock(tale, 2);
    at(tale, 300);
    begins_fault(tale, 2, "pause");
    is_paused(tale, 2);
    if (too_long) {
        at(tale, 2101);
        lock_runs_out(tale);
        at(tale, 2200);
        asks_lock(tale, 1, 8);
        later(tale, 1);
        gets_lock(tale, 1);
    }
    at(tale, too_long ? 2500 : 500);
    begins_fault(tale, 2, "resume");
    resumes(tale, 2);
    later(tale, 1);
    leaves(tale, 2);
    return tale;
}

static void a_paused_holder_and_its_twin(void **unused)
{
    (void)unused;
    const char *text = told_of(a_holder_is_paused(true), 12);
    has(text, "300: node 2 is paused in its critical section (lock until 2.100 s)\n"
              "2101: the lock runs out under node 2, which stands still\n"
              "2201: node 1 acquires the lock, while node 2 still is in its critical section "
              "(two_lock_holders for 300.0 ms)\n"
              "2500: node 2 goes on, still believing that it holds the lock\n"
              "2501: node 2 leaves its critical section\n");
    text = told_of(a_holder_is_paused(false), 12);
    has(text, "300: node 2 is paused in its critical section (lock until 2.100 s)\n"
              "500: node 2 goes on, and still holds the lock\n");
    has_not(text, "believing");
    has_not(text, "two_lock_holders");
}

/* A program may have taken the lock by a script that nobody knows: whether it still has it is not
 * known either. */
static void one_inside_whose_lock_is_not_known(void **unused)
{
    (void)unused;
    struct tale *tale = tale_new(2);
    everybody_runs(tale);
    at(tale, 100);
    tale->claims[2].in_section = true;
    claims(tale, 2, 1u << MOMENT_ACQUIRES_LOCK);
    at(tale, 300);
    begins_fault(tale, 2, "pause");
    is_paused(tale, 2);
    at(tale, 500);
    begins_fault(tale, 2, "resume");
    resumes(tale, 2);
    const char *text = told_of(tale, 12);
    has(text, "500: node 2 goes on, still in its critical section\n");
    has_not(text, "holds the lock");
}

/* Many faults that did nothing to it came before the one that did. */
static void the_cause_is_told_and_not_what_was_long_before(void **unused)
{
    (void)unused;
    struct tale *tale = tale_new(2);
    everybody_runs(tale);
    for (int i = 0; i < 40; i++) {
        at(tale, 10 + 100 * i);
        lock_is_made_to_run_out(tale);
        at(tale, 60 + 100 * i);
        begins_fault(tale, 2, "pause");
        is_paused(tale, 2);
        later(tale, 1);
        begins_fault(tale, 2, "resume");
        resumes(tale, 2);
    }
    asks_lock(tale, 2, 7);
    later(tale, 1);
    gets_lock(tale, 2);
    at(tale, 4300);
    begins_fault(tale, 2, "pause");
    is_paused(tale, 2);
    at(tale, 6500);
    asks_lock(tale, 1, 8);
    later(tale, 1);
    gets_lock(tale, 1);
    const char *text = told_of(tale, 12);
    has(text, "4300: node 2 is paused in its critical section");
    has(text, "(two_lock_holders");
    has_not(text, "\n10: ");
}

/* What is routine is told in full only; and each line is told or counted. */
static void short_and_in_full(void **unused)
{
    (void)unused;
    const char *text = told_of(a_holder_is_paused(true), 2);
    has(text, "300: node 2 is paused");
    has(text, "(two_lock_holders for 300.0 ms)\n");
    assert_int_equal(text[strlen(text) - 1], '\n');
    unsigned left = 0;
    assert_int_equal(sscanf(strrchr(text, ')') + 2, "%u left", &left), 1);
    text = told_of(a_holder_is_paused(true), SIZE_MAX);
    has(text, "0 left out\n");
    unsigned lines = 0;
    for (const char *c = text; *c; c++) {
        lines += *c == '\n';
    }
    assert_int_equal(lines - 1, left + 2);
}

/* A lock is released by somebody who no longer has it, with or without looking whose it is. */
static struct tale *a_late_release(bool looks)
{
    struct tale *tale = tale_new(2);
    everybody_runs(tale);
    at(tale, 100);
    asks_lock(tale, 1, 7);
    later(tale, 1);
    gets_lock(tale, 1);
    at(tale, 2101);
    lock_runs_out(tale);
    at(tale, 2110);
    asks_lock(tale, 2, 8);
    later(tale, 1);
    gets_lock(tale, 2);
    at(tale, 2200);
    leaves(tale, 1);
    if (looks) {
        releases(tale, 1, 7);
    } else {
        deletes_lock(tale, 1);
    }
    later(tale, 1);
    is_told(tale, 1, !looks);
    return tale;
}

static void a_foreign_release_and_its_twin(void **unused)
{
    (void)unused;
    const char *text = told_of(a_late_release(false), 12);
    has(text, "2201: node 1 releases a lock that is not its own, but that of node 2 "
              "(foreign_release");
    has_not(told_of(a_late_release(true), 12), "not its own");
}

/* Node 2 publishes over node 1, or what stands there already. */
static struct tale *a_second_publication(int32_t whom)
{
    struct tale *tale = tale_new(2);
    everybody_runs(tale);
    for (uint16_t id = 1; id <= 2; id++) {
        at(tale, 100 * id);
        reads(tale, id);
        later(tale, 1);
        gets_statuses(tale, id, "-pp");
        decides(tale, id, id == 1 ? 1 : whom, 3);
        publishes(tale, id, id == 1 ? 1 : whom, 3, id == 1 || whom == 1 ? 1 : 2);
        later(tale, 1);
        gets(tale, id, STORE_OK);
    }
    return tale;
}

static void a_publication_says_over_whom(void **unused)
{
    (void)unused;
    const char *text = told_of(a_second_publication(2), 12);
    has(text, "101: node 1 publishes node 1 by rule 3, term 1 (in prepare 1, 2)\n");
    has(text,
        "201: node 2 publishes node 2 by rule 3, term 2 (in prepare 1, 2): overwrites node 1, "
        "term 1");
    has_not(text, "decides");
    has_not(told_of(a_second_publication(1), 12), "201:");
}

/* An answer that comes late, or never, is a line of its own. */
static void a_result_without_an_answer(void **unused)
{
    (void)unused;
    struct tale *tale = tale_new(2);
    everybody_runs(tale);
    at(tale, 100);
    publishes(tale, 1, 1, 3, 1);
    later(tale, 200);
    gets(tale, 1, STORE_UNKNOWN);
    at(tale, 400);
    publishes(tale, 2, 2, 3, 1);
    later(tale, 1);
    gets(tale, 2, STORE_OK);
    at(tale, 500);
    looks(tale, 2);
    later(tale, 1);
    sees(tale, 2, 1, 3, 1);
    const char *text = told_of(tale, 12);
    has(text, "300: node 1 gets no answer to its result\n");
    has(text,
        "501: node 2 finds node 1 by rule 3, term 1, which node 1 sent at 0.100 s, in the place of "
        "node 2");
}

/* What is told of a decision between so many; the master makes it, and it is not published. */
static const char *decides_between(uint16_t nodes, const char *first, const char *rest)
{
    char letters[TALE_NODES_MAX + 2] = "-";
    struct tale *tale = tale_new(nodes);
    everybody_runs(tale);
    for (uint16_t id = 1; id <= nodes; id++) {
        letters[id] = (char)(id == 1 ? first[0] : rest[(id - 2) % strlen(rest)]);
    }
    at(tale, 100);
    reads(tale, 0);
    later(tale, 1);
    gets_statuses(tale, 0, letters);
    decides(tale, 0, 1, 2);
    return told_of(tale, 12);
}

static void all_votes_are_told_or_counted(void **unused)
{
    (void)unused;
    has(decides_between(100, "s", "p"), "(in submit 1; in prepare 2 to 100)\n");
    has(decides_between(20, "p", "sp"),
        "(in submit 2, 4, 6, 8, 10, 12, 14, 16 and 2 more; in prepare 1, 3, 5, 7, 9, 11, 13, 15 "
        "and 2 more)");
}

static void who_starts_with_whom(void **unused)
{
    (void)unused;
    struct tale *tale = tale_new(3);
    for (uint16_t id = 0; id <= 3; id++) {
        at(tale, 10 * id);
        runs(tale, id);
    }
    has(told_of(tale, 12), "0: 3 nodes and the master start, until 0.030 s\n");
    tale = tale_new(2);
    runs(tale, 2);
    at(tale, 100);
    publishes(tale, 2, 2, 3, 1);
    later(tale, 1);
    gets(tale, 2, STORE_OK);
    at(tale, 200);
    runs(tale, 1);
    runs(tale, 0);
    const char *text = told_of(tale, 12);
    has(text, "0: node 2 starts\n100: node 2 publishes node 2 by rule 3, term 1");
    has(text, "\n200: node 1 and the master start\n");
}

/* What is done again and again is one line, until something else is told of that member. */
static void what_is_routine_is_folded(void **unused)
{
    (void)unused;
    struct tale *tale = tale_new(2);
    everybody_runs(tale);
    for (int i = 0; i < 5; i++) {
        at(tale, 100 + 10 * i);
        asks_lock(tale, 1, 7);
        later(tale, 1);
        finds_it_busy(tale, 1);
    }
    at(tale, 200);
    begins_fault(tale, 1, "pause");
    is_paused(tale, 1);
    at(tale, 300);
    begins_fault(tale, 1, "resume");
    resumes(tale, 1);
    asks_lock(tale, 1, 7);
    later(tale, 1);
    finds_it_busy(tale, 1);
    const char *text = told_of(tale, SIZE_MAX);
    has(text, "101: node 1 finds the lock busy 5 times, until 0.141 s\n"
              "200: node 1 is paused\n"
              "300: node 1 goes on\n"
              "301: node 1 finds the lock busy\n");
}

/* A write of an older leader comes after one of the newer: accepted, or rejected by its number. */
static struct tale *a_late_write(bool fencing)
{
    struct tale *tale = tale_new(2);
    has_work(tale, fencing);
    everybody_runs(tale);
    for (uint16_t id = 1; id <= 2; id++) {
        at(tale, 100 * id);
        leads(tale, id, id);
        writes(tale, id, fencing ? id : 0);
        later(tale, 1);
        is_told(tale, id, id);
    }
    at(tale, 300);
    writes(tale, 1, fencing ? 1 : 0);
    later(tale, 1);
    if (fencing) {
        gets(tale, 1, STORE_NIL);
    } else {
        is_told(tale, 1, 3);
    }
    return tale;
}

static void a_write_that_comes_too_late(void **unused)
{
    (void)unused;
    const char *text = told_of(a_late_write(false), 12);
    has(text, "301: node 1 writes to the resource, which accepts it (stale_write)\n");
    text = told_of(a_late_write(true), 12);
    has(text, "301: node 1 has a write rejected by the resource\n");
    has_not(text, "stale_write");
}

/* What is broken at no event has a line of its own: what the check says, in short. */
static void nothing_happens_in_time(void **unused)
{
    (void)unused;
    struct tale *tale = tale_new(2);
    tale->history.facts.heals = true;
    tale->history.facts.settles_within_ns = 500000000;
    everybody_runs(tale);
    at(tale, 1000);
    phase(tale, PHASE_LIVENESS);
    at(tale, 2000);
    const char *text = told_of(tale, 12);
    has(text, "(no_leader for ");
    has(text, "2000: the trial ends: nobody leads\n");
}

/* Whatever a history lacks, it is told: any part of it, from any event on. */
static void pieces_are_told_as_well(void **unused)
{
    (void)unused;
    struct tale *tale = a_holder_is_paused(true);
    size_t count = tale->history.count;
    struct history_event *events = tale->history.events;
    for (size_t from = 0; from < count; from++) {
        struct history piece = {
            .facts = tale->history.facts, .events = events + from, .count = count - from};
        struct violations none = {0};
        struct story story;
        assert_true(story_tell(&story, &piece, &none, SIZE_MAX));
        assert_int_equal(story.left_out, 0);
        story_free(&story);
    }
    tale_free(tale);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_paused_holder_and_its_twin),
        cmocka_unit_test(one_inside_whose_lock_is_not_known),
        cmocka_unit_test(the_cause_is_told_and_not_what_was_long_before),
        cmocka_unit_test(short_and_in_full),
        cmocka_unit_test(a_foreign_release_and_its_twin),
        cmocka_unit_test(a_publication_says_over_whom),
        cmocka_unit_test(a_result_without_an_answer),
        cmocka_unit_test(all_votes_are_told_or_counted),
        cmocka_unit_test(who_starts_with_whom),
        cmocka_unit_test(what_is_routine_is_folded),
        cmocka_unit_test(a_write_that_comes_too_late),
        cmocka_unit_test(nothing_happens_in_time),
        cmocka_unit_test(pieces_are_told_as_well),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
