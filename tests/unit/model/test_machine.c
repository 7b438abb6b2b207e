/* The model's machine: who is alone takes what was measured, who shares waits for a core; and a
 * file that is no machine is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "sim/model/latency_file.h"
#include "tests/unit/model/cluster.h"

#define US INT64_C(1000)

/* A machine without chance: timers 50 us late, round trips of 40 us, no cold. */
static struct machine plain(uint32_t cores)
{
    static struct machine machine;
    machine = (struct machine){.cores = cores,
                               .step_ns = 4 * US,
                               .rest_ns = 3 * US,
                               .request_ns = 5 * US,
                               .answer_ns = 3 * US,
                               .settle_ns = 2 * US,
                               .warm_percent = 100,
                               .spread_percent = 100};
    latency_constant(&machine.timer, 50 * US);
    latency_constant(&machine.round, 40 * US);
    latency_constant(&machine.cold, 0);
    latency_constant(&machine.start, 10 * US);
    latency_constant(&machine.birth, 700 * US);
    machine_prepare(&machine);
    return machine;
}

static void on_machine(struct cluster *cluster, const char *yaml, const struct machine *machine)
{
    cluster_new(cluster, yaml);
    model_free(cluster->model);
    network_on_machine(&cluster->network, machine);
    cluster->model = model_new(&cluster->scenario, &cluster->network);
    assert_non_null(cluster->model);
    cluster_run(cluster, 1);
}

static int64_t between(const struct history *history, uint16_t process, int request)
{
    return nth_of(history, HISTORY_REPLY, process, request)->at_ns -
           nth_of(history, HISTORY_REQUEST, process, request)->at_ns;
}

static const char one_node[] = "nodes: 1\nduration: 1s\nlock: none\nstarts: {master: 900ms}\n";

static void alone_it_takes_what_was_measured(void **state)
{
    (void)state;
    struct cluster cluster;
    struct machine machine = plain(2);
    on_machine(&cluster, one_node, &machine);
    const struct history *history = &cluster.history;
    assert_int_equal(between(history, 1, 1), 40 * US);
    assert_int_equal(between(history, 1, 3), 40 * US);
    /* From the answer: 100 ms, and as late as a timer is. */
    assert_int_equal(nth_of(history, HISTORY_REQUEST, 1, 3)->at_ns -
                         nth_of(history, HISTORY_REPLY, 1, 2)->at_ns,
                     100 * MS + 50 * US);
    cluster_free(&cluster);
}

static void a_long_sleep_costs_more(void **state)
{
    (void)state;
    struct cluster cluster;
    struct machine machine = plain(2);
    latency_constant(&machine.cold, 90 * US);
    machine.step_percent = 50;
    machine_prepare(&machine);
    on_machine(&cluster, one_node, &machine);
    assert_int_equal(between(&cluster.history, 1, 3), 130 * US);
    assert_int_equal(machine_coldness(500 * US), 0);
    assert_int_equal(machine_coldness(3 * MS), 3);
    assert_int_equal(machine_coldness(9 * MS), 5);
    assert_int_equal(machine_coldness(3600000 * MS), 5);
    cluster_free(&cluster);
}

/* Two nodes whose waits end 10 us apart: the second finds the machine at work. */
static void a_machine_at_work_is_on_time(void **state)
{
    (void)state;
    struct cluster cluster;
    struct machine machine = plain(8);
    machine.warm_percent = 60;
    machine_prepare(&machine);
    on_machine(&cluster, "nodes: 2\nduration: 1s\nlock: none\nstarts: {master: 900ms}\n", &machine);
    const struct history *history = &cluster.history;
    int64_t late_ns[3];
    int64_t due_ns[3];
    for (uint16_t id = 1; id <= 2; id++) {
        due_ns[id] = nth_of(history, HISTORY_REPLY, id, 2)->at_ns + 100 * MS;
        late_ns[id] = nth_of(history, HISTORY_REQUEST, id, 3)->at_ns - due_ns[id];
    }
    uint16_t first = due_ns[1] < due_ns[2] ? 1 : 2;
    assert_int_equal(late_ns[first], 50 * US);
    assert_int_equal(late_ns[3 - first], 30 * US);
    cluster_free(&cluster);
}

static void kinds_and_first_ones_cost_more(void **state)
{
    (void)state;
    struct cluster cluster;
    struct machine machine = plain(2);
    machine.op_ns[STORE_GET_RESULT] = 7 * US;
    machine.first_ns[STORE_GET_RESULT] = 20 * US;
    on_machine(&cluster, one_node, &machine);
    assert_int_equal(between(&cluster.history, 1, 1), 40 * US); /* reports */
    assert_int_equal(between(&cluster.history, 1, 2), 67 * US);
    assert_int_equal(between(&cluster.history, 1, 3), 47 * US);
    cluster_free(&cluster);
}

/* Six nodes that start as one want one core, then six. */
static int64_t slowest_first_request(uint32_t cores)
{
    struct cluster cluster;
    struct machine machine = plain(cores);
    int64_t slowest = 0;
    machine.step_ns = 30 * US;
    latency_constant(&machine.round, 70 * US);
    machine_prepare(&machine);
    latency_constant(&machine.start, 0);
    on_machine(&cluster, "nodes: 6\nduration: 1s\nlock: none\nstarts: {master: 900ms}\n", &machine);
    for (uint16_t id = 1; id <= 6; id++) {
        int64_t ends = nth_of(&cluster.history, HISTORY_REPLY, id, 1)->at_ns;
        slowest = ends > slowest ? ends : slowest;
    }
    cluster_free(&cluster);
    return slowest;
}

static void who_shares_waits(void **state)
{
    (void)state;
    int64_t many = slowest_first_request(8);
    int64_t two = slowest_first_request(2);
    int64_t one = slowest_first_request(1);
    assert_in_range(many, 70 * US, 140 * US);
    assert_true(many < two && two < one);
    /* Alone on one core: six steps of 30 us, six requests of 5 + 3 us. */
    assert_true(one > (int64_t)6 * (30 + 8) * US);
}

static void births_take_their_time(void **state)
{
    (void)state;
    struct cluster cluster;
    struct machine machine = plain(2);
    on_machine(&cluster,
               "nodes: 2\nduration: 1s\nfaults: [{at: 500ms, crash: 2}, {at: 600ms, restart: 2}]\n",
               &machine);
    const struct history_event *born = first_from(&cluster.history, HISTORY_BORN, 2, 500 * MS);
    const struct history_event *started =
        first_from(&cluster.history, HISTORY_STARTED, 2, 500 * MS);
    assert_int_equal(started->at_ns - born->at_ns, 700 * US);
    cluster_free(&cluster);
}

/* --- the file -------------------------------------------------------------------------------- */

static const char good[] =
    "{\"hustings\": \"latency\", \"version\": 2, \"cores\": 2,\n"
    " \"timer_ns\": [30000, 50000, 90000], \"round_ns\": [20000, 40000], \"cold_ns\": [0, "
    "100000],\n"
    " \"start_ns\": [5000, 9000], \"birth_ns\": [400000, 600000],\n"
    " \"op_ns\": [0, 1, 2, 3, 4, 5, 6, 7, 8, 9], \"first_ns\": [0, 0, 0, 0, 0, 0, 0, 0, 0, 0],\n"
    " \"step_ns\": 4000, \"step_percent\": 60, \"rest_ns\": 3000, \"warm_percent\": 70,\n"
    " \"request_ns\": 5000, \"vote_ns\": 200, \"answer_ns\": 3000, \"settle_ns\": 2000,\n"
    " \"script_ns\": 90000, \"start_wait_ns\": 1000, \"push_percent\": 50,\n"
    " \"spread_percent\": 200}\n";

static char path[] = "/tmp/hustings-latency-XXXXXX";

/* Reads `good` with one part of it replaced; what is wrong, or "". */
static const char *read_with(const char *part, const char *by)
{
    static char error[256];
    static struct machine machine;
    char text[2048];
    const char *at = strstr(good, part);
    assert_non_null(at);
    snprintf(text, sizeof text, "%.*s%s%s", (int)(at - good), good, by, at + strlen(part));
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
    error[0] = '\0';
    bool read = latency_file_read(path, &machine, error, sizeof error);
    assert_int_equal(read, error[0] == '\0');
    return read ? "" : error + strlen(path) + 2;
}

static void files(void **state)
{
    (void)state;
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    close(fd);
    assert_string_equal(read_with("{", "{"), "");
    assert_string_equal(read_with("\"latency\"", "\"speed\""),
                        "this is no latency table; make one by hustings calibrate");
    assert_string_equal(read_with("\"cores\": 2,", "\"cores\": 2"), "this is no JSON");
    assert_string_equal(read_with("\"cores\": 2", "\"cores\": 0"), "cores: there must be one");
    assert_string_equal(read_with("\"cores\": 2", "\"cores\": 1.5"),
                        "cores: give a whole number from 0 to 4096");
    assert_string_equal(read_with("50000, 90000", "90000, 50000"),
                        "timer_ns: give up to 1001 whole numbers of ns, ascending");
    assert_string_equal(read_with("20000, 40000", "40000"),
                        "round_ns: give a list of at least 2 quantiles");
    assert_string_equal(read_with("20000, 40000", "-1, 40000"),
                        "round_ns: give up to 1001 whole numbers of ns, ascending");
    assert_string_equal(read_with("8, 9", "8"),
                        "op_ns: give a whole number of ns for each of the 10 kinds");
    assert_string_equal(read_with("\"rest_ns\": 3000, ", ""),
                        "rest_ns: is missing; make the file by hustings calibrate");
    assert_string_equal(read_with("\"spread_percent\": 200", "\"spread_percent\": 50"),
                        "warm_, step_ and push_percent are 0 to 100, spread_percent 100 or more");
    unlink(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(alone_it_takes_what_was_measured),
        cmocka_unit_test(a_long_sleep_costs_more),
        cmocka_unit_test(a_machine_at_work_is_on_time),
        cmocka_unit_test(kinds_and_first_ones_cost_more),
        cmocka_unit_test(who_shares_waits),
        cmocka_unit_test(births_take_their_time),
        cmocka_unit_test(files),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
