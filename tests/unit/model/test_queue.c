/* The queue: by time, then by who was first; whatever the order of coming and going. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#include "sim/host/rng.h"
#include "sim/model/queue.h"

static void comes_out_by_time(void **state)
{
    struct queue queue = {0};
    (void)state;
    assert_true(queue_reset(&queue, 4));
    assert_true(queue_next(&queue) == INT64_MAX);
    queue_put(&queue, 30, 1, 3);
    queue_put(&queue, 10, 1, 1);
    queue_put(&queue, 20, 1, 2);
    for (uint32_t i = 1; i <= 3; i++) {
        assert_int_equal(queue_next(&queue), 10 * i);
        assert_int_equal(queue_take(&queue).whom, i);
    }
    assert_true(queue_next(&queue) == INT64_MAX);
    queue_free(&queue);
}

static void a_tie_goes_to_the_first(void **state)
{
    struct queue queue = {0};
    (void)state;
    assert_true(queue_reset(&queue, 0));
    for (uint32_t i = 0; i < 100; i++) {
        queue_put(&queue, 7, 0, i);
    }
    for (uint32_t i = 0; i < 100; i++) {
        assert_int_equal(queue_take(&queue).whom, i);
    }
    queue_free(&queue);
}

static void what_is_put_while_others_wait(void **state)
{
    struct queue queue = {0};
    (void)state;
    assert_true(queue_reset(&queue, 0));
    queue_put(&queue, 50, 0, 5);
    queue_put(&queue, 40, 0, 4);
    assert_int_equal(queue_take(&queue).whom, 4);
    queue_put(&queue, 50, 0, 6); /* not before the 5, which came first */
    queue_put(&queue, 45, 0, 4);
    queue_put(&queue, 44, 0, 3);
    const uint32_t expected[] = {3, 4, 5, 6};
    for (int i = 0; i < 4; i++) {
        assert_int_equal(queue_take(&queue).whom, expected[i]);
    }
    queue_free(&queue);
}

/* Against the plainest queue there is: a list that is searched. */
struct plain {
    struct due list[2000];
    uint32_t count, seq;
};

static struct due plain_take(struct plain *plain)
{
    uint32_t first = 0;
    for (uint32_t i = 1; i < plain->count; i++) {
        if (due_before(&plain->list[i], &plain->list[first])) {
            first = i;
        }
    }
    struct due due = plain->list[first];
    plain->list[first] = plain->list[--plain->count];
    return due;
}

static void as_a_list_that_is_searched(void **state)
{
    static struct plain plain;
    struct queue queue = {0};
    uint64_t rng = 1;
    int64_t now = 0;
    (void)state;
    assert_true(queue_reset(&queue, 0));
    for (int i = 0; i < 200000; i++) {
        bool puts = plain.count == 0 ||
                    (plain.count < 2000 && rng_below(&rng, 100) < (i / 20000 % 2 ? 45 : 55));
        if (puts) {
            int64_t at = now + (int64_t)rng_below(&rng, 50);
            plain.list[plain.count++] =
                (struct due){.at_ns = at, .seq = plain.seq++, .whom = (uint32_t)i & 0xffff};
            queue_put(&queue, at, 0, (uint32_t)i & 0xffff);
        } else {
            struct due expected = plain_take(&plain);
            struct due due = queue_take(&queue);
            assert_int_equal(due.at_ns, expected.at_ns);
            assert_int_equal(due.whom, expected.whom);
            now = due.at_ns;
        }
    }
    queue_free(&queue);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(comes_out_by_time),
        cmocka_unit_test(a_tie_goes_to_the_first),
        cmocka_unit_test(what_is_put_while_others_wait),
        cmocka_unit_test(as_a_list_that_is_searched),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
